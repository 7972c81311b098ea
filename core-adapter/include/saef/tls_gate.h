/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The gate for TLS over a stream with wolfSSL, for hosts that move the bytes themselves (an event
 * loop with non-blocking sockets). The adapter is wolfSSL's I/O: what came from the socket is put
 * in with saef_tls_session_put, what wolfSSL wants to send is taken out with saef_tls_session_take.
 *
 * - Once for each WOLFSSL_CTX, before wolfSSL_new: saef_tls_gate_prepare_context(ctx).
 *
 * - For each connection: saef_tls_session_open(gate, ssl, &arguments, &session).
 *
 * - Bytes from the socket: saef_tls_session_put(session, data, length, now), then wolfSSL_accept or
 *   wolfSSL_read, which answer WOLFSSL_ERROR_WANT_READ also while the gate is holding. After each
 *   call of wolfSSL, send what saef_tls_session_take() gives.
 *
 * - When the gate's `wake` was called, and at saef_gate_deadline(): saef_tls_gate_process(gate,
 * now). It calls `ready` for each session that is worth another call of wolfSSL.
 *
 * - Handshake done: saef_gate_session_established(saef_tls_session_gate_session(session)).
 *
 * - At the end: saef_tls_session_close(session), before wolfSSL_free(ssl).
 *
 * Threads: those of the saef_gate.
 */
#ifndef SAEF_TLS_GATE_H_
#define SAEF_TLS_GATE_H_

/* The host's own wolfSSL; it must be compiled with the same options as the host. */
#ifndef WOLFSSL_USER_SETTINGS
#include <wolfssl/options.h>
#endif
#include <wolfssl/ssl.h>

#include "saef/gate.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct saef_tls_session saef_tls_session;

typedef struct saef_tls_session_arguments {
  size_t size; /* sizeof(saef_tls_session_arguments) */
  void *context;
  /* The gate has let this session go on: call wolfSSL again. The session may be closed in it. */
  void (*ready)(void *context);
  /* As in coap_gate.h. */
  size_t (*host_psk)(void *context, const uint8_t *identity, size_t length, uint8_t *key,
                     size_t capacity);
} saef_tls_session_arguments;

/* TLS 1.2 only with the suites of TS-0003 10.2, no tickets, no session cache, the PSK callback and
 * the I/O callbacks. SAEF_DONE, SAEF_E_ARGUMENT, SAEF_E_INTERNAL (this wolfSSL lacks what it
 * takes). */
int32_t saef_tls_gate_prepare_context(WOLFSSL_CTX *ctx);

/* `gate` must have been created with SAEF_TLS. SAEF_DONE, SAEF_E_ARGUMENT, SAEF_E_MEMORY. */
int32_t saef_tls_session_open(saef_gate *gate, WOLFSSL *ssl,
                              const saef_tls_session_arguments *arguments,
                              saef_tls_session **session);
void saef_tls_session_close(saef_tls_session *session);

/* Bytes from the socket. SAEF_DONE; SAEF_E_LIMIT: more than the bounds (the gate's while holding,
 * 256 KiB that wolfSSL hasn't read) or no memory; end the connection. */
int32_t saef_tls_session_put(saef_tls_session *session, const uint8_t *data, size_t length,
                             int64_t now_ms);

/* Bytes for the socket that wolfSSL has written: a pointer that lives until the next call on this
 * session, its length, and saef_tls_session_taken(n) once n of them were sent. */
saef_bytes saef_tls_session_take(saef_tls_session *session);
void saef_tls_session_taken(saef_tls_session *session, size_t length);

/* Runs the gate's sessions whose answers have come (saef_gate_process with this adapter's feed). */
size_t saef_tls_gate_process(saef_gate *gate, int64_t now_ms);

/* The gate's session within: identity, outcome, established, association. */
saef_gate_session *saef_tls_session_gate_session(saef_tls_session *session);

#ifdef __cplusplus
}
#endif

#endif /* SAEF_TLS_GATE_H_ */
