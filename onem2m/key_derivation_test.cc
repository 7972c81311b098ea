// SPDX-License-Identifier: GPL-3.0-or-later
//
// The expected keys come from OpenSSL, for the key 000102…1F:
//   printf %s 'oneM2M Enrolment Key to …derivation21maf.example.com' |
//     openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f
// and, to the same result, from Python's hmac.new(bytes(range(32)), …, hashlib.sha256).
#include "onem2m/key_derivation.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

// 0, 1, 2 …
std::vector<std::uint8_t> Counting(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return bytes;
}

Secret CountingKey(std::size_t size = 32) { return Secret::Copy(Counting(size)).value(); }

BOOST_AUTO_TEST_SUITE(key_derivation)

BOOST_AUTO_TEST_CASE(splits_an_export) {
  const auto split = SplitExport(Counting(48));
  BOOST_TEST_REQUIRE(ErrorOf(split) == "");
  BOOST_TEST(std::ranges::equal(split->relative_id, Counting(16)));
  const std::vector<std::uint8_t> all = Counting(48);
  BOOST_TEST(split->key.Equals(std::span(all).last(32)));
  for (const std::size_t size : {0, 1, 16, 32, 47, 49, 96}) {
    BOOST_TEST(ErrorOf(SplitExport(Counting(size))) == Text(Error::kBadKeyLength));
  }
}

BOOST_AUTO_TEST_CASE(derives_a_usage_constrained_key) {
  const auto km = DeriveUsageConstrainedKey(CountingKey(), Suid::kRspfMaf, "maf.example.com");
  BOOST_TEST_REQUIRE(ErrorOf(km) == "");
  BOOST_TEST(km->ToHex() == "F8610E4D1A428F72308E2941F53A1A0FDC1AFA7B1DDE3EC59FC52381DCBEB66A");
  const auto other = DeriveUsageConstrainedKey(CountingKey(), Suid::kRspfSaef, "maf.example.com");
  BOOST_TEST(!other->Equals(km->bytes()));
}

BOOST_AUTO_TEST_CASE(derives_kpsa) {
  const auto kpsa = DeriveKpsa(CountingKey(), "//sp.example.com/cse1");
  BOOST_TEST_REQUIRE(ErrorOf(kpsa) == "");
  BOOST_TEST(kpsa->ToHex() == "0AA013CC8B374F98DE90055EEB9F59C2E2D322AF64888B8D3459433FC03639A3");
}

BOOST_AUTO_TEST_CASE(refuses_other_keys_and_identifiers) {
  const std::string id = "maf.example.com";
  for (const std::size_t size : {0, 16, 31, 33, 48}) {
    BOOST_TEST(ErrorOf(DeriveKpsa(CountingKey(size), id)) == Text(Error::kBadKeyLength));
    BOOST_TEST(ErrorOf(DeriveUsageConstrainedKey(CountingKey(size), Suid::kRspfMaf, id)) ==
               Text(Error::kBadKeyLength));
  }
  const std::vector<Refusal> rows = {{"", Error::kEmpty},
                                     {"m\xC3\xA4"
                                      "f",
                                      Error::kBadCharacter},
                                     {std::string("maf\0", 4), Error::kBadCharacter},
                                     {"m f", Error::kBadCharacter},
                                     {std::string(1025, 'a'), Error::kTooLong}};
  for (const Refusal& row : rows) {
    BOOST_TEST_INFO(Visible(row.text));
    BOOST_TEST(ErrorOf(DeriveKpsa(CountingKey(), row.text)) == Text(row.error));
    BOOST_TEST(ErrorOf(DeriveUsageConstrainedKey(CountingKey(), Suid::kRspfMaf, row.text)) ==
               Text(row.error));
  }
}

BOOST_AUTO_TEST_CASE(halves) {
  const Secret kc = CountingKey(32);
  BOOST_TEST(FirstHalf(kc)->Equals(std::span(kc.data(), 16)));
  BOOST_TEST(SecondHalf(kc)->Equals(std::span(kc.data() + 16, 16)));
  for (const std::size_t size : {0, 1, 31}) {
    BOOST_TEST(ErrorOf(FirstHalf(CountingKey(size))) == Text(Error::kBadKeyLength));
    BOOST_TEST(ErrorOf(SecondHalf(CountingKey(size))) == Text(Error::kBadKeyLength));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
