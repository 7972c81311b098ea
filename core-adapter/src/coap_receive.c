/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "coap_receive.h"

#include <string.h>

#include "coap_session.h"
#include "coap_tls.h"

/* What the linker makes of -Wl,--wrap=coap_dtls_receive. Without the option there is no such
 * function; weak, so that hosts that block instead can do without. */
int __wrap_coap_dtls_receive(coap_session_t *session, const uint8_t *data, size_t length);
__attribute__((weak)) int __real_coap_dtls_receive(coap_session_t *session, const uint8_t *data,
                                                   size_t length);

/* Held datagrams are handed to libcoap from outside its calls, and the gate calls libcoap from
 * within; neither goes with a lock inside libcoap. */
int saef_coap_can_hold(void) {
#if defined(COAP_THREAD_SAFE) && COAP_THREAD_SAFE
  coap_log(SAEF_COAP_LOG_ERROR,
           "saef: this libcoap was built with ENABLE_THREAD_SAFE; build it without, or set "
           "'blocking'.\n");
  return 0;
#else
  if (__real_coap_dtls_receive == NULL) {
    coap_log(SAEF_COAP_LOG_ERROR,
             "saef: the program isn't linked with -Wl,--wrap=coap_dtls_receive; do so, with a "
             "static libcoap, or set 'blocking'.\n");
    return 0;
  }
  return 1;
#endif
}

/* The entry may be gone afterwards, the session isn't. */
static int deliver(saef_coap_gate *gate, coap_session_t *session, const uint8_t *data,
                   size_t length) {
  int result = __real_coap_dtls_receive(session, data, length);
  saef_coap_wipe_key(gate);
  return result;
}

int __wrap_coap_dtls_receive(coap_session_t *session, const uint8_t *data, size_t length) {
  saef_coap_gate *gate = saef_coap_gate_of(session);
  struct saef_coap_session *entry =
      gate == NULL ? NULL : saef_coap_session_find_handshaking(gate, session);

  if (entry == NULL) {
    return __real_coap_dtls_receive(session, data, length);
  }
  if (entry->gate_session == NULL) {
    saef_coap_session_open(entry);
    gate->tls_is_prepared = saef_coap_tls_prepare(session, entry->tls_is_prepared);
  }
  if (gate->blocking == 0 &&
      saef_session_receive(entry->gate_session, data, length) != SAEF_GATE_PASS) {
    saef_session_set_deadline(entry->gate_session, saef_coap_now_ms());
    if (saef_gate_session_outcome(entry->gate_session) == SAEF_PENDING) {
      saef_coap_session_keep(entry);
    }
    return 0;
  }
  return deliver(gate, session, data, length);
}

void saef_coap_feed(void *context, const uint8_t *data, size_t length) {
  struct saef_coap_session *entry = context;
  coap_session_t *session = coap_session_reference(entry->session);
  saef_coap_gate *gate = entry->gate;

  saef_coap_session_let_go(entry);
  (void)deliver(gate, session, data, length);
  coap_session_release(session);
}
