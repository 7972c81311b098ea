/* SPDX-License-Identifier: BSD-2-Clause */
#include "coap_psk.h"

#include <string.h>

#include "coap_session.h"
#include "coap_tls.h"

static const coap_bin_const_t *hand_out(saef_coap_gate *gate, size_t length) {
  gate->key_view.s = gate->key;
  gate->key_view.length = length;
  return &gate->key_view;
}

/* A session that gets here without the gate having seen it must not be served. */
static int passed_the_gate(saef_coap_gate *gate, struct saef_coap_session *entry,
                           const coap_bin_const_t *identity) {
  if (entry == NULL) {
    return 0;
  }
  if (gate->blocking > 0) {
    saef_coap_session_open(entry);
    (void)saef_gate_wait(entry->gate_session, identity->s, identity->length, gate->blocking);
    return 1;
  }
  if (entry->gate_session == NULL && !gate->told_missing_wrap) {
    gate->told_missing_wrap = 1;
    coap_log(
        SAEF_COAP_LOG_ERROR,
        "saef: a handshake went past the gate and is refused, as all others will be. Link the "
        "program with -Wl,--wrap=coap_dtls_receive and a static libcoap, or set 'blocking'.\n");
  }
  return entry->gate_session != NULL;
}

/* Null makes the TLS library send the alert unknown_psk_identity. */
static const coap_bin_const_t *on_psk(coap_bin_const_t *identity, coap_session_t *session,
                                      void *argument) {
  saef_coap_gate *gate = argument;
  struct saef_coap_session *entry = saef_coap_session_find_handshaking(gate, session);
  size_t capacity = saef_coap_tls_key_capacity();
  size_t length;
  int32_t result;

  if (!passed_the_gate(gate, entry, identity)) {
    return NULL;
  }
  saef_coap_tls_keep_secrets(session);
  capacity = capacity < sizeof(gate->key) ? capacity : sizeof(gate->key);
  length = capacity;
  gate->key_is_written = 1;
  result = saef_gate_key(entry->gate_session, identity->s, identity->length, gate->key, &length);
  if (result == SAEF_NOT_MINE) {
    length = gate->host_psk == NULL ? 0
                                    : gate->host_psk(gate->host_psk_context, identity->s,
                                                     identity->length, gate->key, capacity);
    if (length > 0 && length <= capacity) {
      return hand_out(gate, length);
    }
    length = capacity;
    result = saef_gate_refuse(entry->gate_session, SAEF_NOT_MINE, gate->key, &length);
  }
  return result == SAEF_KEY ? hand_out(gate, length) : NULL;
}

int saef_coap_psk_set(coap_context_t *context, saef_coap_gate *gate) {
  coap_dtls_spsk_t setup;

  memset(&setup, 0, sizeof(setup));
  setup.version = COAP_DTLS_SPSK_SETUP_VERSION;
  if (gate != NULL) {
    setup.validate_id_call_back = on_psk;
    setup.id_call_back_arg = gate;
  }
  return coap_context_set_psk2(context, &setup);
}
