// SPDX-License-Identifier: GPL-3.0-or-later
//
// Provisioning: keys and matching configurations for all parties in one folder, what TS-0003 8.x.2
// calls MAF Credential Configuration (pre-provisioned symmetric keys): Km and KmId at the End-Point
// and at the MAF, the MAF's URIs at the End-Point, and who may register for whom at the MAF.
//
// Key files are made with mode 0600 and from the random generator; nothing that exists is
// overwritten.
#ifndef SAEF_TOOLS_PROVISION_H_
#define SAEF_TOOLS_PROVISION_H_

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace saef::tools {

// An Entity A: an AE, or a CSE that registers with the CSE of this provisioning.
struct ProvisionedEntity {
  std::string
      name;  // names its files: entity-<name>.json, <name>.km; and its KmId <name>@<MAF-FQDN>
  std::optional<std::string>
      entity_id;            // Absolute AE-ID or CSE-ID; an AE may have none (the CSE assigns it)
  std::string type = "AE";  // "AE" or "CSE"
  std::vector<std::string>
      may_register_for;         // Absolute CSE-IDs; empty: the CSE of this provisioning
  std::string kc = "exported";  // or "self-generated"
};

struct Provisioning {
  std::filesystem::path folder;
  std::string maf_fqdn = "maf.example.com";
  std::string service_provider = "sp.example.com";
  std::string cse = "cse1";  // the CSE-ID without its slash
  std::vector<std::string>
      other_cses;  // more targets that the MAF knows, each with a Km of its own
  std::vector<ProvisionedEntity> entities;
  std::vector<std::string> maf_listen = {"coaps://127.0.0.1:5784"};
  std::vector<std::string> cse_listen = {"coaps://127.0.0.1:5684", "https://127.0.0.1:8443",
                                         "coap://127.0.0.1:5683", "http://127.0.0.1:8080"};
  std::string plugin_module = "saef.so";
  std::string refusal = "alert";
};

// Each writes its party's files and answers their names, or a sentence that says what is wrong.
using Written = std::variant<std::vector<std::filesystem::path>, std::string>;

// Km of every End-Point, the store key, maf.json.
Written ProvisionMaf(const Provisioning& provisioning);
// saef.json and cse.json. `maf_uri` is where the MAF listens, e.g. "coaps://127.0.0.1:5784".
Written ProvisionCse(const Provisioning& provisioning, const std::string& maf_uri);
// entity-<name>.json of each entity. `cse_uris` are the CSE's secure ones.
Written ProvisionEntities(const Provisioning& provisioning, const std::string& maf_uri,
                          const std::vector<std::string>& cse_uris);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_PROVISION_H_
