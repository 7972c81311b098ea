/* SPDX-License-Identifier: BSD-2-Clause
 *
 * saef_gate_session_established: from a handshake that is done to an association, by key or by what
 * saef_gate_session_peer was told.
 */
#include "gate_session.h"

int32_t saef_gate_session_peer(saef_gate_session *session, const saef_peer *peer) {
  return saef_peer_copy_set(&session->peer, peer);
}

/* After a handshake that did without saef_gate_key. */
static int32_t associate_by_certificate(saef_gate_session *session) {
  saef_gate *gate = session->gate;
  int32_t result;

  if (session->peer.memory == NULL || session->key_asked) {
    return SAEF_NOT_MINE;
  }
  result = gate->api->associate(gate->instance, &session->peer.peer, &session->association);
  saef_peer_copy_clear(&session->peer);
  return result;
}

/* An identity that was only seen on the wire proves nothing: what counts is that the handshake was
 * done with the plugin's key for it. */
int32_t saef_gate_session_established(saef_gate_session *session) {
  saef_gate *gate = session->gate;
  saef_peer peer = {0};

  if (session->association != SAEF_NO_ASSOCIATION) {
    return SAEF_DONE;
  }
  if (session->state == SAEF_STATE_OPEN) {
    saef_session_settle(session, SAEF_STATE_RELEASED, SAEF_NO_IDENTITY);
  }
  if (session->listed == NULL && gate->feeding != session) {
    session->passing = 1;
  }
  if (!session->key_given) {
    return session->key_asked && session->state == SAEF_STATE_REFUSED
               ? session->outcome
               : associate_by_certificate(session);
  }
  peer.size = sizeof(peer);
  peer.psk_identity.data = session->identity;
  peer.psk_identity.length = session->identity_length;
  return gate->api->associate(gate->instance, &peer, &session->association);
}
