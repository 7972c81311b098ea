/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "gate_session.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Of a session that is held since a moment ago. */
#define NO_DEADLINE INT64_MAX

/* ---- Its way through the states ---- */

void saef_session_settle(saef_gate_session *session, enum saef_session_state state,
                         int32_t outcome) {
  session->state = state;
  session->outcome = outcome;
  saef_buffer_free(&session->seen);
}

void saef_session_settle_by_answer(saef_gate_session *session, int32_t outcome) {
  int released = outcome == SAEF_KEY || outcome == SAEF_NOT_MINE;
  saef_session_settle(session, released ? SAEF_STATE_RELEASED : SAEF_STATE_REFUSED, outcome);
}

int saef_session_hold(saef_gate_session *session, const uint8_t *data, size_t length) {
  saef_gate *gate = session->gate;
  size_t before = session->held.length;
  int kept;

  kept = gate->transport == SAEF_DTLS
             ? saef_buffer_put_datagram(&session->held, data, length, gate->max_held_bytes)
             : saef_buffer_put(&session->held, data, length, gate->max_held_bytes);
  gate->held_bytes += session->held.length - before;
  return kept;
}

void saef_session_start_holding(saef_gate_session *session, struct saef_waiter *waiter) {
  saef_gate *gate = session->gate;

  saef_session_settle(session, SAEF_STATE_HOLDING, SAEF_PENDING);
  session->waiter = waiter;
  session->deadline = NO_DEADLINE;
  ++gate->held_sessions;
  TAILQ_INSERT_TAIL(&gate->holding, session, link);
  session->listed = &gate->holding;
}

void saef_session_set_deadline(saef_gate_session *session, int64_t now_ms) {
  if (session->state == SAEF_STATE_HOLDING && session->deadline == NO_DEADLINE) {
    session->deadline = now_ms + (int64_t)session->gate->max_hold_ms;
  }
}

void saef_session_stop_holding(saef_gate_session *session, int32_t outcome) {
  saef_gate *gate = session->gate;

  TAILQ_REMOVE(&gate->holding, session, link);
  --gate->held_sessions;
  session->waiter = NULL;
  saef_session_settle_by_answer(session, outcome);
  TAILQ_INSERT_TAIL(&gate->ready, session, link);
  session->listed = &gate->ready;
}

void saef_session_leave_lists(saef_gate_session *session) {
  saef_gate *gate = session->gate;

  if (session->waiter != NULL) {
    saef_waiter_cancel(session->waiter);
    session->waiter = NULL;
    --gate->held_sessions;
  }
  if (session->listed != NULL) {
    TAILQ_REMOVE(session->listed, session, link);
    session->listed = NULL;
  }
  if (gate->feeding == session) {
    gate->feeding = NULL;
  }
}

void saef_session_drop_held(saef_gate_session *session) {
  session->gate->held_bytes -= session->held.length;
  saef_buffer_free(&session->held);
}

/* ---- Its beginning and its end ---- */

void saef_session_begin(saef_gate_session *session, saef_gate *gate, void *context) {
  memset(session, 0, offsetof(saef_gate_session, hiding_key));
  session->gate = gate;
  session->context = context;
  session->state = SAEF_STATE_OPEN;
  session->outcome = SAEF_NEED_MORE;
}

void saef_session_end(saef_gate_session *session) {
  saef_gate *gate = session->gate;

  saef_session_leave_lists(session);
  saef_session_drop_held(session);
  saef_buffer_free(&session->seen);
  if (session->association != SAEF_NO_ASSOCIATION) {
    (void)gate->api->dissociate(gate->instance, session->association);
  }
  if (session->hiding_key_made) {
    explicit_bzero(session->hiding_key, sizeof(session->hiding_key));
  }
  if (session->peer.memory != NULL) {
    saef_peer_copy_clear(&session->peer);
  }
}

/* ---- The functions of the public header ---- */

int32_t saef_gate_session_open(saef_gate *gate, void *context, saef_gate_session **session) {
  *session = malloc(sizeof(**session));
  if (*session == NULL) {
    return SAEF_E_MEMORY;
  }
  saef_session_begin(*session, gate, context);
  return SAEF_DONE;
}

void saef_gate_session_close(saef_gate_session *session) {
  if (session != NULL) {
    saef_session_end(session);
    free(session);
  }
}

saef_association saef_gate_session_association(const saef_gate_session *session) {
  return session->association;
}

saef_bytes saef_gate_session_identity(const saef_gate_session *session) {
  saef_bytes identity = {session->identity, session->identity_length};
  return identity;
}

int32_t saef_gate_session_outcome(const saef_gate_session *session) { return session->outcome; }
