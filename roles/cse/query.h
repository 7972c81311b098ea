// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parameters that travel in a request's query: Result Content, Filter Criteria and what goes
// with them (TS-0004 6.4.1, TS-0009 6.2.2.2). Strict: a parameter that the standard doesn't have is
// 4000; one that it has and this CSE doesn't offer is 5001. Pure.
#ifndef SAEF_ROLES_CSE_QUERY_H_
#define SAEF_ROLES_CSE_QUERY_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "onem2m/primitive.h"
#include "roles/cse/outcome.h"

namespace saef::cse {

// Result Content, rcn (TS-0004 6.3.4.2.7).
enum class ResultContent {
  kNothing = 0,
  kAttributes = 1,
  kAddress = 2,
  kAddressAndAttributes = 3,
  kAttributesAndChildReferences = 5,
  kChildReferences = 6,
  kDiscoveryReferences = 11,
};

struct Query {
  ResultContent result = ResultContent::kAttributes;
  bool discovery = false;  // fu=1
  // Filter criteria; those of one kind are alternatives, kinds are all to be met (TS-0001 8.1.2).
  std::vector<int> types;            // ty
  std::vector<std::string> labels;   // lbl
  std::optional<std::size_t> limit;  // lim
  std::optional<std::size_t> level;  // lvl: 1 is the children
  bool unstructured = false;         // drt=2: references are identifiers, not paths
};

Outcome<Query> ReadQuery(onem2m::Operation operation,
                         const std::vector<std::pair<std::string, std::string>>& query);

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_QUERY_H_
