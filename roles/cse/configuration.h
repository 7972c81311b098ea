// SPDX-License-Identifier: GPL-3.0-or-later
//
// cse.json, read and checked; docs/configuration.md describes it.
#ifndef SAEF_ROLES_CSE_CONFIGURATION_H_
#define SAEF_ROLES_CSE_CONFIGURATION_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bindings/uri.h"
#include "onem2m/entity_identifier.h"
#include "roles/cse/forwarder.h"
#include "roles/cse/limits.h"
#include "roles/cse/policy.h"
#include "roles/cse/server_credentials.h"
#include "roles/statistics/configuration.h"
#include "saef/gate.h"

namespace saef::cse {

struct PluginConfiguration {
  std::string module;  // a path with a '/' in it, so that dlopen searches nowhere
  std::string config;
};

// 0: the gate's own default.
struct GateLimits {
  std::size_t max_held_sessions = 0;
  std::size_t max_held_bytes = 0;
  std::uint32_t max_hold_ms = 0;
  std::uint32_t blocking_ms = 0;  // not 0: the PSK callback waits so long instead
};

// Of each binding's server.
struct ServerLimits {
  std::size_t threads = 0;  // 0: as many as there are processors
  std::size_t max_sessions = 20000;
  std::size_t max_sessions_per_source = 0;  // 0, here and below: as bindings::ServerOptions says
  std::size_t max_handshakes = 0;
  std::size_t max_handshakes_per_source = 0;
  std::size_t max_content_length = 256 * 1024;
  std::chrono::seconds idle_timeout{300};
  std::chrono::seconds handshake_timeout{30};
};

// Another CSE, with which this one associates as Entity A (TS-0003 8.2).
struct RemoteCseConfiguration {
  std::string entity;         // the path of its entity.json
  bool is_registrar = false;  // this CSE registers there
  std::chrono::seconds refresh{30};
};

struct Configuration {
  onem2m::CseId id;
  std::string resource_name;  // of CSEBase
  std::vector<bindings::Uri> listen;
  std::optional<PluginConfiguration> plugin;
  saef_gate_refusal refusal = SAEF_GATE_ALERT;
  GateLimits gate;
  ServerLimits server;
  Limits tree;
  Policy policy;
  std::vector<RemoteCseConfiguration> remote_cses;
  ForwarderOptions forwarding;
  ServerCredentials credentials;
  std::optional<statistics::EndpointOptions> statistics = std::nullopt;
};

// Or a sentence for a person: which file, where in it, what would be right.
std::variant<Configuration, std::string> ReadConfiguration(const std::string& path);

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_CONFIGURATION_H_
