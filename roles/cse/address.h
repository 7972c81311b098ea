// SPDX-License-Identifier: GPL-3.0-or-later
//
// To of a request (TS-0001 7.2, 9.3.1): CSE-relative "base/ae1" or "Cae1/data", SP-relative
// "/cse1/base/ae1", absolute "//sp.example.com/cse1/base/ae1". Pure.
#ifndef SAEF_ROLES_CSE_ADDRESS_H_
#define SAEF_ROLES_CSE_ADDRESS_H_

#include <string_view>
#include <vector>

#include "onem2m/entity_identifier.h"
#include "roles/cse/outcome.h"

namespace saef::cse {

// What follows this CSE's identifier, split at '/'; none at all is CSEBase. The views point into
// `to`. 4000 for what is no address, 5103 for one at another CSE (routing.h finds the
// way to those).
Outcome<std::vector<std::string_view>> ReadAddress(std::string_view to, const onem2m::CseId& self);

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_ADDRESS_H_
