// SPDX-License-Identifier: GPL-3.0-or-later
//
// Policy: what the service provider has decided for this CSE: of which type it is, and who keeps
// the service subscription. From cse.json; docs/configuration.md.
#ifndef SAEF_ROLES_CSE_POLICY_H_
#define SAEF_ROLES_CSE_POLICY_H_

#include <functional>
#include <set>
#include <string>

namespace saef::cse {

enum class CseType { kIn = 1, kMn = 2, kAsn = 3 };  // m2m:cseTypeID (TS-0004 6.3.4.2.2)

struct Policy {
  CseType type = CseType::kIn;
  // Absolute AE-IDs and CSE-IDs that create, change and delete
  // <m2mServiceSubscriptionProfile>, <serviceSubscribedNode> and <serviceSubscribedAppRule>.
  std::set<std::string, std::less<>> administrators;
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_POLICY_H_
