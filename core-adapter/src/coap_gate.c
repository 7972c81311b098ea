/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "saef/coap_gate.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>

#include "coap_end.h"
#include "coap_event.h"
#include "coap_psk.h"
#include "coap_receive.h"
#include "coap_session.h"
#include "coap_tls.h"

/* Without libcoap's epoll there is nothing to wake it with: then it is asked to look this often
 * while a session is held. */
#define POLL_MS 20

/* All gates of the process, to find the one of a datagram's context. */
static pthread_rwlock_t gates_lock = PTHREAD_RWLOCK_INITIALIZER;
static LIST_HEAD(, saef_coap_gate) gates = LIST_HEAD_INITIALIZER(gates);
/* Grows with each change of the list, under the lock. */
static atomic_uint gates_changes = 1;

static saef_coap_gate *find_gate(const coap_context_t *context) {
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

/* It is asked for each datagram, and a thread serves one context, so it keeps the last answer as
 * long as the list stays: the lock would be written by all threads. */
saef_coap_gate *saef_coap_gate_of(const coap_session_t *session) {
  static _Thread_local const coap_context_t *last_context;
  static _Thread_local saef_coap_gate *last_gate;
  static _Thread_local unsigned int last_changes;
  const coap_context_t *context = coap_session_get_context(session);
  unsigned int changes = atomic_load_explicit(&gates_changes, memory_order_acquire);

  if (context != last_context || changes != last_changes) {
    last_gate = find_gate(context);
    last_context = context;
    last_changes = changes;
  }
  return last_gate;
}

/* What there is to do was put where it is looked for before. */
void saef_coap_wake(saef_coap_gate *gate) {
  const uint64_t one = 1;
  ssize_t written;

  atomic_store_explicit(&gate->woken, 1, memory_order_release);
  written = write(gate->wake_fd, &one, sizeof(one));
  (void)written; /* it can't fail: nobody writes so often */
}

int64_t saef_coap_now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wake(void *context) { saef_coap_wake(context); }

/* ---- Attaching ---- */

static int arguments_are_right(coap_context_t *context, const saef_coap_gate_arguments *arguments) {
  return context != NULL && arguments != NULL && arguments->size >= sizeof(*arguments) &&
         arguments->gate.size >= sizeof(arguments->gate);
}

/* libcoap takes an event without an address as its own timer's, looks, and returns to the host.
 * With EPOLLET each write is one event, and nobody needs to read. */
static int join_epoll(saef_coap_gate *gate) {
  struct epoll_event event;
  int epoll_fd = coap_context_get_coap_fd(gate->context);

  if (epoll_fd == -1) {
    return 1; /* libcoap without epoll: see POLL_MS */
  }
  memset(&event, 0, sizeof(event));
  event.events = EPOLLIN | EPOLLET;
  event.data.ptr = NULL;
  gate->has_epoll = epoll_ctl(epoll_fd, EPOLL_CTL_ADD, gate->wake_fd, &event) == 0;
  return gate->has_epoll;
}

static void dispose(saef_coap_gate *gate) {
  saef_coap_sessions_destroy(gate);
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
    coap_log(SAEF_COAP_LOG_ERROR, "saef: no event descriptor for libcoap's loop\n");
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
  if (arguments->blocking == 0 && !saef_coap_can_hold()) {
    return SAEF_E_INTERNAL;
  }
  made = calloc(1, sizeof(*made));
  if (made == NULL) {
    return SAEF_E_MEMORY;
  }
  made->context = context;
  made->wake_fd = -1;
  pthread_mutex_init(&made->mutex, NULL);
  result = saef_coap_sessions_init(made) ? build(made, arguments) : SAEF_E_MEMORY;
  if (result == SAEF_DONE && !saef_coap_psk_set(context, made)) {
    coap_log(SAEF_COAP_LOG_ERROR,
             "saef: libcoap refuses the PSK callback; has it DTLS with PSK?\n");
    result = SAEF_E_INTERNAL;
  }
  if (result != SAEF_DONE) {
    dispose(made);
    return result;
  }
  coap_register_event_handler(context, saef_coap_on_event);
  pthread_rwlock_wrlock(&gates_lock);
  LIST_INSERT_HEAD(&gates, made, link);
  atomic_fetch_add_explicit(&gates_changes, 1, memory_order_release);
  pthread_rwlock_unlock(&gates_lock);
  *gate = made;
  return SAEF_DONE;
}

void saef_coap_gate_detach(saef_coap_gate *gate) {
  if (gate == NULL) {
    return;
  }
  pthread_rwlock_wrlock(&gates_lock);
  LIST_REMOVE(gate, link);
  atomic_fetch_add_explicit(&gates_changes, 1, memory_order_release);
  pthread_rwlock_unlock(&gates_lock);
  coap_register_event_handler(gate->context, gate->event);
  (void)saef_coap_psk_set(gate->context, NULL);
  dispose(gate);
}

/* ---- In the host's loop ---- */

/* Called in each turn of the host's loop, and mostly for nothing. */
void saef_coap_gate_process(saef_coap_gate *gate) {
  int is_woken = atomic_load_explicit(&gate->woken, memory_order_relaxed) != 0 &&
                 atomic_exchange_explicit(&gate->woken, 0, memory_order_acquire) != 0;

  if (!is_woken && saef_gate_deadline(gate->gate) < 0) {
    return;
  }
  (void)saef_gate_process(gate->gate, saef_coap_now_ms(), saef_coap_feed);
  saef_coap_end_sessions(gate);
}

int64_t saef_coap_gate_timeout_ms(const saef_coap_gate *gate) {
  int64_t deadline = saef_gate_deadline(gate->gate);
  int64_t left = deadline < 0 ? -1 : deadline - saef_coap_now_ms();

  if (deadline >= 0 && left < 0) {
    left = 0;
  }
  return gate->has_epoll || (left >= 0 && left < POLL_MS) ? left : POLL_MS;
}

/* In blocking mode no datagram has opened the gate's session. */
int32_t saef_coap_gate_session_peer(saef_coap_gate *gate, const coap_session_t *session,
                                    const saef_peer *peer) {
  struct saef_coap_session *entry = saef_coap_session_find_handshaking(gate, session);

  if (entry == NULL) {
    return SAEF_E_HANDLE;
  }
  saef_coap_session_open(entry);
  saef_coap_tls_keep_secrets(entry->session);
  return saef_gate_session_peer(entry->gate_session, peer);
}

saef_association saef_coap_gate_association(saef_coap_gate *gate, const coap_session_t *session) {
  const struct saef_coap_session *entry = saef_coap_session_find(gate, session);
  return entry == NULL || entry->gate_session == NULL
             ? SAEF_NO_ASSOCIATION
             : saef_gate_session_association(entry->gate_session);
}

const saef_gate *saef_coap_gate_gate(const saef_coap_gate *gate) { return gate->gate; }
