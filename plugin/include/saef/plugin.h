/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The interface between a oneM2M CSE (the host, Entity B of TS-0003 8.2) and a security association
 * plugin such as saef.so. This header is the contract; it needs nothing but the C standard headers
 * and compiles as C11 and C++20.
 *
 * IN SHORT
 *   1. dlopen the module (RTLD_NOW | RTLD_LOCAL) and find the one symbol SAEF_PLUGIN_ENTRY.
 *   2. Call it: it picks a major version that both speak and hands out a table of functions.
 *   3. api->open() with the path of a configuration file and the host's own table of questions.
 *   4. For each handshake with a psk_identity: api->lookup_async(), then api->lookup() in the TLS
 *      library's PSK callback. (core-adapter does this for libcoap and for wolfSSL streams.) For
 *      each with a certificate or a raw public key: api->verify_peer() in the verify callback.
 *   5. When the handshake is done: api->associate(), and keep the association with the session.
 *   6. For each request, secured or not: api->check_originator(). 2000 means go on, anything else
 * is the response status code to answer with.
 *   7. When the session ends: api->dissociate(). At the end: api->close().
 *
 * RULES FOR EVERY CALL
 *   Bytes and text     are (pointer, length). Text is UTF-8 without a terminating NUL. A length of
 * 0 allows a null pointer. Ownership          never crosses. Inputs are read during the call only;
 * outputs go to the caller's buffer, whose size stands in *length before the call and whose use
 * stands there after it. Where it is too small, nothing is written, *length is the size that would
 * do, and the result is SAEF_E_BUFFER_TOO_SMALL. Nothing is ever cut to fit. Structures lead with
 * their size in bytes as the caller knows them (sizeof). They are only ever appended to. A plugin
 * reads no member beyond `size`, and writes none. Threads            each function may be called
 * from any thread at any time, also from within a callback, except close(), which must not overlap
 * any other call nor be made from a callback. Results            are int32_t: one of SAEF_* below.
 * None is 0. Negative results are errors of the call itself; positive ones are answers. Never does
 * an exception or a longjmp leave the plugin, is a signal handler or mask changed, is errno
 * altered, is the host's TLS library touched. fork               the child's copy of an instance
 * answers every call with SAEF_E_FORKED; close() in the child frees nothing.
 */
#ifndef SAEF_PLUGIN_H_
#define SAEF_PLUGIN_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header. A new major version means a table that old hosts can't use.
 * 1.1 appends: saef_host.retrieve, saef_peer.public_key, saef_association_description.allowed_ids,
 * saef_request.app_id, saef_statistics.keys_withdrawn and what follows it, saef_api.verify_peer,
 * SAEF_ENTITY_AE_LIST. 1.2 appends: saef_statistics.misses and what follows it. Hosts and plugins
 * of 1.0, 1.1 and 1.2 work together. */
#define SAEF_ABI_MAJOR 1u
#define SAEF_ABI_MINOR 2u

/* Does a structure that the other side made, e.g. the table of an older plugin, have this member?
 *   if (SAEF_HAS(saef_api, api, verify_peer)) …                                                  */
#define SAEF_HAS(type, structure, member) \
  ((structure)->size >= offsetof(type, member) + sizeof((structure)->member))

/* The name of the only symbol that a module exports; its type is saef_plugin_entry_function. */
#define SAEF_PLUGIN_ENTRY "saef_plugin_entry"

/* The largest psk_identity that a peer may send (RFC 4279 5.3) and the largest key handed out. */
#define SAEF_MAX_IDENTITY 128u
#define SAEF_MAX_KEY 64u

/* ---- Results -------------------------------------------------------------------------------- */

enum saef_result {
  /* The call did what it says. */
  SAEF_DONE = 1,

  /* Answers about a key (lookup, lookup_async, lookup_wait, the callback, associate). */
  SAEF_KEY = 10,      /* The key is here. */
  SAEF_PENDING = 11,  /* Being fetched; ask again or wait for the callback. */
  SAEF_NOT_MINE = 12, /* Not an identity of this plugin's: the host's own PSK table may serve it. */
  SAEF_UNKNOWN = 13,  /* The MAF knows no such key. */
  SAEF_DENIED =
      14, /* There is a key but it may not be used: expired, wrong SUID, not for this CSE. */
  SAEF_UNAVAILABLE =
      15, /* It could not be found out: MAF unreachable, deadline passed, bound reached. */
  SAEF_INVALID = 16, /* No identity at all: empty, too long, malformed. */

  /* Answers of peek_identity. */
  SAEF_IDENTITY = 20,  /* A psk_identity was found. */
  SAEF_NEED_MORE = 21, /* So far nothing is wrong, and no ClientKeyExchange is complete. */
  SAEF_NO_IDENTITY =
      22, /* There will be none: another key exchange, encrypted records, other bytes. */

  /* Answers that the host gives to the plugin's questions. */
  SAEF_YES = 30,
  SAEF_NO = 31,

  /* Errors of the call. */
  SAEF_E_ARGUMENT = -1,         /* A null pointer, a length out of range, an unknown enumerator. */
  SAEF_E_BUFFER_TOO_SMALL = -2, /* See "Ownership" above. */
  SAEF_E_HANDLE = -3,           /* No such instance, association or ticket (any more). */
  SAEF_E_FORKED = -4,           /* Called in a child of the process that opened the instance. */
  SAEF_E_MEMORY = -5,           /* Out of memory. */
  SAEF_E_CONFIGURATION = -6,    /* The configuration is refused; the text says where and why. */
  SAEF_E_VERSION = -7,          /* No common major version; the text says which are spoken. */
  SAEF_E_LIMIT = -8,            /* A configured bound is reached; try later. */
  SAEF_E_INTERNAL = -9 /* A fault of the plugin's; it has been logged and the call undone. */
};

/* ---- Handles -------------------------------------------------------------------------------- */

/* One opened plugin. Carries a magic number; a stale or foreign pointer is answered SAEF_E_HANDLE
 * as far as that can be seen. */
typedef struct saef_instance saef_instance;

/* One security association (TS-0003 8.2.1): an established session tied to the entity behind it.
 * 0 is "no association". Values are never reused within an instance, so a stale one is recognised.
 */
typedef uint64_t saef_association;
#define SAEF_NO_ASSOCIATION ((saef_association)0)

/* One lookup_async that was answered SAEF_PENDING. 0 is never a ticket. Never reused. */
typedef uint64_t saef_ticket;

/* ---- What the host gives -------------------------------------------------------------------- */

enum saef_log_level {
  SAEF_LOG_ERROR = 1,
  SAEF_LOG_WARNING = 2,
  SAEF_LOG_INFO = 3,
  SAEF_LOG_DEBUG = 4
};

/* What the plugin is told by saef_host.retrieve. The content is read during the call only. */
typedef void (*saef_retrieve_done)(void *done_context, int32_t response_status_code,
                                   const char *content, size_t length);

/* The host's answers to the plugin's questions. Any member but `size` may be null: then the log is
 * silent, and the answer is no. The functions are called on any thread, also on the plugin's own,
 * and also within a call of the host's; they must not block on a lock that is held while the host
 * calls the plugin. They must be callable from open() until close() returns. */
typedef struct saef_host {
  size_t size;   /* sizeof(saef_host) */
  void *context; /* Handed back as the first argument of each function. */

  /* One line for the host's log, without a line end. No key is ever in it. */
  void (*log)(void *context, int32_t level, const char *text, size_t length);

  /* Is an AE with this AE-ID registered with this CSE? ae_id is an AE-ID-Stem ("C…", "S…"), as the
   * originator sends it in From. SAEF_YES or SAEF_NO. (TS-0004 7.3.2.1) */
  int32_t (*is_registered_ae)(void *context, const char *ae_id, size_t length);

  /* Is this CSE a registree of the host's? cse_id is an SP-relative CSE-ID ("/cse2") if it belongs
   * to the host's own service provider, else absolute ("//sp.example.org/cse2"). SAEF_YES or
   * SAEF_NO. */
  int32_t (*is_registree_cse)(void *context, const char *cse_id, size_t length);

  /* The key of this association has expired or was taken back: the host ends its session now. The
   * association has already stopped to count; dissociate() is still due. */
  void (*end_association)(void *context, saef_association association);

  /* Since 1.1. The plugin asks the host to RETRIEVE a resource as the CSE itself (From: its own
   * CSE-ID), wherever it is hosted: `to` is an SP-relative or absolute address, e.g. of the
   * <serviceSubscribedNode> of this CSE on the IN-CSE (TS-0003 8.2.1, TS-0001 10.2.2.2). Called on
   * the plugin's own thread only. `done` is to be called exactly once, on any thread, perhaps
   * within the call: with the response status code and the content as JSON, its root member and all
   * ({"m2m:svsn": …}). Not yet having answered when close() is called is no fault; an answer after
   * close() does nothing. Null: there are no rules to be had that way. */
  void (*retrieve)(void *context, const char *to, size_t to_length, saef_retrieve_done done,
                   void *done_context);
} saef_host;

/* ---- Opening -------------------------------------------------------------------------------- */

typedef struct saef_open_arguments {
  size_t size;             /* sizeof(saef_open_arguments) */
  const char *config_path; /* A JSON file (docs/configuration.md). Names of files in it are relative
                              to its folder. */
  size_t config_path_length;
  const saef_host *host; /* Copied; may be null. */
} saef_open_arguments;

/* ---- Who is behind a session ---------------------------------------------------------------- */

/* What the host knows of the peer. Exactly one of psk_identity, certificates and public_key is
 * given. */
typedef struct saef_bytes {
  const uint8_t *data;
  size_t length;
} saef_bytes;

typedef struct saef_peer {
  size_t size;                    /* sizeof(saef_peer) */
  saef_bytes psk_identity;        /* As sent in ClientKeyExchange, or empty. */
  const saef_bytes *certificates; /* DER, the peer's own first (RFC 5246 7.4.2), or null. That the
                                   * peer has the private key, the handshake has shown; the path to
                                   * a trust anchor and the names are the plugin's to verify. */
  size_t certificate_count;
  saef_bytes public_key; /* Since 1.1. A raw public key (RFC 7250): DER SubjectPublicKeyInfo. */
} saef_peer;

enum saef_entity_kind {
  SAEF_ENTITY_UNRESOLVED = 1, /* Only the Credential-ID is known as yet (TS-0003 8.2.1). */
  SAEF_ENTITY_AE = 2,
  SAEF_ENTITY_CSE = 3,
  SAEF_ENTITY_AE_LIST = 4 /* Since 1.1. An AE, one of allowed_ids (device and Node-ID certificates).
                           * A caller whose structure has no allowed_ids is told UNRESOLVED. */
};

/* Filled by describe(). For each text the caller sets the pointer and the capacity. */
typedef struct saef_association_description {
  size_t size;     /* sizeof(saef_association_description) */
  int32_t kind;    /* enum saef_entity_kind */
  uint32_t suid;   /* Security Usage Identifier, 32 for MAF-based SAEF (TS-0004 6.3.4.2.39) */
  int64_t expires; /* When the association ends: seconds since 1970-01-01T00:00:00Z. INT64_MAX: with
                      its session; its credential has no end. */
  char *entity_id; /* Absolute CSE-ID or AE-ID of Entity A; length 0 while unresolved. */
  size_t entity_id_length; /* in: capacity, out: length */
  char *credential_id;     /* Credential-ID, e.g. "11-ae1@maf.example.com" (TS-0003 10.4). */
  size_t credential_id_length;
  char *allowed_ids; /* Since 1.1. With SAEF_ENTITY_AE_LIST: the Absolute AE-IDs that this entity
                      * may have, one after the other with a line feed between; else length 0. */
  size_t allowed_ids_length;
} saef_association_description;

/* ---- The originator check ------------------------------------------------------------------- */

enum saef_operation { /* TS-0004 6.3.4.2.5 */
                      SAEF_CREATE = 1,
                      SAEF_RETRIEVE = 2,
                      SAEF_UPDATE = 3,
                      SAEF_DELETE = 4,
                      SAEF_NOTIFY = 5
};

/* A request primitive, as far as the originator check looks at it. */
typedef struct saef_request {
  size_t size;           /* sizeof(saef_request) */
  int32_t operation;     /* enum saef_operation */
  int32_t resource_type; /* Resource Type (ty) of a CREATE, else 0. 2 is <AE>, 16 is <remoteCSE>. */
  const char *originator; /* From (fr), or null where the request has none. */
  size_t originator_length;
  const char *app_id; /* Since 1.1. Of a CREATE <AE>: its App-ID (api); else null. By it and by the
                       * Credential-ID the rules of the service subscription are applied. */
  size_t app_id_length;
} saef_request;

/* ---- Key look-ups --------------------------------------------------------------------------- */

/* Called once for a lookup_async that was answered SAEF_PENDING, on the plugin's thread, with one
 * of SAEF_KEY, SAEF_UNKNOWN, SAEF_DENIED, SAEF_UNAVAILABLE. Must not block. The key itself is then
 * had from lookup(). May run before lookup_async has returned. */
typedef void (*saef_lookup_callback)(void *context, saef_ticket ticket, int32_t outcome);

enum saef_transport { SAEF_TLS = 1, SAEF_DTLS = 2 };

/* ---- Statistics and probing ----------------------------------------------------------------- */

/* Since 1.2. Times are counted in so many buckets, whose inclusive upper bounds in microseconds
 * these are; the last bucket has none. A time stands in one bucket only. */
#define SAEF_LATENCY_BUCKETS 16u
#define SAEF_LATENCY_BOUNDS_US                                                                 \
  {                                                                                            \
    250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, \
        5000000, 10000000                                                                      \
  }

/* Counters since open(), but for those that say "now". They are read one after the other, not at
 * one moment. A plugin of an earlier minor version (saef_api.abi_minor) leaves the members that it
 * doesn't know as they were, so set all to 0 before. */
typedef struct saef_statistics {
  size_t size; /* sizeof(saef_statistics) */
  uint64_t lookups;
  uint64_t hits;
  uint64_t not_mine;
  uint64_t invalid;
  uint64_t refusals_remembered; /* answered from the memory of refusals */
  uint64_t fetches;             /* Key Retrievals sent to a MAF */
  uint64_t fetches_key;         /* … answered with a key */
  uint64_t fetches_unknown;     /* … answered: no such key */
  uint64_t fetches_denied;      /* … answered: not for us, expired, wrong SUID, bad answer */
  uint64_t fetches_unavailable; /* … not answered */
  uint64_t fetches_in_flight;   /* now */
  uint64_t waiters;             /* now */
  uint64_t keys_cached;         /* now */
  uint64_t keys_expired;
  uint64_t keys_evicted;
  uint64_t associations;       /* now */
  uint64_t associations_ended; /* by the plugin: expiry or withdrawal */
  uint64_t checks;
  uint64_t checks_refused;
  uint64_t maf_sessions; /* (D)TLS sessions opened to MAFs */
  /* Since 1.1. */
  uint64_t keys_withdrawn; /* cached keys that their MAF has taken back */
  uint64_t observations;   /* now: keys that a MAF tells us about when they end (RFC 7641) */
  uint64_t enrolments;     /* at a MEF, that succeeded */
  /* Since 1.2. `lookups` are the hits, not_mine, invalid, the four that follow `misses`, and those
   * whose buffer was too small. */
  uint64_t misses;              /* look-ups for which a MAF had to be asked: also those that only
                                 * lookup() told so, and those that waited and got their key (hits) */
  uint64_t lookups_pending;     /* answered SAEF_PENDING */
  uint64_t lookups_unknown;     /* … SAEF_UNKNOWN */
  uint64_t lookups_denied;      /* … SAEF_DENIED */
  uint64_t lookups_unavailable; /* … SAEF_UNAVAILABLE */
  uint64_t lookups_left_alone;  /* of these: the MAF failed a moment ago and isn't asked as yet */
  uint64_t lookups_bound;       /* of these: a bound on fetches or on who waits was reached */
  uint64_t fetches_denied_expired;     /* of fetches_denied: the key's lifetime is over */
  uint64_t fetches_denied_suid;        /* … it is for another use */
  uint64_t fetches_denied_not_for_us;  /* … the MAF says that this CSE may not have it */
  uint64_t fetches_denied_bad_answer;  /* … the answer isn't as it must be */
  uint64_t fetches_unreachable;        /* of fetches_unavailable: no session, or it broke */
  uint64_t fetches_credential_refused; /* … the MAF doesn't take our credential */
  uint64_t fetches_timed_out;          /* … no answer in time */
  uint64_t fetches_failed_at_maf;      /* … the MAF answers that it can't, as with 5000 */
  uint64_t fetches_queued; /* now: of those in flight, beyond what a session carries at a time */
  uint64_t refusals_kept;  /* now, in the memory of refusals */
  uint64_t issuers;        /* now: the MAFs and MEFs of the configuration */
  uint64_t issuers_left_alone; /* now: of these, those that failed and aren't asked as yet */
  /* How long a MAF took for its answer, from when the fetch was begun; those without an answer
   * aren't counted. */
  uint64_t retrieval_buckets[SAEF_LATENCY_BUCKETS];
  uint64_t retrieval_count;
  uint64_t retrieval_sum_us;
} saef_statistics;

/* One MAF or MEF, as probe() found it. The texts live during the callback only. */
typedef struct saef_probe_report {
  size_t size;
  const char *maf_fqdn; /* or the MEF's */
  size_t maf_fqdn_length;
  int32_t outcome; /* SAEF_DONE: reached, and it accepts our credential. SAEF_DENIED: it refuses
                    * our credential. SAEF_UNAVAILABLE: no answer. */
  int64_t round_trip_us;    /* of one request in the established session; -1 if none */
  int32_t has_clock_offset; /* SAEF_YES if the MAF told its time */
  int64_t clock_offset_s;   /* the MAF's clock less ours, in seconds */
  const char *text;         /* what happened, for a person */
  size_t text_length;
} saef_probe_report;

typedef void (*saef_probe_callback)(void *context, const saef_probe_report *report);

/* ---- The table ------------------------------------------------------------------------------ */

/* Lives as long as the module is mapped. Only ever appended to within a major version. */
typedef struct saef_api {
  size_t size; /* sizeof(saef_api) as the plugin knows it */
  uint32_t abi_major;
  uint32_t abi_minor;
  const char *version; /* the plugin's own name and version, for people */
  size_t version_length;

  /* Reads and checks the configuration, starts the plugin's thread. Opens no connection yet.
   * SAEF_DONE and *instance; else *instance is null and the text in `error` (in/out length, may be
   * null with length 0; a text that doesn't fit is left out and the needed size told in
   * *error_length, the result staying the reason) says what is wrong, where, and what would be
   * right. Results: SAEF_DONE, SAEF_E_ARGUMENT, SAEF_E_CONFIGURATION, SAEF_E_MEMORY,
   * SAEF_E_INTERNAL. */
  int32_t (*open)(const saef_open_arguments *arguments, saef_instance **instance, char *error,
                  size_t *error_length);

  /* Cancels what is under way (waiting lookup_wait calls must have returned, callbacks that have
   * not begun are dropped), joins the plugin's thread, wipes all keys. Ends within 2 seconds
   * whatever the MAF does. SAEF_DONE, SAEF_E_HANDLE. */
  int32_t (*close)(saef_instance *instance);

  /* The key of an identity, if it is known now. Never blocks, never starts anything. On a hit: no
   * allocation, no system call. (TS-0003 8.2.2.3 steps 8 and 9)
   *   SAEF_KEY          key (at most SAEF_MAX_KEY) is written
   *   SAEF_PENDING      a fetch is under way, or would be needed
   *   SAEF_NOT_MINE, SAEF_UNKNOWN, SAEF_DENIED, SAEF_UNAVAILABLE, SAEF_INVALID
   *   SAEF_E_BUFFER_TOO_SMALL, SAEF_E_ARGUMENT, SAEF_E_HANDLE, SAEF_E_FORKED */
  int32_t (*lookup)(saef_instance *instance, const uint8_t *identity, size_t identity_length,
                    uint8_t *key, size_t *key_length);

  /* Asks for a key without waiting for it. Answers at once like lookup (without the key) where that
   * can be done; then the callback is not called. SAEF_PENDING: *ticket is set and the callback is
   * called exactly once, unless cancelled. `ticket` is written before the callback can run.
   * Look-ups of one identity share one fetch. SAEF_UNAVAILABLE also when a bound on fetches is
   * reached. */
  int32_t (*lookup_async)(saef_instance *instance, const uint8_t *identity, size_t identity_length,
                          saef_lookup_callback callback, void *context, saef_ticket *ticket);

  /* After it returns, the ticket's callback is not running and will not run; a fetch that is under
   * way goes on and its answer still fills the cache. From within that same callback it returns at
   * once. SAEF_DONE: the callback has not run and will not. SAEF_E_HANDLE: it has run (or no such).
   */
  int32_t (*lookup_cancel)(saef_instance *instance, saef_ticket ticket);

  /* Like lookup, but waits up to timeout_ms for the answer: for hosts that can do nothing else.
   * SAEF_UNAVAILABLE when the time is over, and at once where it would wait in a callback. */
  int32_t (*lookup_wait)(saef_instance *instance, const uint8_t *identity, size_t identity_length,
                         uint32_t timeout_ms, uint8_t *key, size_t *key_length);

  /* Reads the psk_identity out of bytes that a client sent, before the TLS library sees them: pure,
   * bounded, keeps no state. `data` holds what came from the client since the beginning of the
   * session (TLS), or one or more whole datagrams one after the other, in any order (DTLS). The
   * structures are those of RFC 5246, RFC 6347 and RFC 4279; a ClientKeyExchange may be fragmented.
   *   SAEF_IDENTITY     identity is written: exactly the octets that the client sent
   *   SAEF_NEED_MORE, SAEF_NO_IDENTITY, SAEF_INVALID (malformed, or longer than SAEF_MAX_IDENTITY)
   *   SAEF_E_BUFFER_TOO_SMALL, SAEF_E_ARGUMENT */
  int32_t (*peek_identity)(int32_t transport, const uint8_t *data, size_t length, uint8_t *identity,
                           size_t *identity_length);

  /* Ties an established session to the entity behind it (TS-0003 8.2.2.1, 8.2.2.2, 8.2.2.3 step
   * 12), by the psk_identity, the certificate chain or the raw public key. Call after the
   * handshake. SAEF_DONE and *association; or SAEF_NOT_MINE, SAEF_UNKNOWN, SAEF_DENIED (the key has
   * ended since; a chain or public key that isn't acceptable), SAEF_INVALID: the session must then
   * be ended, or treated as having no association (not mine). SAEF_E_LIMIT when too many
   * associations are open. */
  int32_t (*associate)(saef_instance *instance, const saef_peer *peer,
                       saef_association *association);

  /* Who is behind an association. SAEF_DONE, SAEF_DENIED (it has ended; what is known is filled in
   * all the same), SAEF_E_BUFFER_TOO_SMALL (all lengths tell what is needed), SAEF_E_HANDLE. */
  int32_t (*describe)(saef_instance *instance, saef_association association,
                      saef_association_description *description);

  /* The host registered the entity behind this association under this AE-ID (absolute or stem), as
   * its own assignment (TS-0003 8.2.1: "If Entity B assigned the AE-ID(s) corresponding to this
   * Credential-ID"). From then on every association of the same Credential-ID is resolved to it.
   * SAEF_DONE, SAEF_DENIED (the association is tied to another identity, is a CSE's, or has ended),
   * SAEF_INVALID (no AE-ID of this CSE), SAEF_E_HANDLE, SAEF_E_LIMIT. */
  int32_t (*assign_ae_id)(saef_instance *instance, saef_association association, const char *ae_id,
                          size_t length);

  /* The registration under this AE-ID has ended: its assignment, and that it spoke through an
   * association, are forgotten. SAEF_DONE also when there was none; SAEF_INVALID (no AE-ID). */
  int32_t (*withdraw_ae_id)(saef_instance *instance, const char *ae_id, size_t length);

  /* May this originator speak through this association? (TS-0003 7.2.1, TS-0004 7.3.2.1.) To be
   * asked for every request, also those that came in the clear (SAEF_NO_ASSOCIATION), before
   * anything else is done with it. An association that has ended counts as none.
   * A positive result is a response status code: 2000 go on, 4000, 4106 or 4107 to answer with;
   * since 1.1, at the registration of an AE, also 4126 (no rule of the service subscription allows
   * it) and 4128 (the rules are not to be had as yet). Negative: SAEF_E_*; the host then answers
   * 5000. An unknown association is SAEF_E_HANDLE. */
  int32_t (*check_originator)(saef_instance *instance, saef_association association,
                              const saef_request *request);

  /* The session has ended. SAEF_DONE, SAEF_E_HANDLE. */
  int32_t (*dissociate)(saef_instance *instance, saef_association association);

  /* SAEF_DONE, SAEF_E_ARGUMENT, SAEF_E_HANDLE. */
  int32_t (*statistics)(saef_instance *instance, saef_statistics *statistics);

  /* Tries each configured MAF and MEF: a session, one request. Calls back once for each, on this
   * thread, in the order of the configuration; waits at most timeout_ms in all. For `saef doctor`.
   */
  int32_t (*probe)(saef_instance *instance, uint32_t timeout_ms, saef_probe_callback callback,
                   void *context);

  /* Since 1.1. Is this certificate chain or raw public key one that this plugin takes (TS-0003
   * 8.2.2.2)? To be asked within the handshake, where the TLS library lets its user judge the peer.
   * Never blocks. SAEF_DONE: go on with the handshake. SAEF_DENIED: refuse it (no path to a trust
   * anchor, expired, names nobody, a public key that isn't configured, …); the log says why.
   * SAEF_NOT_MINE: no certificates are configured here; SAEF_E_*. After the handshake comes
   * associate(), which judges again. */
  int32_t (*verify_peer)(saef_instance *instance, const saef_peer *peer);
} saef_api;

/* ---- The entry ------------------------------------------------------------------------------ */

/* What the host speaks. */
typedef struct saef_host_versions {
  size_t size; /* sizeof(saef_host_versions) */
  uint32_t major_min;
  uint32_t major_max;
  const char *name; /* the host's name and version, for the log */
  size_t name_length;
} saef_host_versions;

/* SAEF_DONE and *api, whose abi_major lies within the host's range; or SAEF_E_VERSION or
 * SAEF_E_ARGUMENT, *api null and the reason in `reason` (as with open's error). */
typedef int32_t (*saef_plugin_entry_function)(const saef_host_versions *host, const saef_api **api,
                                              char *reason, size_t *reason_length);

#ifdef __cplusplus
}
#endif

#endif /* SAEF_PLUGIN_H_ */
