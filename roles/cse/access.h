// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who may touch what. There are no <accessControlPolicy> resources: an <AE> or <remoteCSE> and all
// below it is its own registration's; CSEBase may be read by everyone.
//
// The caller holds what guards the tree.
#ifndef SAEF_ROLES_CSE_ACCESS_H_
#define SAEF_ROLES_CSE_ACCESS_H_

#include <optional>
#include <string>

#include "onem2m/primitive.h"
#include "roles/cse/outcome.h"
#include "roles/cse/peer.h"
#include "roles/cse/resource_tree.h"

namespace saef::cse {

// The registration that From names; null where it names none. An AE is named by its AE-ID-Stem
// alone: the other forms come from CSEs, and "/S1" of a CSE must not become the AE S1.
//
// Comes after the originator check and closes what that leaves open: 4107 for a registration made
// through an association when there is none now, 4106 when it is another entity's.
Outcome<Resource*> Identify(ResourceTree& tree, const std::optional<std::string>& from,
                            const Peer& peer);

// `originator` as Identify gave it. Registering (CREATE of <AE> or <remoteCSE>) is not asked here.
bool MayAccess(const Resource& target, const Resource* originator, onem2m::Operation operation);

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_ACCESS_H_
