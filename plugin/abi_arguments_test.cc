// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/abi_arguments.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace saef::plugin {
namespace {

BOOST_AUTO_TEST_SUITE(abi_arguments)

BOOST_AUTO_TEST_CASE(peers_have_one_credential_within_the_bounds) {
  const std::string octets(kMaxCertificate + 1, 'x');
  const auto bytes = [&](std::size_t length) {
    return saef_bytes{reinterpret_cast<const std::uint8_t*>(octets.data()), length};
  };
  saef_peer peer{};
  BOOST_TEST(!IsPeer(peer));
  peer.psk_identity = bytes(1);
  BOOST_TEST(IsPeer(peer));
  peer.public_key = bytes(1);
  BOOST_TEST(!IsPeer(peer));
  peer.psk_identity = {};
  BOOST_TEST(IsPeer(peer));
  peer.public_key = bytes(kMaxCertificate);
  BOOST_TEST(IsPeer(peer));
  peer.public_key = bytes(kMaxCertificate + 1);
  BOOST_TEST(!IsPeer(peer));
  peer.public_key = {nullptr, 1};
  BOOST_TEST(!IsPeer(peer));
  peer.public_key = {};
  std::vector<saef_bytes> chain(kMaxCertificates + 1, bytes(kMaxCertificate));
  peer.certificates = chain.data();
  peer.certificate_count = kMaxCertificates;
  BOOST_TEST(IsPeer(peer));
  peer.certificate_count = kMaxCertificates + 1;
  BOOST_TEST(!IsPeer(peer));
  peer.certificate_count = 2;
  for (const saef_bytes& wrong : {bytes(0), bytes(kMaxCertificate + 1), saef_bytes{nullptr, 1}}) {
    chain[1] = wrong;
    BOOST_TEST(!IsPeer(peer));
  }
}

BOOST_AUTO_TEST_CASE(a_psk_identity_alone) {
  const std::vector<std::uint8_t> octets(kMaxCertificate + 1, 'i');
  saef_peer peer{};
  peer.size = sizeof(peer);
  BOOST_TEST(OnlyPskIdentity(peer).empty());
  peer.psk_identity = {octets.data(), 7};
  BOOST_TEST(OnlyPskIdentity(peer).size() == 7u);
  BOOST_TEST(OnlyPskIdentity(peer).data() == octets.data());
  peer.certificate_count = 1;
  BOOST_TEST(OnlyPskIdentity(peer).empty());
  peer.certificate_count = 0;
  peer.public_key = {octets.data(), 1};
  BOOST_TEST(OnlyPskIdentity(peer).empty());
  // An older host has none, whatever stands there.
  peer.size = offsetof(saef_peer, public_key);
  BOOST_TEST(OnlyPskIdentity(peer).size() == 7u);
  peer.psk_identity = {nullptr, 7};
  BOOST_TEST(OnlyPskIdentity(peer).empty());
  peer.psk_identity = {octets.data(), kMaxCertificate + 1};
  BOOST_TEST(OnlyPskIdentity(peer).empty());
}

BOOST_AUTO_TEST_CASE(what_an_older_host_lacks_is_zero) {
  saef_request request{};
  request.app_id_length = 7;
  request.size = offsetof(saef_request, app_id);
  BOOST_TEST(IsWhole(&request));
  BOOST_TEST(TakeOver(request).app_id_length == 0u);
  request.size = sizeof(request) + 100;  // a newer one's
  BOOST_TEST(TakeOver(request).app_id_length == 7u);
  request.size = offsetof(saef_request, app_id) - 1;
  BOOST_TEST(!IsWhole(&request));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
