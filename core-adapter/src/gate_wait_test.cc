// SPDX-License-Identifier: BSD-2-Clause
//
// The blocking mode.
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

#include "core-adapter/src/gate_test.h"
#include "tests/abi/client_flight.h"

namespace saef::abi_test {
namespace {

BOOST_FIXTURE_TEST_SUITE(gate_wait, GateFixture)

int32_t Wait(const GatePeer &peer, const std::string &identity, uint32_t ms) {
  return saef_gate_wait(peer.session, reinterpret_cast<const uint8_t *>(identity.data()),
                        identity.size(), ms);
}

BOOST_AUTO_TEST_CASE(waiting_instead_of_holding) {
  plugin.AnswerAfter("a", std::chrono::milliseconds(20), SAEF_KEY, kGateKey);
  plugin.AnswerAfter("slow", std::chrono::milliseconds(500), SAEF_KEY, kGateKey);
  GatePeer &peer = Open(), &late = Open(), &wrong = Open();
  BOOST_TEST(Wait(peer, "a", 5000) == SAEF_KEY);
  BOOST_TEST(Key(peer, "a") == kGateKey);
  BOOST_TEST(saef_gate_session_established(peer.session) == SAEF_DONE);
  BOOST_TEST(Wait(late, "slow", 10) == SAEF_UNAVAILABLE);
  BOOST_TEST(Key(late, "slow").empty());
  BOOST_TEST(Wait(wrong, std::string(200, 'i'), 10) == SAEF_INVALID);
  BOOST_TEST(plugin.counts().waits == 2);
}

BOOST_AUTO_TEST_CASE(identity_is_bounded_before_the_plugin_is_asked) {
  const std::string longest(SAEF_MAX_IDENTITY, 'i');
  plugin.AnswerAtOnce(longest, SAEF_KEY, kGateKey);
  GatePeer &right = Open(), &too_long = Open(), &empty = Open();
  BOOST_TEST(Wait(right, longest, 1000) == SAEF_KEY);
  BOOST_TEST(Key(right, longest) == kGateKey);
  BOOST_TEST(plugin.counts().waits == 1);
  BOOST_TEST(Wait(too_long, longest + "i", 1000) == SAEF_INVALID);
  BOOST_TEST(Wait(empty, "", 1000) == SAEF_INVALID);
  BOOST_TEST(plugin.counts().waits == 1);
  BOOST_TEST(Key(too_long, longest).empty());
  BOOST_TEST(Key(empty, "").empty());
}

// A library that asks again in the same handshake, and that had its bytes past the gate.
BOOST_AUTO_TEST_CASE(once_for_each_session) {
  plugin.AnswerAtOnce("a", SAEF_DENIED);
  plugin.AnswerAtOnce("b", SAEF_KEY, kGateKey);
  GatePeer &peer = Open();
  BOOST_TEST(Wait(peer, "a", 1000) == SAEF_DENIED);
  BOOST_TEST(saef_gate_session_outcome(peer.session) == SAEF_DENIED);
  BOOST_TEST(Wait(peer, "b", 1000) == SAEF_DENIED);
  BOOST_TEST(plugin.counts().waits == 1);
  BOOST_TEST(Key(peer, "b").empty());
  const int peeks = Peeks();
  BOOST_TEST(Receive(peer, DtlsKeyExchange("b", 2)) == SAEF_GATE_PASS);
  BOOST_TEST(Peeks() == peeks);
}

BOOST_AUTO_TEST_CASE(not_mine_is_the_hosts_business_here_too) {
  GatePeer &peer = Open();
  BOOST_TEST(Wait(peer, "x", 1000) == SAEF_NOT_MINE);
  BOOST_TEST(Key(peer, "x").empty());
  BOOST_TEST(last_result == SAEF_NOT_MINE);
  BOOST_TEST(Key(peer, "y").empty());  // which isn't the one that was asked about
  BOOST_TEST(last_result == SAEF_INVALID);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::abi_test
