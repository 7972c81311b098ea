// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/primitive_requests.h"

#include <utility>

#include "tests/bench/bench_parties.h"
#include "tests/bench/handshake_cost.h"

namespace saef::bench {
namespace {

constexpr std::size_t kSessions = 4;

// A repetition is made of short blocks of each server in turn, so that whatever else the machine
// does meanwhile falls on both.
struct Requests {
  std::size_t blocks;
  std::size_t of_block;  // and session
};
Requests RequestsFor(const Settings& settings) {
  if (settings.effort.smoke) return {1, 10};
  return {5, 400};
}

// The mean of the blocks, in turn; or a sentence.
Problem MeasureInTurn(const std::pair<std::string, Served> (&servers)[2],
                      const std::vector<PskClient> (&clients)[2], const Requests& amount,
                      Results& results) {
  double sums[2] = {};
  for (std::size_t block = 0; block < amount.blocks; ++block) {
    for (std::size_t turn = 0; turn < 2; ++turn) {
      const std::size_t which = (block + turn) % 2;
      const auto cost = RequestCost(servers[which].second, clients[which], amount.of_block);
      if (const auto* const problem = std::get_if<std::string>(&cost)) {
        return servers[which].first + ": " + *problem;
      }
      sums[which] += std::get<double>(cost);
    }
  }
  for (std::size_t which = 0; which < 2; ++which) {
    results.Add({servers[which].first, "us", {sums[which] / static_cast<double>(amount.blocks)}});
  }
  return std::nullopt;
}

}  // namespace

Problem AddRequests(const Settings& settings, Results& results) {
  auto started =
      BenchParties::Start({.command = settings.saef, .module = settings.module, .keys = kSessions});
  if (auto* const problem = std::get_if<std::string>(&started)) return std::move(*problem);
  const BenchParties& parties = std::get<BenchParties>(started);
  auto fixed = StaticServer::Start(settings.static_server, parties.client(0));
  if (auto* const problem = std::get_if<std::string>(&fixed)) return std::move(*problem);
  const std::vector<PskClient> clients[2] = {
      parties.clients(0, kSessions, true),
      std::vector<PskClient>(kSessions, parties.client(0, true))};
  for (int repetition = 0; repetition < settings.effort.repetitions; ++repetition) {
    for (const saef_transport transport : {SAEF_DTLS, SAEF_TLS}) {
      const std::string prefix = transport == SAEF_DTLS ? "primitive/coap/" : "primitive/http/";
      const std::pair<std::string, Served> servers[2] = {
          {prefix + "associated", {parties.cse(), transport, parties.port(transport)}},
          {prefix + "static", std::get<StaticServer>(fixed).served(transport)}};
      if (auto problem = MeasureInTurn(servers, clients, RequestsFor(settings), results)) {
        return problem;
      }
    }
  }
  results.Compare("primitive/coap/associated", "primitive/coap/static");
  results.Compare("primitive/http/associated", "primitive/http/static");
  return std::nullopt;
}

}  // namespace saef::bench
