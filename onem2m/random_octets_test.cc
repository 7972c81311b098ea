// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/random_octets.h"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace saef::onem2m {
namespace {

BOOST_AUTO_TEST_SUITE(random_octets)

BOOST_AUTO_TEST_CASE(each_octet_is_filled_and_no_two_are_alike) {
  std::array<std::uint8_t, 16> first{};
  std::array<std::uint8_t, 16> second{};
  BOOST_REQUIRE(FillRandom(first));
  BOOST_REQUIRE(FillRandom(second));
  BOOST_TEST(first != second);
  std::vector<bool> touched(256, false);
  for (int i = 0; i < 100; ++i) {
    std::vector<std::uint8_t> octets(256, 0);
    BOOST_REQUIRE(FillRandom(octets));
    for (std::size_t k = 0; k < octets.size(); ++k) touched[k] = touched[k] || octets[k] != 0;
  }
  BOOST_TEST(std::count(touched.begin(), touched.end(), false) == 0);
}

BOOST_AUTO_TEST_CASE(sizes) {
  BOOST_TEST(FillRandom({}).has_value());
  std::vector<std::uint8_t> octets(257);
  BOOST_TEST((FillRandom(octets).error() == Error::kTooLong));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
