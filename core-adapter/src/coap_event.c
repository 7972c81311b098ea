/* SPDX-License-Identifier: BSD-2-Clause */
#include "coap_event.h"

#include "coap_session.h"
#include "coap_tls.h"

static void on_connected(struct saef_coap_session *entry) {
  int32_t result;

  saef_coap_session_wipe_key(entry->gate, entry->session);
  entry->established = 1;
  if (saef_coap_tls_is_resumed(entry->session)) {
    coap_log(SAEF_COAP_LOG_WARNING,
             "saef: a session was resumed, past any check of its key; it ends\n");
    saef_coap_session_end_later(entry);
    return;
  }
  if (entry->gate_session == NULL) {
    return; /* by certificate, of which the gate was told nothing */
  }
  result = saef_gate_session_established(entry->gate_session);
  if (result != SAEF_DONE && result != SAEF_NOT_MINE) {
    coap_log(SAEF_COAP_LOG_WARNING,
             "saef: no association for an established session (code %d); it ends\n", (int)result);
    saef_coap_session_end_later(entry);
  }
}

int saef_coap_on_event(coap_session_t *session, coap_event_t event) {
  saef_coap_gate *gate = saef_coap_gate_of(session);
  struct saef_coap_session *entry;

  if (gate == NULL) {
    return 0;
  }
  switch ((int)event) {
    case COAP_EVENT_SERVER_SESSION_NEW:
      if (coap_session_get_proto(session) == COAP_PROTO_DTLS) {
        saef_coap_session_add(gate, session);
      }
      break;
    case COAP_EVENT_DTLS_CONNECTED:
      entry = saef_coap_session_find(gate, session);
      if (entry != NULL && !entry->established) {
        on_connected(entry);
      }
      break;
    case COAP_EVENT_DTLS_CLOSED:
    case COAP_EVENT_DTLS_ERROR:
    case COAP_EVENT_SERVER_SESSION_DEL:
      entry = saef_coap_session_find(gate, session);
      if (entry != NULL) {
        saef_coap_session_wipe_key(gate, session);
        saef_coap_session_remove(entry);
      }
      break;
    default:
      break;
  }
  return gate->event == NULL ? 0 : gate->event(session, event);
}
