/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What a gate and its sessions are made of, and a session's way through the states that saef/gate.h
 * names. Internal to core-adapter.
 */
#ifndef SAEF_CORE_ADAPTER_GATE_SESSION_H_
#define SAEF_CORE_ADAPTER_GATE_SESSION_H_

#include <sys/queue.h>

#include "buffer.h"
#include "peer.h"
#include "saef/gate.h"
#include "waiters.h"

#pragma GCC visibility push(hidden)

/* As long as Kc, so that it costs the handshake what a Kc costs it. */
#define SAEF_HIDING_KEY_LENGTH 32u

/* SAEF_STATE_OVERRUN: a stream whose held bytes passed the bound; it can only be closed. */
enum saef_session_state {
  SAEF_STATE_OPEN,
  SAEF_STATE_HOLDING,
  SAEF_STATE_RELEASED,
  SAEF_STATE_REFUSED,
  SAEF_STATE_OVERRUN
};

TAILQ_HEAD(saef_session_list, saef_gate_session);

struct saef_gate_session {
  /* First, since it is all that a byte of an established session costs. */
  int passing;
  enum saef_session_state state;
  int32_t outcome;
  saef_gate *gate;
  void *context;
  struct saef_waiter *waiter;
  /* What must be read together to find the identity, unless the caller keeps it. */
  struct saef_buffer seen;
  /* Datagrams as saef_buffer_put_datagram lays them, or a stretch of stream. */
  struct saef_buffer held;
  size_t record_end; /* TLS: where in the stream the first incomplete record begins */
  int64_t deadline;
  saef_association association;
  struct saef_peer_copy peer; /* what the host has told of it */
  int key_asked;
  int key_given;
  TAILQ_ENTRY(saef_gate_session) link;
  struct saef_session_list *listed; /* gate->holding, gate->ready, or null */
  int hiding_key_made;
  size_t identity_length;
  /* Last what isn't read before it is written. */
  uint8_t hiding_key[SAEF_HIDING_KEY_LENGTH];
  uint8_t identity[SAEF_MAX_IDENTITY];
};

struct saef_gate {
  const saef_api *api;
  saef_instance *instance;
  int32_t transport;
  int32_t refusal;
  size_t max_held_sessions;
  size_t max_held_bytes;
  uint32_t max_hold_ms;

  size_t held_sessions;
  size_t held_bytes;
  uint64_t refused_for_sessions;
  uint64_t refused_for_time;
  uint64_t dropped_datagrams;
  struct saef_session_list holding; /* by deadline, which is the order of arrival */
  struct saef_session_list ready;   /* have their answer, are to be fed */
  saef_gate_session *feeding;       /* null again once it was closed from within `feed` */
  struct saef_waiters waiters;
};

/* What saef_gate_session_open and saef_gate_session_close do, for a session within a piece of
 * memory of the caller's. */
void saef_session_begin(saef_gate_session *session, saef_gate *gate, void *context);
void saef_session_end(saef_gate_session *session);

/* Its state and outcome from now on; what was seen is read no more. */
void saef_session_settle(saef_gate_session *session, enum saef_session_state state,
                         int32_t outcome);

/* The answer is here: what it means. SAEF_PENDING isn't one. */
void saef_session_settle_by_answer(saef_gate_session *session, int32_t outcome);

/* Adds to what is held. 0: it doesn't fit, or there is no memory. */
int saef_session_hold(saef_gate_session *session, const uint8_t *data, size_t length);

/* Of one that has been asked about by `waiter`, which is the session's from now on. */
void saef_session_start_holding(saef_gate_session *session, struct saef_waiter *waiter);

/* saef_gate_receive in two, for who would have to ask a clock: the bytes; then, where they were
 * held, the time. A session that is held already keeps its deadline. (gate_receive.c) */
int32_t saef_session_receive(saef_gate_session *session, const uint8_t *data, size_t length);
void saef_session_set_deadline(saef_gate_session *session, int64_t now_ms);

/* saef_session_receive of a stream that the caller keeps from its beginning, as long as the session
 * is SAEF_STATE_OPEN: the last `fresh` octets of it have just come. */
int32_t saef_session_look_at_stream(saef_gate_session *session, const uint8_t *stream,
                                    size_t length, size_t fresh);

/* From the holding ones to those that are to be fed. The waiter is the caller's again. */
void saef_session_stop_holding(saef_gate_session *session, int32_t outcome);

/* From then on the gate doesn't know this session, and no answer finds it. */
void saef_session_leave_lists(saef_gate_session *session);

/* What is held counts no more and is gone. */
void saef_session_drop_held(saef_gate_session *session);

#pragma GCC visibility pop

#endif /* SAEF_CORE_ADAPTER_GATE_SESSION_H_ */
