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
#include "tools/maf_client.h"

namespace saef::tools {
namespace {

struct RegisterOptions {
  EntityOptions entity;
  int suid = static_cast<int>(onem2m::Suid::kMafSaef);
  ReportFormat format = ReportFormat::kText;
};

ExitCode Show(const entity_a::RegisteredKey& key, ReportFormat format) {
  std::string report = ReportKey(key, format);
  std::cout << report << std::flush;
  onem2m::Wipe(report);
  return ExitCode::kDone;
}

// For ESPrim and ESData: a key that no session with a CSE is made with.
ExitCode RegisterForOthers(const RegisterOptions& options) {
  if (options.entity.targets.empty()) return Fail(ExitCode::kUsage, "--target is needed");
  if (!options.entity.kc.empty() && options.entity.kc != "exported") {
    return Fail(ExitCode::kUsage, "--kc must be exported for this --suid");
  }
  auto maf = MafOfEntity::Open(options.entity.configuration);
  if (const auto* wrong = std::get_if<std::string>(&maf)) return Fail(ExitCode::kUsage, *wrong);
  std::optional<std::chrono::seconds> lifetime;
  if (options.entity.lifetime_s) lifetime = std::chrono::seconds(*options.entity.lifetime_s);
  const auto key =
      entity_a::RegisterKeyFor(std::get<MafOfEntity>(maf).at(), *onem2m::ToSuid(options.suid),
                               options.entity.targets, lifetime);
  return key ? Show(*key, options.format) : FailBecause(key.error());
}

ExitCode Register(const RegisterOptions& options) {
  if (options.suid != static_cast<int>(onem2m::Suid::kMafSaef)) return RegisterForOthers(options);
  auto opened = OpenEntity(options.entity);
  if (const auto* wrong = std::get_if<std::string>(&opened)) return Fail(ExitCode::kUsage, *wrong);
  entity_a::EntityA& entity = *std::get<0>(opened);
  if (const auto registered = entity.Register(); !registered)
    return FailBecause(registered.error());
  const auto key = entity.key();
  if (!key) return Fail(ExitCode::kUsage, "the key can't be copied: out of locked memory");
  return Show(*key, options.format);
}

}  // namespace

void AddRegisterCommand(CLI::App& app, ExitCode* exit_code) {
  auto options = std::make_shared<RegisterOptions>();
  CLI::App* command = app.add_subcommand(
      "register", "Entity A: register a key with the MAF; prints KcId, Kc and expiry");
  AddEntityOptions(*command, &options->entity);
  command
      ->add_option(
          "--suid", options->suid,
          "What for: 32 SAEF, 33 ESPrim (one --target each), 34 or 35 ESData (one or more)")
      ->check(CLI::Range(32, 35))
      ->capture_default_str();
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
