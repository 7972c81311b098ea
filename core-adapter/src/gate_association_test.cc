// SPDX-License-Identifier: BSD-2-Clause
//
// Handshakes that are done.
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

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

// Established by the first of what was held: the rest, and what comes meanwhile, keep their order.
BOOST_AUTO_TEST_CASE(established_while_being_fed) {
  plugin.Withhold("a");
  GatePeer &peer = Open();
  Receive(peer, DtlsKeyExchange("a", 2));
  Receive(peer, DtlsFinished(0, 1));
  bool once = false;
  peer.on_feed = [&] {
    if (!once) {
      once = true;
      BOOST_TEST(Key(peer, "a") == kGateKey);
      BOOST_TEST(saef_gate_session_established(peer.session) == SAEF_DONE);
      BOOST_TEST(Receive(peer, DtlsFinished(1, 2)) == SAEF_GATE_HELD);
    }
  };
  plugin.Answer("a", SAEF_KEY, kGateKey);
  BOOST_TEST(Process() == 1u);
  BOOST_TEST((peer.fed == std::vector<Octets>{DtlsKeyExchange("a", 2), DtlsFinished(0, 1),
                                              DtlsFinished(1, 2)}));
  BOOST_TEST(Receive(peer, DtlsFinished(2, 3)) == SAEF_GATE_PASS);
}

BOOST_AUTO_TEST_CASE(established_twice_is_associated_once) {
  plugin.AnswerAtOnce("a", SAEF_KEY, kGateKey);
  GatePeer &peer = Open();
  Receive(peer, DtlsKeyExchange("a", 2));
  BOOST_TEST(Key(peer, "a") == kGateKey);
  BOOST_TEST(saef_gate_session_established(peer.session) == SAEF_DONE);
  BOOST_TEST(saef_gate_session_established(peer.session) == SAEF_DONE);
  BOOST_TEST(plugin.counts().associated == 1);
  BOOST_TEST((plugin.associations() == std::vector<std::string>{"a"}));
}

// Whoever came by one of the host's own keys didn't come by what else was told of it.
BOOST_AUTO_TEST_CASE(hosts_own_key_is_no_certificate) {
  GatePeer &client = Open();
  const uint8_t octets[] = {'o', 'w', 'n'};
  const saef_bytes certificate = {octets, sizeof(octets)};
  saef_peer peer = {};
  peer.size = sizeof(peer);
  peer.certificates = &certificate;
  peer.certificate_count = 1;
  BOOST_TEST(saef_gate_session_peer(client.session, &peer) == SAEF_DONE);
  Receive(client, DtlsKeyExchange("x", 2));
  BOOST_TEST(Key(client, "x").empty());
  BOOST_TEST(last_result == SAEF_NOT_MINE);
  BOOST_TEST(saef_gate_session_established(client.session) == SAEF_NOT_MINE);
  BOOST_TEST(plugin.counts().associated == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::abi_test
