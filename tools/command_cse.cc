// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef cse`: runs the reference CSE with the plugins that its configuration names.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "roles/cse/cse.h"
#include "tools/command.h"
#include "tools/serve.h"

namespace saef::tools {

void AddCseCommand(CLI::App& app, ExitCode* exit_code) {
  auto configuration = std::make_shared<std::string>();
  auto verbosity = std::make_shared<int>(0);
  CLI::App* command = app.add_subcommand(
      "cse", "Run the reference CSE with the plugins that its configuration names");
  command
      ->add_option("--config", *configuration,
                   "Its configuration; docs/configuration.md describes it")
      ->required();
  command->add_flag("-v,--verbose", *verbosity,
                    "Log more to standard error; twice: everything but secrets");
  command->footer(
      "Prints where it listens, then \"ready\"; ends on SIGINT or SIGTERM.\nExample: saef cse "
      "--config site/cse.json");
  command->callback([=] { *exit_code = Serve<cse::Cse>("cse", *configuration, *verbosity); });
}

}  // namespace saef::tools
