/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A copy of a saef_peer that came by certificates or by a raw public key. */
#ifndef SAEF_ADAPTER_PEER_H_
#define SAEF_ADAPTER_PEER_H_

#include "saef/plugin.h"

/* All zero: none. `peer` points into `memory`. */
struct saef_peer_copy {
  saef_peer peer;
  void *memory;
};

/* Takes the place of what was there. SAEF_DONE, SAEF_E_ARGUMENT, SAEF_E_MEMORY. */
int32_t saef_peer_copy_set(struct saef_peer_copy *copy, const saef_peer *peer);
void saef_peer_copy_clear(struct saef_peer_copy *copy);

#endif /* SAEF_ADAPTER_PEER_H_ */
