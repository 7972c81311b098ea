// SPDX-License-Identifier: GPL-3.0-or-later
//
// The MAF's configuration, maf.json (docs/configuration.md), read and checked as a whole: the JSON,
// the key files it names, and what must fit together.
#ifndef SAEF_ROLES_MAF_CONFIGURATION_H_
#define SAEF_ROLES_MAF_CONFIGURATION_H_

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bindings/credential.h"
#include "bindings/server_limits.h"
#include "bindings/uri.h"
#include "onem2m/fqdn.h"
#include "onem2m/secret.h"
#include "roles/maf/client_table.h"
#include "roles/maf/enrolled_clients.h"
#include "roles/statistics/configuration.h"

namespace saef::maf {

// How long keys live (TS-0003 8.2.2.3 NOTE 5: assigning it is the MAF's responsibility).
struct Lifetime {
  std::chrono::seconds standard{86400};  // for a source that wishes none
  std::chrono::seconds most{604800};
};

// How the MAF takes part in handshakes with certificates (TS-0003 8.x.4, 10.2.3).
struct CertificateConfiguration {
  bindings::CertificateCredential credential;
  std::vector<std::string> trust_anchors;  // of the clients' certificates, DER
};

struct Configuration {
  onem2m::Fqdn fqdn;
  std::vector<bindings::Uri> listen;  // coaps and https only
  std::string store;                  // path
  onem2m::Secret store_key;           // 32 octets
  Lifetime lifetime;
  std::size_t max_keys_per_client = 10000;
  bool end_session_after_procedure = false;
  std::chrono::milliseconds answer_delay{0};  // for trials of slow MAFs
  std::chrono::seconds sweep_interval{30};
  ClientTable clients;
  std::optional<CertificateConfiguration> certificate = std::nullopt;
  // Remote Security Provisioning (TS-0003 8.x.2); those that are enrolled stand in `clients` too.
  std::vector<end_point::MefAccess> mefs{};
  std::vector<EnrolledClient> enrolled{};
  std::optional<statistics::EndpointOptions> statistics = std::nullopt;
  bindings::ServerLimits server{};
};

// Or a sentence for a person.
std::variant<Configuration, std::string> ReadConfiguration(const std::string& path);

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_CONFIGURATION_H_
