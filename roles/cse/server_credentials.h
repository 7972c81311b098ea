// SPDX-License-Identifier: GPL-3.0-or-later
//
// By what the CSE shows clients who it is, beside the PSKs that its plugin knows: a certificate, a
// raw public key (TS-0003 8.2.2.2), from the blocks "certificate" and "rawPublicKey" of cse.json.
#ifndef SAEF_ROLES_CSE_SERVER_CREDENTIALS_H_
#define SAEF_ROLES_CSE_SERVER_CREDENTIALS_H_

#include <optional>
#include <string>
#include <variant>

#include "bindings/configuration_file.h"
#include "bindings/credential.h"
#include "bindings/server.h"
#include "onem2m/entity_identifier.h"
#include "saef/plugin.h"

namespace saef::cse {

struct ServerCredentials {
  std::optional<bindings::CertificateCredential> certificate;
  std::optional<bindings::RawPublicKeyCredential> raw_public_key;

  bool any() const { return certificate || raw_public_key; }
};

// Reads the files that the document names; the schema has been checked. The certificate carries the
// CSE-ID's public domain name (TS-0003 10.1.1, TS-0001 6.5.1.1), or no client would take it. Or a
// sentence for a person.
std::variant<ServerCredentials, std::string> ReadServerCredentials(
    const bindings::ConfigurationFile& file, const onem2m::CseId& self);

// Gives them to a server, with the plugin as the judge of clients. `api` and `instance` outlive the
// server. What is wrong, or nothing.
std::optional<std::string> Offer(const ServerCredentials& credentials, const saef_api* api,
                                 saef_instance* instance, bindings::ServerOptions& options);

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_SERVER_CREDENTIALS_H_
