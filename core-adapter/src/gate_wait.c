/* SPDX-License-Identifier: BSD-2-Clause
 *
 * saef_gate_wait: the blocking mode, for TLS libraries that can't be gated.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <string.h>

#include "gate_session.h"

int32_t saef_gate_wait(saef_gate_session *session, const uint8_t *identity, size_t length,
                       uint32_t timeout_ms) {
  saef_gate *gate = session->gate;
  uint8_t key[SAEF_MAX_KEY];
  size_t key_length = sizeof(key);
  int32_t result = SAEF_INVALID;

  if (session->state != SAEF_STATE_OPEN) {
    return session->outcome;
  }
  session->passing = 1;
  if (length > 0 && length <= sizeof(session->identity)) {
    memcpy(session->identity, identity, length);
    session->identity_length = length;
    result = gate->api->lookup_wait(gate->instance, identity, length, timeout_ms, key, &key_length);
    explicit_bzero(key, sizeof(key));
  }
  saef_session_settle_by_answer(session, result);
  return result;
}
