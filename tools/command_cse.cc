// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef cse`: runs the reference CSE with the plugins that its configuration names.
#include "roles/cse/cse.h"
#include "tools/command.h"
#include "tools/serve.h"

namespace saef::tools {

void AddCseCommand(CLI::App& app, ExitCode* exit_code) {
  AddServeCommand<cse::Cse>(app, exit_code, "cse",
                            "Run the reference CSE with the plugins that its configuration names");
}

}  // namespace saef::tools
