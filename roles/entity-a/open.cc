// SPDX-License-Identifier: GPL-3.0-or-later
//
// EntityA with real clients.
#include <utility>

#include "end-point/open_client.h"
#include "roles/entity-a/entity_a.h"

namespace saef::entity_a {

std::variant<std::unique_ptr<EntityA>, std::string> EntityA::Open(const std::string& configuration,
                                                                  bindings::Log log) {
  auto read = ReadConfiguration(configuration);
  if (auto* error = std::get_if<std::string>(&read)) {
    return std::move(*error);
  }
  return std::make_unique<EntityA>(std::move(std::get<Configuration>(read)), end_point::OpenClient,
                                   std::move(log));
}

}  // namespace saef::entity_a
