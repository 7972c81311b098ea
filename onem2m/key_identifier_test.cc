// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/key_identifier.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <vector>

#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

const std::string kHex = "00112233445566778899AABBCCDDEEFF";

// A relative part of `relative` octets at an FQDN of `fqdn` octets.
std::string OfLengths(std::size_t relative, std::size_t fqdn) {
  return std::string(relative, 'r') + "@" + std::string(fqdn - 40, 'a') + "." +
         std::string(39, 'b');
}

const std::vector<Refusal> kRefusals = {
    {"", Error::kEmpty},
    {"@", Error::kEmpty},
    {"@maf.example.com", Error::kEmpty},
    {"abc@", Error::kEmpty},
    {"@@", Error::kBadCharacter},
    {"abc", Error::kBadForm},
    {kHex, Error::kBadForm},
    {"a@b@maf.example.com", Error::kBadCharacter},
    {"a@@maf.example.com", Error::kBadCharacter},
    {"a b@maf.example.com", Error::kBadCharacter},
    {"a/b@maf.example.com", Error::kBadCharacter},
    {"a%41@maf.example.com", Error::kBadCharacter},
    {"a?b@maf.example.com", Error::kBadCharacter},
    {std::string("a\0b@maf.example.com", 19), Error::kBadCharacter},
    {std::string("ab@maf.example.com\0", 19), Error::kBadCharacter},
    {std::string("ab@maf.example.com\0.evil.com", 28), Error::kBadCharacter},
    {"a\x80@maf.example.com", Error::kBadCharacter},
    {"a@m\xFF.example.com", Error::kBadCharacter},
    {"a\r\n@maf.example.com", Error::kBadCharacter},
    {"a@maf.example.com ", Error::kBadCharacter},
    {"a@maf.example.com.", Error::kBadForm},
    {"a@-maf.example.com", Error::kBadForm},
    {"a@" + std::string(64, 'a'), Error::kTooLong},
    {OfLengths(33, 95), Error::kTooLong},
    {OfLengths(32, 96), Error::kTooLong},
    {std::string(10 * 1024, 'a'), Error::kTooLong},
    {std::string(10 * 1024, '@'), Error::kTooLong},
    {kHex + "@" + std::string(10 * 1024, 'a'), Error::kTooLong},
};

BOOST_AUTO_TEST_SUITE(key_identifier)

BOOST_AUTO_TEST_CASE(accepts) {
  const std::string texts[] = {kHex + "@maf.example.com",
                               "a@b",
                               "ae1@maf.example.com",
                               "A.b_c-9@localhost",
                               "-@a",
                               "._@a",
                               OfLengths(32, 95),
                               OfLengths(1, 79),
                               OfLengths(85, 42)};
  for (const std::string& text : texts) {
    BOOST_TEST_INFO(Visible(text));
    const auto id = KeyIdentifier::Parse(text);
    BOOST_TEST_REQUIRE(ErrorOf(id) == "");
    BOOST_TEST(id->text() == text);
    BOOST_TEST(id->relative() + "@" + id->fqdn().text() == text);
  }
  BOOST_TEST(OfLengths(32, 95).size() == 128);
}

BOOST_AUTO_TEST_CASE(refuses) {
  for (const Refusal& row : kRefusals) {
    BOOST_TEST_INFO(Visible(row.text));
    BOOST_TEST(ErrorOf(KeyIdentifier::Parse(row.text)) == Text(row.error));
  }
}

BOOST_AUTO_TEST_CASE(bounds_the_relative_part) {
  BOOST_TEST(ErrorOf(KeyIdentifier::Parse(std::string(94, 'r') + "@a.bc")) == "");
  BOOST_TEST(ErrorOf(KeyIdentifier::Parse(std::string(95, 'r') + "@a.bc")) ==
             Text(Error::kTooLong));
  BOOST_TEST(IsRelativeKeyIdentifier(std::string(94, 'r')));
  BOOST_TEST(!IsRelativeKeyIdentifier(std::string(95, 'r')));
  BOOST_TEST(!IsRelativeKeyIdentifier(""));
  BOOST_TEST(!IsRelativeKeyIdentifier("a@b"));
  BOOST_TEST(!IsRelativeKeyIdentifier(std::string("a\0", 2)));
}

BOOST_AUTO_TEST_CASE(every_octet_of_the_relative_part) {
  for (int octet = 0; octet < 256; ++octet) {
    const char c = static_cast<char>(octet);
    const bool allowed = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                         (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
    BOOST_TEST_INFO(octet);
    BOOST_TEST(KeyIdentifier::Parse(std::string("a") + c + "b@m.c").has_value() == allowed);
  }
}

BOOST_AUTO_TEST_CASE(compares_without_case) {
  const auto a = KeyIdentifier::Parse("aBc@MAF.Example.com");
  const auto b = KeyIdentifier::Parse("AbC@maf.example.com");
  BOOST_TEST_REQUIRE(ErrorOf(a) == "");
  BOOST_TEST_REQUIRE(ErrorOf(b) == "");
  BOOST_TEST((*a == *b));
  BOOST_TEST(a->text() == "aBc@maf.example.com");
  BOOST_TEST(a->Canonical() == "ABC@maf.example.com");
  BOOST_TEST(b->Canonical() == a->Canonical());
  BOOST_TEST((*a != *KeyIdentifier::Parse("abd@maf.example.com")));
  BOOST_TEST((*a != *KeyIdentifier::Parse("abcd@maf.example.com")));
  BOOST_TEST((*a != *KeyIdentifier::Parse("abc@maf.example.org")));
}

BOOST_AUTO_TEST_CASE(is_made_of_parts) {
  const Fqdn fqdn = *Fqdn::Parse("maf.example.com");
  BOOST_TEST(KeyIdentifier::Make("x", fqdn)->text() == "x@maf.example.com");
  BOOST_TEST(ErrorOf(KeyIdentifier::Make("", fqdn)) == Text(Error::kEmpty));
  BOOST_TEST(ErrorOf(KeyIdentifier::Make("a@b", fqdn)) == Text(Error::kBadCharacter));
  const Fqdn long_fqdn = *Fqdn::Parse(OfLengths(1, 95).substr(2));
  BOOST_TEST(ErrorOf(KeyIdentifier::Make(kHex, long_fqdn)) == "");
  BOOST_TEST(ErrorOf(KeyIdentifier::Make(kHex + "0", long_fqdn)) == Text(Error::kTooLong));
}

BOOST_AUTO_TEST_CASE(export_becomes_upper_case_hexadecimal) {
  std::array<std::uint8_t, 16> relative{};
  for (std::size_t i = 0; i < relative.size(); ++i) relative[i] = static_cast<std::uint8_t>(i * 17);
  const auto id = KeyIdentifier::FromExport(relative, *Fqdn::Parse("maf.example.com"));
  BOOST_TEST_REQUIRE(ErrorOf(id) == "");
  BOOST_TEST(id->text() == kHex + "@maf.example.com");
  const Fqdn too_long = *Fqdn::Parse(OfLengths(1, 96).substr(2));
  BOOST_TEST(ErrorOf(KeyIdentifier::FromExport(relative, too_long)) == Text(Error::kTooLong));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
