/* SPDX-License-Identifier: BSD-2-Clause */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

/* More than any TLS library lets through. */
#define MAX_CERTIFICATES 16u
#define MAX_OCTETS (1u << 18)

static size_t octets_in(const saef_peer *peer) {
  size_t octets = peer->public_key.length;
  size_t i;

  for (i = 0; i < peer->certificate_count; ++i) {
    if (peer->certificates[i].length > MAX_OCTETS) {
      return MAX_OCTETS + 1;
    }
    octets += peer->certificates[i].length;
  }
  return octets;
}

static int is_right(const saef_peer *peer) {
  if (peer == NULL || !SAEF_HAS(saef_peer, peer, certificate_count) ||
      peer->certificate_count > MAX_CERTIFICATES ||
      (peer->certificate_count > 0 && peer->certificates == NULL)) {
    return 0;
  }
  return 1;
}

int32_t saef_peer_copy_set(struct saef_peer_copy *copy, const saef_peer *peer) {
  saef_peer known = {0};
  saef_bytes *list;
  uint8_t *octets;
  size_t i;

  if (!is_right(peer)) {
    return SAEF_E_ARGUMENT;
  }
  /* A host of 1.0 has no public_key. */
  memcpy(&known, peer, peer->size < sizeof(known) ? peer->size : sizeof(known));
  if ((known.certificate_count == 0) == (known.public_key.length == 0) ||
      octets_in(&known) > MAX_OCTETS) {
    return SAEF_E_ARGUMENT;
  }
  list = malloc(known.certificate_count * sizeof(*list) + octets_in(&known));
  if (list == NULL) {
    return SAEF_E_MEMORY;
  }
  octets = (uint8_t *)(list + known.certificate_count);
  for (i = 0; i < known.certificate_count; ++i) {
    list[i].data = octets;
    list[i].length = known.certificates[i].length;
    if (list[i].length > 0) {
      memcpy(octets, known.certificates[i].data, list[i].length);
    }
    octets += list[i].length;
  }
  if (known.public_key.length > 0) {
    memcpy(octets, known.public_key.data, known.public_key.length);
  }
  saef_peer_copy_clear(copy);
  copy->memory = list;
  copy->peer.size = sizeof(copy->peer);
  copy->peer.certificates = known.certificate_count > 0 ? list : NULL;
  copy->peer.certificate_count = known.certificate_count;
  copy->peer.public_key.data = known.public_key.length > 0 ? octets : NULL;
  copy->peer.public_key.length = known.public_key.length;
  return SAEF_DONE;
}

void saef_peer_copy_clear(struct saef_peer_copy *copy) {
  free(copy->memory);
  memset(copy, 0, sizeof(*copy));
}
