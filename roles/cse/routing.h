// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which way a request goes whose target is another CSE (TS-0004 7.3.2.6, TS-0001 8.2.1.1), as far
// as the resource tree knows. The caller holds what guards the tree.
#ifndef SAEF_ROLES_CSE_ROUTING_H_
#define SAEF_ROLES_CSE_ROUTING_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/entity_identifier.h"
#include "roles/cse/outcome.h"
#include "roles/cse/peer.h"
#include "roles/cse/policy.h"
#include "roles/cse/resource_tree.h"

namespace saef::cse {

// What stands in To: another CSE, or nothing where it is this one or no address at all (that is
// for ReadAddress to say).
std::optional<onem2m::CseId> OtherCse(std::string_view to, const onem2m::CseId& self);

struct Transit {
  std::string from;       // as the next hop is to see it: SP-relative, or as it came
  std::string came_from;  // Absolute CSE-ID of the CSE that sent it; empty: an AE of this CSE
};

// May this request go on, and under which name? An AE must be registered here, a CSE be a neighbour
// (a Registree, or the Registrar). What names an AE or CSE of which this CSE knows that it stands
// elsewhere is refused with 4106, also what names one of this CSE's own: so that no CSE speaks for
// another, and nothing goes round in a circle. 4103: not registered.
Outcome<Transit> AdmitTransit(ResourceTree& tree, const std::optional<std::string>& from,
                              const Peer& peer, const Policy& policy);

// The <remoteCSE> of `target`, or that has it among its descendantCSEs; null: none.
const Resource* FindNeighbour(ResourceTree& tree, const onem2m::CseId& target);

// The Registrees and their descendants, SP-relative: descendantCSEs of this CSE at its own
// Registrar (TS-0001 9.6.4). `registrar`, an Absolute CSE-ID, is none of them.
std::vector<std::string> Descendants(ResourceTree& tree, std::string_view registrar);

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_ROUTING_H_
