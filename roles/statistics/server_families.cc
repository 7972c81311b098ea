// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/statistics/server_families.h"

#include <cstdint>
#include <span>

#include "bindings/server_statistics.h"

namespace saef::statistics {
namespace {

using bindings::ServerStatistics;

struct Member {
  const char* name;
  const char* help;
  std::uint64_t ServerStatistics::*value;
};
constexpr Member kNow[] = {
    {"saef_server_sessions", "Open sessions, with those in their handshake and those in the clear.",
     &ServerStatistics::sessions},
    {"saef_server_handshakes", "Handshakes under way.", &ServerStatistics::handshakes},
    {"saef_server_held_sessions", "Handshakes that wait at the gate for their key.",
     &ServerStatistics::held_sessions},
    {"saef_server_held_bytes", "What the gate keeps of handshakes that wait, in octets.",
     &ServerStatistics::held_bytes},
    {"saef_server_observed_resources", "Resources that are observed, each client's counted.",
     &ServerStatistics::observers},
};
constexpr Member kSinceStart[] = {
    {"saef_server_sessions_opened_total", "Sessions that were begun.",
     &ServerStatistics::sessions_opened},
    {"saef_server_sessions_replaced_total",
     "Sessions over DTLS whose peer began anew from the same address and port.",
     &ServerStatistics::sessions_replaced},
    {"saef_server_requests_total", "Requests that came.", &ServerStatistics::requests},
    {"saef_server_gate_datagrams_dropped_total",
     "Datagrams beyond what the gate may keep of one handshake.",
     &ServerStatistics::gate_datagrams_dropped},
};
// By a label.
constexpr Member kHandshakes[] = {
    {"done", nullptr, &ServerStatistics::handshakes_done},
    {"failed", nullptr, &ServerStatistics::handshakes_failed},
};
constexpr Member kRefusals[] = {
    {"source_bound", nullptr, &ServerStatistics::refused_by_source_bound},
    {"total_bound", nullptr, &ServerStatistics::refused_by_total_bound},
    {"held_bound", nullptr, &ServerStatistics::gate_refusals_for_sessions},
    {"held_too_long", nullptr, &ServerStatistics::gate_refusals_for_time},
};

struct Read {
  std::string binding;
  ServerStatistics statistics;
};

std::vector<Sample> SamplesOf(const std::vector<Read>& servers, const Member& member) {
  std::vector<Sample> samples;
  samples.reserve(servers.size());
  for (const Read& server : servers) {
    samples.push_back(
        With("binding", server.binding, static_cast<double>(server.statistics.*member.value)));
  }
  return samples;
}

std::vector<Sample> SamplesBy(const char* label, const std::vector<Read>& servers,
                              std::span<const Member> members) {
  std::vector<Sample> samples;
  for (const Member& member : members) {
    for (Sample& sample : SamplesOf(servers, member)) {
      sample.labels.push_back({label, member.name});
      samples.push_back(std::move(sample));
    }
  }
  return samples;
}

}  // namespace

Families ServerFamilies(const std::vector<NamedServer>& servers) {
  std::vector<Read> read;
  read.reserve(servers.size());
  for (const NamedServer& named : servers) {
    read.push_back({named.binding, named.server->statistics()});
  }
  Families families;
  for (const Member& member : kNow) {
    families.push_back(GaugeFamily(member.name, member.help, SamplesOf(read, member)));
  }
  for (const Member& member : kSinceStart) {
    families.push_back(CounterFamily(member.name, member.help, SamplesOf(read, member)));
  }
  families.push_back(
      CounterFamily("saef_server_handshakes_total",
                    "Handshakes that have ended; failed: refused, given up, or not done in time.",
                    SamplesBy("outcome", read, kHandshakes)));
  families.push_back(CounterFamily(
      "saef_server_refused_total",
      "Sessions refused for a bound: of their source, of the server, of those that wait for a key, "
      "and of the time that they may.",
      SamplesBy("reason", read, kRefusals)));
  return families;
}

}  // namespace saef::statistics
