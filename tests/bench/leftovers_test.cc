// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is left in a CSE after storms and floods: no session, nothing held at the gate, no fetch or
// waiter, no association, no descriptor, no more memory than before; and after handshakes that
// failed, as much room as before. The CSE is a process of its own, so that all it has is counted.
#include <boost/test/unit_test.hpp>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <variant>

#include "tests/bench/bench_parties.h"
#include "tests/bench/garbage.h"
#include "tools/top/place.h"

namespace saef::bench {
namespace {

// How large it is.
#ifdef SAEF_BENCH_SANITIZED
constexpr std::size_t kStorm = 60;
constexpr int kRounds = 2;
constexpr bool kCountMemory = false;  // a sanitizer keeps what was freed, and finds leaks itself
#else
constexpr std::size_t kStorm = 500;
constexpr int kRounds = 6;
constexpr bool kCountMemory = true;
#endif
const std::string kStatistics = R"(,"statistics":{"port":0})";  // a member of cse.json
constexpr std::size_t kBound = 12;  // sessions, where their number is bound
constexpr std::chrono::seconds kPatience{60};
// A handshake that falls silent has so long.
constexpr std::chrono::seconds kHandshakeTimeout{1};

BenchParties Start(std::size_t keys, const std::string& plugin_more, const std::string& cse_more) {
  auto started = BenchParties::Start({.command = SAEF_BENCH_COMMAND,
                                      .module = SAEF_BENCH_MODULE,
                                      .keys = keys,
                                      .plugin_more = plugin_more,
                                      .cse_more = cse_more});
  const auto* const problem = std::get_if<std::string>(&started);
  BOOST_REQUIRE_MESSAGE(problem == nullptr, (problem != nullptr ? *problem : ""));
  return std::move(std::get<BenchParties>(started));
}

PskClients Make(const PskClientsOptions& options) {
  auto made = PskClients::Make(options);
  BOOST_REQUIRE(made.index() == 0u);
  return std::move(std::get<PskClients>(made));
}

std::size_t CountEstablished(const std::vector<PskResult>& results) {
  std::size_t established = 0;
  for (const PskResult& result : results) established += result.established ? 1 : 0;
  return established;
}

bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

// What the CSE tells of what is there now, as `saef top` asks it. All of it is 0 while nobody
// comes.
const std::string kThere[] = {"saef_server_sessions{binding=coap}",
                              "saef_server_sessions{binding=http}",
                              "saef_server_handshakes{binding=coap}",
                              "saef_server_handshakes{binding=http}",
                              "saef_server_held_sessions{binding=coap}",
                              "saef_server_held_sessions{binding=http}",
                              "saef_server_held_bytes{binding=coap}",
                              "saef_server_held_bytes{binding=http}",
                              "saef_server_observed_resources{binding=coap}",
                              "saef_plugin_key_retrievals_in_flight",
                              "saef_plugin_key_retrievals_queued",
                              "saef_plugin_waiters",
                              "saef_plugin_associations"};

// Those that aren't 0 (-1: it isn't told), as a text; empty: there is nothing.
std::string WhatIsThere(const BenchParties& parties) {
  const auto place = tools::ReadPlace(parties.cse_statistics_uri());
  if (!place) return "the CSE tells no statistics";
  const auto taken = tools::TakeSnapshot(*place, kPatience);
  if (const auto* fault = std::get_if<tools::PlaceFault>(&taken)) return fault->text;
  std::string text;
  for (const std::string& series : kThere) {
    const double value = std::get<tools::Snapshot>(taken).Value(series).value_or(-1);
    if (value != 0) text += series + " " + std::to_string(value) + "\n";
  }
  return text;
}

// Waits until there is nothing.
void ExpectNothingIsThere(const BenchParties& parties) {
  const bool is_empty = Eventually([&] { return WhatIsThere(parties).empty(); });
  BOOST_TEST(is_empty, "left in the CSE:\n" << WhatIsThere(parties));
}

// Identities that no MAF has given, different ones for each `series`.
std::vector<PskClient> Invented(std::size_t count, std::size_t series) {
  std::vector<PskClient> clients;
  for (std::size_t i = 0; i < count; ++i) {
    std::string number = std::to_string(series * 100000 + i);
    number.insert(0, 32 - number.size(), 'F');
    clients.push_back({number + "@maf.example.com", std::string(32, 'x'), ""});
  }
  return clients;
}

std::vector<PskClient> WithWrongKeys(std::vector<PskClient> clients) {
  for (PskClient& client : clients) client.key.back() ^= 1;
  return clients;
}

BOOST_AUTO_TEST_SUITE(leftovers)

// As many honest sessions stand at once as may, however many handshakes have failed, whichever way.
BOOST_AUTO_TEST_CASE(a_failed_handshake_lowers_no_capacity) {
  const BenchParties parties = Start(
      kBound + 1, "",
      R"(,"limits":{"maxSessions":)" + std::to_string(kBound) + R"(,"maxSessionsPerSource":)" +
          std::to_string(kBound) + R"(,"handshakeTimeoutSeconds":)" +
          std::to_string(kHandshakeTimeout.count()) + "}" + kStatistics);
  for (const saef_transport transport : {SAEF_DTLS, SAEF_TLS}) {
    BOOST_TEST_CONTEXT((transport == SAEF_DTLS ? "DTLS" : "TLS")) {
      PskClientsOptions options;
      options.transport = transport;
      options.port = parties.port(transport);
      options.at_once = 4;
      const auto honest = parties.clients(0, kBound, true);
      PskClients failing = Make(options);
      // Refused with an alert, several times what there is room for.
      BOOST_TEST(CountEstablished(failing.Run(Invented(4 * kBound, transport))) == 0u);
      // A wrong key: over DTLS the server hears nothing that it can read, and the client goes away
      // without a word, as silent ones do.
      options.time_limit = std::chrono::milliseconds(100);
      options.at_once = 2 * kBound;
      PskClients silent = Make(options);
      BOOST_TEST(CountEstablished(silent.Run(WithWrongKeys(parties.clients(0, kBound)))) == 0u);
      {
        Garbage garbage(parties.port(SAEF_DTLS), 2000);
        BOOST_TEST(Eventually([&] { return garbage.sent() >= 400; }));
      }
      options.time_limit = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience);
      options.at_once = 2;
      options.keep = true;
      // Those that fell silent have their time first.
      PskClients clients = Make(options);
      std::vector<PskResult> results;
      BOOST_TEST(Eventually([&] {
        results = clients.Run(honest);
        return CountEstablished(results) == kBound;
      }));
      for (const PskResult& result : results) {
        BOOST_TEST(result.answered);
        BOOST_TEST(result.failure == "");
      }
      BOOST_TEST(clients.kept() == kBound);
      BOOST_TEST(WhatIsThere(parties) != "");
      clients.Close();
      ExpectNothingIsThere(parties);
    }
  }
}

// Storms of known and of invented identities, and garbage between them, over and over.
BOOST_AUTO_TEST_CASE(nothing_is_left_of_storms_and_floods) {
  BOOST_REQUIRE(!AllowSockets(4 * kStorm).has_value());
  const BenchParties parties =
      Start(kStorm, R"(,"cache":{"refusalSeconds":1,"maxRefusals":1000})",
            R"(,"limits":{"handshakeTimeoutSeconds":)" + std::to_string(kHandshakeTimeout.count()) +
                "}" + kStatistics);
  const auto run = [&](saef_transport transport, const std::vector<PskClient>& clients, bool keep) {
    PskClientsOptions options;
    options.transport = transport;
    options.port = parties.port(transport);
    options.at_once = clients.size();
    options.time_limit = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience);
    options.keep = keep;
    PskClients all = Make(options);
    const std::size_t established = CountEstablished(all.Run(clients));
    all.Close();
    return established;
  };
  const auto storm = [&](std::size_t round) {
    for (const saef_transport transport : {SAEF_DTLS, SAEF_TLS}) {
      BOOST_TEST(run(transport, parties.clients(0, kStorm, true), true) == kStorm);
      BOOST_TEST(run(transport, Invented(kStorm, 2 * round + transport), false) == 0u);
    }
    Garbage garbage(parties.port(SAEF_DTLS), 10000);
    BOOST_TEST(Eventually([&] { return garbage.sent() >= kStorm; }));
  };

  ExpectNothingIsThere(parties);
  storm(0);  // the tables have their sizes from here on
  storm(1);
  std::vector<double> resident;
  BOOST_TEST(run(SAEF_TLS, parties.clients(0, 1), false) == 1u);
  std::this_thread::sleep_for(kHandshakeTimeout);
  const std::size_t files = OpenFiles(parties.cse());
  resident.push_back(ResidentOctets(parties.cse()));
  for (int round = 0; round < kRounds; ++round) {
    storm(static_cast<std::size_t>(round) + 2);
    ExpectNothingIsThere(parties);
    const bool is_as_before = Eventually([&] { return OpenFiles(parties.cse()) <= files; });
    BOOST_TEST(is_as_before, OpenFiles(parties.cse()) << " files open, " << files << " before");
    resident.push_back(ResidentOctets(parties.cse()));
  }
  // 128 octets more for each session of the rounds after the first would be seen.
  const double sessions = 4.0 * kStorm * (kRounds - 1);
  const double more = resident.back() - resident[1];
  std::cout << "resident octets after each round:";
  for (const double octets : resident) std::cout << " " << static_cast<std::uint64_t>(octets);
  std::cout << "\n";
  if (kCountMemory) BOOST_TEST(more <= 128 * sessions);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bench
