/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "coap_session.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* libcoap repeats its own flight while a session is held, and would give it up after 4 times, that
 * is after 31 s, or what the host has set. The gate's own limit decides instead. */
#define RETRANSMITS_WHILE_HELD 32u

static int compare(const void *left, const void *right) {
  uintptr_t a = (uintptr_t)((const struct saef_coap_session *)left)->session;
  uintptr_t b = (uintptr_t)((const struct saef_coap_session *)right)->session;
  return a < b ? -1 : a > b;
}

static struct saef_coap_session *find_in(void *const *tree, const coap_session_t *session) {
  struct saef_coap_session wanted = {0};
  void *node;

  /* Only compared, so that it may be another's to change.
   * NOLINTNEXTLINE(bugprone-sizeof-expression) */
  memcpy(&wanted.session, &session, sizeof(session));
  node = tfind(&wanted, tree, compare);
  return node == NULL ? NULL : *(struct saef_coap_session **)node;
}

/* What comes in goes through several of libcoap's calls, each of which asks for the same one. */
struct saef_coap_session *saef_coap_session_find_handshaking(saef_coap_gate *gate,
                                                             const coap_session_t *session) {
  struct saef_coap_session *entry = gate->recent;

  if (entry == NULL || entry->session != session) {
    entry = find_in(&gate->handshaking, session);
    gate->recent = entry;
  }
  return entry;
}

struct saef_coap_session *saef_coap_session_find_established(const saef_coap_gate *gate,
                                                             const coap_session_t *session) {
  return find_in(&gate->established, session);
}

struct saef_coap_session *saef_coap_session_find(saef_coap_gate *gate,
                                                 const coap_session_t *session) {
  struct saef_coap_session *entry = saef_coap_session_find_handshaking(gate, session);
  return entry != NULL ? entry : find_in(&gate->established, session);
}

static void forget_recent(struct saef_coap_session *entry) {
  if (entry->gate->recent == entry) {
    entry->gate->recent = NULL;
  }
}

void saef_coap_session_add(saef_coap_gate *gate, coap_session_t *session) {
  struct saef_coap_session *entry = saef_coap_session_find(gate, session);

  if (entry != NULL) {
    saef_coap_session_remove(entry); /* of a session whose end nobody told, at the same address */
  }
  entry = calloc(1, sizeof(*entry));
  if (entry == NULL) {
    return;
  }
  entry->session = session;
  entry->gate = gate;
  if (tsearch(entry, &gate->handshaking, compare) == NULL) {
    free(entry);
    return;
  }
  LIST_INSERT_HEAD(&gate->entries, entry, link);
}

void saef_coap_session_remove(struct saef_coap_session *entry) {
  saef_coap_gate *gate = entry->gate;

  forget_recent(entry);
  tdelete(entry, entry->established ? &gate->established : &gate->handshaking, compare);
  LIST_REMOVE(entry, link);
  saef_gate_session_close(entry->gate_session);
  saef_coap_session_let_go(entry);
  free(entry);
}

int saef_coap_session_open(struct saef_coap_session *entry) {
  return entry->gate_session != NULL ||
         saef_gate_session_open(entry->gate->gate, entry, &entry->gate_session) == SAEF_DONE;
}

int saef_coap_session_move(struct saef_coap_session *entry) {
  if (tsearch(entry, &entry->gate->established, compare) == NULL) {
    return 0;
  }
  forget_recent(entry);
  tdelete(entry, &entry->gate->handshaking, compare);
  entry->established = 1;
  return 1;
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

void saef_coap_session_wipe_key(saef_coap_gate *gate, const coap_session_t *session) {
  const coap_bin_const_t *copy = coap_session_get_psk_key(session);
  void *octets;

  if (copy != NULL && copy->s != NULL) {
    memcpy(&octets, &copy->s, sizeof(octets));
    explicit_bzero(octets, copy->length);
  }
  explicit_bzero(gate->key, sizeof(gate->key));
}

void saef_coap_session_end_later(struct saef_coap_session *entry) {
  LIST_REMOVE(entry, link);
  LIST_INSERT_HEAD(&entry->gate->ending, entry, link);
  saef_coap_wake(entry->gate);
}
