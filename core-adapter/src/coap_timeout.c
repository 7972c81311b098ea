/* SPDX-License-Identifier: BSD-2-Clause
 *
 * When libcoap is to repeat its flight of a handshake: not while the gate holds the peer's. Who has
 * the peer's flight and prepares the next one has no timer (RFC 6347 4.2.4, PREPARING); libcoap
 * doesn't know that it has it, and the peer would answer with its own flight once more.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "coap_session.h"

/* What the linker makes of -Wl,--wrap=coap_dtls_get_timeout. Without the option there is no such
 * function, and libcoap repeats its flights as it likes. */
coap_tick_t __wrap_coap_dtls_get_timeout(coap_session_t *session, coap_tick_t now);
__attribute__((weak)) coap_tick_t __real_coap_dtls_get_timeout(coap_session_t *session,
                                                               coap_tick_t now);

coap_tick_t __wrap_coap_dtls_get_timeout(coap_session_t *session, coap_tick_t now) {
  saef_coap_gate *gate = saef_coap_gate_of(session);
  struct saef_coap_session *entry =
      gate == NULL ? NULL : saef_coap_session_find_handshaking(gate, session);

  return entry != NULL && entry->held ? now + COAP_TICKS_PER_SECOND
                                      : __real_coap_dtls_get_timeout(session, now);
}
