// SPDX-License-Identifier: GPL-3.0-or-later
//
// Configuration: saef.json, read, checked and completed with what the files it names hold.
// docs/configuration.md describes it for people; the schema stands in configuration.cc.
#ifndef SAEF_PLUGIN_CONFIGURATION_H_
#define SAEF_PLUGIN_CONFIGURATION_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bindings/uri.h"
#include "end-point/credential_fetch.h"
#include "end-point/maf_credential.h"
#include "onem2m/entity_identifier.h"
#include "onem2m/fqdn.h"
#include "plugin/back_off.h"
#include "plugin/identity_configuration.h"
#include "plugin/key_cache.h"
#include "plugin/refusals.h"

namespace saef::plugin {

enum class Require {
  kStandard,  // what TS-0004 7.3.2.1 demands
  kAlways,    // an association for every request
  kWatch,     // nothing: what would be refused is logged
};

struct MafConfiguration {
  onem2m::Fqdn fqdn;
  // None: the MEF tells it, so the credential is an enrolment.
  std::optional<bindings::Uri> key_retrieval;
  end_point::MafCredential credential;
};

struct Configuration {
  onem2m::CseId cse;
  std::vector<MafConfiguration> mafs;
  std::vector<end_point::MefAccess> mefs{};  // no FQDN is also one of the MAFs'
  IdentityConfiguration identity{};
  Require require = Require::kStandard;
  KeyCache::Limits cache{};
  Refusals::Limits refusals{};
  std::chrono::milliseconds fetch_timeout{10000};
  std::size_t max_in_flight = 16384;
  std::uint16_t window = 1024;     // requests under way at a time in a session with an issuer …
  std::uint16_t sessions = 4;      // … of so many
  std::uint16_t connections = 32;  // the same of HTTP, where each carries one request
  std::size_t max_refused_per_second = 2000;
  BackOff::Limits back_off{};
  std::size_t max_associations = 100000;
  // TS-0003 has no word of it: are keys observed at their MAFs (RFC 7641), and how many at each.
  std::size_t max_observations = 10000;  // 0: none
};

// Or a sentence for a person: which file, where in it, what would be right.
std::variant<Configuration, std::string> ReadConfiguration(const std::string& path);

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_CONFIGURATION_H_
