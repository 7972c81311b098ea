/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What a libcoap gate is made of, and the sessions of libcoap's that it knows, by their addresses.
 * Internal to core-adapter.
 *
 * Threads: those of the coap_context_t, where nothing else is said.
 */
#ifndef SAEF_CORE_ADAPTER_COAP_SESSION_H_
#define SAEF_CORE_ADAPTER_COAP_SESSION_H_

#include <pthread.h>
#include <stdatomic.h>
#include <sys/queue.h>

#include "buffer.h"
#include "gate_session.h"
#include "saef/coap_gate.h"

#pragma GCC visibility push(hidden)

#if LIBCOAP_VERSION < 4003002
#define SAEF_COAP_LOG_ERROR LOG_ERR
#define SAEF_COAP_LOG_WARNING LOG_WARNING
#else
#define SAEF_COAP_LOG_ERROR COAP_LOG_ERR
#define SAEF_COAP_LOG_WARNING COAP_LOG_WARN
#endif

/* One server session of libcoap's that is or may become a DTLS session. */
struct saef_coap_session {
  coap_session_t *session;
  saef_coap_gate *gate;
  saef_gate_session *gate_session; /* null until its first datagram after the cookie */
  int tls_is_prepared;             /* what it inherits from its context is enough */
  int established;
  int held; /* libcoap's session is referenced, its retransmissions are raised */
  uint16_t max_retransmit;
  LIST_ENTRY(saef_coap_session) bucket;
  LIST_ENTRY(saef_coap_session) link;
  saef_gate_session memory; /* of gate_session; last, since not all of it is ever read */
};

LIST_HEAD(saef_coap_session_list, saef_coap_session);

struct saef_coap_gate {
  coap_context_t *context;
  saef_gate *gate;
  coap_event_handler_t event;
  size_t (*host_psk)(void *context, const uint8_t *identity, size_t length, uint8_t *key,
                     size_t capacity);
  void *host_psk_context;
  uint32_t blocking;
  const saef_api *api;
  saef_instance *instance;

  /* All entries, by the addresses of their sessions: a power of two of lists. */
  struct saef_coap_session_list *buckets;
  size_t bucket_count;
  size_t entry_count;
  struct saef_coap_session *recent;      /* the last one found, or null */
  struct saef_coap_session_list entries; /* all but those in `ending` */
  struct saef_coap_session_list ending;  /* to be ended by the next saef_coap_gate_process */
  struct saef_coap_session_list spare;   /* of sessions that are gone, a few, for the next ones */
  size_t spare_count;
  int told_missing_wrap;
  int tls_is_prepared; /* the context, for sessions that begin from now on */

  int key_is_written;        /* or something of one may be */
  uint8_t key[SAEF_MAX_KEY]; /* what the PSK callback has just handed to libcoap */
  coap_bin_const_t key_view;

  int wake_fd;
  int has_epoll;
  atomic_int woken; /* since the last saef_coap_gate_process */
  pthread_mutex_t mutex;
  struct saef_buffer ended; /* saef_association[], under the mutex */
  int ended_were_lost;      /* under the mutex */

  LIST_ENTRY(saef_coap_gate) link;
};

/* The gate of the session's context, or null. From any thread. (coap_gate.c) */
saef_coap_gate *saef_coap_gate_of(const coap_session_t *session);

/* Lets libcoap's loop return, to the host and so to saef_coap_gate_process. From any thread.
 * (coap_gate.c) */
void saef_coap_wake(saef_coap_gate *gate);

/* Milliseconds of a clock that never goes back. (coap_gate.c) */
int64_t saef_coap_now_ms(void);

/* Before any other call. 0: no memory. */
int saef_coap_sessions_init(saef_coap_gate *gate);
/* Removes all. */
void saef_coap_sessions_destroy(saef_coap_gate *gate);

/* Null where there is none; or, of the second, where its handshake is over. */
struct saef_coap_session *saef_coap_session_find(saef_coap_gate *gate,
                                                 const coap_session_t *session);
struct saef_coap_session *saef_coap_session_find_handshaking(saef_coap_gate *gate,
                                                             const coap_session_t *session);

/* Without memory the session stays unknown, and so unserved: its PSK callback refuses. */
void saef_coap_session_add(saef_coap_gate *gate, coap_session_t *session);
void saef_coap_session_remove(struct saef_coap_session *entry);

/* The gate's session of it begins, unless it has. */
void saef_coap_session_open(struct saef_coap_session *entry);

/* While it is held, libcoap must neither free the session nor give it up. */
void saef_coap_session_keep(struct saef_coap_session *entry);
void saef_coap_session_let_go(struct saef_coap_session *entry);

/* What the PSK callback has handed out, as soon as it isn't needed any more. */
void saef_coap_wipe_key(saef_coap_gate *gate);

/* That, and the copy that libcoap keeps with the session and only frees later, as it is. */
void saef_coap_session_wipe_key(saef_coap_gate *gate, const coap_session_t *session);

/* By the next saef_coap_gate_process, which is woken. */
void saef_coap_session_end_later(struct saef_coap_session *entry);

#pragma GCC visibility pop

#endif /* SAEF_CORE_ADAPTER_COAP_SESSION_H_ */
