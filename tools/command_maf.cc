// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef maf`: runs an M2M Authentication Function.
#include "roles/maf/maf.h"
#include "tools/command.h"
#include "tools/serve.h"

namespace saef::tools {

void AddMafCommand(CLI::App& app, ExitCode* exit_code) {
  AddServeCommand<maf::Maf>(app, exit_code, "maf", "Run an M2M Authentication Function");
}

}  // namespace saef::tools
