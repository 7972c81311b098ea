// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who may touch what. There are no <accessControlPolicy> resources:
// - an <AE> or <remoteCSE> and all below it is its own registration's. An AE of that other CSE,
//   speaking through its Registrar's association, has what lies below the <remoteCSE> as well, but
//   doesn't change or delete the <remoteCSE> itself;
// - CSEBase may be read by everyone;
// - the resources of the service subscription (TS-0001 9.6.19, 9.6.20, 9.6.29) are the
//   administrators'. A CSE may read its own <serviceSubscribedNode> and the rules that this links
//   to, so that it can decide whom it registers (TS-0001 10.2.2.2 step 003).
//
// The caller holds what guards the tree.
#ifndef SAEF_ROLES_CSE_ACCESS_H_
#define SAEF_ROLES_CSE_ACCESS_H_

#include <optional>
#include <string>

#include "onem2m/primitive.h"
#include "roles/cse/outcome.h"
#include "roles/cse/peer.h"
#include "roles/cse/policy.h"
#include "roles/cse/resource_tree.h"

namespace saef::cse {

// Who asks, as far as this CSE knows.
struct Requester {
  // The registration whose resources it may use; null: none.
  Resource* registration = nullptr;
  // It is an AE of the CSE that `registration` is of.
  bool through_its_cse = false;
  // Its Absolute AE-ID or CSE-ID, as an association vouches for it; empty: nothing does.
  std::string authenticated;
  bool administrator = false;
};

// The requester that From names. An AE of this CSE is named by its AE-ID-Stem alone: the other
// forms come from CSEs, and "/S1" of a CSE must not become the AE S1.
//
// Comes after the originator check and closes what that leaves open: 4107 for a registration made
// through an association when there is none now, 4106 when it is another entity's.
Outcome<Requester> Identify(ResourceTree& tree, const std::optional<std::string>& from,
                            const Peer& peer, const Policy& policy);

// `requester` as Identify gave it. Registering (CREATE of <AE> or <remoteCSE>) is not asked here.
bool MayAccess(ResourceTree& tree, const Resource& target, const Requester& requester,
               onem2m::Operation operation);

// Is it one of the service subscription's resource types?
bool IsSubscription(onem2m::ResourceType type) noexcept;

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_ACCESS_H_
