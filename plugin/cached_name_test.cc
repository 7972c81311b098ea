// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/cached_name.h"

#include <boost/test/unit_test.hpp>
#include <random>
#include <set>
#include <string>

#include "plugin/psk_identity.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

BOOST_AUTO_TEST_SUITE(cached_name)

BOOST_AUTO_TEST_CASE(is_hashed_by_all_of_it) {
  BOOST_TEST(QuickHash::IsReady());
  std::set<std::uint64_t> hashes;
  std::size_t names = 0;
  for (const std::size_t length : {1u, 8u, 31u, 32u, 39u, 40u, 41u, 95u}) {
    for (std::size_t i = 0; i < length; ++i) {
      std::string name(length, 'A');
      name[i] = 'B';
      for (const std::size_t issuer : {0u, 1u, 200u}) {
        hashes.insert(CachedName(name, issuer).hash());
        ++names;
        BOOST_TEST_REQUIRE(CachedName(name, issuer).hash() == CachedName(name, issuer).hash());
      }
    }
  }
  BOOST_TEST(hashes.size() == names);
}

BOOST_AUTO_TEST_CASE(has_its_words_where_they_fit) {
  const std::string name = "0123456789ABCDEF0123456789ABCDEF";
  const CachedName cached(name, 7);
  BOOST_TEST(cached.fits());
  BOOST_TEST(cached.issuer() == 7);
  BOOST_TEST(std::memcmp(cached.words().data(), name.data(), name.size()) == 0);
  BOOST_TEST(cached.words().back() == 0u);
  const std::string longer(CachedName::kRoom + 1, 'A');
  BOOST_TEST(!CachedName(longer, 7).fits());
  BOOST_TEST((CachedName(longer, 7).words() == CachedName::Words{}));
  BOOST_TEST(CachedName(std::string(CachedName::kRoom, 'A'), 7).fits());
}

BOOST_AUTO_TEST_CASE(folds_as_it_is_folded_elsewhere) {
  std::mt19937_64 random(3);
  for (std::size_t length = 1; length <= CachedName::kRoom; ++length) {
    for (int i = 0; i < 20; ++i) {
      std::string sent;
      while (sent.size() < length) sent += static_cast<char>(random() % 255 + 1);
      const PskIdentity identity(Octets(sent + "@m.example"));
      const CachedName expected(identity.canonical_relative(), 3);
      const CachedName folded = CachedName::Fold(Octets(sent).data(), length, 3);
      BOOST_REQUIRE(folded.relative() == expected.relative());
      BOOST_REQUIRE((folded.words() == expected.words()));
      BOOST_REQUIRE(folded.hash() == expected.hash());
      BOOST_REQUIRE(folded.issuer() == 3);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
