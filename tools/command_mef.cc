// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef mef`: runs an M2M Enrolment Function.
#include "roles/mef/mef.h"
#include "tools/command.h"
#include "tools/serve.h"

namespace saef::tools {

void AddMefCommand(CLI::App& app, ExitCode* exit_code) {
  AddServeCommand<mef::Mef>(app, exit_code, "mef", "Run an M2M Enrolment Function");
}

}  // namespace saef::tools
