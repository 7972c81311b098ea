/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The gate: stands between the network and a TLS library whose PSK callback is synchronous. It
 * looks at what a client sends, and from the bytes that complete its ClientKeyExchange on it holds
 * that one session until the plugin has an answer; every other session goes on. Then it hands on
 * what it held, and the TLS library's PSK callback, which asks saef_gate_key(), is a cache hit.
 *
 * The states of a session:
 *
 * - open: no complete ClientKeyExchange yet; bytes pass.
 *
 * - holding: the plugin has been asked; bytes are kept, up to the bounds.
 *
 * - released: there is an answer that lets the handshake go on (a key, or "not mine"); bytes pass.
 *
 * - refused: the answer is a refusal, whichever; bytes pass and saef_gate_key() refuses as the
 *   setting says. On the wire every refusal is the same.
 *
 * Bounded: sessions held, bytes kept per session, time. Where the sessions or the time are used up,
 * that is a refusal (SAEF_UNAVAILABLE). Where the bytes are, a datagram is dropped, as any network
 * may do and for the client to send again, and a stream is given up (SAEF_E_LIMIT). Nothing is cut.
 * A flight that a DTLS client repeats while it is held is kept once.
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
  /* The alert unknown_psk_identity, at once: Entity A learns that a fresh registration is due. */
  SAEF_GATE_ALERT = 1,
  /* The handshake goes on with a random key and fails as with a wrong key (RFC 4279 2). */
  SAEF_GATE_HIDE = 2
};

enum saef_gate_verdict {
  SAEF_GATE_PASS = 1, /* Hand these bytes to the TLS library. */
  SAEF_GATE_HELD = 2  /* The gate has kept them, or dropped a datagram. */
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

/* One datagram, or the next bytes of a stream, came from the client. enum saef_gate_verdict; or,
 * for a stream, SAEF_E_LIMIT: more came than may be held, or there is no memory for it. Then all
 * the host can do is end the connection. A datagram that reads "no identity" or "malformed" passes
 * and decides nothing, since anyone can send one in the client's name. */
int32_t saef_gate_receive(saef_gate_session *session, const uint8_t *data, size_t length,
                          int64_t now_ms);

/* For a host whose TLS library can't be gated: to be called from its PSK callback, before
 * saef_gate_key, with the identity that the callback was given; takes the place of
 * saef_gate_receive for this session. Blocks up to timeout_ms. What saef_gate_session_outcome()
 * tells afterwards. An identity with a NUL is known to such a host up to the NUL only. */
int32_t saef_gate_wait(saef_gate_session *session, const uint8_t *identity, size_t length,
                       uint32_t timeout_ms);

/* Held bytes, in order, for the TLS library: one call for each datagram or chunk. Lives during the
 * call. The host may close this or any other session meanwhile. */
typedef void (*saef_gate_feed)(void *session_context, const uint8_t *data, size_t length);

/* Releases or refuses every session whose answer has come or whose time is over, and feeds what was
 * held. To be called after each `wake` and at saef_gate_deadline. Returns the number of sessions
 * that went on. */
size_t saef_gate_process(saef_gate *gate, int64_t now_ms, saef_gate_feed feed);

/* When saef_gate_process must run at the latest, -1 if nothing is held. */
int64_t saef_gate_deadline(const saef_gate *gate);

/* For the TLS library's PSK callback: the key for the identity it was given. The identity is
 * compared with what the gate saw on the wire, since many libraries end it at the first NUL, and is
 * refused where they differ. Never blocks.
 *
 * - SAEF_KEY: the key is written, at most SAEF_MAX_KEY octets; for a refusal under SAEF_GATE_HIDE a
 *   random one, the same for the life of the session. Wipe it after use.
 *
 * - SAEF_NOT_MINE: the host's own PSK table may serve this identity. Where it has none, the host
 *   answers what saef_gate_refuse() says, so that this too looks like every other refusal.
 *
 * - Anything else: refuse, with the library's "unknown identity". */
int32_t saef_gate_key(saef_gate_session *session, const uint8_t *identity, size_t length,
                      uint8_t *key, size_t *key_length);

/* Refuses the session for a reason of the host's: as saef_gate_key() answers a refusal of the
 * plugin's, with `outcome` (an enum saef_result) as what saef_gate_session_outcome() tells. A key
 * that the TLS library can't take whole is such a reason. */
int32_t saef_gate_refuse(saef_gate_session *session, int32_t outcome, uint8_t *key,
                         size_t *key_length);

/* Who the client is in a handshake with certificates or with a raw public key (RFC 7250), which has
 * no identity for the gate to look up: what the host's TLS library got from it and, with the help
 * of api->verify_peer, has accepted. Copied. To be called before saef_gate_session_established; a
 * session that was given a key takes no notice of it. SAEF_DONE; SAEF_E_ARGUMENT (neither
 * certificates nor a public key, or an absurd number of them); SAEF_E_MEMORY. */
int32_t saef_gate_session_peer(saef_gate_session *session, const saef_peer *peer);

/* The handshake is done: ties the session to an entity (api->associate). SAEF_DONE, or why not;
 * then the session must be ended, except SAEF_NOT_MINE, which is also the answer where the
 * handshake did without saef_gate_key and no peer was told (saef_gate_session_peer). */
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

/* What a gate holds now, and what it has refused and dropped since it was made. Appended to only.
 */
typedef struct saef_gate_statistics {
  size_t size; /* sizeof(saef_gate_statistics), as the caller knows it */
  uint64_t held_sessions;
  uint64_t held_bytes;
  uint64_t refused_for_sessions; /* would have had to wait, but as many were held as may be */
  uint64_t refused_for_time;     /* had waited for max_hold_ms */
  uint64_t dropped_datagrams;    /* didn't fit beside what was held of their sessions */
} saef_gate_statistics;

/* Fills what fits into `size`. SAEF_DONE; SAEF_E_ARGUMENT: null, or a size that holds no member. */
int32_t saef_gate_get_statistics(const saef_gate *gate, saef_gate_statistics *statistics);

#ifdef __cplusplus
}
#endif

#endif /* SAEF_GATE_H_ */
