// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `saef register` and `saef connect` have in common: which Entity A, which target, which kind
// of Kc.
#ifndef SAEF_TOOLS_ENTITY_OPTIONS_H_
#define SAEF_TOOLS_ENTITY_OPTIONS_H_

#include <CLI/App.hpp>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "roles/entity-a/entity_a.h"
#include "tools/exit_code.h"

namespace saef::tools {

struct EntityOptions {
  std::string configuration;
  // Absolute CSE-ID, of which a session with a CSE needs one; empty: the configuration's. Keys for
  // ESPrim and ESData take CSE-IDs and AE-IDs.
  std::vector<std::string> targets;
  std::string kc;                      // empty: the configuration's
  std::optional<unsigned> lifetime_s;  // the wish
  int verbosity = 0;
};

// --config, --target, --kc, --lifetime, -v.
void AddEntityOptions(CLI::App& command, EntityOptions* options);

// Entity A as configuration and options together say; or a sentence that says what is wrong.
std::variant<std::unique_ptr<entity_a::EntityA>, std::string> OpenEntity(
    const EntityOptions& options);

// "saef: <who refused, and how>" on standard error, and the exit code for it.
ExitCode FailBecause(const entity_a::Failure& failure);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_ENTITY_OPTIONS_H_
