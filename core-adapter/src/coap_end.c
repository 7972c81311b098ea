/* SPDX-License-Identifier: BSD-2-Clause */
#include "coap_end.h"

#include <stdint.h>
#include <string.h>

#include "coap_session.h"

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
  struct saef_coap_session *entry, *next;
  saef_association association;

  for (entry = LIST_FIRST(&gate->entries); entry != NULL; entry = next) {
    next = LIST_NEXT(entry, link);
    association = entry->gate_session == NULL ? SAEF_NO_ASSOCIATION
                                              : saef_gate_session_association(entry->gate_session);
    if (association != SAEF_NO_ASSOCIATION &&
        (is_among(ended, association) || (some_lost && has_ended(gate, association)))) {
      saef_coap_session_end_later(entry);
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

/* Each end calls saef_coap_on_event, which removes the entry, and the host, which may do anything.
 */
void saef_coap_end_sessions(saef_coap_gate *gate) {
  struct saef_coap_session *entry;
  coap_session_t *session;

  collect_ended(gate);
  while ((entry = LIST_FIRST(&gate->ending)) != NULL) {
    session = coap_session_reference(entry->session);
    coap_session_disconnected(session, COAP_NACK_TLS_FAILED);
    entry = saef_coap_session_find(gate, session);
    if (entry != NULL) {
      saef_coap_session_remove(entry);
    }
    coap_session_release(session);
  }
}

void saef_coap_gate_end_association(saef_coap_gate *gate, saef_association association) {
  pthread_mutex_lock(&gate->mutex);
  if (!saef_buffer_put(&gate->ended, (const uint8_t *)&association, sizeof(association),
                       SIZE_MAX)) {
    gate->ended_were_lost = 1;
  }
  pthread_mutex_unlock(&gate->mutex);
  saef_coap_wake(gate);
}
