// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef mef`: runs an M2M Enrolment Function.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "roles/mef/mef.h"
#include "tools/command.h"
#include "tools/serve.h"

namespace saef::tools {

void AddMefCommand(CLI::App& app, ExitCode* exit_code) {
  auto configuration = std::make_shared<std::string>();
  auto verbosity = std::make_shared<int>(0);
  CLI::App* command = app.add_subcommand("mef", "Run an M2M Enrolment Function");
  command
      ->add_option("--config", *configuration,
                   "Its configuration; docs/configuration.md describes it")
      ->required();
  command->add_flag("-v,--verbose", *verbosity,
                    "Log more to standard error; twice: everything but secrets");
  command->footer(
      "Prints where it listens, then \"ready\"; ends on SIGINT or SIGTERM.\nExample: saef mef "
      "--config site/mef.json");
  command->callback([=] { *exit_code = Serve<mef::Mef>("mef", *configuration, *verbosity); });
}

}  // namespace saef::tools
