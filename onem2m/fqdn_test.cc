// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/fqdn.h"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

const std::string kLabel63(63, 'a');

std::string OfLength(std::size_t length) {
  std::string text = kLabel63 + "." + kLabel63 + "." + kLabel63 + ".";
  return text + std::string(length - text.size(), 'b');
}

const std::vector<Refusal> kRefusals = {
    {"", Error::kEmpty},
    {".", Error::kBadForm},
    {"..", Error::kBadForm},
    {"a.", Error::kBadForm},
    {".a", Error::kBadForm},
    {"a..b", Error::kBadForm},
    {"-a", Error::kBadForm},
    {"a-", Error::kBadForm},
    {"a.-b.c", Error::kBadForm},
    {"a.b-.c", Error::kBadForm},
    {"127.0.0.1", Error::kBadForm},
    {"1", Error::kBadForm},
    {"maf.example.42", Error::kBadForm},
    {"a_b", Error::kBadCharacter},
    {"a b", Error::kBadCharacter},
    {" a", Error::kBadCharacter},
    {"a\n", Error::kBadCharacter},
    {"a@b", Error::kBadCharacter},
    {"a/b", Error::kBadCharacter},
    {"*.example.com", Error::kBadCharacter},
    {"[::1]", Error::kBadCharacter},
    {std::string("a\0b", 3), Error::kBadCharacter},
    {std::string("a\0", 2), Error::kBadCharacter},
    {std::string(1, '\0'), Error::kBadCharacter},
    {"m\xC3\xA4"
     "f.example.com",
     Error::kBadCharacter},
    {std::string(64, 'a'), Error::kTooLong},
    {"x." + std::string(64, 'a') + ".com", Error::kTooLong},
    {OfLength(254), Error::kTooLong},
    {std::string(10 * 1024, 'a'), Error::kTooLong},
    {std::string(10 * 1024, '.'), Error::kTooLong},
};

BOOST_AUTO_TEST_SUITE(fqdn)

BOOST_AUTO_TEST_CASE(accepts_names) {
  const std::string names[] = {"maf.example.com", "localhost",     "a",
                               "xn--mf-via.com",  "1.example.com", "a-b.c--d.e",
                               kLabel63,          kLabel63 + ".b", OfLength(253)};
  for (const std::string& name : names) {
    BOOST_TEST_INFO(Visible(name));
    const auto fqdn = Fqdn::Parse(name);
    BOOST_TEST_REQUIRE(ErrorOf(fqdn) == "");
    BOOST_TEST(fqdn->text() == name);
    BOOST_TEST(Fqdn::IsValid(name));
    BOOST_TEST(ErrorOf(Fqdn::ParseCanonical(name)) == "");
  }
}

BOOST_AUTO_TEST_CASE(refuses) {
  for (const Refusal& row : kRefusals) {
    BOOST_TEST_INFO(Visible(row.text));
    BOOST_TEST(ErrorOf(Fqdn::Parse(row.text)) == Text(row.error));
    BOOST_TEST_INFO(Visible(row.text));
    BOOST_TEST(ErrorOf(Fqdn::ParseCanonical(row.text)) == Text(row.error));
    BOOST_TEST(!Fqdn::IsValid(row.text));
  }
}

BOOST_AUTO_TEST_CASE(refuses_each_octet_outside_the_alphabet) {
  for (int octet = 0; octet < 256; ++octet) {
    const char c = static_cast<char>(octet);
    const bool allowed = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                         (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
    BOOST_TEST_INFO(octet);
    BOOST_TEST(Fqdn::IsValid(std::string("a") + c + "b") == allowed);
  }
}

BOOST_AUTO_TEST_CASE(folds_case_unless_canonical_is_demanded) {
  BOOST_TEST(Fqdn::Parse("MAF.Example.COM")->text() == "maf.example.com");
  BOOST_TEST((*Fqdn::Parse("A.b") == *Fqdn::Parse("a.B")));
  BOOST_TEST((*Fqdn::Parse("a.b") != *Fqdn::Parse("a.c")));
  BOOST_TEST(ErrorOf(Fqdn::ParseCanonical("maf.Example.com")) == Text(Error::kUpperCase));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
