// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/psk_identity.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "plugin/keyed_hash.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using Shape = PskIdentity::Shape;

PskIdentity Make(std::string_view text) { return PskIdentity(Octets(text)); }

BOOST_AUTO_TEST_SUITE(psk_identity)

BOOST_AUTO_TEST_CASE(splits_and_folds) {
  const PskIdentity identity = Make("aB01@MAF.Example.com");
  BOOST_TEST((identity.shape() == Shape::kKcId));
  BOOST_TEST(identity.relative() == "aB01");
  BOOST_TEST(identity.fqdn() == "maf.example.com");
  BOOST_TEST(identity.as_sent() == "aB01@maf.example.com");
  BOOST_TEST(identity.canonical() == "AB01@maf.example.com");
  BOOST_TEST(identity.relative_is_well_formed());
}

BOOST_AUTO_TEST_CASE(splits_at_the_last_at) {
  const PskIdentity identity = Make("a@b@maf.example.com");
  BOOST_TEST(identity.relative() == "a@b");
  BOOST_TEST(identity.fqdn() == "maf.example.com");
  BOOST_TEST(!identity.relative_is_well_formed());
}

BOOST_AUTO_TEST_CASE(is_invalid_where_no_library_could_pass_it_on) {
  BOOST_TEST((Make("").shape() == Shape::kInvalid));
  BOOST_TEST((Make(std::string(129, 'a')).shape() == Shape::kInvalid));
  BOOST_TEST((Make(std::string_view("a\0@maf.example.com", 18)).shape() == Shape::kInvalid));
  BOOST_TEST((Make(std::string_view("a@maf.example.com\0", 18)).shape() == Shape::kInvalid));
}

BOOST_AUTO_TEST_CASE(is_other_without_both_parts) {
  for (const std::string_view text : {"device7", "@maf.example.com", "name@", "@", "\xff\xfe"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST((Make(text).shape() == Shape::kOther)); }
  }
  BOOST_TEST((Make(std::string(128, 'a')).shape() == Shape::kOther));
}

BOOST_AUTO_TEST_CASE(takes_128_octets) {
  const std::string text = std::string(32, 'A') + "@" + std::string(95, 'b');
  BOOST_TEST(Make(text).as_sent() == text);
}

BOOST_AUTO_TEST_CASE(a_copy_reads_its_own_octets) {
  const auto original = std::make_unique<PskIdentity>(Make("ab@maf.example.com"));
  const PskIdentity copy = *original;
  BOOST_TEST((copy.as_sent().data() != original->as_sent().data()));
  BOOST_TEST(copy.canonical() == "AB@maf.example.com");
}

BOOST_AUTO_TEST_CASE(hash_is_of_the_text_alone) {
  BOOST_TEST(PrepareKeyedHash());
  const std::string one = "AB@maf.example.com";
  const std::string same = one;
  BOOST_TEST(KeyedHash{}(one) == KeyedHash{}(same));
  BOOST_TEST(KeyedHash{}(one) != KeyedHash{}("AC@maf.example.com"));
}

BOOST_AUTO_TEST_CASE(folds_letters_alone_wherever_they_stand) {
  // All octets but NUL and '@', around an '@' at every place of the sixteen that are read at once.
  for (std::size_t at = 1; at < 40; ++at) {
    for (int first = 1; first < 256; first += 40) {
      std::string sent;
      for (int c = first; c < first + 80; ++c) {
        if (sent.size() == at) sent += '@';
        sent += c % 256 == 0 || c % 256 == '@' ? 'x' : static_cast<char>(c);
      }
      std::string as_sent = sent;
      std::string canonical = sent;
      for (std::size_t i = 0; i < sent.size(); ++i) {
        const bool is_upper = sent[i] >= 'A' && sent[i] <= 'Z';
        const bool is_lower = sent[i] >= 'a' && sent[i] <= 'z';
        if (i > at && is_upper) as_sent[i] = canonical[i] = static_cast<char>(sent[i] + 32);
        if (i < at && is_lower) canonical[i] = static_cast<char>(sent[i] - 32);
      }
      const PskIdentity identity = Identity(sent);
      BOOST_REQUIRE(identity.as_sent() == as_sent);
      BOOST_REQUIRE(identity.canonical() == canonical);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
