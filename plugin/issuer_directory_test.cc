// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/issuer_directory.h"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <vector>

#include "plugin/test_both_ways.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

BOOST_AUTO_TEST_SUITE(issuer_directory)

BOOST_AUTO_TEST_CASE(finds_by_the_exact_name) {
  const IssuerDirectory directory({"z.example.com", "a.example.com", "maf.example.com"});
  BOOST_TEST(directory.Find("z.example.com") == 0u);
  BOOST_TEST(directory.Find("a.example.com") == 1u);
  BOOST_TEST(directory.Find("maf.example.com") == 2u);
}

BOOST_AUTO_TEST_CASE(finds_nothing_else) {
  const IssuerDirectory directory({"maf.example.com"});
  BOOST_TEST(directory.Find("maf.example.com") == 0u);
  const IssuerDirectory two({"maf.example.com", "mef.example.com"});
  for (const std::string_view name :
       {"", "maf.example.co", "maf.example.com.", "x.maf.example.com", "maf.example.comx", "zzz"}) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(directory.Find(name) == IssuerDirectory::kNone);
      BOOST_TEST(two.Find(name) == IssuerDirectory::kNone);
      BOOST_TEST(IssuerDirectory({}).Find(name) == IssuerDirectory::kNone);
    }
  }
}

// Of 4, 15, 16, 17, 32, 47, 48 octets and more, and one that is another's end.
const std::vector<std::vector<std::string>> kDirectories = {
    {},
    {"m.eu"},
    {"maf.example.com"},
    {"n.maf.example.com", "maf.example.com"},
    {"a123456.example.com", "b.a123456.example.com"},
    {std::string(31, 'a'), std::string(47, 'b'), std::string(46, 'c'), std::string(30, 'd')},
    {"maf.example.com", std::string(48, 'e')},
    {"a.eu", "b.eu", "c.eu", "d.eu", "e.eu"},
};

BOOST_AUTO_TEST_CASE(tells_by_the_end_what_it_tells_by_all) {
  for (const auto& fqdns : kDirectories) {
    const IssuerDirectory directory(fqdns);
    std::vector<std::string> ends = fqdns;
    ends.insert(ends.end(), {"x.eu", "maf.example.com", "MAF.example.COM", ""});
    for (const std::string& end : ends) {
      for (std::size_t length = 0; length < 70; ++length) {
        for (const char* const between : {"@", "", "@@", "\x60"}) {
          const std::string identity = std::string(length, 'k') + between + end;
          BOOST_REQUIRE(WhatDiffers(directory, Octets(identity)) == "");
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(tells_the_same_of_what_is_nearly_one) {
  std::mt19937_64 random(11);
  for (const auto& fqdns : kDirectories) {
    const IssuerDirectory directory(fqdns);
    for (int i = 0; i < 2000 && !fqdns.empty(); ++i) {
      std::string identity = std::string(random() % 45, 'k') + "@" + fqdns[random() % fqdns.size()];
      for (std::uint64_t changes = random() % 3; changes > 0; --changes) {
        identity[random() % identity.size()] ^= static_cast<char>(1 << random() % 8);
      }
      BOOST_REQUIRE(WhatDiffers(directory, Octets(identity)) == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(tells_of_what_is_usual_at_once) {
  const IssuerDirectory directory({"maf.example.com", "mef.example.com"});
  const std::string usual = std::string(32, 'A') + "@MEF.example.com";
  BOOST_TEST(directory.FindAtEnd(Octets(usual)).issuer == 1u);
  BOOST_TEST(directory.FindAtEnd(Octets(usual)).relative_length == 32u);
  const std::string firsts = std::string(32, 'A') + "@maf.example.com";
  BOOST_TEST(directory.GuessRelativeLength(Octets(firsts)) == 32u);
  BOOST_TEST(directory.IsFirstAtEnd(Octets(firsts)));
  BOOST_TEST(directory.GuessRelativeLength(Octets(usual)) == 0u);
  for (const char* const other : {"Client_identity", "0123456789ABCDEF@m.example.com"}) {
    BOOST_TEST(directory.GuessRelativeLength(Octets(other)) == 0u);
    BOOST_TEST(directory.FindAtEnd(Octets(other)).issuer == IssuerDirectory::kNone);
    BOOST_TEST(directory.FindAtEnd(Octets(other)).is_sure);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
