// SPDX-License-Identifier: GPL-3.0-or-later
//
// lookup() tells of the usual identities at once and of all others by taking them apart;
// lookup_async takes all apart. Whatever is asked, they tell the same.
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

#include "plugin/test_maf.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

const std::string kUsualId = "00112233445566778899AABBCCDDEEFF@maf.example.com";
const std::string kShortId = "k1@maf.example.com";

void Ignore(void* /*context*/, saef_ticket /*ticket*/, std::int32_t /*outcome*/) {}

std::int32_t AskForNoKey(const PluginUnderTest& plugin, const std::string& identity) {
  saef_ticket ticket = 0;
  const std::int32_t result = Api().lookup_async(plugin.get(), Octets(identity).data(),
                                                 identity.size(), Ignore, nullptr, &ticket);
  if (result == SAEF_PENDING) Api().lookup_cancel(plugin.get(), ticket);
  return result;
}

bool IsToldAtOnce(std::int32_t result) {
  return result == SAEF_KEY || result == SAEF_NOT_MINE || result == SAEF_INVALID;
}

struct WithTwoKeys {
  WithTwoKeys() {
    maf.Start();
    maf.Set(kUsualId.substr(0, 32), TestMaf::Key());
    maf.Set("k1", TestMaf::Key());
  }
  TestMaf maf;
};

BOOST_FIXTURE_TEST_SUITE(lookup_ways, WithTwoKeys)

BOOST_AUTO_TEST_CASE(tell_the_same) {
  const PluginUnderTest plugin(maf.port());
  BOOST_REQUIRE(plugin.LookupWait(kUsualId) == SAEF_KEY);
  BOOST_REQUIRE(plugin.LookupWait(kShortId) == SAEF_KEY);
  maf.Hold();  // what it is asked from here on is never found out
  std::mt19937_64 random(5);
  int hits = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string identity = i % 2 == 0 ? kUsualId : kShortId;
    for (std::uint64_t changes = random() % 3; changes > 0; --changes) {
      const std::size_t place = random() % identity.size();
      if (random() % 4 == 0) {
        identity.insert(place, 1, static_cast<char>(random()));
      } else {
        identity[place] ^= static_cast<char>(random() % 2 == 0 ? 0x20 : random());
      }
    }
    const std::int32_t told = plugin.Lookup(identity);
    const std::int32_t told_otherwise = AskForNoKey(plugin, identity);
    if (told == SAEF_KEY) ++hits;
    if (!IsToldAtOnce(told) && !IsToldAtOnce(told_otherwise)) continue;
    BOOST_REQUIRE(told == told_otherwise);
  }
  BOOST_TEST(hits > 100);
  maf.Release();
}

BOOST_AUTO_TEST_CASE(a_nul_is_told_wherever_it_is) {
  const PluginUnderTest plugin(maf.port());
  BOOST_REQUIRE(plugin.LookupWait(kShortId) == SAEF_KEY);
  const auto with_nul = [](std::string text, std::size_t place) {
    return text.insert(place, 1, '\0');
  };
  for (std::size_t place = 0; place <= kShortId.size(); ++place) {
    BOOST_TEST(plugin.Lookup(with_nul(kShortId, place)) == SAEF_INVALID);
  }
  for (std::size_t place = 0; place <= 15; ++place) {
    BOOST_TEST(plugin.Lookup(with_nul("Client_identity", place)) == SAEF_INVALID);
  }
  BOOST_TEST(plugin.Lookup("") == SAEF_INVALID);
  BOOST_TEST(plugin.Lookup(std::string(129, 'a')) == SAEF_INVALID);
  BOOST_TEST(plugin.Lookup(std::string(128, 'a')) == SAEF_NOT_MINE);
  BOOST_TEST(plugin.Lookup("@maf.example.com") == SAEF_NOT_MINE);
}

BOOST_AUTO_TEST_CASE(are_counted_alike) {
  const PluginUnderTest plugin(maf.port());
  BOOST_REQUIRE(plugin.LookupWait(kUsualId) == SAEF_KEY);
  for (int i = 0; i < 10; ++i) {
    BOOST_TEST(plugin.Lookup(kUsualId) == SAEF_KEY);
    BOOST_TEST(plugin.Lookup("k@other.example.com") == SAEF_NOT_MINE);
    BOOST_TEST(AskForNoKey(plugin, kUsualId) == SAEF_KEY);
    BOOST_TEST(AskForNoKey(plugin, "k@other.example.com") == SAEF_NOT_MINE);
  }
  const saef_statistics s = plugin.Statistics();
  BOOST_TEST(s.hits == 21u);
  BOOST_TEST(s.not_mine == 20u);
  BOOST_TEST(s.lookups == 41u);
}

// Whose room is too small learns how much would do, and nothing is written.
BOOST_AUTO_TEST_CASE(a_buffer_that_is_too_small) {
  const PluginUnderTest plugin(maf.port());
  BOOST_REQUIRE(plugin.LookupWait(kUsualId) == SAEF_KEY);
  std::uint8_t key[SAEF_MAX_KEY] = {};
  std::size_t length = 31;
  BOOST_TEST(Api().lookup(plugin.get(), Octets(kUsualId).data(), kUsualId.size(), key, &length) ==
             SAEF_E_BUFFER_TOO_SMALL);
  BOOST_TEST(length == 32u);
  for (const std::uint8_t octet : key) BOOST_TEST(octet == 0);
  length = 32;
  BOOST_TEST(Api().lookup(plugin.get(), Octets(kUsualId).data(), kUsualId.size(), key, &length) ==
             SAEF_KEY);
  BOOST_TEST(length == 32u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
