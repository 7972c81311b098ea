// SPDX-License-Identifier: BSD-2-Clause
//
// Keys and refusals.
#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <string>

#include "core-adapter/src/gate_test.h"
#include "tests/abi/client_flight.h"

namespace saef::abi_test {
namespace {

BOOST_FIXTURE_TEST_SUITE(gate_key, GateFixture)

BOOST_AUTO_TEST_CASE(every_refusal_refuses_the_same_way) {
  for (int32_t outcome :
       std::initializer_list<int32_t>{SAEF_UNKNOWN, SAEF_DENIED, SAEF_UNAVAILABLE, SAEF_INVALID,
                                      SAEF_E_INTERNAL, SAEF_E_FORKED, 0, 77}) {
    const std::string now = "n" + std::to_string(outcome), later = "l" + std::to_string(outcome);
    plugin.AnswerAtOnce(now, outcome);
    plugin.Withhold(later);
    GatePeer &first = Open(), &second = Open();
    BOOST_TEST(Receive(first, DtlsKeyExchange(now, 2)) == SAEF_GATE_PASS);
    BOOST_TEST(Receive(second, DtlsKeyExchange(later, 2)) == SAEF_GATE_HELD);
    plugin.Answer(later, outcome);
    Process();
    BOOST_TEST(Key(first, now).empty());
    BOOST_TEST(Key(second, later).empty());
    BOOST_TEST(saef_gate_session_outcome(first.session) == outcome);
    BOOST_TEST(saef_gate_session_established(second.session) != SAEF_DONE);
  }
}

BOOST_AUTO_TEST_CASE(hidden_refusal_is_a_random_key_that_stays) {
  Make(SAEF_DTLS, SAEF_GATE_HIDE);
  plugin.AnswerAtOnce("a", SAEF_UNKNOWN);
  GatePeer &first = Open(), &second = Open();
  Receive(first, DtlsKeyExchange("a", 2));
  Receive(second, DtlsKeyExchange("a", 2));
  const std::string key = Key(first, "a");
  BOOST_TEST(key.size() == 32u);
  BOOST_TEST(key != std::string(32, '\0'));
  BOOST_TEST(Key(first, "a") == key);
  BOOST_TEST(Key(second, "a") != key);
  // Whoever guesses it still gets no association.
  BOOST_TEST(saef_gate_session_established(first.session) == SAEF_UNKNOWN);
  BOOST_TEST(plugin.counts().associated == 0);
}

BOOST_AUTO_TEST_CASE(not_mine_is_the_hosts_business) {
  for (int32_t refusal : std::initializer_list<int32_t>{SAEF_GATE_ALERT, SAEF_GATE_HIDE}) {
    peers.clear();
    Make(SAEF_DTLS, refusal);
    GatePeer &peer = Open();
    BOOST_TEST(Receive(peer, DtlsKeyExchange("x", 2)) == SAEF_GATE_PASS);
    BOOST_TEST(Key(peer, "x").empty());
    BOOST_TEST(last_result == SAEF_NOT_MINE);
    BOOST_TEST(saef_gate_session_established(peer.session) == SAEF_NOT_MINE);
    // The host hasn't got one either: then it looks like every other refusal.
    uint8_t key[SAEF_MAX_KEY];
    size_t length = sizeof(key);
    const int32_t refused = saef_gate_refuse(peer.session, SAEF_NOT_MINE, key, &length);
    BOOST_TEST(refused == (refusal == SAEF_GATE_HIDE ? SAEF_KEY : SAEF_NOT_MINE));
    Close(peer);
  }
}

BOOST_AUTO_TEST_CASE(identity_must_be_the_one_on_the_wire) {
  const std::string with_nul("a\0b", 3);
  plugin.AnswerAtOnce(with_nul, SAEF_KEY, kGateKey);
  // Each would have a key.
  for (const char *identity : {"a", "b", "aa"}) {
    plugin.AnswerAtOnce(identity, SAEF_KEY, kGateKey);
  }
  GatePeer &cut = Open(), &other = Open(), &longer = Open(), &none = Open();
  Receive(cut, DtlsKeyExchange(with_nul, 2));
  BOOST_TEST(saef_gate_session_identity(cut.session).length == 3u);
  BOOST_TEST(Key(cut, "a").empty());  // as a C string
  BOOST_TEST(last_result == SAEF_INVALID);
  BOOST_TEST(Key(cut, with_nul).empty());  // once refused, refused
  Receive(other, DtlsKeyExchange("a", 2));
  BOOST_TEST(Key(other, "b").empty());
  Receive(longer, DtlsKeyExchange("a", 2));
  BOOST_TEST(Key(longer, "aa").empty());
  BOOST_TEST(Key(none, "a").empty());  // never came by
  BOOST_TEST(last_result == SAEF_INVALID);
}

// No library should get here, since its bytes are held; one that does is refused, and stays so.
BOOST_AUTO_TEST_CASE(key_asked_for_while_held_is_refused) {
  plugin.Withhold("a");
  GatePeer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  BOOST_TEST(Key(peer, "a").empty());
  BOOST_TEST(last_result == SAEF_INVALID);
  BOOST_TEST(plugin.counts().cancels == 1);
  BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
  BOOST_TEST(saef_gate_deadline(gate) == 0);
  plugin.Answer("a", SAEF_KEY, kGateKey);
  BOOST_TEST(Process() == 1u);
  BOOST_TEST(peer.fed.size() == 1u);
  BOOST_TEST(Key(peer, "a").empty());
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_INVALID);
}

BOOST_AUTO_TEST_CASE(key_that_is_gone_or_too_long_is_refused) {
  plugin.AnswerAtOnce("gone", SAEF_KEY, kGateKey);
  plugin.AnswerAtOnce("long", SAEF_KEY, kGateKey);
  GatePeer &gone = Open(), &too_long = Open();
  Receive(gone, DtlsKeyExchange("gone", 2));
  plugin.Forget("gone");
  BOOST_TEST(Key(gone, "gone").empty());
  BOOST_TEST(last_result == SAEF_UNAVAILABLE);
  Receive(too_long, DtlsKeyExchange("long", 2));
  BOOST_TEST(Key(too_long, "long", 16).empty());
  BOOST_TEST(last_result == SAEF_E_BUFFER_TOO_SMALL);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::abi_test
