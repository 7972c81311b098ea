// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/issuer_directory.h"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
