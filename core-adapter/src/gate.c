/* SPDX-License-Identifier: BSD-2-Clause */
#include "saef/gate.h"

#include <stdlib.h>
#include <string.h>

#include "gate_session.h"

#define DEFAULT_HELD_SESSIONS 16384u
#define DEFAULT_HELD_BYTES 16384u
#define DEFAULT_HOLD_MS 30000u

static int arguments_are_right(const saef_gate_arguments *arguments) {
  return arguments != NULL && arguments->size >= sizeof(*arguments) && arguments->api != NULL &&
         arguments->instance != NULL && arguments->wake != NULL &&
         (arguments->transport == SAEF_TLS || arguments->transport == SAEF_DTLS) &&
         (arguments->refusal == SAEF_GATE_ALERT || arguments->refusal == SAEF_GATE_HIDE);
}

int32_t saef_gate_create(const saef_gate_arguments *arguments, saef_gate **gate) {
  saef_gate *made;

  if (gate == NULL || !arguments_are_right(arguments)) {
    return SAEF_E_ARGUMENT;
  }
  *gate = NULL;
  made = calloc(1, sizeof(*made));
  if (made == NULL) {
    return SAEF_E_MEMORY;
  }
  made->api = arguments->api;
  made->instance = arguments->instance;
  made->transport = arguments->transport;
  made->refusal = arguments->refusal;
  made->max_held_sessions =
      arguments->max_held_sessions == 0 ? DEFAULT_HELD_SESSIONS : arguments->max_held_sessions;
  made->max_held_bytes =
      arguments->max_held_bytes == 0 ? DEFAULT_HELD_BYTES : arguments->max_held_bytes;
  made->max_hold_ms = arguments->max_hold_ms == 0 ? DEFAULT_HOLD_MS : arguments->max_hold_ms;
  TAILQ_INIT(&made->holding);
  TAILQ_INIT(&made->ready);
  if (!saef_waiters_init(&made->waiters, arguments)) {
    free(made);
    return SAEF_E_MEMORY;
  }
  *gate = made;
  return SAEF_DONE;
}

void saef_gate_destroy(saef_gate *gate) {
  if (gate == NULL) {
    return;
  }
  saef_waiters_destroy(&gate->waiters);
  free(gate);
}

/* ---- Letting sessions go on ---- */

/* Those whose answer has come. */
static void collect_answers(saef_gate *gate) {
  struct saef_waiter_list answered = TAILQ_HEAD_INITIALIZER(answered);
  struct saef_waiter *waiter;

  saef_waiters_collect(&gate->waiters, &answered);
  while ((waiter = TAILQ_FIRST(&answered)) != NULL) {
    TAILQ_REMOVE(&answered, waiter, answer);
    saef_session_stop_holding(waiter->session, waiter->outcome);
    saef_waiter_give_back(waiter);
  }
}

/* Those whose time is over. An answer that comes later finds nobody. */
static void collect_late(saef_gate *gate, int64_t now_ms) {
  saef_gate_session *session;

  while ((session = TAILQ_FIRST(&gate->holding)) != NULL && session->deadline <= now_ms) {
    saef_waiter_cancel(session->waiter);
    saef_session_stop_holding(session, SAEF_UNAVAILABLE);
    ++gate->refused_for_time;
  }
}

/* `feed` may close this session; gate->feeding tells. What is handed on is no longer the session's,
 * so that it outlives a close. */
static void feed_one(saef_gate *gate, saef_gate_session *session, saef_gate_feed feed) {
  struct saef_buffer taken;
  const uint8_t *data;
  size_t length, offset;

  gate->feeding = session;
  while (gate->feeding != NULL && session->held.length > 0) {
    taken = session->held;
    memset(&session->held, 0, sizeof(session->held));
    gate->held_bytes -= taken.length;
    offset = 0;
    if (gate->transport == SAEF_TLS) {
      feed(session->context, taken.data, taken.length);
    } else {
      while (gate->feeding != NULL && saef_buffer_next_datagram(&taken, &offset, &data, &length)) {
        feed(session->context, data, length);
      }
    }
    saef_buffer_free(&taken);
  }
  if (gate->feeding != NULL && session->state != SAEF_STATE_OVERRUN) {
    session->passing = 1;
  }
  gate->feeding = NULL;
}

size_t saef_gate_process(saef_gate *gate, int64_t now_ms, saef_gate_feed feed) {
  saef_gate_session *session;
  size_t count = 0;

  collect_answers(gate);
  collect_late(gate, now_ms);
  while ((session = TAILQ_FIRST(&gate->ready)) != NULL) {
    TAILQ_REMOVE(&gate->ready, session, link);
    session->listed = NULL;
    feed_one(gate, session, feed);
    ++count;
  }
  return count;
}

int64_t saef_gate_deadline(const saef_gate *gate) {
  const saef_gate_session *first = TAILQ_FIRST(&gate->holding);
  if (!TAILQ_EMPTY(&gate->ready)) {
    return 0;
  }
  return first == NULL ? -1 : first->deadline;
}

size_t saef_gate_held_sessions(const saef_gate *gate) { return gate->held_sessions; }

size_t saef_gate_held_bytes(const saef_gate *gate) { return gate->held_bytes; }

int32_t saef_gate_get_statistics(const saef_gate *gate, saef_gate_statistics *statistics) {
  saef_gate_statistics now;
  size_t size;

  if (gate == NULL || statistics == NULL ||
      !SAEF_HAS(saef_gate_statistics, statistics, held_sessions)) {
    return SAEF_E_ARGUMENT;
  }
  size = statistics->size;
  now.size = size;
  now.held_sessions = gate->held_sessions;
  now.held_bytes = gate->held_bytes;
  now.refused_for_sessions = gate->refused_for_sessions;
  now.refused_for_time = gate->refused_for_time;
  now.dropped_datagrams = gate->dropped_datagrams;
  memcpy(statistics, &now, size < sizeof(now) ? size : sizeof(now));
  return SAEF_DONE;
}
