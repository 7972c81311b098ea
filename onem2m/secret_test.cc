// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/secret.h"

#include <boost/test/unit_test.hpp>
#include <concepts>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);
static_assert(std::is_nothrow_move_assignable_v<Secret>);

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(Printable<std::string> && !Printable<Secret>);

std::vector<std::uint8_t> Bytes(std::size_t size, std::uint8_t fill = 0xA5) {
  return std::vector<std::uint8_t>(size, fill);
}

BOOST_AUTO_TEST_SUITE(secret)

BOOST_AUTO_TEST_CASE(copies_up_to_its_bound) {
  for (const std::size_t size : {0, 1, 32, 63, 64, 65, 1023, 1024}) {
    BOOST_TEST_INFO(size);
    const auto secret = Secret::Copy(Bytes(size));
    BOOST_TEST_REQUIRE(ErrorOf(secret) == "");
    BOOST_TEST(secret->size() == size);
    BOOST_TEST(secret->empty() == (size == 0));
    BOOST_TEST(secret->Equals(Bytes(size)));
  }
  BOOST_TEST(ErrorOf(Secret::Copy(Bytes(1025))) == Text(Error::kTooLong));
  BOOST_TEST(ErrorOf(Secret::Random(1025)) == Text(Error::kTooLong));
}

BOOST_AUTO_TEST_CASE(compares_content_and_length) {
  const Secret secret = Secret::Copy(Bytes(32)).value();
  BOOST_TEST(secret.Equals(Bytes(32)));
  BOOST_TEST(!secret.Equals(Bytes(31)));
  BOOST_TEST(!secret.Equals(Bytes(33)));
  BOOST_TEST(!secret.Equals({}));
  for (std::size_t i = 0; i < 32; ++i) {
    auto other = Bytes(32);
    other[i] ^= 1;
    BOOST_TEST(!secret.Equals(other));
  }
  BOOST_TEST(Secret().Equals({}));
  BOOST_TEST(!Secret().Equals(Bytes(1)));
}

BOOST_AUTO_TEST_CASE(moves) {
  Secret a = Secret::Copy(Bytes(32, 1)).value();
  const std::uint8_t* const place = a.data();
  Secret b = std::move(a);
  BOOST_TEST(a.empty());  // NOLINT: what a moved-from Secret holds is part of the contract
  BOOST_TEST(b.data() == place);
  Secret c = Secret::Copy(Bytes(100, 2)).value();
  c = std::move(b);
  BOOST_TEST(b.empty());  // NOLINT
  BOOST_TEST(c.Equals(Bytes(32, 1)));
  Secret& same = c;
  c = std::move(same);
  BOOST_TEST(c.Equals(Bytes(32, 1)));
  const auto clone = c.Clone();
  BOOST_TEST(clone->data() != c.data());
  BOOST_TEST(clone->Equals(c.bytes()));
}

BOOST_AUTO_TEST_CASE(is_wiped_when_it_goes) {
  for (const std::size_t size : {64, 1024}) {
    const std::uint8_t* cell = nullptr;
    {
      const auto secret = Secret::Copy(Bytes(size, 0xFF));
      cell = secret->data();
    }
    // The cell stays mapped; its first octets belong to the list of free cells.
    for (std::size_t i = sizeof(void*); i < size; ++i) BOOST_TEST_REQUIRE(cell[i] == 0);
    // The next of its size takes the same cell, and finds it zero throughout.
    const auto next = Secret::Copy(Bytes(size - 8, 0));
    BOOST_TEST(next->data() == cell);
    for (std::size_t i = 0; i < size; ++i) BOOST_TEST_REQUIRE(cell[i] == 0);
  }
}

BOOST_AUTO_TEST_CASE(random_differs) {
  const auto a = Secret::Random(32);
  const auto b = Secret::Random(32);
  BOOST_TEST_REQUIRE(ErrorOf(a) == "");
  BOOST_TEST_REQUIRE(ErrorOf(b) == "");
  BOOST_TEST(!a->Equals(b->bytes()));
  BOOST_TEST(!a->Equals(Bytes(32, 0)));
  BOOST_TEST(Secret::Random(0)->empty());
}

// RFC 4648 section 10, and more.
BOOST_AUTO_TEST_CASE(base64_both_ways) {
  const std::pair<std::string, std::string> rows[] = {
      {"f", "Zg=="},         {"fo", "Zm8="},         {"foo", "Zm9v"},         {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF\xBF", "+/+/"}};
  for (const auto& [plain, text] : rows) {
    BOOST_TEST_INFO(text);
    const auto secret = Secret::FromBase64(text);
    BOOST_TEST_REQUIRE(ErrorOf(secret) == "");
    BOOST_TEST(std::string(secret->bytes().begin(), secret->bytes().end()) == plain);
    BOOST_TEST(secret->ToBase64() == text);
  }
  BOOST_TEST(Secret().ToBase64() == "");
  for (std::size_t size = 1; size <= 1024; size += 31) {
    const auto secret = Secret::Random(size);
    BOOST_TEST(Secret::FromBase64(secret->ToBase64())->Equals(secret->bytes()));
  }
  BOOST_TEST(Secret::FromBase64(Secret::Random(1024)->ToBase64())->size() == 1024);
}

BOOST_AUTO_TEST_CASE(base64_refused) {
  const std::vector<Refusal> rows = {
      {"", Error::kBadBase64},
      {"Zg", Error::kBadBase64},
      {"Zg=", Error::kBadBase64},
      {"Zg===", Error::kBadBase64},
      {"=", Error::kBadBase64},
      {"====", Error::kBadBase64},
      {"Z===", Error::kBadBase64},
      {"=Zg=", Error::kBadBase64},
      {"Zg=v", Error::kBadBase64},
      {"Zg==Zg==", Error::kBadBase64},
      {"Zm9vZg==Zm9v", Error::kBadBase64},
      {"Zh==", Error::kBadBase64},  // unused bits set
      {"Zm9=", Error::kBadBase64},
      {"Zm9v\n", Error::kBadBase64},
      {"Zm9v\nZm9", Error::kBadBase64},
      {"Zm9v\r\nZm", Error::kBadBase64},
      {" Zm9v   ", Error::kBadBase64},
      {"Zm 9vYg=", Error::kBadBase64},
      {"Zm-_", Error::kBadBase64},
      {"Zm9*", Error::kBadBase64},
      {std::string("Zm9v\0\0\0\0", 8), Error::kBadBase64},
      {std::string("\0\0\0\0", 4), Error::kBadBase64},
      {"Zm9\xFF", Error::kBadBase64},
      {std::string(1368, 'A'), Error::kTooLong},  // 1026 octets
      {std::string(10 * 1024, 'A'), Error::kTooLong},
  };
  for (const Refusal& row : rows) {
    BOOST_TEST_INFO(Visible(row.text));
    BOOST_TEST(ErrorOf(Secret::FromBase64(row.text)) == Text(row.error));
  }
}

BOOST_AUTO_TEST_CASE(hexadecimal_both_ways) {
  const auto secret = Secret::FromHex("00ff10aBCd");
  BOOST_TEST_REQUIRE(ErrorOf(secret) == "");
  BOOST_TEST(secret->ToHex() == "00FF10ABCD");
  BOOST_TEST(Secret().ToHex() == "");
  BOOST_TEST(Secret::FromHex(std::string(2048, 'f'))->size() == 1024);
  const std::vector<Refusal> rows = {{"", Error::kBadForm},
                                     {"0", Error::kBadForm},
                                     {"012", Error::kBadForm},
                                     {"0g", Error::kBadCharacter},
                                     {"g0", Error::kBadCharacter},
                                     {"0 ", Error::kBadCharacter},
                                     {"0x", Error::kBadCharacter},
                                     {"\n0", Error::kBadCharacter},
                                     {"0\xFF", Error::kBadCharacter},
                                     {"/0", Error::kBadCharacter},
                                     {"0:", Error::kBadCharacter},
                                     {"@0", Error::kBadCharacter},
                                     {std::string("0\0", 2), Error::kBadCharacter},
                                     {std::string(2050, '0'), Error::kTooLong}};
  for (const Refusal& row : rows) {
    BOOST_TEST_INFO(Visible(row.text));
    BOOST_TEST(ErrorOf(Secret::FromHex(row.text)) == Text(row.error));
  }
}

BOOST_AUTO_TEST_CASE(wipe_overwrites) {
  std::string text(100, 'x');
  text.resize(50);  // what was cut off is still in the capacity
  const char* const place = text.data();
  Wipe(text);
  BOOST_TEST(text.empty());
  text.resize(100, 'y');
  text.clear();
  BOOST_TEST_REQUIRE(text.data() == place);
  std::vector<std::uint8_t> bytes = Bytes(100);
  Wipe(std::span(bytes));
  BOOST_TEST((bytes == Bytes(100, 0)));
  Wipe(std::span<std::uint8_t>());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
