// SPDX-License-Identifier: BSD-2-Clause
//
// What a client sends: datagrams and streams, whole and in pieces, up to the bounds.
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "core-adapter/src/gate_test.h"
#include "tests/abi/client_flight.h"
#include "tests/abi/failing_malloc.h"

namespace saef::abi_test {
namespace {

BOOST_FIXTURE_TEST_SUITE(gate_receive, GateFixture)

BOOST_AUTO_TEST_CASE(hit_passes_at_once_and_costs_no_memory) {
  plugin.AnswerAtOnce("a", SAEF_KEY, kGateKey);
  GatePeer &peer = Open();
  const Octets key_exchange = DtlsKeyExchange("a", 2);
  BOOST_TEST(Receive(peer, DtlsClientHello(1)) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_NEED_MORE);
  Receive(Open(), key_exchange);  // whatever the plugin keeps, it keeps now
  const size_t before = Allocations();
  const int32_t verdict =
      saef_gate_receive(peer.session, key_exchange.data(), key_exchange.size(), 0);
  // The fake plugin's own strings are short enough to live in themselves.
  BOOST_TEST(Allocations() == before);
  BOOST_TEST(verdict == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_KEY);
  BOOST_TEST(Key(peer, "a") == kGateKey);
  BOOST_TEST(saef_gate_deadline(gate) == -1);
  BOOST_TEST(saef_gate_session_established(peer.session) == SAEF_DONE);
  BOOST_TEST(saef_gate_session_association(peer.session) != SAEF_NO_ASSOCIATION);
  Close(peer);
  BOOST_TEST(plugin.counts().dissociated == 1);
}

BOOST_AUTO_TEST_CASE(bound_on_sessions) {
  Make(SAEF_DTLS, SAEF_GATE_ALERT, 2);
  plugin.Withhold("a");
  plugin.AnswerAtOnce("hit", SAEF_KEY, kGateKey);
  GatePeer &first = Open();
  BOOST_TEST(Receive(first, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  BOOST_TEST(Receive(Open(), DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  GatePeer &third = Open();
  BOOST_TEST(Receive(third, DtlsKeyExchange("a", 2)) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(third.session) == SAEF_UNAVAILABLE);
  BOOST_TEST(Key(third, "a").empty());
  GatePeer &hit = Open(), &foreign = Open();
  BOOST_TEST(Receive(hit, DtlsKeyExchange("hit", 2)) == SAEF_GATE_PASS);
  BOOST_TEST(Key(hit, "hit") == kGateKey);
  Receive(foreign, DtlsKeyExchange("x", 2));
  BOOST_TEST(saef_gate_session_outcome(foreign.session) == SAEF_NOT_MINE);
  // One who needn't wait isn't refused.
  BOOST_TEST(Statistics().refused_for_sessions == 1u);
  BOOST_TEST(Statistics().held_sessions == 2u);
  Close(first);
  BOOST_TEST(Receive(Open(), DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  BOOST_TEST(Statistics().refused_for_sessions == 1u);
  BOOST_TEST(Statistics().refused_for_time == 0u);
  Process(1000);
  BOOST_TEST(Statistics().refused_for_time == 2u);
  BOOST_TEST(Statistics().held_sessions == 0u);
}

BOOST_AUTO_TEST_CASE(repeated_flights_are_kept_once) {
  Make(SAEF_DTLS, SAEF_GATE_ALERT, 0, 400);
  plugin.Withhold("a");
  GatePeer &peer = Open();
  uint8_t sequence = 2;
  for (uint8_t round = 0; round < 30; ++round) {
    BOOST_TEST(Receive(peer, DtlsKeyExchange("a", sequence++)) == SAEF_GATE_HELD);
    BOOST_TEST(Receive(peer, DtlsFinished(round, round)) == SAEF_GATE_HELD);
  }
  plugin.Answer("a", SAEF_KEY, kGateKey);
  Process();
  BOOST_TEST((peer.fed == std::vector<Octets>{DtlsKeyExchange("a", 2), DtlsFinished(0, 0)}));
}

BOOST_AUTO_TEST_CASE(datagrams_beyond_the_bound_are_dropped) {
  Make(SAEF_DTLS, SAEF_GATE_ALERT, 0, 100);
  plugin.Withhold("a");
  GatePeer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  BOOST_TEST(Receive(peer, Octets(80, 23)) == SAEF_GATE_HELD);
  BOOST_TEST(saef_gate_held_bytes(gate) <= 100u);
  BOOST_TEST(Statistics().dropped_datagrams == 1u);
  BOOST_TEST(Receive(peer, Octets(20, 23)) == SAEF_GATE_HELD);
  BOOST_TEST(Receive(peer, Octets(20, 23)) == SAEF_GATE_HELD);  // repeated: nothing is lost
  BOOST_TEST(Statistics().dropped_datagrams == 1u);
  BOOST_TEST(Statistics().held_bytes == saef_gate_held_bytes(gate));
  plugin.Answer("a", SAEF_KEY, kGateKey);
  Process();
  BOOST_TEST((peer.fed == std::vector<Octets>{DtlsKeyExchange("a", 2), Octets(20, 23)}));
}

BOOST_AUTO_TEST_CASE(flight_that_does_not_fit_is_refused) {
  const Octets key_exchange = DtlsKeyExchange("a", 2);
  Make(SAEF_DTLS, SAEF_GATE_ALERT, 0, key_exchange.size() + 3);  // it counts with 4 more
  plugin.Withhold("a");
  GatePeer &peer = Open();
  BOOST_TEST(Receive(peer, key_exchange) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_UNAVAILABLE);
  BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
  BOOST_TEST(plugin.counts().cancels == 1);
  plugin.Answer("a", SAEF_KEY, kGateKey);
  BOOST_TEST(Process() == 0u);
  BOOST_TEST(Key(peer, "a").empty());
  BOOST_TEST(last_result == SAEF_UNAVAILABLE);
}

// Whatever lets a session go on makes room for another one.
BOOST_AUTO_TEST_CASE(room_comes_back) {
  Make(SAEF_DTLS, SAEF_GATE_ALERT, 1);
  plugin.Withhold("a");
  const auto is_held = [this] {
    return Receive(Open(), DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD;
  };
  BOOST_TEST(is_held());
  BOOST_TEST(!is_held());
  Process(1000);  // its time is over
  BOOST_TEST(is_held());
  BOOST_TEST(!is_held());
  plugin.Answer("a", SAEF_UNKNOWN);
  Process();
  BOOST_TEST(is_held());
  BOOST_TEST(!is_held());
  Key(peers[5], "a");  // was refused already
  BOOST_TEST(saef_gate_held_sessions(gate) == 1u);
  Key(peers[4], "a");  // is refused while it is held
  BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
  BOOST_TEST(is_held());
  BOOST_TEST(!is_held());
}

BOOST_AUTO_TEST_CASE(key_exchange_in_fragments) {
  const std::string identity = "fragmented@maf.example";
  plugin.AnswerAtOnce(identity, SAEF_KEY, kGateKey);
  GatePeer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchangeFragment(identity, 2, 10, 14)) == SAEF_GATE_PASS);
  BOOST_TEST(Receive(peer, DtlsClientHello(1)) == SAEF_GATE_PASS);
  BOOST_TEST(Receive(peer, DtlsKeyExchangeFragment(identity, 3, 0, 4)) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_NEED_MORE);
  BOOST_TEST(Receive(peer, DtlsKeyExchangeFragment(identity, 4, 4, 6)) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_KEY);
  BOOST_TEST(Key(peer, identity) == kGateKey);
}

BOOST_AUTO_TEST_CASE(endless_fragments_are_refused_at_the_bound) {
  Make(SAEF_DTLS, SAEF_GATE_ALERT, 0, 200);
  GatePeer &peer = Open();
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(Receive(peer, DtlsKeyExchangeFragment("fragmented", 2, 0, 4)) == SAEF_GATE_PASS);
  }
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_UNAVAILABLE);
  BOOST_TEST(Key(peer, "fragmented").empty());
}

BOOST_AUTO_TEST_CASE(lone_client_hello_costs_nothing) {
  GatePeer &peer = Open();
  const Octets hello = DtlsClientHello(0);
  const size_t before = Allocations();
  const int32_t verdict = saef_gate_receive(peer.session, hello.data(), hello.size(), 0);
  BOOST_TEST(Allocations() == before);
  BOOST_TEST(verdict == SAEF_GATE_PASS);
}

BOOST_AUTO_TEST_CASE(spoofed_datagrams_decide_nothing) {
  plugin.AnswerAtOnce("a", SAEF_KEY, kGateKey);
  GatePeer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsFinished(0, 1)) == SAEF_GATE_PASS);  // came before its turn
  BOOST_TEST(Receive(peer, Octets(5, 255)) == SAEF_GATE_PASS);
  BOOST_TEST(Receive(peer, DtlsKeyExchange(std::string(129, 'i'), 2)) == SAEF_GATE_PASS);
  BOOST_TEST(Receive(peer, Octets()) == SAEF_GATE_PASS);
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_PASS);
  BOOST_TEST(Key(peer, "a") == kGateKey);
}

BOOST_AUTO_TEST_CASE(established_session_is_looked_at_no_more) {
  plugin.AnswerAtOnce("a", SAEF_KEY, kGateKey);
  GatePeer &peer = Open(), &certificate = Open();
  Receive(peer, DtlsKeyExchange("a", 2));
  BOOST_TEST(saef_gate_session_established(certificate.session) == SAEF_NOT_MINE);
  const int peeks = Peeks();
  Receive(peer, DtlsKeyExchange("b", 3));
  Receive(certificate, DtlsKeyExchange("b", 3));
  BOOST_TEST(Peeks() == peeks);
}

BOOST_AUTO_TEST_CASE(stream_byte_by_byte) {
  Make(SAEF_TLS, SAEF_GATE_ALERT);
  plugin.Withhold("a");
  GatePeer &peer = Open();
  Octets stream = TlsClientHello();
  const Octets key_exchange = TlsKeyExchange("a"), finished = TlsFinished();
  stream.insert(stream.end(), key_exchange.begin(), key_exchange.end());
  for (size_t i = 0; i < stream.size(); ++i) {
    const int32_t verdict = Receive(peer, Octets{stream[i]});
    BOOST_REQUIRE_EQUAL(verdict, i + 1 < stream.size() ? SAEF_GATE_PASS : SAEF_GATE_HELD);
  }
  BOOST_TEST(Peeks() == 2);  // one for each record
  for (uint8_t octet : finished) {
    BOOST_REQUIRE_EQUAL(Receive(peer, Octets{octet}), SAEF_GATE_HELD);
  }
  plugin.Answer("a", SAEF_KEY, kGateKey);
  Process();
  Octets expected = {key_exchange.back()};
  expected.insert(expected.end(), finished.begin(), finished.end());
  BOOST_TEST((peer.fed == std::vector<Octets>{expected}));
}

BOOST_AUTO_TEST_CASE(stream_beyond_the_bound_ends) {
  Make(SAEF_TLS, SAEF_GATE_ALERT, 0, 200);
  plugin.Withhold("a");
  GatePeer &peer = Open();
  Receive(peer, TlsClientHello());
  BOOST_TEST(Receive(peer, TlsKeyExchange("a")) == SAEF_GATE_HELD);
  BOOST_TEST(Receive(peer, Octets(201, 23)) == SAEF_E_LIMIT);
  BOOST_TEST(Receive(peer, Octets(1, 23)) == SAEF_E_LIMIT);
  BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
  plugin.Answer("a", SAEF_KEY, kGateKey);
  BOOST_TEST(Process() == 0u);
  BOOST_TEST(Key(peer, "a").empty());
}

BOOST_AUTO_TEST_CASE(stream_without_an_identity_passes_and_gets_no_key) {
  Make(SAEF_TLS, SAEF_GATE_ALERT, 0, 300);
  GatePeer &other = Open(), &endless = Open();
  BOOST_TEST(Receive(other, TlsFinished()) == SAEF_GATE_PASS);
  BOOST_TEST(saef_gate_session_outcome(other.session) == SAEF_NO_IDENTITY);
  BOOST_TEST(Key(other, "a").empty());
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(Receive(endless, TlsClientHello()) == SAEF_GATE_PASS);
  }
  BOOST_TEST(saef_gate_session_outcome(endless.session) == SAEF_UNAVAILABLE);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::abi_test
