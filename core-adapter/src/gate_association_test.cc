// SPDX-License-Identifier: BSD-2-Clause
//
// Handshakes that are done.
#include <boost/test/unit_test.hpp>

#include "core-adapter/src/gate_test.h"
#include "tests/abi/client_flight.h"

namespace saef::abi_test {
namespace {

BOOST_FIXTURE_TEST_SUITE(gate_association, GateFixture)

BOOST_AUTO_TEST_CASE(no_association_without_the_key) {
  plugin.AnswerAtOnce("a", SAEF_KEY, kGateKey);
  GatePeer &silent = Open(), &refused = Open();
  Receive(silent, DtlsKeyExchange("a", 2));
  // Established by a certificate or a resumed session, though it named an identity.
  BOOST_TEST(saef_gate_session_established(silent.session) == SAEF_NOT_MINE);
  Receive(refused, DtlsKeyExchange("a", 2));
  BOOST_TEST(Key(refused, "a") == kGateKey);
  plugin.RefuseAssociations(SAEF_DENIED);
  BOOST_TEST(saef_gate_session_established(refused.session) == SAEF_DENIED);
  BOOST_TEST(plugin.counts().associated == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::abi_test
