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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::abi_test
