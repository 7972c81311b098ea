/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "saef/coap_gate.h"

#include <pthread.h>
#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "coap_tls.h"

#if LIBCOAP_VERSION < 4003002
#define LOG_AS_ERROR LOG_ERR
#define LOG_AS_WARNING LOG_WARNING
#else
#define LOG_AS_ERROR COAP_LOG_ERR
#define LOG_AS_WARNING COAP_LOG_WARN
#endif

/* Without libcoap's epoll there is nothing to wake it with: then it is asked to look this often
 * while a session is held. */
#define POLL_MS 20

/* libcoap repeats its own flight while a session is held, and would give it up after 4 times, that
 * is after 31 s, or what the host has set. The gate's own limit decides instead. */
#define RETRANSMITS_WHILE_HELD 32u

/* What the linker makes of -Wl,--wrap=coap_dtls_receive. Without the option there is no such
 * function; weak, so that hosts that block instead can do without. */
int __wrap_coap_dtls_receive(coap_session_t *session, const uint8_t *data, size_t length);
__attribute__((weak)) int __real_coap_dtls_receive(coap_session_t *session, const uint8_t *data,
                                                   size_t length);

/* One server session of libcoap's that is or may become a DTLS session. */
struct dtls_session {
  coap_session_t *session; /* first: what the trees are ordered by */
  saef_coap_gate *gate;
  saef_gate_session *gate_session; /* null until its first datagram after the cookie */
  int established;
  int held; /* libcoap's session is referenced, its retransmissions are raised */
  uint16_t max_retransmit;
  LIST_ENTRY(dtls_session) link;
};

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

  /* Two trees, so that a datagram of an established session looks only among the few that are still
   * in their handshake, and isn't found there. */
  void *handshaking;
  void *established;
  LIST_HEAD(, dtls_session) entries; /* all but those in `ending` */
  LIST_HEAD(, dtls_session) ending;  /* to be ended by the next saef_coap_gate_process */
  int told_missing_wrap;

  uint8_t key[SAEF_MAX_KEY]; /* what the PSK callback has just handed to libcoap */
  coap_bin_const_t key_view;

  int wake_fd;
  int has_epoll;
  pthread_mutex_t mutex;
  struct saef_buffer ended; /* saef_association[], under the mutex */
  int ended_were_lost;      /* under the mutex */

  LIST_ENTRY(saef_coap_gate) link;
};

/* All gates of the process, to find the one of a datagram's context. */
static pthread_rwlock_t gates_lock = PTHREAD_RWLOCK_INITIALIZER;
static LIST_HEAD(, saef_coap_gate) gates = LIST_HEAD_INITIALIZER(gates);

static saef_coap_gate *gate_of(const coap_session_t *session) {
  const coap_context_t *context = coap_session_get_context(session);
  saef_coap_gate *gate;

  pthread_rwlock_rdlock(&gates_lock);
  LIST_FOREACH(gate, &gates, link) {
    if (gate->context == context) {
      break;
    }
  }
  pthread_rwlock_unlock(&gates_lock);
  return gate;
}

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wake(void *context) {
  const saef_coap_gate *gate = context;
  const uint64_t one = 1;
  ssize_t written = write(gate->wake_fd, &one, sizeof(one));
  (void)written; /* it fails only where it is set already */
}

/* ---- Entries ---- */

static int compare_entries(const void *left, const void *right) {
  uintptr_t a = (uintptr_t)((const struct dtls_session *)left)->session;
  uintptr_t b = (uintptr_t)((const struct dtls_session *)right)->session;
  return a < b ? -1 : a > b;
}

static struct dtls_session *find_in(void *const *tree, const coap_session_t *session) {
  struct dtls_session wanted = {0};
  void *node;

  memcpy(&wanted.session, &session, sizeof(session)); /* only compared */
  node = tfind(&wanted, tree, compare_entries);
  return node == NULL ? NULL : *(struct dtls_session **)node;
}

static struct dtls_session *find(const saef_coap_gate *gate, const coap_session_t *session) {
  struct dtls_session *entry = find_in(&gate->handshaking, session);
  return entry != NULL ? entry : find_in(&gate->established, session);
}

static void let_go(struct dtls_session *entry) {
  if (entry->held) {
    entry->held = 0;
    coap_session_set_max_retransmit(entry->session, entry->max_retransmit);
    coap_session_release(entry->session);
  }
}

/* libcoap keeps a copy of the key with the session and only frees it later, as it is. */
static void wipe_key(saef_coap_gate *gate, const coap_session_t *session) {
  const coap_bin_const_t *copy = coap_session_get_psk_key(session);
  void *octets;

  if (copy != NULL && copy->s != NULL) {
    memcpy(&octets, &copy->s, sizeof(octets));
    explicit_bzero(octets, copy->length);
  }
  explicit_bzero(gate->key, sizeof(gate->key));
}

static void remove_entry(struct dtls_session *entry) {
  saef_coap_gate *gate = entry->gate;

  tdelete(entry, entry->established ? &gate->established : &gate->handshaking, compare_entries);
  LIST_REMOVE(entry, link);
  saef_gate_session_close(entry->gate_session);
  let_go(entry);
  free(entry);
}

/* Without memory the session stays unknown, and so unserved: its PSK callback refuses. */
static void add_entry(saef_coap_gate *gate, coap_session_t *session) {
  struct dtls_session *entry = find(gate, session);

  if (entry != NULL) {
    remove_entry(entry); /* of a session whose end nobody told, at the same address */
  }
  entry = calloc(1, sizeof(*entry));
  if (entry == NULL) {
    return;
  }
  entry->session = session;
  entry->gate = gate;
  if (tsearch(entry, &gate->handshaking, compare_entries) == NULL) {
    free(entry);
    return;
  }
  LIST_INSERT_HEAD(&gate->entries, entry, link);
}

static void end_later(struct dtls_session *entry) {
  LIST_REMOVE(entry, link);
  LIST_INSERT_HEAD(&entry->gate->ending, entry, link);
  wake(entry->gate);
}

/* ---- What libcoap calls ---- */

static void on_connected(struct dtls_session *entry) {
  saef_coap_gate *gate = entry->gate;
  int32_t result;

  wipe_key(gate, entry->session);
  if (tsearch(entry, &gate->established, compare_entries) == NULL) {
    end_later(entry); /* no memory */
    return;
  }
  tdelete(entry, &gate->handshaking, compare_entries);
  entry->established = 1;
  if (entry->gate_session == NULL) {
    return; /* by certificate, of which the gate was told nothing */
  }
  result = saef_gate_session_established(entry->gate_session);
  if (result != SAEF_DONE && result != SAEF_NOT_MINE) {
    coap_log(LOG_AS_WARNING, "saef: no association for an established session (code %d); it ends\n",
             (int)result);
    end_later(entry);
  }
}

static int on_event(coap_session_t *session, coap_event_t event) {
  saef_coap_gate *gate = gate_of(session);
  struct dtls_session *entry;

  if (gate == NULL) {
    return 0;
  }
  entry = find(gate, session);
  switch ((int)event) {
    case COAP_EVENT_SERVER_SESSION_NEW:
      if (coap_session_get_proto(session) == COAP_PROTO_DTLS) {
        add_entry(gate, session);
      }
      break;
    case COAP_EVENT_DTLS_CONNECTED:
      if (entry != NULL && !entry->established) {
        on_connected(entry);
      }
      break;
    case COAP_EVENT_DTLS_CLOSED:
    case COAP_EVENT_DTLS_ERROR:
    case COAP_EVENT_SERVER_SESSION_DEL:
      if (entry != NULL) {
        wipe_key(gate, session);
        remove_entry(entry);
      }
      break;
    default:
      break;
  }
  return gate->event == NULL ? 0 : gate->event(session, event);
}

static const coap_bin_const_t *hand_out(saef_coap_gate *gate, size_t length) {
  gate->key_view.s = gate->key;
  gate->key_view.length = length;
  return &gate->key_view;
}

/* A session that gets here without the gate having seen it must not be served. */
static int passed_the_gate(saef_coap_gate *gate, struct dtls_session *entry,
                           const coap_bin_const_t *identity) {
  if (entry == NULL) {
    return 0;
  }
  if (gate->blocking > 0) {
    if (entry->gate_session == NULL &&
        saef_gate_session_open(gate->gate, entry, &entry->gate_session) != SAEF_DONE) {
      return 0;
    }
    (void)saef_gate_wait(entry->gate_session, identity->s, identity->length, gate->blocking);
    return 1;
  }
  if (entry->gate_session == NULL && !gate->told_missing_wrap) {
    gate->told_missing_wrap = 1;
    coap_log(
        LOG_AS_ERROR,
        "saef: a handshake went past the gate and is refused, as all others will be. Link the "
        "program with -Wl,--wrap=coap_dtls_receive and a static libcoap, or set 'blocking'.\n");
  }
  return entry->gate_session != NULL;
}

/* Null makes the TLS library send the alert unknown_psk_identity. */
static const coap_bin_const_t *on_psk(coap_bin_const_t *identity, coap_session_t *session,
                                      void *argument) {
  saef_coap_gate *gate = argument;
  struct dtls_session *entry = find_in(&gate->handshaking, session);
  size_t capacity = saef_coap_tls_key_capacity();
  size_t length;
  int32_t result;

  if (!passed_the_gate(gate, entry, identity)) {
    return NULL;
  }
  capacity = capacity < sizeof(gate->key) ? capacity : sizeof(gate->key);
  length = capacity;
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

/* ---- The datagram's way ---- */

/* While it is held, libcoap must neither free the session nor give it up. */
static void keep(struct dtls_session *entry) {
  if (!entry->held) {
    entry->held = 1;
    coap_session_reference(entry->session);
    entry->max_retransmit = coap_session_get_max_retransmit(entry->session);
    coap_session_set_max_retransmit(entry->session, RETRANSMITS_WHILE_HELD);
  }
}

/* The entry may be gone afterwards, the session isn't. */
static int deliver(saef_coap_gate *gate, coap_session_t *session, const uint8_t *data,
                   size_t length) {
  int result = __real_coap_dtls_receive(session, data, length);
  explicit_bzero(gate->key, sizeof(gate->key));
  return result;
}

int __wrap_coap_dtls_receive(coap_session_t *session, const uint8_t *data, size_t length) {
  saef_coap_gate *gate = gate_of(session);
  struct dtls_session *entry = gate == NULL ? NULL : find_in(&gate->handshaking, session);

  if (entry == NULL) {
    return __real_coap_dtls_receive(session, data, length);
  }
  if (entry->gate_session == NULL) {
    if (saef_gate_session_open(gate->gate, entry, &entry->gate_session) != SAEF_DONE) {
      return 0; /* lost, as on any network; the client sends it again */
    }
    saef_coap_tls_prepare(session);
  }
  if (gate->blocking == 0 &&
      saef_gate_receive(entry->gate_session, data, length, now_ms()) != SAEF_GATE_PASS) {
    if (saef_gate_session_outcome(entry->gate_session) == SAEF_PENDING) {
      keep(entry);
    }
    return 0;
  }
  return deliver(gate, session, data, length);
}

static void feed(void *context, const uint8_t *data, size_t length) {
  struct dtls_session *entry = context;
  coap_session_t *session = coap_session_reference(entry->session);
  saef_coap_gate *gate = entry->gate;

  let_go(entry);
  (void)deliver(gate, session, data, length);
  coap_session_release(session);
}

/* ---- The functions of the header ---- */

static int arguments_are_right(coap_context_t *context, const saef_coap_gate_arguments *arguments) {
  return context != NULL && arguments != NULL && arguments->size >= sizeof(*arguments) &&
         arguments->gate.size >= sizeof(arguments->gate);
}

/* Held datagrams are handed to libcoap from outside its calls, and the gate calls libcoap from
 * within; neither goes with a lock inside libcoap. */
static int can_hold(void) {
#if defined(COAP_THREAD_SAFE) && COAP_THREAD_SAFE
  coap_log(LOG_AS_ERROR,
           "saef: this libcoap was built with ENABLE_THREAD_SAFE; build it without, or set "
           "'blocking'.\n");
  return 0;
#else
  if (__real_coap_dtls_receive == NULL) {
    coap_log(LOG_AS_ERROR,
             "saef: the program isn't linked with -Wl,--wrap=coap_dtls_receive; do so, with a "
             "static libcoap, or set 'blocking'.\n");
    return 0;
  }
  return 1;
#endif
}

static int set_psk_callback(coap_context_t *context, saef_coap_gate *gate) {
  coap_dtls_spsk_t setup;

  memset(&setup, 0, sizeof(setup));
  setup.version = COAP_DTLS_SPSK_SETUP_VERSION;
  if (gate != NULL) {
    setup.validate_id_call_back = on_psk;
    setup.id_call_back_arg = gate;
  }
  return coap_context_set_psk2(context, &setup);
}

/* libcoap takes an event without an address as its own timer's, looks, and returns to the host. */
static int join_epoll(saef_coap_gate *gate) {
  struct epoll_event event;
  int epoll_fd = coap_context_get_coap_fd(gate->context);

  if (epoll_fd == -1) {
    return 1; /* libcoap without epoll: see POLL_MS */
  }
  memset(&event, 0, sizeof(event));
  event.events = EPOLLIN;
  event.data.ptr = NULL;
  gate->has_epoll = epoll_ctl(epoll_fd, EPOLL_CTL_ADD, gate->wake_fd, &event) == 0;
  return gate->has_epoll;
}

static void dispose(saef_coap_gate *gate) {
  saef_gate_destroy(gate->gate);
  if (gate->wake_fd != -1) {
    (void)close(gate->wake_fd); /* which takes it out of libcoap's epoll as well */
  }
  saef_buffer_free(&gate->ended);
  pthread_mutex_destroy(&gate->mutex);
  explicit_bzero(gate->key, sizeof(gate->key));
  free(gate);
}

static int32_t build(saef_coap_gate *gate, const saef_coap_gate_arguments *arguments) {
  saef_gate_arguments inner = arguments->gate;

  gate->event = arguments->event;
  gate->host_psk = arguments->host_psk;
  gate->host_psk_context = arguments->host_psk_context;
  gate->blocking = arguments->blocking;
  gate->api = inner.api;
  gate->instance = inner.instance;
  inner.size = sizeof(inner);
  inner.transport = SAEF_DTLS;
  inner.context = gate;
  inner.wake = wake;
  gate->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (gate->wake_fd == -1 || !join_epoll(gate)) {
    coap_log(LOG_AS_ERROR, "saef: no event descriptor for libcoap's loop\n");
    return SAEF_E_INTERNAL;
  }
  return saef_gate_create(&inner, &gate->gate);
}

int32_t saef_coap_gate_attach(coap_context_t *context, const saef_coap_gate_arguments *arguments,
                              saef_coap_gate **gate) {
  saef_coap_gate *made;
  int32_t result;

  if (gate == NULL) {
    return SAEF_E_ARGUMENT;
  }
  *gate = NULL;
  if (!arguments_are_right(context, arguments)) {
    return SAEF_E_ARGUMENT;
  }
  if (arguments->blocking == 0 && !can_hold()) {
    return SAEF_E_INTERNAL;
  }
  made = calloc(1, sizeof(*made));
  if (made == NULL) {
    return SAEF_E_MEMORY;
  }
  made->context = context;
  made->wake_fd = -1;
  pthread_mutex_init(&made->mutex, NULL);
  LIST_INIT(&made->entries);
  LIST_INIT(&made->ending);
  result = build(made, arguments);
  if (result == SAEF_DONE && !set_psk_callback(context, made)) {
    coap_log(LOG_AS_ERROR, "saef: libcoap refuses the PSK callback; has it DTLS with PSK?\n");
    result = SAEF_E_INTERNAL;
  }
  if (result != SAEF_DONE) {
    dispose(made);
    return result;
  }
  coap_register_event_handler(context, on_event);
  pthread_rwlock_wrlock(&gates_lock);
  LIST_INSERT_HEAD(&gates, made, link);
  pthread_rwlock_unlock(&gates_lock);
  *gate = made;
  return SAEF_DONE;
}

void saef_coap_gate_detach(saef_coap_gate *gate) {
  struct dtls_session *entry;

  if (gate == NULL) {
    return;
  }
  pthread_rwlock_wrlock(&gates_lock);
  LIST_REMOVE(gate, link);
  pthread_rwlock_unlock(&gates_lock);
  coap_register_event_handler(gate->context, gate->event);
  (void)set_psk_callback(gate->context, NULL);
  while ((entry = LIST_FIRST(&gate->entries)) != NULL ||
         (entry = LIST_FIRST(&gate->ending)) != NULL) {
    remove_entry(entry);
  }
  dispose(gate);
}

/* ---- Ending sessions ---- */

static int is_among(const struct saef_buffer *ended, saef_association association) {
  saef_association one;
  size_t offset;

  for (offset = 0; offset < ended->length; offset += sizeof(one)) {
    memcpy(&one, ended->data + offset, sizeof(one));
    if (one == association) {
      return 1;
    }
  }
  return 0;
}

static int has_ended(const saef_coap_gate *gate, saef_association association) {
  saef_association_description description;
  char entity_id[1024], credential_id[1024];
  int32_t result;

  memset(&description, 0, sizeof(description));
  description.size = sizeof(description);
  description.entity_id = entity_id;
  description.entity_id_length = sizeof(entity_id);
  description.credential_id = credential_id;
  description.credential_id_length = sizeof(credential_id);
  result = gate->api->describe(gate->instance, association, &description);
  return result == SAEF_DENIED || result == SAEF_E_HANDLE;
}

/* Those whose associations are among `ended`; where some of these got lost, all that have ended. */
static void mark_ended(saef_coap_gate *gate, const struct saef_buffer *ended, int some_lost) {
  struct dtls_session *entry, *next;
  saef_association association;

  for (entry = LIST_FIRST(&gate->entries); entry != NULL; entry = next) {
    next = LIST_NEXT(entry, link);
    association = entry->gate_session == NULL ? SAEF_NO_ASSOCIATION
                                              : saef_gate_session_association(entry->gate_session);
    if (association != SAEF_NO_ASSOCIATION &&
        (is_among(ended, association) || (some_lost && has_ended(gate, association)))) {
      end_later(entry);
    }
  }
}

static void collect_ended(saef_coap_gate *gate) {
  struct saef_buffer ended;
  int some_lost;

  pthread_mutex_lock(&gate->mutex);
  ended = gate->ended;
  some_lost = gate->ended_were_lost;
  memset(&gate->ended, 0, sizeof(gate->ended));
  gate->ended_were_lost = 0;
  pthread_mutex_unlock(&gate->mutex);
  if (ended.length > 0 || some_lost) {
    mark_ended(gate, &ended, some_lost);
  }
  saef_buffer_free(&ended);
}

/* Each end calls on_event, which removes the entry, and the host, which may do anything. */
static void end_sessions(saef_coap_gate *gate) {
  struct dtls_session *entry;
  coap_session_t *session;

  while ((entry = LIST_FIRST(&gate->ending)) != NULL) {
    session = coap_session_reference(entry->session);
    coap_session_disconnected(session, COAP_NACK_TLS_FAILED);
    entry = find(gate, session);
    if (entry != NULL) {
      remove_entry(entry);
    }
    coap_session_release(session);
  }
}

void saef_coap_gate_process(saef_coap_gate *gate) {
  uint64_t count;
  ssize_t drained = read(gate->wake_fd, &count, sizeof(count));

  (void)drained; /* nothing was there: fine too */
  (void)saef_gate_process(gate->gate, now_ms(), feed);
  collect_ended(gate);
  end_sessions(gate);
}

int64_t saef_coap_gate_timeout_ms(const saef_coap_gate *gate) {
  int64_t deadline = saef_gate_deadline(gate->gate);
  int64_t left = deadline < 0 ? -1 : deadline - now_ms();

  if (deadline >= 0 && left < 0) {
    left = 0;
  }
  return gate->has_epoll || (left >= 0 && left < POLL_MS) ? left : POLL_MS;
}

/* In blocking mode no datagram has opened the gate's session. */
int32_t saef_coap_gate_session_peer(saef_coap_gate *gate, const coap_session_t *session,
                                    const saef_peer *peer) {
  struct dtls_session *entry = find_in(&gate->handshaking, session);

  if (entry == NULL) {
    return SAEF_E_HANDLE;
  }
  if (entry->gate_session == NULL &&
      saef_gate_session_open(gate->gate, entry, &entry->gate_session) != SAEF_DONE) {
    return SAEF_E_MEMORY;
  }
  return saef_gate_session_peer(entry->gate_session, peer);
}

saef_association saef_coap_gate_association(const saef_coap_gate *gate,
                                            const coap_session_t *session) {
  const struct dtls_session *entry = find_in(&gate->established, session);
  return entry == NULL || entry->gate_session == NULL
             ? SAEF_NO_ASSOCIATION
             : saef_gate_session_association(entry->gate_session);
}

void saef_coap_gate_end_association(saef_coap_gate *gate, saef_association association) {
  pthread_mutex_lock(&gate->mutex);
  if (!saef_buffer_put(&gate->ended, (const uint8_t *)&association, sizeof(association),
                       SIZE_MAX)) {
    gate->ended_were_lost = 1;
  }
  pthread_mutex_unlock(&gate->mutex);
  wake(gate);
}

const saef_gate *saef_coap_gate_gate(const saef_coap_gate *gate) { return gate->gate; }
