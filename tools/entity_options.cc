// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/entity_options.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <map>
#include <utility>

#include "bindings/log.h"
#include "end-point/open_client.h"
#include "tools/console.h"

namespace saef::tools {
namespace {

const std::map<std::string, entity_a::KeySource>& KeySources() {
  static const std::map<std::string, entity_a::KeySource> sources = {
      {"exported", entity_a::KeySource::kExported},
      {"self-generated", entity_a::KeySource::kSelfGenerated},
      {"printable", entity_a::KeySource::kPrintable},
  };
  return sources;
}

}  // namespace

void AddEntityOptions(CLI::App& command, EntityOptions* options) {
  command
      .add_option("--config", options->configuration, "Entity A's configuration (entity-….json)")
      ->required();
  command.add_option(
      "--target", options->targets,
      "Absolute CSE-ID of the one CSE that may fetch Kc, if not the configuration's");
  command
      .add_option("--kc", options->kc,
                  "exported: from the session with the MAF. self-generated: made here. printable: "
                  "made here of "
                  "printable characters, for clients that take a key as text")
      ->check(CLI::IsMember(KeySources()));
  command
      .add_option("--lifetime", options->lifetime_s,
                  "Wished lifetime of Kc in seconds; the MAF may give less")
      ->check(CLI::Range(1, 315360000));
  command.add_flag("-v,--verbose", options->verbosity,
                   "Log more to standard error; twice: everything but secrets");
}

std::variant<std::unique_ptr<entity_a::EntityA>, std::string> OpenEntity(
    const EntityOptions& options) {
  auto read = entity_a::ReadConfiguration(options.configuration);
  if (auto* wrong = std::get_if<std::string>(&read)) return std::move(*wrong);
  auto& configuration = std::get<entity_a::Configuration>(read);
  if (options.targets.size() > 1) return "a key for SAEF has exactly one --target";
  if (!options.targets.empty()) {
    auto target = onem2m::CseId::ParseAbsolute(options.targets.front());
    if (!target) {
      return "--target " + bindings::Quote(options.targets.front()) +
             " is no Absolute CSE-ID, such as //sp.example.com/cse1";
    }
    configuration.cse_id = std::move(*target);
  }
  if (!options.kc.empty()) configuration.key_source = KeySources().at(options.kc);
  if (options.lifetime_s) configuration.lifetime = std::chrono::seconds(*options.lifetime_s);
  return std::make_unique<entity_a::EntityA>(std::move(configuration), end_point::OpenClient,
                                             ConsoleLog("entity-a", LevelOf(options.verbosity)));
}

ExitCode FailBecause(const entity_a::Failure& failure) {
  return Fail(static_cast<ExitCode>(failure.exit_code()), failure.text);
}

}  // namespace saef::tools
