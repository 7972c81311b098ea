// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef targets`: replaces the list of targets of a key for ESData (TS-0003 8.x.5 step 7).
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "tools/command.h"
#include "tools/console.h"
#include "tools/entity_options.h"
#include "tools/maf_client.h"

namespace saef::tools {
namespace {

struct TargetsOptions {
  std::string configuration;
  std::string kc_id;
  std::vector<std::string> targets;
};

ExitCode ReplaceTargets(const TargetsOptions& options) {
  const auto kc_id = onem2m::KcId::Parse(options.kc_id);
  if (!kc_id) return Fail(ExitCode::kUsage, "--kcid: " + kc_id.error().message());
  auto opened = MafOfEntity::Open(options.configuration);
  if (const auto* wrong = std::get_if<std::string>(&opened)) return Fail(ExitCode::kUsage, *wrong);
  const auto done =
      entity_a::UpdateTargets(std::get<MafOfEntity>(opened).at(), *kc_id, options.targets);
  if (!done) return FailBecause(done.error());
  std::cout << kc_id->text() << " has " << options.targets.size()
            << (options.targets.size() == 1 ? " target" : " targets") << std::endl;
  return ExitCode::kDone;
}

}  // namespace

void AddTargetsCommand(CLI::App& app, ExitCode* exit_code) {
  auto options = std::make_shared<TargetsOptions>();
  CLI::App* command =
      app.add_subcommand("targets", "Replace the list of those who may retrieve a key for ESData");
  command
      ->add_option("--config", options->configuration,
                   "The End-Point's configuration (entity-….json): the key's source, or whom the "
                   "MAF's mayUpdateTargetsOf authorises")
      ->required();
  command->add_option("--kcid", options->kc_id, "The key's KcId")->required();
  command
      ->add_option("--target", options->targets,
                   "Absolute CSE-ID or AE-ID of who may retrieve it; may be repeated")
      ->required();
  command->footer(
      "Example: saef targets --config site/entity-ae1.json --target //sp.example.com/cse1 \\\n"
      "           --kcid 7BD416EFC8910B16D447F3EE85FB19F0@maf.example.com");
  command->callback([options, exit_code] { *exit_code = ReplaceTargets(*options); });
}

}  // namespace saef::tools
