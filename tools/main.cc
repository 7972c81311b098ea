// SPDX-License-Identifier: GPL-3.0-or-later
//
// The `saef` command.
#include <CLI/CLI.hpp>
#include <exception>

#include "tools/command.h"
#include "tools/console.h"

namespace {

using saef::tools::ExitCode;

ExitCode Run(int argc, char** argv) {
  CLI::App app{
      "Security associations for oneM2M CSEs: the module saef.so and the parties around it",
      "saef"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "saef " SAEF_VERSION);
  app.footer(
      "Begin with: saef demo\nExit codes: 0 done, 1 refused by a peer, 2 wrong usage or "
      "configuration, 3 could not reach");

  ExitCode exit_code = ExitCode::kDone;
  saef::tools::AddDemoCommand(app, &exit_code);
  saef::tools::AddProvisionCommand(app, &exit_code);
  saef::tools::AddMafCommand(app, &exit_code);
  saef::tools::AddMefCommand(app, &exit_code);
  saef::tools::AddCseCommand(app, &exit_code);
  saef::tools::AddRegisterCommand(app, &exit_code);
  saef::tools::AddRetrieveCommand(app, &exit_code);
  saef::tools::AddTargetsCommand(app, &exit_code);
  saef::tools::AddWithdrawCommand(app, &exit_code);
  saef::tools::AddConnectCommand(app, &exit_code);
  saef::tools::AddTopCommand(app, &exit_code);
  saef::tools::AddDoctorCommand(app, &exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 has codes of its own; ours are few and documented.
    return app.exit(error) == 0 ? ExitCode::kDone : ExitCode::kUsage;
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return static_cast<int>(Run(argc, argv));
  } catch (const std::exception& error) {
    return static_cast<int>(saef::tools::Fail(ExitCode::kUsage, error.what()));
  }
}
