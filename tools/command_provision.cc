// SPDX-License-Identifier: GPL-3.0-or-later
//
// `saef provision`: keys, certificates and matching configurations for all parties, in one folder.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>

#include "tools/command.h"
#include "tools/console.h"
#include "tools/own_path.h"
#include "tools/provision/provision.h"

namespace saef::tools {
namespace {

struct ProvisionOptions {
  Provisioning provisioning;
  std::vector<std::string> aes = {"ae1"};
  std::string maf_uri;
  std::string mef_uri;
  std::vector<std::string> cse_uris;
  std::string kc = "exported";
};

constexpr std::uint16_t kStatisticsPort = 9464;
constexpr int kMaxStatisticsPort = 65533;  // the MAF's and the MEF's come after it

// What the End-Points are told of the MAF and the CSE, where nothing else is said: that they are
// where they listen.
void FillIn(ProvisionOptions* options) {
  Provisioning& p = options->provisioning;
  if (options->maf_uri.empty()) options->maf_uri = p.maf_listen.front();
  if (options->mef_uri.empty()) options->mef_uri = p.mef_listen.front();
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

// What to type next.
void TellNext(const ProvisionOptions& options) {
  const Provisioning& p = options.provisioning;
  const std::string folder = p.folder.string();
  std::cerr << "Next:\n";
  if (NeedsMef(p)) std::cerr << "  saef mef --config " << folder << "/mef.json\n";
  if (NeedsMaf(p)) std::cerr << "  saef maf --config " << folder << "/maf.json\n";
  std::cerr << "  saef cse --config " << folder << "/cse.json\n  saef doctor --config " << folder
            << "/cse.json\n  saef connect --config " << folder << "/entity-" << options.aes.front()
            << ".json\n  saef top";
  if (p.statistics_port == 0) {
    std::cerr << " with the ports that they print after \"statistics\"";
  } else {
    std::cerr << ' ' << p.statistics_port;
    if (NeedsMaf(p)) std::cerr << ' ' << p.statistics_port + 1;
    if (NeedsMef(p)) std::cerr << ' ' << p.statistics_port + 2;
  }
  std::cerr << '\n';
}

ExitCode Provision(ProvisionOptions options) {
  FillIn(&options);
  const Provisioning& p = options.provisioning;
  for (const Written& written :
       {ProvisionCertificates(p), ProvisionMef(p, options.maf_uri),
        ProvisionMaf(p, options.mef_uri), ProvisionCse(p, options.maf_uri, options.mef_uri),
        ProvisionEntities(p, options.maf_uri, options.cse_uris, options.mef_uri)}) {
    if (const auto* error = std::get_if<std::string>(&written))
      return Fail(ExitCode::kUsage, *error);
    for (const auto& path : std::get<0>(written)) std::cout << path.string() << '\n';
  }
  TellNext(options);
  return ExitCode::kDone;
}

void AddCredentialOptions(CLI::App& command, Provisioning* p) {
  const std::map<std::string, MafCredentialKind> with_maf = {
      {"psk", MafCredentialKind::kPsk},
      {"certificate", MafCredentialKind::kCertificate},
      {"enrolment", MafCredentialKind::kEnrolment}};
  const std::map<std::string, CseCredentialKind> with_cse = {
      {"maf", CseCredentialKind::kMaf},
      {"kpsa", CseCredentialKind::kKpsa},
      {"enrolment", CseCredentialKind::kEnrolment},
      {"certificate", CseCredentialKind::kCertificate},
      {"raw-public-key", CseCredentialKind::kRawPublicKey}};
  const std::map<std::string, AeCertificateKind> certificates = {
      {"ae-id", AeCertificateKind::kAeId},
      {"device", AeCertificateKind::kDevice},
      {"node-id", AeCertificateKind::kNodeId}};
  command
      .add_option("--credential", p->maf_credential,
                  "By what AEs and the CSE authenticate to the MAF: psk (as if not given), "
                  "certificate, or enrolment (an MEF provides the keys)")
      ->transform(CLI::CheckedTransformer(with_maf));
  command
      .add_option("--cse-credential", p->cse_credential,
                  "By what AEs authenticate to the CSE: maf (as if not given; a key from the MAF), "
                  "kpsa, enrolment (an MEF provides a kpsa), certificate or raw-public-key; with "
                  "those four there is no MAF")
      ->transform(CLI::CheckedTransformer(with_cse));
  command
      .add_option("--ae-certificate", p->ae_certificate,
                  "Which certificate an AE gets: ae-id (as if not given), device or node-id")
      ->transform(CLI::CheckedTransformer(certificates));
  command.add_option("--certificate-days", p->certificate_days, "How long certificates are valid")
      ->check(CLI::Range(1, 36500))
      ->capture_default_str();
  command.add_option("--mef-fqdn", p->mef_fqdn, "The MEF's FQDN, lower case")
      ->capture_default_str();
  command.add_option("--mef-listen", p->mef_listen, "Where the MEF listens; may be repeated")
      ->capture_default_str();
}

}  // namespace

void AddProvisionCommand(CLI::App& app, ExitCode* exit_code) {
  auto options = std::make_shared<ProvisionOptions>();
  Provisioning& p = options->provisioning;
  p.statistics_port = kStatisticsPort;
  if (const auto module = OwnModule(); !module.empty()) p.plugin_module = module.string();
  CLI::App* command = app.add_subcommand(
      "provision",
      "Make keys, certificates and matching configurations for all parties, in one folder");
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
  AddCredentialOptions(*command, &p);
  command->add_option("--ae", options->aes, "An Entity A, by name; may be repeated")
      ->capture_default_str();
  command->add_option("--kc", options->kc, "How Entity A gets Kc")
      ->check(CLI::IsMember({"exported", "self-generated"}))
      ->capture_default_str();
  command->add_option("--maf-listen", p.maf_listen, "Where the MAF listens; may be repeated")
      ->capture_default_str();
  command->add_option("--cse-listen", p.cse_listen, "Where the CSE listens; may be repeated")
      ->capture_default_str();
  command
      ->add_option("--statistics", p.statistics_port,
                   "On loopback, the port where the CSE tells what it counts, for `saef top` and "
                   "Prometheus; the MAF takes the next, the MEF the one after; 0: any free ones")
      ->check(CLI::Range(0, kMaxStatisticsPort))
      ->capture_default_str();
  command->add_option("--maf-uri", options->maf_uri,
                      "Where others find the MAF, if not where it listens");
  command->add_option("--mef-uri", options->mef_uri,
                      "Where others find the MEF, if not where it listens");
  command->add_option("--cse-uri", options->cse_uris,
                      "Where others find the CSE, if not where it listens; may be repeated");
  command->add_option("--module", p.plugin_module, "The plugin that the CSE loads")
      ->capture_default_str();
  command
      ->add_option("--refusal", p.refusal,
                   "How the CSE refuses a psk_identity: the alert at once, or as a wrong key")
      ->check(CLI::IsMember({"alert", "hidden"}))
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  saef provision --out site --ae sensor1 --ae sensor2     a MAF with symmetric keys\n"
      "  saef provision --out site --credential certificate      a MAF whose clients have "
      "certificates\n"
      "  saef provision --out site --credential enrolment        an MEF provides the MAF's keys\n"
      "  saef provision --out site --cse-credential kpsa         a provisioned key each, no MAF\n"
      "  saef provision --out site --cse-credential enrolment    the same key from an MEF, no MAF\n"
      "  saef provision --out site --cse-credential certificate --ae-certificate device\n"
      "  saef provision --out site --cse-credential raw-public-key\n"
      "Certificates come from a provisional authority (ca.pem, ca.key.pem) that may certify these "
      "domains only.");
  command->callback([options, exit_code] { *exit_code = Provision(*options); });
}

}  // namespace saef::tools
