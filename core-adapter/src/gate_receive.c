/* SPDX-License-Identifier: BSD-2-Clause
 *
 * saef_gate_receive: what a client sends, until its identity is known and while its answer is
 * waited for.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <string.h>

#include "datagram.h"
#include "gate_session.h"

#define TLS_RECORD_HEADER 5u

static int32_t pass(saef_gate_session *session) {
  session->passing = 1;
  return SAEF_GATE_PASS;
}

/* ---- The identity ---- */

/* No session may wait any more: then only what can be told at once counts. */
static int32_t answer_without_waiting(saef_gate_session *session) {
  saef_gate *gate = session->gate;
  uint8_t key[SAEF_MAX_KEY];
  size_t key_length = sizeof(key);
  int32_t result;

  result = gate->api->lookup(gate->instance, session->identity, session->identity_length, key,
                             &key_length);
  explicit_bzero(key, sizeof(key));
  if (result != SAEF_PENDING) {
    return result;
  }
  ++gate->refused_for_sessions;
  return SAEF_UNAVAILABLE;
}

/* Null when a bound or memory ends it. */
static struct saef_waiter *take_waiter(saef_gate_session *session) {
  saef_gate *gate = session->gate;
  return gate->held_sessions >= gate->max_held_sessions
             ? NULL
             : saef_waiters_take(&gate->waiters, session);
}

/* The identity is known: asks the plugin. */
static int32_t ask(saef_gate_session *session, const uint8_t *data, size_t length) {
  struct saef_waiter *waiter = take_waiter(session);
  int32_t result;

  if (waiter == NULL) {
    saef_session_settle_by_answer(session, answer_without_waiting(session));
    return pass(session);
  }
  result = saef_waiter_ask(waiter, session->identity, session->identity_length);
  if (result != SAEF_PENDING) {
    saef_waiter_give_back(waiter);
    saef_session_settle_by_answer(session, result);
    return pass(session);
  }
  if (!saef_session_hold(session, data, length)) {
    saef_waiter_cancel(waiter);
    saef_session_settle(session, SAEF_STATE_REFUSED, SAEF_UNAVAILABLE);
    return pass(session);
  }
  saef_session_start_holding(session, waiter);
  return SAEF_GATE_HELD;
}

static int32_t peek(saef_gate_session *session, const uint8_t *data, size_t length) {
  saef_gate *gate = session->gate;
  size_t identity_length = sizeof(session->identity);
  int32_t result;

  result =
      gate->api->peek_identity(gate->transport, data, length, session->identity, &identity_length);
  session->identity_length = result == SAEF_IDENTITY ? identity_length : 0;
  return result;
}

/* ---- DTLS ---- */

/* Anyone can send a datagram in a client's name, so one without an identity decides nothing: the
 * TLS library drops what is wrong, and saef_gate_key() refuses a session without an identity. */
static int32_t receive_open_datagram(saef_gate_session *session, const uint8_t *data,
                                     size_t length) {
  size_t limit = session->gate->max_held_bytes;
  int32_t result;

  if (!saef_datagram_has_key_exchange(data, length)) {
    return SAEF_GATE_PASS;
  }
  result = peek(session, data, length);
  if (result == SAEF_NEED_MORE) {
    /* A piece of a ClientKeyExchange. Only now is it worth memory. */
    if (!saef_buffer_put(&session->seen, data, length, limit)) {
      saef_session_settle(session, SAEF_STATE_REFUSED, SAEF_UNAVAILABLE);
      return pass(session);
    }
    result = peek(session, session->seen.data, session->seen.length);
  }
  return result == SAEF_IDENTITY ? ask(session, data, length) : SAEF_GATE_PASS;
}

/* A client sends its flight again until it is answered; one copy of each datagram is enough. What
 * the bound doesn't allow is dropped too, as any network may do: the client sends it again. */
static int32_t receive_held_datagram(saef_gate_session *session, const uint8_t *data,
                                     size_t length) {
  const uint8_t *held;
  size_t held_length, offset = 0;

  while (saef_buffer_next_datagram(&session->held, &offset, &held, &held_length)) {
    if (saef_datagram_is_repeated(held, held_length, data, length)) {
      return SAEF_GATE_HELD;
    }
  }
  if (!saef_session_hold(session, data, length)) {
    ++session->gate->dropped_datagrams;
  }
  return SAEF_GATE_HELD;
}

/* ---- TLS ---- */

/* Whether the stream now ends at or beyond the end of a record that it didn't before; only then is
 * there anything new to read, so a client that sends byte by byte doesn't cost a look at each. */
static int record_completed(saef_gate_session *session, const uint8_t *stream, size_t length) {
  int completed = 0;

  while (length >= session->record_end + TLS_RECORD_HEADER) {
    const uint8_t *header = stream + session->record_end;
    size_t end = session->record_end + TLS_RECORD_HEADER + ((size_t)header[3] << 8 | header[4]);
    if (length < end) {
      break;
    }
    session->record_end = end;
    completed = 1;
  }
  return completed;
}

int32_t saef_session_look_at_stream(saef_gate_session *session, const uint8_t *stream,
                                    size_t length, size_t fresh) {
  int32_t result;

  if (length > session->gate->max_held_bytes) {
    saef_session_settle(session, SAEF_STATE_REFUSED, SAEF_UNAVAILABLE);
    return pass(session);
  }
  if (!record_completed(session, stream, length)) {
    return SAEF_GATE_PASS;
  }
  result = peek(session, stream, length);
  switch (result) {
    case SAEF_IDENTITY:
      return ask(session, stream + (length - fresh), fresh);
    case SAEF_NEED_MORE:
      return SAEF_GATE_PASS;
    case SAEF_NO_IDENTITY:
      saef_session_settle(session, SAEF_STATE_RELEASED, SAEF_NO_IDENTITY);
      return pass(session);
    default:
      saef_session_settle(session, SAEF_STATE_REFUSED, result);
      return pass(session);
  }
}

static int32_t receive_open_stream(saef_gate_session *session, const uint8_t *data, size_t length) {
  if (!saef_buffer_put(&session->seen, data, length, session->gate->max_held_bytes)) {
    saef_session_settle(session, SAEF_STATE_REFUSED, SAEF_UNAVAILABLE);
    return pass(session);
  }
  return saef_session_look_at_stream(session, session->seen.data, session->seen.length, length);
}

/* Bytes of a stream can't be dropped, and no client sends so much before the server's Finished. */
static int32_t receive_held_stream(saef_gate_session *session, const uint8_t *data, size_t length) {
  if (saef_session_hold(session, data, length)) {
    return SAEF_GATE_HELD;
  }
  if (session->state == SAEF_STATE_HOLDING) {
    saef_session_leave_lists(session);
  }
  saef_session_drop_held(session);
  saef_session_settle(session, SAEF_STATE_OVERRUN, SAEF_UNAVAILABLE);
  return SAEF_E_LIMIT;
}

/* ---- Either ---- */

int32_t saef_session_receive(saef_gate_session *session, const uint8_t *data, size_t length) {
  int is_datagram;

  if (session->passing || length == 0) {
    return SAEF_GATE_PASS;
  }
  is_datagram = session->gate->transport == SAEF_DTLS;
  switch (session->state) {
    case SAEF_STATE_OPEN:
      return is_datagram ? receive_open_datagram(session, data, length)
                         : receive_open_stream(session, data, length);
    case SAEF_STATE_OVERRUN:
      return SAEF_E_LIMIT;
    default: /* holding, or still being fed: these bytes come after those */
      return is_datagram ? receive_held_datagram(session, data, length)
                         : receive_held_stream(session, data, length);
  }
}

/* ---- The function of the public header ---- */

int32_t saef_gate_receive(saef_gate_session *session, const uint8_t *data, size_t length,
                          int64_t now_ms) {
  int32_t verdict = saef_session_receive(session, data, length);

  saef_session_set_deadline(session, now_ms);
  return verdict;
}
