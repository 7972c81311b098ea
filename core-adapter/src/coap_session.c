/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "coap_session.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Where coap_timeout.c isn't linked in, libcoap repeats its own flight while a session is held, and
 * would give it up after 4 times, that is after 31 s, or what the host has set. The gate's own
 * limit decides instead. */
#define RETRANSMITS_WHILE_HELD 32u

#define FIRST_BUCKETS 64u

/* Where sessions come and go, the memory of the last one is still near the processor. */
#define MOST_SPARE 16u

/* ---- By address ---- */

static struct saef_coap_session_list *bucket_of(struct saef_coap_session_list *buckets,
                                                size_t count, const coap_session_t *session) {
  uint64_t mixed = (uint64_t)(uintptr_t)session * UINT64_C(0x9e3779b97f4a7c15);
  return &buckets[(size_t)(mixed >> 32) & (count - 1)];
}

static struct saef_coap_session_list *make_buckets(size_t count) {
  return calloc(count, sizeof(struct saef_coap_session_list)); /* all zero: all empty */
}

/* Without memory the lists get longer instead. */
static void make_room(saef_coap_gate *gate) {
  size_t count = 2 * gate->bucket_count, i;
  struct saef_coap_session_list *buckets;
  struct saef_coap_session *entry;

  if (gate->entry_count < gate->bucket_count || (buckets = make_buckets(count)) == NULL) {
    return;
  }
  for (i = 0; i < gate->bucket_count; ++i) {
    while ((entry = LIST_FIRST(&gate->buckets[i])) != NULL) {
      LIST_REMOVE(entry, bucket);
      LIST_INSERT_HEAD(bucket_of(buckets, count, entry->session), entry, bucket);
    }
  }
  free(gate->buckets);
  gate->buckets = buckets;
  gate->bucket_count = count;
}

int saef_coap_sessions_init(saef_coap_gate *gate) {
  LIST_INIT(&gate->entries);
  LIST_INIT(&gate->ending);
  LIST_INIT(&gate->spare);
  gate->bucket_count = FIRST_BUCKETS;
  gate->buckets = make_buckets(FIRST_BUCKETS);
  return gate->buckets != NULL;
}

void saef_coap_sessions_destroy(saef_coap_gate *gate) {
  struct saef_coap_session *entry;

  while ((entry = LIST_FIRST(&gate->entries)) != NULL ||
         (entry = LIST_FIRST(&gate->ending)) != NULL) {
    /* Which takes it out of these lists.
     * NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
    saef_coap_session_remove(entry);
  }
  while ((entry = LIST_FIRST(&gate->spare)) != NULL) {
    LIST_REMOVE(entry, link);
    free(entry);
  }
  free(gate->buckets);
}

/* What comes in goes through several of libcoap's calls, each of which asks for the same one. */
struct saef_coap_session *saef_coap_session_find(saef_coap_gate *gate,
                                                 const coap_session_t *session) {
  struct saef_coap_session *entry = gate->recent;

  if (entry != NULL && entry->session == session) {
    return entry;
  }
  LIST_FOREACH(entry, bucket_of(gate->buckets, gate->bucket_count, session), bucket) {
    if (entry->session == session) {
      gate->recent = entry;
      break;
    }
  }
  return entry;
}

struct saef_coap_session *saef_coap_session_find_handshaking(saef_coap_gate *gate,
                                                             const coap_session_t *session) {
  struct saef_coap_session *entry = saef_coap_session_find(gate, session);
  return entry != NULL && entry->established ? NULL : entry;
}

/* ---- Its beginning and its end ---- */

/* Not initialised. Null: no memory. */
static struct saef_coap_session *make_entry(saef_coap_gate *gate) {
  struct saef_coap_session *entry = LIST_FIRST(&gate->spare);

  if (entry == NULL) {
    return malloc(sizeof(*entry));
  }
  LIST_REMOVE(entry, link);
  --gate->spare_count;
  return entry;
}

static void dispose_of(saef_coap_gate *gate, struct saef_coap_session *entry) {
  if (gate->spare_count == MOST_SPARE) {
    free(entry);
    return;
  }
  ++gate->spare_count;
  LIST_INSERT_HEAD(&gate->spare, entry, link);
}

void saef_coap_session_add(saef_coap_gate *gate, coap_session_t *session) {
  struct saef_coap_session *entry = saef_coap_session_find(gate, session);

  if (entry != NULL) {
    saef_coap_session_remove(entry); /* of a session whose end nobody told, at the same address */
  }
  entry = make_entry(gate);
  if (entry == NULL) {
    return;
  }
  memset(entry, 0, offsetof(struct saef_coap_session, memory));
  entry->session = session;
  entry->gate = gate;
  entry->tls_is_prepared = gate->tls_is_prepared;
  make_room(gate);
  ++gate->entry_count;
  LIST_INSERT_HEAD(bucket_of(gate->buckets, gate->bucket_count, session), entry, bucket);
  LIST_INSERT_HEAD(&gate->entries, entry, link);
  gate->recent = entry;
}

void saef_coap_session_remove(struct saef_coap_session *entry) {
  saef_coap_gate *gate = entry->gate;

  if (gate->recent == entry) {
    gate->recent = NULL;
  }
  LIST_REMOVE(entry, bucket);
  LIST_REMOVE(entry, link);
  --gate->entry_count;
  if (entry->gate_session != NULL) {
    saef_session_end(entry->gate_session);
  }
  saef_coap_session_let_go(entry);
  dispose_of(gate, entry);
}

void saef_coap_session_open(struct saef_coap_session *entry) {
  if (entry->gate_session == NULL) {
    entry->gate_session = &entry->memory;
    saef_session_begin(entry->gate_session, entry->gate->gate, entry);
  }
}

void saef_coap_session_keep(struct saef_coap_session *entry) {
  if (!entry->held) {
    entry->held = 1;
    coap_session_reference(entry->session);
    entry->max_retransmit = coap_session_get_max_retransmit(entry->session);
    coap_session_set_max_retransmit(entry->session, RETRANSMITS_WHILE_HELD);
  }
}

void saef_coap_session_let_go(struct saef_coap_session *entry) {
  if (entry->held) {
    entry->held = 0;
    coap_session_set_max_retransmit(entry->session, entry->max_retransmit);
    coap_session_release(entry->session);
  }
}

void saef_coap_wipe_key(saef_coap_gate *gate) {
  if (gate->key_is_written) {
    gate->key_is_written = 0;
    explicit_bzero(gate->key, sizeof(gate->key));
  }
}

void saef_coap_session_wipe_key(saef_coap_gate *gate, const coap_session_t *session) {
  const coap_bin_const_t *copy = coap_session_get_psk_key(session);
  void *octets;

  if (copy != NULL && copy->s != NULL) {
    memcpy(&octets, &copy->s, sizeof(octets));
    explicit_bzero(octets, copy->length);
  }
  saef_coap_wipe_key(gate);
}

void saef_coap_session_end_later(struct saef_coap_session *entry) {
  LIST_REMOVE(entry, link);
  LIST_INSERT_HEAD(&entry->gate->ending, entry, link);
  saef_coap_wake(entry->gate);
}
