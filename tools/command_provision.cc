// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef provision`: keys and matching configurations for all parties, in one folder.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "tools/command.h"
#include "tools/console.h"
#include "tools/own_path.h"
#include "tools/provision/provision.h"

namespace saef::tools {
namespace {

struct Options {
  Provisioning provisioning;
  std::vector<std::string> aes = {"ae1"};
  std::string maf_uri;
  std::vector<std::string> cse_uris;
  std::string kc = "exported";
};

// What the End-Points are told of the MAF and the CSE, where nothing else is said: that they are
// where they listen.
void FillIn(Options* options) {
  Provisioning& p = options->provisioning;
  if (options->maf_uri.empty()) options->maf_uri = p.maf_listen.front();
  if (options->cse_uris.empty()) {
    for (const std::string& uri : p.cse_listen) {
      if (uri.starts_with("coaps:") || uri.starts_with("https:")) options->cse_uris.push_back(uri);
    }
  }
  for (const std::string& ae : options->aes) {
    ProvisionedEntity entity;
    entity.name = ae;
    entity.kc = options->kc;
    p.entities.push_back(entity);
  }
}

ExitCode Provision(Options options) {
  FillIn(&options);
  const Provisioning& p = options.provisioning;
  for (const Written& written : {ProvisionMaf(p), ProvisionCse(p, options.maf_uri),
                                 ProvisionEntities(p, options.maf_uri, options.cse_uris)}) {
    if (const auto* error = std::get_if<std::string>(&written))
      return Fail(ExitCode::kUsage, *error);
    for (const auto& path : std::get<0>(written)) std::cout << path.string() << '\n';
  }
  const std::string folder = p.folder.string();
  std::cerr << "Next:\n  saef maf --config " << folder << "/maf.json\n  saef cse --config "
            << folder << "/cse.json\n  saef connect --config " << folder << "/entity-"
            << options.aes.front() << ".json\n";
  return ExitCode::kDone;
}

}  // namespace

void AddProvisionCommand(CLI::App& app, ExitCode* exit_code) {
  auto options = std::make_shared<Options>();
  Provisioning& p = options->provisioning;
  if (const auto module = OwnModule(); !module.empty()) p.plugin_module = module.string();
  CLI::App* command = app.add_subcommand(
      "provision", "Make keys and matching configurations for all parties, in one folder");
  command
      ->add_option("--out", p.folder,
                   "Folder for the files; made if missing, nothing in it is overwritten")
      ->required();
  command->add_option("--maf-fqdn", p.maf_fqdn, "The MAF's FQDN, lower case")
      ->capture_default_str();
  command
      ->add_option("--service-provider", p.service_provider,
                   "The M2M service provider's domain name")
      ->capture_default_str();
  command->add_option("--cse", p.cse, "The CSE-ID, without its slash")->capture_default_str();
  command->add_option("--other-cse", p.other_cses,
                      "A further CSE that the MAF knows; may be repeated");
  command->add_option("--ae", options->aes, "An Entity A, by name; may be repeated")
      ->capture_default_str();
  command->add_option("--kc", options->kc, "How Entity A gets Kc")
      ->check(CLI::IsMember({"exported", "self-generated"}))
      ->capture_default_str();
  command->add_option("--maf-listen", p.maf_listen, "Where the MAF listens; may be repeated")
      ->capture_default_str();
  command->add_option("--cse-listen", p.cse_listen, "Where the CSE listens; may be repeated")
      ->capture_default_str();
  command->add_option("--maf-uri", options->maf_uri,
                      "Where others find the MAF, if not where it listens");
  command->add_option("--cse-uri", options->cse_uris,
                      "Where others find the CSE, if not where it listens; may be repeated");
  command->add_option("--module", p.plugin_module, "The plugin that the CSE loads")
      ->capture_default_str();
  command
      ->add_option("--refusal", p.refusal,
                   "How the CSE refuses a psk_identity: the alert at once, or as a wrong key")
      ->check(CLI::IsMember({"alert", "hidden"}))
      ->capture_default_str();
  command->footer("Example: saef provision --out site --ae sensor1 --ae sensor2");
  command->callback([options, exit_code] { *exit_code = Provision(*options); });
}

}  // namespace saef::tools
