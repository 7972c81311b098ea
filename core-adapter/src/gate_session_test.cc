// SPDX-License-Identifier: BSD-2-Clause
//
// Sessions that are closed while the gate holds them.
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

#include "core-adapter/src/gate_test.h"
#include "tests/abi/client_flight.h"

namespace saef::abi_test {
namespace {

BOOST_FIXTURE_TEST_SUITE(gate_session, GateFixture)

BOOST_AUTO_TEST_CASE(answer_between_close_and_process) {
  plugin.Withhold("a");
  GatePeer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  plugin.Answer("a", SAEF_KEY, kGateKey);  // queued, not processed
  Close(peer);
  BOOST_TEST(plugin.counts().cancelled_late == 1);
  BOOST_TEST(Process() == 0u);
  BOOST_TEST(peer.fed.empty());
  BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
}

BOOST_AUTO_TEST_CASE(close_while_pending_cancels) {
  plugin.Withhold("a");
  GatePeer &peer = Open();
  BOOST_TEST(Receive(peer, DtlsKeyExchange("a", 2)) == SAEF_GATE_HELD);
  Close(peer);
  saef_gate_session_close(nullptr);
  BOOST_TEST(plugin.counts().cancels == 1);
  plugin.Answer("a", SAEF_KEY, kGateKey);
  BOOST_TEST(plugin.counts().callbacks == 0);
  BOOST_TEST(Process() == 0u);
}

BOOST_AUTO_TEST_CASE(closing_races_with_answers) {
  for (int i = 0; i < 300; ++i) {
    const std::string identity = "r" + std::to_string(i);
    plugin.AnswerAfter(identity, std::chrono::milliseconds(0), SAEF_UNKNOWN);
    GatePeer peer;
    BOOST_REQUIRE(saef_gate_session_open(gate, &peer, &peer.session) == SAEF_DONE);
    Receive(peer, DtlsKeyExchange(identity, 2));
    if (i % 3 == 0) {
      Process();
    }
    Close(peer);
  }
  Process();
  BOOST_TEST(saef_gate_held_sessions(gate) == 0u);
  BOOST_TEST(saef_gate_held_bytes(gate) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::abi_test
