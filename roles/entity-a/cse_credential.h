// SPDX-License-Identifier: GPL-3.0-or-later
//
// CseCredential: by what Entity A authenticates to the CSE itself, without a MAF: a certificate or
// a raw public key (TS-0003 8.2.2.2), or a Provisioned Secure Connection Key (8.2.2.1). Read from
// the block "credential" of entity.json (docs/configuration.md):
//
//   {"certificate": {"chainFile": …, "keyFile": …, "trustAnchorFiles": […]}}
//   {"rawPublicKey": {"publicKeyFile": …, "keyFile": …, "csePublicKeyFiles": […]}}
//   {"kpsaId": …, "kpsaFile": …}
//   {"enrolment": {"mef": …, "stateFile": …}}      Kpsa by Remote Security Provisioning (8.3.2)
//
// Threads: any.
#ifndef SAEF_ROLES_ENTITY_A_CSE_CREDENTIAL_H_
#define SAEF_ROLES_ENTITY_A_CSE_CREDENTIAL_H_

#include <rapidjson/document.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "bindings/client.h"
#include "bindings/configuration_file.h"
#include "bindings/credential.h"
#include "end-point/maf_credential.h"
#include "onem2m/fqdn.h"

namespace saef::entity_a {

struct CseCredential {
  bindings::Credential own;   // none where there is an enrolment
  bindings::PeerTrust trust;  // whom it takes for the CSE; empty with a Kpsa, which both have
  std::optional<end_point::Enrolment> enrolment{};
};

// The schema of the block.
extern const std::string_view kCseCredentialSchema;

// `block` has been checked against the schema. `cse_name` is the CSE's public domain name, which
// its certificate must carry exactly (TS-0003 8.1.2.4, 10.1.1). Or a sentence that begins with the
// place in the document.
std::variant<CseCredential, std::string> ReadCseCredential(const bindings::ConfigurationFile& file,
                                                           const rapidjson::Value& block,
                                                           const std::string& cse_name);

// Fills credential and trust of a client of the CSE; not where there is an enrolment.
bindings::Result<void> Apply(const CseCredential& credential, bindings::ClientOptions& options);

}  // namespace saef::entity_a

#endif  // SAEF_ROLES_ENTITY_A_CSE_CREDENTIAL_H_
