/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Peers that come by certificate or raw public key: the copy, and its way through the gate. */
extern "C" {
#include "core-adapter/src/peer.h"
}

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "saef/gate.h"
#include "tests/abi/failing_malloc.h"
#include "tests/abi/fake_plugin.h"

namespace saef::abi_test {
namespace {

using Texts = std::vector<std::string>;

constexpr size_t kMaxPeerOctets = 1u << 18;

saef_bytes Bytes(const std::string &text) {
  return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}
std::string TextOf(const saef_bytes &bytes) {
  return bytes.length == 0 ? std::string()
                           : std::string(reinterpret_cast<const char *>(bytes.data), bytes.length);
}

struct PeerCopy {
  ~PeerCopy() { saef_peer_copy_clear(&copy); }
  int32_t Set(const std::vector<saef_bytes> &certificates, const std::string &public_key = {}) {
    saef_peer peer{};
    peer.size = sizeof(peer);
    peer.certificates = certificates.empty() ? nullptr : certificates.data();
    peer.certificate_count = certificates.size();
    peer.public_key = Bytes(public_key);
    return saef_peer_copy_set(&copy, &peer);
  }
  Texts Certificates() const {
    Texts texts;
    for (size_t i = 0; i < copy.peer.certificate_count; ++i) {
      texts.push_back(TextOf(copy.peer.certificates[i]));
    }
    return texts;
  }

  saef_peer_copy copy = {};
};

BOOST_FIXTURE_TEST_SUITE(peer_copy, PeerCopy)

// What was told is changed afterwards: the copy must not point there.
BOOST_AUTO_TEST_CASE(has_every_member_in_memory_of_its_own) {
  std::string own = "own", issuer = "the issuer's";
  std::vector<saef_bytes> list = {Bytes(own), {nullptr, 0}, Bytes(issuer)};
  BOOST_TEST(Set(list) == SAEF_DONE);
  own.assign(own.size(), 'x');
  issuer.assign(issuer.size(), 'x');
  list.assign(list.size(), saef_bytes{nullptr, 0});
  BOOST_TEST(copy.peer.size == sizeof(saef_peer));
  BOOST_TEST((Certificates() == Texts{"own", "", "the issuer's"}));
  BOOST_TEST(copy.peer.public_key.data == nullptr);
  BOOST_TEST(copy.peer.public_key.length == 0u);

  std::string key = "key";
  BOOST_TEST(Set({}, key) == SAEF_DONE);
  key.assign(key.size(), 'x');
  BOOST_TEST(copy.peer.size == sizeof(saef_peer));
  BOOST_TEST(TextOf(copy.peer.public_key) == "key");
  BOOST_TEST(copy.peer.certificates == nullptr);
  BOOST_TEST(copy.peer.certificate_count == 0u);

  saef_peer_copy_clear(&copy);
  BOOST_TEST(copy.memory == nullptr);
  BOOST_TEST(copy.peer.size == 0u);
  BOOST_TEST(copy.peer.public_key.data == nullptr);
}

// The gate has an identity of its own, from the wire; one that a host tells isn't kept.
BOOST_AUTO_TEST_CASE(has_no_identity) {
  const std::string own = "own", identity = "identity";
  const saef_bytes list[] = {Bytes(own)};
  saef_peer peer{};
  peer.size = sizeof(peer);
  peer.psk_identity = Bytes(identity);
  peer.certificates = list;
  peer.certificate_count = 1;
  BOOST_TEST(saef_peer_copy_set(&copy, &peer) == SAEF_DONE);
  BOOST_TEST(copy.peer.psk_identity.data == nullptr);
  BOOST_TEST(copy.peer.psk_identity.length == 0u);
}

BOOST_AUTO_TEST_CASE(is_bounded) {
  const std::string one = "x", most(kMaxPeerOctets, 'x'), half(kMaxPeerOctets / 2, 'x');
  BOOST_TEST(Set(std::vector<saef_bytes>(16, Bytes(one))) == SAEF_DONE);
  BOOST_TEST(Certificates().size() == 16u);
  BOOST_TEST(Set(std::vector<saef_bytes>(17, Bytes(one))) == SAEF_E_ARGUMENT);
  BOOST_TEST(Set({Bytes(most)}) == SAEF_DONE);
  BOOST_TEST(Set({}, most) == SAEF_DONE);
  BOOST_TEST(Set({}, most + "x") == SAEF_E_ARGUMENT);
  BOOST_TEST(Set({Bytes(half), Bytes(half)}) == SAEF_DONE);
  BOOST_TEST((Certificates() == Texts{half, half}));
  BOOST_TEST(Set({Bytes(half), Bytes(half), Bytes(one)}) == SAEF_E_ARGUMENT);
  // Lengths whose sum is 0 once more, and one that is nothing but too long; neither is read.
  const saef_bytes wraps = {reinterpret_cast<const uint8_t *>(one.data()), SIZE_MAX / 2 + 1};
  BOOST_TEST(Set({wraps, wraps}) == SAEF_E_ARGUMENT);
  BOOST_TEST(Set({{wraps.data, SIZE_MAX}, Bytes(one)}) == SAEF_E_ARGUMENT);
  saef_peer peer{};
  peer.size = sizeof(peer);
  peer.certificate_count = 1;  // of which there is no list
  BOOST_TEST(saef_peer_copy_set(&copy, &peer) == SAEF_E_ARGUMENT);
  peer.certificate_count = 0;
  peer.public_key = {wraps.data, SIZE_MAX};
  BOOST_TEST(saef_peer_copy_set(&copy, &peer) == SAEF_E_ARGUMENT);
  BOOST_TEST((Certificates() == Texts{half, half}));  // a refusal leaves what was there
}

// A host of a version to come, and one whose structure ends where none ever did.
BOOST_AUTO_TEST_CASE(takes_what_it_knows_of_the_structure) {
  const std::string own = "own";
  const saef_bytes list[] = {Bytes(own)};
  struct {
    saef_peer peer;
    uint8_t more[64];
  } newer = {};
  newer.peer.size = sizeof(newer);
  newer.peer.certificates = list;
  newer.peer.certificate_count = 1;
  BOOST_TEST(saef_peer_copy_set(&copy, &newer.peer) == SAEF_DONE);
  BOOST_TEST(copy.peer.size == sizeof(saef_peer));
  newer.peer.size = offsetof(saef_peer, public_key) - 1;
  BOOST_TEST(saef_peer_copy_set(&copy, &newer.peer) == SAEF_E_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(without_memory_leaves_what_was_there) {
  const std::string own = "own", other = "other";
  const std::vector<saef_bytes> list = {Bytes(own)}, second = {Bytes(other)};
  BOOST_TEST(Set(list) == SAEF_DONE);
  FailAllocation failing(1);
  const int32_t result = Set(second);
  failing.Stop();
  BOOST_TEST(result == SAEF_E_MEMORY);
  BOOST_TEST((Certificates() == Texts{"own"}));
}

BOOST_AUTO_TEST_SUITE_END()

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
