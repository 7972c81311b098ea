/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The gate for a CoAP server on libcoap (4.3.x), whatever TLS library libcoap was built on. libcoap
 * itself is not changed: link with -Wl,--wrap=coap_dtls_receive (libcoap as a static library, built
 * without ENABLE_THREAD_SAFE), and each datagram of a DTLS session passes the gate first. Where
 * libcoap is a shared library the wrap has no effect; then set `blocking` and the PSK callback
 * falls back to lookup_wait. A host that does neither is refused at attach, and a session that gets
 * to the PSK callback past the gate is refused there. With -Wl,--wrap=coap_dtls_get_timeout too,
 * libcoap repeats no flight of its own while a session is held (RFC 6347 4.2.4).
 *
 * - After coap_new_context, before any endpoint: saef_coap_gate_attach(context, &arguments, &gate).
 *
 * - In the loop: coap_io_process(context, timeout), with a timeout of at most
 *   saef_coap_gate_timeout_ms(gate), then saef_coap_gate_process(gate). coap_io_process returns by
 *   itself when an answer is there, if libcoap has epoll.
 *
 * - Before coap_free_context: saef_coap_gate_detach(gate), which also forgets what is held.
 *
 * It sets the context's PSK server callbacks (coap_context_set_psk2) and its event handler
 * (coap_register_event_handler). A host must not set them afterwards: the gate would no longer
 * learn which sessions begin and end. The host's own event handler goes into the arguments and is
 * called after the gate's. Session tickets and session caches are switched off where the TLS
 * library has them and coap_tls.c was told which library it is (SAEF_COAP_GATE_WOLFSSL,
 * SAEF_COAP_GATE_OPENSSL); then a session that is resumed all the same is ended.
 *
 * While a session is held, libcoap neither frees it nor gives it up nor counts it among its
 * handshakes (coap_context_set_max_handshake_sessions); the gate's bounds count.
 *
 * Threads: those of the coap_context_t, but for saef_coap_gate_end_association.
 */
#ifndef SAEF_COAP_GATE_H_
#define SAEF_COAP_GATE_H_

#include <coap3/coap.h>

#include "saef/gate.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct saef_coap_gate saef_coap_gate;

typedef struct saef_coap_gate_arguments {
  size_t size;              /* sizeof(saef_coap_gate_arguments) */
  saef_gate_arguments gate; /* transport, context and wake are set by the adapter */
  uint32_t blocking;        /* 0: hold (needs the wrap). n: wait up to n ms in the PSK callback. */
  coap_event_handler_t event; /* the host's own, or null */
  /* The host's own PSKs, for identities that aren't the plugin's: writes the key, returns its
   * length, 0 for unknown. Null: none. */
  size_t (*host_psk)(void *context, const uint8_t *identity, size_t length, uint8_t *key,
                     size_t capacity);
  void *host_psk_context;
} saef_coap_gate_arguments;

/* SAEF_DONE, SAEF_E_ARGUMENT, SAEF_E_MEMORY, SAEF_E_INTERNAL (this libcoap, or how the program is
 * linked, won't do; libcoap's log says what is wrong). */
int32_t saef_coap_gate_attach(coap_context_t *context, const saef_coap_gate_arguments *arguments,
                              saef_coap_gate **gate);
void saef_coap_gate_detach(saef_coap_gate *gate);

/* Lets sessions go on whose answers have come, ends those whose associations have ended. */
void saef_coap_gate_process(saef_coap_gate *gate);

/* Milliseconds until saef_coap_gate_process must run again at the latest; -1: nothing is due.
 * Without epoll in libcoap never more than 20. */
int64_t saef_coap_gate_timeout_ms(const saef_coap_gate *gate);

/* saef_gate_session_peer for this session: to be called in the handshake, for instance from
 * libcoap's validate_cn_call_back once the client's own certificate (depth 0) is accepted, with all
 * that came. SAEF_E_HANDLE: not a DTLS session of this gate that is in its handshake. */
int32_t saef_coap_gate_session_peer(saef_coap_gate *gate, const coap_session_t *session,
                                    const saef_peer *peer);

/* The association of the session that a request came in on; SAEF_NO_ASSOCIATION for plain CoAP, for
 * the host's own PSKs, and after it has ended. */
saef_association saef_coap_gate_association(saef_coap_gate *gate, const coap_session_t *session);

/* For the host's saef_host.end_association, from any thread until saef_coap_gate_detach begins: the
 * session of this association is ended at the next saef_coap_gate_process, which is woken. */
void saef_coap_gate_end_association(saef_coap_gate *gate, saef_association association);

/* The gate within, for statistics. */
const saef_gate *saef_coap_gate_gate(const saef_coap_gate *gate);

#ifdef __cplusplus
}
#endif

#endif /* SAEF_COAP_GATE_H_ */
