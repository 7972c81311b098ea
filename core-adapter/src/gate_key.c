/* SPDX-License-Identifier: BSD-2-Clause
 *
 * saef_gate_key and saef_gate_refuse: what the TLS library's PSK callback is given.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <string.h>
#include <sys/random.h>

#include "gate_session.h"

int32_t saef_gate_refuse(saef_gate_session *session, int32_t outcome, uint8_t *key,
                         size_t *key_length) {
  if (session->state == SAEF_STATE_HOLDING) {
    saef_waiter_cancel(session->waiter);
    saef_session_stop_holding(session, outcome);
  }
  saef_session_settle(session, SAEF_STATE_REFUSED, outcome);
  session->key_given = 0;
  if (session->gate->refusal != SAEF_GATE_HIDE) {
    return outcome;
  }
  if (*key_length < sizeof(session->hiding_key)) {
    return SAEF_E_BUFFER_TOO_SMALL;
  }
  if (!session->hiding_key_made) {
    if (getrandom(session->hiding_key, sizeof(session->hiding_key), GRND_NONBLOCK) !=
        (ssize_t)sizeof(session->hiding_key)) {
      return outcome;
    }
    session->hiding_key_made = 1;
  }
  memcpy(key, session->hiding_key, sizeof(session->hiding_key));
  *key_length = sizeof(session->hiding_key);
  return SAEF_KEY;
}

int32_t saef_gate_key(saef_gate_session *session, const uint8_t *identity, size_t length,
                      uint8_t *key, size_t *key_length) {
  saef_gate *gate = session->gate;
  int32_t result;

  session->key_asked = 1;
  if (session->state == SAEF_STATE_REFUSED) {
    return saef_gate_refuse(session, session->outcome, key, key_length);
  }
  if (session->state != SAEF_STATE_RELEASED || length != session->identity_length || length == 0 ||
      memcmp(identity, session->identity, length) != 0) {
    return saef_gate_refuse(session, SAEF_INVALID, key, key_length);
  }
  if (session->outcome == SAEF_NOT_MINE) {
    return SAEF_NOT_MINE;
  }
  result = gate->api->lookup(gate->instance, identity, length, key, key_length);
  if (result != SAEF_KEY) {
    /* It has ended, or was pushed out of the cache, since the answer came. */
    return saef_gate_refuse(session, result == SAEF_PENDING ? SAEF_UNAVAILABLE : result, key,
                            key_length);
  }
  session->key_given = 1;
  return SAEF_KEY;
}
