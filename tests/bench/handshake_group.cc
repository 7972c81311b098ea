// SPDX-License-Identifier: GPL-3.0-or-later
//
// Handshakes with the reference CSE, every Kc cached, beside the same server with one static key
// and beside `openssl s_server`. Figures: the server's processor time for each handshake, its
// session's end included; and, for information, handshakes a second on the wall while the clients
// use the same cores.
//
// The servers have one processor and the clients another. A sample is a block of a hundred,
// measured in turn with the other servers', so that whatever else the machine does meanwhile falls
// on all of them; and all are started three times for each repetition: where a process's memory
// comes to lie is worth some hundredths, too.
//
// s_server serves one client after the other, so it has a figure of ours beside it whose clients
// come one by one, too.
#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tests/bench/bench_parties.h"
#include "tests/bench/group.h"
#include "tests/bench/handshake_cost.h"
#include "tests/bench/processor_split.h"

namespace saef::bench {
namespace {

constexpr std::size_t kAtOnce = 8;

struct Amount {
  int starts;  // for each repetition
  std::size_t keys;
  std::size_t blocks;
  std::size_t handshakes;  // of a block
};
Amount AmountFor(const Settings& settings) {
  if (settings.effort.smoke) return {1, 20, 1, 20};
  return {3, 1000, 10, 100};
}

// One thing that is measured, and what its blocks have cost so far.
struct Contender {
  std::string name;
  Served server;
  std::size_t at_once;
  std::vector<PskClient> clients;  // all of them; a block takes the next few
  std::vector<HandshakeCost> blocks{};
  std::size_t next = 0;
};

Problem RunBlock(Contender& contender, std::size_t handshakes) {
  std::vector<PskClient> some;
  for (std::size_t i = 0; i < handshakes; ++i) {
    some.push_back(contender.clients[contender.next++ % contender.clients.size()]);
  }
  auto cost = CostOfHandshakes(contender.server, some, contender.at_once);
  if (const auto* const problem = std::get_if<std::string>(&cost)) {
    return contender.name + ": " + *problem;
  }
  contender.blocks.push_back(std::get<HandshakeCost>(cost));
  return std::nullopt;
}

Problem MeasureAll(std::vector<Contender> contenders, const Settings& settings, Results& results) {
  const Amount amount = AmountFor(settings);
  const ProcessorSplit split;
  for (const Contender& contender : contenders) split.PutServer(contender.server.process);
  std::vector<Contender*> order;
  for (Contender& contender : contenders) order.push_back(&contender);
  std::minstd_rand random(std::random_device{}());
  for (std::size_t block = 0; block < amount.blocks; ++block) {
    std::shuffle(order.begin(), order.end(), random);
    for (Contender* const contender : order) {
      if (auto problem = RunBlock(*contender, amount.handshakes)) return problem;
    }
  }
  for (const Contender& contender : contenders) {
    for (const HandshakeCost& cost : contender.blocks) {
      results.Add({contender.name, "us", {cost.processor}});
      results.Add({contender.name + "-rate", "1/s", {cost.a_second}});
    }
  }
  return std::nullopt;
}

Problem MeasureTransport(const BenchParties& parties, const StaticServer& fixed,
                         const Settings& settings, saef_transport transport, Results& results) {
  const std::string prefix = transport == SAEF_DTLS ? "handshake/dtls/" : "handshake/tls/";
  const std::vector<PskClient> many = parties.clients(0, AmountFor(settings).keys);
  auto openssl = OpensslServer::Start(transport, many.front());
  if (auto* const problem = std::get_if<std::string>(&openssl)) return std::move(*problem);
  const Served cse{parties.cse(), transport, parties.port(transport)};
  // Has the keys fetched.
  const auto fetching = CostOfHandshakes(cse, many, kAtOnce);
  if (const auto* const problem = std::get_if<std::string>(&fetching)) return *problem;
  const std::vector<PskClient> same = {many.front()};
  return MeasureAll({{prefix + "cached", cse, kAtOnce, many},
                     {prefix + "static", fixed.served(transport), kAtOnce, same},
                     {prefix + "cached-one-by-one", cse, 1, many},
                     {prefix + "openssl", std::get<0>(openssl).served(), 1, same}},
                    settings, results);
}

void CompareTransport(saef_transport transport, Results& results) {
  const std::string prefix = transport == SAEF_DTLS ? "handshake/dtls/" : "handshake/tls/";
  for (const std::string_view what : {"", "-rate"}) {
    const auto name = [&](const char* figure) { return prefix + figure + std::string(what); };
    results.Compare(name("cached"), name("static"));
    results.Compare(name("cached-one-by-one"), name("openssl"));
  }
}

Problem MeasureOneStart(const Settings& settings, Results& results) {
  auto started = BenchParties::Start(
      {.command = settings.saef, .module = settings.module, .keys = AmountFor(settings).keys});
  if (auto* const problem = std::get_if<std::string>(&started)) return std::move(*problem);
  const BenchParties& parties = std::get<BenchParties>(started);
  auto fixed = StaticServer::Start(settings.static_server, parties.client(0));
  if (auto* const problem = std::get_if<std::string>(&fixed)) return std::move(*problem);
  for (const saef_transport transport : {SAEF_DTLS, SAEF_TLS}) {
    if (auto problem = MeasureTransport(parties, std::get<StaticServer>(fixed), settings, transport,
                                        results)) {
      return problem;
    }
  }
  return std::nullopt;
}

}  // namespace

Problem MeasureHandshake(const Settings& settings, Results& results) {
  const int starts = settings.effort.repetitions * AmountFor(settings).starts;
  for (int start = 0; start < starts; ++start) {
    if (auto problem = MeasureOneStart(settings, results)) return problem;
  }
  for (const saef_transport transport : {SAEF_DTLS, SAEF_TLS}) CompareTransport(transport, results);
  return std::nullopt;
}

}  // namespace saef::bench
