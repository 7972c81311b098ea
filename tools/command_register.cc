// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef register`: Entity A registers a key with the MAF and says what it got.
#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <memory>

#include "tools/command.h"
#include "tools/console.h"
#include "tools/entity_options.h"
#include "tools/key_report.h"

namespace saef::tools {
namespace {

struct Options {
  EntityOptions entity;
  ReportFormat format = ReportFormat::kText;
};

ExitCode Register(const Options& options) {
  auto opened = OpenEntity(options.entity);
  if (const auto* wrong = std::get_if<std::string>(&opened)) return Fail(ExitCode::kUsage, *wrong);
  entity_a::EntityA& entity = *std::get<0>(opened);
  if (const auto registered = entity.Register(); !registered)
    return FailBecause(registered.error());
  const auto key = entity.key();
  if (!key) return Fail(ExitCode::kUsage, "the key can't be copied: out of locked memory");
  std::string report = ReportKey(*key, options.format);
  std::cout << report << std::flush;
  onem2m::Wipe(report);
  return ExitCode::kDone;
}

}  // namespace

void AddRegisterCommand(CLI::App& app, ExitCode* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "register", "Entity A: register a key with the MAF; prints KcId, Kc and expiry");
  AddEntityOptions(*command, &options->entity);
  const std::map<std::string, ReportFormat> formats = {{"text", ReportFormat::kText},
                                                       {"json", ReportFormat::kJson},
                                                       {"shell", ReportFormat::kShell}};
  command->add_option("--format", options->format, "text, json, or shell variables for eval")
      ->transform(CLI::CheckedTransformer(formats));
  command->footer(
      "The output holds a key: keep it from others.\n"
      "Example: eval \"$(saef register --config site/entity-ae1.json --kc printable --format "
      "shell)\"\n"
      "         coap-client-openssl -u \"$SAEF_KCID\" -k \"$SAEF_KC_TEXT\" -m get "
      "coaps://127.0.0.1/base");
  command->callback([options, exit_code] { *exit_code = Register(*options); });
}

}  // namespace saef::tools
