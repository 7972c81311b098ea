// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/credential_id.h"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

BOOST_AUTO_TEST_SUITE(credential_id)

BOOST_AUTO_TEST_CASE(accepts) {
  const std::string texts[] = {"10-kpm@mef.example.com",        "11-ae1@maf.example.com",
                               "12-x@issuer.example.com",       "30-ni:///sha-256-120;abcd_",
                               "31-1.3.6.1.4.1.45687.1-0a0b0c", "32-//sp.example.com/cse1",
                               "33-//sp.example.com/Sae1",      "34-node-1",
                               "31-" + std::string(253, 'x')};
  for (const std::string& text : texts) {
    BOOST_TEST_INFO(Visible(text));
    const auto id = CredentialId::Parse(text);
    BOOST_TEST_REQUIRE(ErrorOf(id) == "");
    BOOST_TEST(id->text() == text);
    BOOST_TEST((*CredentialId::Make(id->type(), id->value()) == *id));
  }
  BOOST_TEST(CredentialId::Parse("11-Ae1@MAF.example.com")->text() == "11-Ae1@maf.example.com");
}

BOOST_AUTO_TEST_CASE(refuses) {
  const std::vector<Refusal> rows = {
      {"", Error::kEmpty},
      {"1", Error::kBadForm},
      {"11", Error::kBadForm},
      {"-", Error::kBadForm},
      {"11:x@a", Error::kBadForm},
      {"1-x@a", Error::kBadForm},
      {"011-x@a", Error::kBadForm},
      {"+1-x@a", Error::kBadForm},
      {" 11-x@a", Error::kBadForm},
      {"1\xB2-x@a", Error::kBadForm},
      {"11-", Error::kEmpty},
      {"00-x@a", Error::kOutOfRange},
      {"13-x@a", Error::kOutOfRange},
      {"29-x", Error::kOutOfRange},
      {"35-x", Error::kOutOfRange},
      {"99-x", Error::kOutOfRange},
      {"11-x", Error::kBadForm},
      {"11-@a", Error::kEmpty},
      {"11-a b@a", Error::kBadCharacter},
      {"31-a b", Error::kBadCharacter},
      {"31-a\n", Error::kBadCharacter},
      {"31-\x80", Error::kBadCharacter},
      {std::string("31-a\0", 5), Error::kBadCharacter},
      {std::string("31-\0", 4), Error::kBadCharacter},
      {"31-" + std::string(254, 'x'), Error::kTooLong},
      {"11-" + std::string(127, 'x') + "@a", Error::kTooLong},
      {std::string(10 * 1024, '1'), Error::kTooLong},
  };
  for (const Refusal& row : rows) {
    BOOST_TEST_INFO(Visible(row.text));
    BOOST_TEST(ErrorOf(CredentialId::Parse(row.text)) == Text(row.error));
  }
  BOOST_TEST(ErrorOf(CredentialId::Make(static_cast<CredentialType>(13), "x")) ==
             Text(Error::kOutOfRange));
  BOOST_TEST(ErrorOf(CredentialId::Make(CredentialType::kDeviceCertificate, "")) ==
             Text(Error::kEmpty));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
