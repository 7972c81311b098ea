// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_parties.h"

#include <signal.h>

#include <boost/test/unit_test.hpp>

namespace saef::bench {
namespace {

BenchParties StartedParties(const BenchPartiesOptions& wishes) {
  BenchPartiesOptions options = wishes;
  options.command = SAEF_BENCH_COMMAND;
  options.module = SAEF_BENCH_MODULE;
  auto started = BenchParties::Start(options);
  const auto* const problem = std::get_if<std::string>(&started);
  BOOST_REQUIRE_MESSAGE(problem == nullptr, (problem != nullptr ? *problem : ""));
  return std::move(std::get<BenchParties>(started));
}

PskClients ClientsOf(const BenchParties& parties, saef_transport transport, int attempts = 1) {
  auto made = PskClients::Make({.transport = transport,
                                .port = parties.port(transport),
                                .time_limit = std::chrono::seconds(60),
                                .attempts = attempts});
  return std::move(std::get<PskClients>(made));
}

BOOST_AUTO_TEST_SUITE(bench_parties)

BOOST_AUTO_TEST_CASE(keys_of_the_filled_store_make_associations) {
  const BenchParties parties = StartedParties({.keys = 250});
  for (const saef_transport transport : {SAEF_DTLS, SAEF_TLS}) {
    const auto results = ClientsOf(parties, transport).Run(parties.clients(0, 250, true));
    for (const PskResult& result : results) {
      BOOST_TEST(result.established);
      BOOST_TEST(result.answered);
      BOOST_TEST(result.attempts == 1);
      BOOST_TEST(result.failure == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_key_of_another_is_refused) {
  const BenchParties parties = StartedParties({.keys = 2});
  PskClient thief = parties.client(0);
  thief.key = parties.client(1).key;
  PskClient nobody = parties.client(0);
  nobody.identity = "00000000000000000000000000000000@maf.example.com";
  for (const saef_transport transport : {SAEF_DTLS, SAEF_TLS}) {
    const auto results = ClientsOf(parties, transport, 2).Run({thief, nobody});
    BOOST_TEST(!results.at(0).established);
    BOOST_TEST(!results.at(1).established);
    BOOST_TEST(results.at(1).attempts == 2);
    BOOST_TEST(results.at(1).failure == "handshake: alert 115");
  }
}

BOOST_AUTO_TEST_CASE(the_plugin_goes_where_it_is_told) {
  std::uint16_t told = 0;
  const BenchParties parties = StartedParties({.keys = 1, .relay = [&told](std::uint16_t port) {
                                                 told = port;
                                                 return port;
                                               }});
  BOOST_TEST(told == parties.maf_port());
  BOOST_TEST(told != 0);
}

BOOST_AUTO_TEST_CASE(a_cse_ends_before_its_relay_does) {
  pid_t first = 0;
  bool was_there = false;
  BenchParties parties = StartedParties({.keys = 1, .relay = [&](std::uint16_t port) {
                                           was_there = first != 0 && kill(first, 0) == 0;
                                           return port;
                                         }});
  first = parties.cse();
  BOOST_TEST_REQUIRE(!parties.RestartCse());
  BOOST_TEST(!was_there);
}

BOOST_AUTO_TEST_CASE(without_its_relay_no_cse_starts) {
  bool is_there = true;
  BenchParties parties =
      StartedParties({.keys = 1, .relay = [&is_there](std::uint16_t port) -> std::uint16_t {
                        return is_there ? port : 0;
                      }});
  is_there = false;
  BOOST_TEST(parties.RestartCse().value_or("") == "there is no relay to the MAF");
}

BOOST_AUTO_TEST_CASE(a_process_is_looked_at) {
  BenchParties parties = StartedParties({.keys = 1});
  BOOST_TEST(ProcessorTime(parties.cse()).count() > 0);
  BOOST_TEST(ResidentOctets(parties.maf()) > 0);
  BOOST_TEST(OpenFiles(parties.cse()) > 2U);
  const pid_t before = parties.cse();
  BOOST_REQUIRE(!parties.RestartCse());
  BOOST_TEST(parties.cse() != before);
  const auto results = ClientsOf(parties, SAEF_DTLS).Run({parties.client(0, true)});
  BOOST_TEST(results.at(0).answered);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bench
