/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "waiters.h"

#include <stdlib.h>

#define WAITERS_IN_BLOCK 64u

struct saef_waiter_block {
  SLIST_ENTRY(saef_waiter_block) next;
  struct saef_waiter waiters[WAITERS_IN_BLOCK];
};

static int add_block(struct saef_waiters *waiters) {
  struct saef_waiter_block *block = calloc(1, sizeof(*block));
  size_t i;

  if (block == NULL) {
    return 0;
  }
  SLIST_INSERT_HEAD(&waiters->blocks, block, next);
  for (i = 0; i < WAITERS_IN_BLOCK; ++i) {
    block->waiters[i].all = waiters;
    SLIST_INSERT_HEAD(&waiters->spare, &block->waiters[i], spare);
  }
  return 1;
}

int saef_waiters_init(struct saef_waiters *waiters, const saef_gate_arguments *arguments) {
  waiters->api = arguments->api;
  waiters->instance = arguments->instance;
  waiters->context = arguments->context;
  waiters->wake = arguments->wake;
  SLIST_INIT(&waiters->spare);
  SLIST_INIT(&waiters->blocks);
  TAILQ_INIT(&waiters->answers);
  if (!add_block(waiters)) {
    return 0;
  }
  if (pthread_mutex_init(&waiters->mutex, NULL) != 0) {
    free(SLIST_FIRST(&waiters->blocks));
    return 0;
  }
  return 1;
}

void saef_waiters_destroy(struct saef_waiters *waiters) {
  struct saef_waiter_block *block;

  pthread_mutex_lock(&waiters->mutex); /* a `wake` that is running ends */
  pthread_mutex_unlock(&waiters->mutex);
  pthread_mutex_destroy(&waiters->mutex);
  while ((block = SLIST_FIRST(&waiters->blocks)) != NULL) {
    SLIST_REMOVE_HEAD(&waiters->blocks, next);
    free(block);
  }
}

struct saef_waiter *saef_waiters_take(struct saef_waiters *waiters, saef_gate_session *session) {
  struct saef_waiter *waiter;

  if (SLIST_EMPTY(&waiters->spare) && !add_block(waiters)) {
    return NULL;
  }
  waiter = SLIST_FIRST(&waiters->spare);
  SLIST_REMOVE_HEAD(&waiters->spare, spare);
  waiter->session = session;
  waiter->ticket = 0;
  waiter->answered = 0;
  return waiter;
}

void saef_waiter_give_back(struct saef_waiter *waiter) {
  waiter->session = NULL;
  waiter->ticket = 0;
  SLIST_INSERT_HEAD(&waiter->all->spare, waiter, spare);
}

/* On the plugin's thread, also before lookup_async has returned. `wake` is called under the mutex,
 * so that saef_waiters_destroy, which takes it, waits for it. */
static void on_answer(void *context, saef_ticket ticket, int32_t outcome) {
  struct saef_waiter *waiter = context;
  struct saef_waiters *all = waiter->all;
  int was_empty;

  pthread_mutex_lock(&all->mutex);
  if (waiter->ticket == ticket && !waiter->answered) {
    waiter->answered = 1;
    waiter->outcome = outcome;
    was_empty = TAILQ_EMPTY(&all->answers);
    TAILQ_INSERT_TAIL(&all->answers, waiter, answer);
    if (was_empty) {
      all->wake(all->context);
    }
  }
  pthread_mutex_unlock(&all->mutex);
}

int32_t saef_waiter_ask(struct saef_waiter *waiter, const uint8_t *identity, size_t length) {
  const struct saef_waiters *all = waiter->all;
  return all->api->lookup_async(all->instance, identity, length, on_answer, waiter,
                                &waiter->ticket);
}

void saef_waiter_cancel(struct saef_waiter *waiter) {
  struct saef_waiters *all = waiter->all;

  (void)all->api->lookup_cancel(all->instance, waiter->ticket);
  pthread_mutex_lock(&all->mutex);
  if (waiter->answered) {
    TAILQ_REMOVE(&all->answers, waiter, answer);
  }
  pthread_mutex_unlock(&all->mutex);
  saef_waiter_give_back(waiter);
}

void saef_waiters_collect(struct saef_waiters *waiters, struct saef_waiter_list *answered) {
  pthread_mutex_lock(&waiters->mutex);
  TAILQ_CONCAT(answered, &waiters->answers, answer);
  pthread_mutex_unlock(&waiters->mutex);
}
