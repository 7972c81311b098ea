// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/sip_hash.h"

#include <wolfssl/wolfcrypt/settings.h>
// settings.h comes first.
#include <wolfssl/wolfcrypt/siphash.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

namespace saef::plugin {
namespace {

BOOST_AUTO_TEST_SUITE(sip_hash)

// The rounds are parameters, so what is right with 2 and 4 is right with 1 and 3.
BOOST_AUTO_TEST_CASE(is_wolfssls_with_its_rounds) {
  std::mt19937_64 random(1);
  for (std::size_t length = 0; length <= 200; ++length) {
    SipKey key{random(), random()};
    std::string text(length, '\0');
    for (char& c : text) c = static_cast<char>(random());
    std::array<std::uint8_t, SIPHASH_MAC_SIZE_8> expected{};
    BOOST_REQUIRE(wc_SipHash(reinterpret_cast<const std::uint8_t*>(&key),
                             reinterpret_cast<const std::uint8_t*>(text.data()),
                             static_cast<word32>(length), expected.data(),
                             static_cast<std::uint8_t>(expected.size())) == 0);
    const std::uint64_t hash = SipHash<2, 4>(key, text);
    BOOST_REQUIRE(std::memcmp(&hash, expected.data(), sizeof(hash)) == 0);
  }
}

BOOST_AUTO_TEST_CASE(depends_on_key_text_and_rounds) {
  const SipKey key{1, 2};
  const std::uint64_t hash = SipHash<1, 3>(key, "A@m.example");
  BOOST_TEST(hash == (SipHash<1, 3>(key, "A@m.example")));
  BOOST_TEST(hash != (SipHash<1, 3>({1, 3}, "A@m.example")));
  BOOST_TEST(hash != (SipHash<1, 3>({2, 2}, "A@m.example")));
  BOOST_TEST(hash != (SipHash<1, 3>(key, "B@m.example")));
  BOOST_TEST(hash != (SipHash<2, 4>(key, "A@m.example")));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
