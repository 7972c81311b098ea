// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef retrieve`: a Target End-Point retrieves a key from the MAF (TS-0003 8.x.6); and `saef
// withdraw`: its source takes it back.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "onem2m/key_derivation.h"
#include "tools/command.h"
#include "tools/console.h"
#include "tools/entity_options.h"
#include "tools/maf_client.h"

namespace saef::tools {
namespace {

struct RetrieveOptions {
  std::string configuration;
  std::string kc_id;
  int suid = static_cast<int>(onem2m::Suid::kMafSaef);
  std::string keys = "all";
};

// One line, the key in hexadecimal; the text is wiped.
void PrintKey(std::string_view name, const onem2m::Secret& key) {
  std::string hex = key.ToHex();
  std::cout << name << hex << '\n';
  onem2m::Wipe(hex);
}

// TS-0003 8.x.1 step 6: a protocol with one key takes the first half, one with two both halves; the
// MAF-based SAEF takes all of it (8.2.2.3 step 9).
ExitCode PrintKeys(const onem2m::Secret& kc, const std::string& keys) {
  if (keys == "all") {
    PrintKey("Kc          ", kc);
    return ExitCode::kDone;
  }
  const auto first = onem2m::FirstHalf(kc);
  const auto second = onem2m::SecondHalf(kc);
  if (!first || !second) return Fail(ExitCode::kRefused, "a key of this length has no halves");
  PrintKey(keys == "one" ? "Key         " : "First key   ", *first);
  if (keys == "two") PrintKey("Second key  ", *second);
  return ExitCode::kDone;
}

ExitCode Retrieve(const RetrieveOptions& options) {
  const auto kc_id = onem2m::KcId::Parse(options.kc_id);
  if (!kc_id) return Fail(ExitCode::kUsage, "--kcid: " + kc_id.error().message());
  const auto suid = onem2m::ToSuid(options.suid);
  if (!suid) return Fail(ExitCode::kUsage, "--suid: no such Security Usage Identifier");
  auto opened = MafOfEntity::Open(options.configuration);
  if (const auto* wrong = std::get_if<std::string>(&opened)) return Fail(ExitCode::kUsage, *wrong);
  const auto answer = entity_a::RetrieveKey(std::get<MafOfEntity>(opened).at(), *kc_id, *suid);
  if (!answer) return FailBecause(answer.error());
  std::cout << "Source      "
            << (answer->source_id       ? *answer->source_id
                : answer->credential_id ? answer->credential_id->text()
                                        : std::string("unknown"))
            << "\nLifetime    " << answer->lifetime.count() << " s\n";
  const ExitCode code = PrintKeys(answer->key, options.keys);
  std::cout.flush();
  return code;
}

ExitCode Withdraw(const RetrieveOptions& options) {
  const auto kc_id = onem2m::KcId::Parse(options.kc_id);
  if (!kc_id) return Fail(ExitCode::kUsage, "--kcid: " + kc_id.error().message());
  auto opened = MafOfEntity::Open(options.configuration);
  if (const auto* wrong = std::get_if<std::string>(&opened)) return Fail(ExitCode::kUsage, *wrong);
  const auto gone = entity_a::DeregisterKey(std::get<MafOfEntity>(opened).at(), *kc_id);
  if (!gone) return FailBecause(gone.error());
  std::cout << kc_id->text() << " is withdrawn" << std::endl;
  return ExitCode::kDone;
}

void AddCommonOptions(CLI::App& command, RetrieveOptions* options) {
  command
      .add_option("--config", options->configuration,
                  "The End-Point's configuration (entity-….json)")
      ->required();
  command.add_option("--kcid", options->kc_id, "The key's KcId, as its source told it")->required();
}

}  // namespace

void AddRetrieveCommand(CLI::App& app, ExitCode* exit_code) {
  auto options = std::make_shared<RetrieveOptions>();
  CLI::App* command =
      app.add_subcommand("retrieve", "Target End-Point: retrieve a key from the MAF, print it");
  AddCommonOptions(*command, options.get());
  command
      ->add_option("--suid", options->suid,
                   "What the key came for: 32 SAEF, 33 ESPrim, 34 or 35 ESData")
      ->capture_default_str();
  command
      ->add_option("--keys", options->keys,
                   "all: Kc as it is; one: the key of a protocol with one key (the first half); "
                   "two: the keys of a protocol with two (both halves)")
      ->check(CLI::IsMember({"all", "one", "two"}))
      ->capture_default_str();
  command->footer(
      "Example: saef retrieve --config site/entity-reader.json --suid 34 --keys two \\\n"
      "           --kcid 7BD416EFC8910B16D447F3EE85FB19F0@maf.example.com");
  command->callback([options, exit_code] { *exit_code = Retrieve(*options); });
}

void AddWithdrawCommand(CLI::App& app, ExitCode* exit_code) {
  auto options = std::make_shared<RetrieveOptions>();
  CLI::App* command = app.add_subcommand(
      "withdraw", "Source End-Point: take a key back at the MAF; who observes it learns at once");
  AddCommonOptions(*command, options.get());
  command->footer(
      "Example: saef withdraw --config site/entity-ae1.json \\\n"
      "           --kcid 7BD416EFC8910B16D447F3EE85FB19F0@maf.example.com");
  command->callback([options, exit_code] { *exit_code = Withdraw(*options); });
}

}  // namespace saef::tools
