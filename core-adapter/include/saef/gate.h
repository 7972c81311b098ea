/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The gate: stands between the network and a TLS library whose PSK callback is synchronous. It
 * looks at what a client sends, and from the bytes that complete its ClientKeyExchange on it holds
 * that one session until the plugin has an answer; every other session goes on. Then it hands on
 * what it held, and the TLS library's PSK callback, which asks saef_gate_key(), is a cache hit.
 *
 * The states of a session:
 *   open      no complete ClientKeyExchange yet: bytes pass
 *   holding   the plugin has been asked: bytes are kept, up to the bounds
 *   released  there is an answer that lets the handshake go on (a key, or "not mine"): bytes pass
 *   refused   the answer is a refusal, whichever: bytes pass and saef_gate_key() refuses as the
 * setting says. On the wire every refusal is the same.
 *
 * Bounded: sessions held, bytes kept per session, time. A bound that is reached is a refusal
 * (SAEF_UNAVAILABLE), never a cut.
 *
 * Threads: a gate and its sessions belong to one thread (the listener's), which makes every call
 * here. Only `wake` is called from another. Times are milliseconds of a clock that never goes back.
 *
 * Knows the ABI, not oneM2M, and no TLS library; coap_gate.h and tls_gate.h join it to those.
 */
#ifndef SAEF_GATE_H_
#define SAEF_GATE_H_

#include "saef/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct saef_gate saef_gate;
typedef struct saef_gate_session saef_gate_session;

/* How a refusal looks on the wire (TS-0003 8.2.2.3 step 13; facts 6). */
enum saef_gate_refusal {
  SAEF_GATE_ALERT = 1, /* the alert unknown_psk_identity, at once: Entity A learns that a fresh
                          registration is due */
  SAEF_GATE_HIDE =
      2 /* the handshake goes on with a random key and fails as with a wrong key (RFC 4279 2) */
};

enum saef_gate_verdict {
  SAEF_GATE_PASS = 1, /* hand these bytes to the TLS library */
  SAEF_GATE_HELD =
      2, /* the gate has kept them, or dropped a datagram (which the client sends again) */
};

typedef struct saef_gate_arguments {
  size_t size; /* sizeof(saef_gate_arguments) */
  const saef_api *api;
  saef_instance *instance;
  int32_t transport;        /* enum saef_transport */
  int32_t refusal;          /* enum saef_gate_refusal */
  size_t max_held_sessions; /* 0: 16384 */
  size_t max_held_bytes;    /* per session; 0: 16384 */
  uint32_t max_hold_ms;     /* 0: 30000 */
  void *context;
  /* Called from any thread, at any time until saef_gate_destroy returns, when saef_gate_process has
   * something to do. Must not block and must not call the gate. */
  void (*wake)(void *context);
} saef_gate_arguments;

/* SAEF_DONE, SAEF_E_ARGUMENT, SAEF_E_MEMORY. */
int32_t saef_gate_create(const saef_gate_arguments *arguments, saef_gate **gate);

/* All sessions must have been closed. Waits for a `wake` that is running. Null is allowed. */
void saef_gate_destroy(saef_gate *gate);

/* `context` is handed back by saef_gate_process. SAEF_DONE, SAEF_E_MEMORY. */
int32_t saef_gate_session_open(saef_gate *gate, void *context, saef_gate_session **session);

/* Cancels what is pending, forgets what is held, dissociates. Allowed in any state, also from
 * within `feed`. Null is allowed. */
void saef_gate_session_close(saef_gate_session *session);

/* One datagram, or the next bytes of a stream, came from the client. enum saef_gate_verdict. */
int32_t saef_gate_receive(saef_gate_session *session, const uint8_t *data, size_t length,
                          int64_t now_ms);

/* Held bytes, in order, for the TLS library: one call for each datagram or chunk. Lives during the
 * call. The host may close this or any other session meanwhile. */
typedef void (*saef_gate_feed)(void *session_context, const uint8_t *data, size_t length);

/* Releases or refuses every session whose answer has come or whose time is over, and feeds what was
 * held. To be called after each `wake` and at saef_gate_deadline. Returns the number of sessions
 * that went on. */
size_t saef_gate_process(saef_gate *gate, int64_t now_ms, saef_gate_feed feed);

/* When saef_gate_process must run at the latest, -1 if nothing is held. */
int64_t saef_gate_deadline(const saef_gate *gate);

/* For the TLS library's PSK callback: the key for the identity it was given (as it reports it; NUL
 * ends it for some libraries, so it is compared with what the gate saw on the wire, and refused
 * where they differ). Never blocks.
 *   SAEF_KEY       key (at most SAEF_MAX_KEY octets) is written; with SAEF_GATE_HIDE also for a
 * refusal: random SAEF_NOT_MINE  the host's own PSK table may serve this identity other refuse (the
 * library's "unknown identity") */
int32_t saef_gate_key(saef_gate_session *session, const uint8_t *identity, size_t length,
                      uint8_t *key, size_t *key_length);

/* The handshake is done: ties the session to an entity (api->associate). SAEF_DONE, or why not;
 * then the session must be ended, except SAEF_NOT_MINE. */
int32_t saef_gate_session_established(saef_gate_session *session);

/* SAEF_NO_ASSOCIATION before saef_gate_session_established and for identities that aren't the
 * plugin's. */
saef_association saef_gate_session_association(const saef_gate_session *session);

/* The identity as it came on the wire; length 0 while none was seen. Lives as long as the session.
 */
saef_bytes saef_gate_session_identity(const saef_gate_session *session);

/* What the plugin answered: enum saef_result; SAEF_PENDING while holding, SAEF_NEED_MORE before. */
int32_t saef_gate_session_outcome(const saef_gate_session *session);

/* Now held sessions and bytes, for statistics and tests. */
size_t saef_gate_held_sessions(const saef_gate *gate);
size_t saef_gate_held_bytes(const saef_gate *gate);

#ifdef __cplusplus
}
#endif

#endif /* SAEF_GATE_H_ */
