// SPDX-License-Identifier: GPL-3.0-or-later
//
// Provisioning: keys, certificates and matching configurations for all parties in one folder; what
// TS-0003 calls Credential Configuration (8.2.2.1, 8.2.2.2, 8.x.2): who has which credential, by
// whom it is judged, the MAF's and MEF's URIs at the End-Points, and who may register for whom.
//
// Key files and private keys are made with mode 0600 and from the random generator; nothing that
// exists is overwritten.
#ifndef SAEF_TOOLS_PROVISION_PROVISION_H_
#define SAEF_TOOLS_PROVISION_PROVISION_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace saef::tools {

// By what the End-Points authenticate to the MAF (8.x.2).
enum class MafCredentialKind {
  kPsk,          // Km, pre-provisioned
  kCertificate,  // CSE-ID certificate, AE-ID or device certificate
  kEnrolment,    // Km through an MEF, where they enrol with Kpm
};

// By what Entity A authenticates to the CSE.
enum class CseCredentialKind {
  kMaf,           // a Kc from the MAF (8.2.2.3)
  kKpsa,          // a provisioned symmetric key (8.2.2.1)
  kEnrolment,     // the same through an MEF, where AEs enrol with Kpm (8.3.2)
  kCertificate,   // 8.2.2.2
  kRawPublicKey,  // 8.2.2.2, RFC 7250
};

// Which certificate an AE gets.
enum class AeCertificateKind { kAeId, kDevice, kNodeId };

// An Entity A: an AE, or a CSE that registers with the CSE of this provisioning.
struct ProvisionedEntity {
  // Names its files: entity-<name>.json, <name>.km …; and its KmId, <name>@<MAF-FQDN>.
  std::string name;
  // Absolute AE-ID or CSE-ID. An AE may have none (the CSE assigns it); where it has an AE-ID
  // certificate it gets //<service provider>/S<name> then.
  std::optional<std::string> entity_id;
  std::string type = "AE";  // "AE" or "CSE"
  // Absolute CSE-IDs; empty: the CSE of this provisioning.
  std::vector<std::string> may_register_for;
  std::string kc = "exported";  // or "self-generated"
};

struct Provisioning {
  std::filesystem::path folder;
  std::string maf_fqdn = "maf.example.com";
  std::string mef_fqdn = "mef.example.com";
  std::string service_provider = "sp.example.com";
  std::string cse = "cse1";  // the CSE-ID without its slash
  std::vector<std::string>
      other_cses;  // more targets that the MAF knows, each with a Km of its own
  std::vector<ProvisionedEntity> entities;
  // For which targets the CSE itself registers keys: other CSEs towards which it is Entity A.
  std::vector<std::string> cse_may_register_for;
  // Their entity.json files, as cse.json names them; the first is the Registrar if so said.
  std::vector<std::string> remote_cses;
  bool first_remote_is_registrar = false;
  MafCredentialKind maf_credential = MafCredentialKind::kPsk;
  CseCredentialKind cse_credential = CseCredentialKind::kMaf;
  AeCertificateKind ae_certificate = AeCertificateKind::kAeId;
  unsigned certificate_days = 365;
  std::vector<std::string> maf_listen = {"coaps://127.0.0.1:5784"};
  std::vector<std::string> mef_listen = {"coaps://127.0.0.1:5884"};
  std::vector<std::string> cse_listen = {"coaps://127.0.0.1:5684", "https://127.0.0.1:8443",
                                         "coap://127.0.0.1:5683", "http://127.0.0.1:8080"};
  // On loopback, where the CSE tells what it counts; the MAF takes the next port, the MEF the one
  // after that. 0: any free one each, which they print when they start.
  std::uint16_t statistics_port = 0;
  std::string plugin_module = "saef.so";
  std::string refusal = "alert";
};

// Each writes its party's files and answers their names, or a sentence that says what is wrong.
using Written = std::variant<std::vector<std::filesystem::path>, std::string>;

// Is a MAF, are certificates part of it?
bool NeedsMaf(const Provisioning& provisioning);
bool NeedsMef(const Provisioning& provisioning);
bool NeedsCertificates(const Provisioning& provisioning);

// The provisional authority and every party's certificate and private key, or raw key pair. To be
// written before the configurations that name them.
Written ProvisionCertificates(const Provisioning& provisioning);
// mef.json, Kpm of each enrolee, the key between the MEF and its Enrolment Target: the MAF, or the
// CSE where there is no MAF. Nothing where no MEF is needed.
Written ProvisionMef(const Provisioning& provisioning, const std::string& maf_uri);
// Km of every End-Point, the store key, maf.json. `mef_uri` is where the MEF listens, if one is
// needed.
Written ProvisionMaf(const Provisioning& provisioning, const std::string& mef_uri = {});
// saef.json and cse.json. `maf_uri` is where the MAF listens, e.g. "coaps://127.0.0.1:5784".
Written ProvisionCse(const Provisioning& provisioning, const std::string& maf_uri,
                     const std::string& mef_uri = {});
// entity-<name>.json of each entity. `cse_uris` are the CSE's secure ones.
Written ProvisionEntities(const Provisioning& provisioning, const std::string& maf_uri,
                          const std::vector<std::string>& cse_uris,
                          const std::string& mef_uri = {});

}  // namespace saef::tools

#endif  // SAEF_TOOLS_PROVISION_PROVISION_H_
