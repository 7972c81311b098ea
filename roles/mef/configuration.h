// SPDX-License-Identifier: GPL-3.0-or-later
//
// The MEF's configuration, mef.json (docs/configuration.md), read and checked as a whole.
#ifndef SAEF_ROLES_MEF_CONFIGURATION_H_
#define SAEF_ROLES_MEF_CONFIGURATION_H_

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bindings/server_limits.h"
#include "bindings/uri.h"
#include "end-point/maf_credential.h"
#include "onem2m/fqdn.h"
#include "onem2m/secret.h"
#include "roles/mef/participants.h"
#include "roles/statistics/configuration.h"

namespace saef::mef {

struct Configuration {
  onem2m::Fqdn fqdn;
  std::vector<bindings::Uri> listen;                           // coaps and https only
  std::string store;                                           // path
  onem2m::Secret store_key;                                    // 32 octets
  std::chrono::seconds lifetime{std::chrono::hours(24 * 30)};  // of Ke: the Enrolment Expiry
  // For those that come with a certificate: ours, and the CAs that theirs chain to.
  std::optional<end_point::CertificateAccess> certificate;
  Participants participants;
  std::optional<statistics::EndpointOptions> statistics = std::nullopt;
  bindings::ServerLimits server{};
};

// Or a sentence for a person.
std::variant<Configuration, std::string> ReadConfiguration(const std::string& path);

}  // namespace saef::mef

#endif  // SAEF_ROLES_MEF_CONFIGURATION_H_
