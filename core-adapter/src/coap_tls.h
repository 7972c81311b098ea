/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the libcoap gate wants of the TLS library below libcoap. Which one that is, is told at
 * compile time: SAEF_COAP_GATE_WOLFSSL, SAEF_COAP_GATE_OPENSSL, or neither, and then the library
 * keeps its own settings. Internal to core-adapter.
 */
#ifndef SAEF_CORE_ADAPTER_COAP_TLS_H_
#define SAEF_CORE_ADAPTER_COAP_TLS_H_

#include <coap3/coap.h>
#include <stddef.h>

/* A server session of DTLS, before its first datagram after the cookie is handed on: no tickets, no
 * session cache, DTLS 1.2 and the suites of TS-0003 10.2 where the library can still be told so.
 * `is_prepared`: what it inherits from its context is enough. Answers whether this will hold of
 * sessions of the context that begin from now on. */
int saef_coap_tls_prepare(coap_session_t *session, int is_prepared);

/* The session's secrets are kept for a key export (TS-0003 10.3.1). To be called in its handshake.
 */
void saef_coap_tls_keep_secrets(coap_session_t *session);

/* Whether an established session goes on with the secrets of an earlier one, and so never asked for
 * a key. Where the TLS library isn't told it is 0. */
int saef_coap_tls_is_resumed(coap_session_t *session);

/* The longest key that the TLS library takes whole. A longer one libcoap would cut. */
size_t saef_coap_tls_key_capacity(void);

#endif /* SAEF_CORE_ADAPTER_COAP_TLS_H_ */
