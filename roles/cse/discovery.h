// SPDX-License-Identifier: GPL-3.0-or-later
//
// Discovery (TS-0001 10.2.6): the resources below one that match filter criteria and that the
// originator may see. The caller holds what guards the tree.
#ifndef SAEF_ROLES_CSE_DISCOVERY_H_
#define SAEF_ROLES_CSE_DISCOVERY_H_

#include <vector>

#include "roles/cse/access.h"
#include "roles/cse/outcome.h"
#include "roles/cse/query.h"
#include "roles/cse/resource_tree.h"

namespace saef::cse {

// Below `target`, itself not included, in the order of names. At most query.limit of them; where
// that isn't given, 5207 if there are more than `max_results`: an incomplete list would pass for a
// complete one.
Outcome<std::vector<Resource*>> Discover(const Resource& target, const Requester& originator,
                                         const Query& query, std::size_t max_results);

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_DISCOVERY_H_
