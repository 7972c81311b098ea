/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The answers of the plugin's that a gate waits for: from lookup_async to the listener's thread. A
 * waiter belongs to its gate and lives as long as it, so that a callback never meets freed memory;
 * the ticket, which no other look-up ever has, tells its uses apart. Internal to core-adapter.
 *
 * Threads: all calls are the listener's; the plugin's thread only ever reaches the callback.
 */
#ifndef SAEF_CORE_ADAPTER_WAITERS_H_
#define SAEF_CORE_ADAPTER_WAITERS_H_

#include <pthread.h>
#include <sys/queue.h>

#include "saef/gate.h"

#pragma GCC visibility push(hidden)

struct saef_waiter {
  struct saef_waiters *all;
  saef_gate_session *session; /* the listener's thread only */
  saef_ticket ticket;
  int32_t outcome; /* under the mutex, as are the next two */
  int answered;
  TAILQ_ENTRY(saef_waiter) answer; /* in all->answers */
  SLIST_ENTRY(saef_waiter) spare;  /* in all->spare */
};

TAILQ_HEAD(saef_waiter_list, saef_waiter);

struct saef_waiters {
  const saef_api *api;
  saef_instance *instance;
  void *context;
  void (*wake)(void *context);
  SLIST_HEAD(, saef_waiter) spare;
  SLIST_HEAD(, saef_waiter_block) blocks;
  pthread_mutex_t mutex;
  struct saef_waiter_list answers; /* under the mutex */
};

/* The first waiters are made at once, so that a hit allocates nothing. 0: there is no memory, and
 * nothing is left behind. */
int saef_waiters_init(struct saef_waiters *waiters, const saef_gate_arguments *arguments);

/* All must have been given back. Waits for a `wake` that is running. */
void saef_waiters_destroy(struct saef_waiters *waiters);

/* Null when there is no memory. */
struct saef_waiter *saef_waiters_take(struct saef_waiters *waiters, saef_gate_session *session);
void saef_waiter_give_back(struct saef_waiter *waiter);

/* What lookup_async answers. SAEF_PENDING: the answer comes to saef_waiters_collect, after a
 * `wake`; perhaps it is there already. Else none comes. */
int32_t saef_waiter_ask(struct saef_waiter *waiter, const uint8_t *identity, size_t length);

/* Of one that is pending; gives it back. After it, no callback runs for this waiter and no answer
 * of it is queued. */
void saef_waiter_cancel(struct saef_waiter *waiter);

/* Moves those whose answers have come to the end of `answered`; each is to be taken from that list
 * and given back. */
void saef_waiters_collect(struct saef_waiters *waiters, struct saef_waiter_list *answered);

#pragma GCC visibility pop

#endif /* SAEF_CORE_ADAPTER_WAITERS_H_ */
