// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `saef maf`, `saef mef` and `saef cse` have in common: start from a configuration, say where
// one listens, run until SIGINT or SIGTERM, end in order.
#ifndef SAEF_TOOLS_SERVE_H_
#define SAEF_TOOLS_SERVE_H_

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "bindings/log.h"
#include "tools/console.h"
#include "tools/exit_code.h"
#include "tools/signal_wait.h"

namespace saef::tools {

// Party::Start answers a std::variant of an owning pointer and a sentence; the party has uris()
// and perhaps statistics_uri().
// Prints one line "listening <URI>" for each listener, "statistics <URI>" where they are told, and
// then "ready", for a person and for who started the process.
template <typename Party>
ExitCode Serve(std::string_view name, const std::string& configuration, int verbosity) {
  SignalWait signals;
  auto started = Party::Start(configuration, ConsoleLog(name, LevelOf(verbosity)));
  if (const auto* wrong = std::get_if<std::string>(&started)) return Fail(ExitCode::kUsage, *wrong);
  for (const std::string& uri : std::get<0>(started)->uris())
    std::cout << "listening " << uri << '\n';
  // Not every party tells statistics.
  if constexpr (requires { std::get<0>(started)->statistics_uri(); }) {
    if (const std::string uri = std::get<0>(started)->statistics_uri(); !uri.empty())
      std::cout << "statistics " << uri << '\n';
  }
  std::cout << "ready" << std::endl;  // flushed: whoever started us reads it through a pipe
  signals.Wait();
  return ExitCode::kDone;
}

// The subcommand `name` that serves a Party.
template <typename Party>
void AddServeCommand(CLI::App& app, ExitCode* exit_code, const std::string& name,
                     const std::string& description) {
  auto configuration = std::make_shared<std::string>();
  auto verbosity = std::make_shared<int>(0);
  CLI::App* command = app.add_subcommand(name, description);
  command
      ->add_option("--config", *configuration,
                   "Its configuration; docs/configuration.md describes it")
      ->required();
  command->add_flag("-v,--verbose", *verbosity,
                    "Log more to standard error; twice: everything but secrets");
  command->footer(
      "Prints where it listens, then \"ready\"; ends on SIGINT or SIGTERM.\nExample: saef " + name +
      " --config site/" + name + ".json");
  command->callback([=] { *exit_code = Serve<Party>(name, *configuration, *verbosity); });
}

}  // namespace saef::tools

#endif  // SAEF_TOOLS_SERVE_H_
