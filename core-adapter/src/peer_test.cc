/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Peers that come by certificate or raw public key, through the gate. */
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "saef/gate.h"
#include "tests/abi/failing_malloc.h"
#include "tests/abi/fake_plugin.h"

namespace saef::abi_test {
namespace {

using Texts = std::vector<std::string>;

struct PeerGate {
  PeerGate() {
    saef_gate_arguments arguments{};
    arguments.size = sizeof(arguments);
    arguments.api = plugin.api();
    arguments.instance = plugin.instance();
    arguments.transport = SAEF_TLS;
    arguments.refusal = SAEF_GATE_ALERT;
    arguments.wake = [](void *) {};
    BOOST_REQUIRE(saef_gate_create(&arguments, &gate) == SAEF_DONE);
    BOOST_REQUIRE(saef_gate_session_open(gate, nullptr, &session) == SAEF_DONE);
  }
  ~PeerGate() {
    saef_gate_session_close(session);
    saef_gate_destroy(gate);
  }
  static saef_bytes Bytes(const std::string &text) {
    return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
  }
  // What is told lives during the call only.
  int32_t Tell(Texts certificates, std::string public_key, size_t size = sizeof(saef_peer)) {
    std::vector<saef_bytes> list;
    for (const std::string &one : certificates) {
      list.push_back(Bytes(one));
    }
    saef_peer peer{};
    peer.size = size;
    peer.certificates = list.empty() ? nullptr : list.data();
    peer.certificate_count = list.size();
    peer.public_key = Bytes(public_key);
    return saef_gate_session_peer(session, &peer);
  }

  FakePlugin plugin;
  saef_gate *gate = nullptr;
  saef_gate_session *session = nullptr;
};

BOOST_FIXTURE_TEST_SUITE(gate_peer, PeerGate)

BOOST_AUTO_TEST_CASE(certificates_are_associated) {
  BOOST_TEST(Tell({"own", "issuer"}, "") == SAEF_DONE);
  BOOST_TEST(saef_gate_session_association(session) == SAEF_NO_ASSOCIATION);
  BOOST_TEST(saef_gate_session_established(session) == SAEF_DONE);
  BOOST_TEST(saef_gate_session_association(session) != SAEF_NO_ASSOCIATION);
  BOOST_TEST((plugin.associations() == Texts{"certificates own issuer"}));
  BOOST_TEST(saef_gate_session_established(session) == SAEF_DONE);  // once is enough
  BOOST_TEST(plugin.counts().associated == 1);
  saef_gate_session_close(session);
  session = nullptr;
  BOOST_TEST(plugin.associations().empty());
}

BOOST_AUTO_TEST_CASE(public_keys_are_associated) {
  BOOST_TEST(Tell({}, "key") == SAEF_DONE);
  BOOST_TEST(Tell({}, "other") == SAEF_DONE);  // the last word counts
  BOOST_TEST(saef_gate_session_established(session) == SAEF_DONE);
  BOOST_TEST((plugin.associations() == Texts{"public key other"}));
}

BOOST_AUTO_TEST_CASE(a_refusal_is_told) {
  plugin.RefuseAssociations(SAEF_DENIED);
  BOOST_TEST(Tell({"own"}, "") == SAEF_DONE);
  BOOST_TEST(saef_gate_session_established(session) == SAEF_DENIED);
  BOOST_TEST(saef_gate_session_association(session) == SAEF_NO_ASSOCIATION);
}

BOOST_AUTO_TEST_CASE(a_session_with_a_key_is_no_certificates) {
  uint8_t key[SAEF_MAX_KEY];
  size_t length = sizeof(key);
  const uint8_t identity[] = {'a'};
  BOOST_TEST(Tell({"own"}, "") == SAEF_DONE);
  saef_gate_key(session, identity, sizeof(identity), key, &length);  // refused: it was never seen
  BOOST_TEST(saef_gate_session_established(session) != SAEF_DONE);
  BOOST_TEST(plugin.counts().associated == 0);
}

BOOST_AUTO_TEST_CASE(what_is_no_peer_is_refused) {
  BOOST_TEST(saef_gate_session_peer(session, nullptr) == SAEF_E_ARGUMENT);
  BOOST_TEST(Tell({}, "") == SAEF_E_ARGUMENT);
  BOOST_TEST(Tell({"own"}, "key") == SAEF_E_ARGUMENT);
  BOOST_TEST(Tell(Texts(17, "x"), "") == SAEF_E_ARGUMENT);
  BOOST_TEST(Tell({std::string((1u << 18) + 1, 'x')}, "") == SAEF_E_ARGUMENT);
  BOOST_TEST(Tell({}, std::string((1u << 18) + 1, 'x')) == SAEF_E_ARGUMENT);
  BOOST_TEST(Tell({"own"}, "", sizeof(size_t)) == SAEF_E_ARGUMENT);
  // A host of 1.0, whose structure ends before public_key: that isn't read.
  BOOST_TEST(Tell({"own"}, "key", offsetof(saef_peer, public_key)) == SAEF_DONE);
  BOOST_TEST(saef_gate_session_established(session) == SAEF_DONE);
  BOOST_TEST((plugin.associations() == Texts{"certificates own"}));
}

BOOST_AUTO_TEST_CASE(without_memory_there_is_no_peer) {
  // What the test itself needs is made before.
  const std::string own = "own";
  const saef_bytes list[] = {Bytes(own)};
  saef_peer peer{};
  peer.size = sizeof(peer);
  peer.certificates = list;
  peer.certificate_count = 1;
  {
    FailAllocation failing(1);
    BOOST_TEST(saef_gate_session_peer(session, &peer) == SAEF_E_MEMORY);
  }
  BOOST_TEST(saef_gate_session_established(session) == SAEF_NOT_MINE);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::abi_test
