// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef demo`: watch the main job happen.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "tools/command.h"
#include "tools/console.h"
#include "tools/demo.h"
#include "tools/own_path.h"
#include "tools/temporary_folder.h"

namespace saef::tools {
namespace {

ExitCode Demo(DemoOptions options) {
  if (options.module.empty()) {
    return Fail(ExitCode::kUsage, "saef.so is not beside this program: name it with --module");
  }
  if (!options.folder.empty()) return RunDemo(options, std::cout);
  TemporaryFolder folder;
  options.folder = folder.path();
  const ExitCode code = RunDemo(options, std::cout);
  if (code != ExitCode::kDone) {
    folder.Keep();
    std::cerr << "saef: configurations and logs are kept in " << folder.path().string() << '\n';
  }
  return code;
}

}  // namespace

void AddDemoCommand(CLI::App& app, ExitCode* exit_code) {
  auto options = std::make_shared<DemoOptions>();
  options->module = OwnModule();
  CLI::App* command = app.add_subcommand(
      "demo",
      "Watch it happen: a MAF, a CSE with saef.so and an Entity A, over CoAP and over HTTP");
  command->add_option("--folder", options->folder,
                      "Keep keys, configurations and logs in this new folder");
  command->add_option("--module", options->module,
                      "The plugin; the one beside this program if not given");
  command->footer("Example: saef demo --folder saef-demo");
  command->callback([options, exit_code] { *exit_code = Demo(*options); });
}

}  // namespace saef::tools
