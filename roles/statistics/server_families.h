// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the servers of a party count, by binding.
#ifndef SAEF_ROLES_STATISTICS_SERVER_FAMILIES_H_
#define SAEF_ROLES_STATISTICS_SERVER_FAMILIES_H_

#include <string>
#include <utility>
#include <vector>

#include "bindings/server.h"
#include "roles/statistics/families.h"

namespace saef::statistics {

struct NamedServer {
  std::string binding;  // "coap", "http"
  const bindings::Server* server;
};

Families ServerFamilies(const std::vector<NamedServer>& servers);

}  // namespace saef::statistics

#endif  // SAEF_ROLES_STATISTICS_SERVER_FAMILIES_H_
