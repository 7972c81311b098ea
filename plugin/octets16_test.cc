// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/octets16.h"

#include <array>
#include <boost/test/unit_test.hpp>

namespace saef::plugin {
namespace {

using Plain = std::array<std::uint8_t, kOctets16>;

Plain Stored(Octets16 octets) {
  Plain plain{};
  StoreOctets16(octets, plain.data());
  return plain;
}

BOOST_AUTO_TEST_SUITE(octets16)

BOOST_AUTO_TEST_CASE(fold_letters_of_ascii_alone) {
  for (int value = 0; value < 256; ++value) {
    const auto octet = static_cast<std::uint8_t>(value);
    const bool is_upper = value >= 'A' && value <= 'Z';
    const bool is_lower = value >= 'a' && value <= 'z';
    for (std::size_t place = 0; place < kOctets16; ++place) {
      Plain plain{};
      plain[place] = octet;
      const Octets16 octets = LoadOctets16(plain.data());
      plain[place] = static_cast<std::uint8_t>(is_upper ? octet + 32 : octet);
      BOOST_REQUIRE(Stored(ToLower(octets)) == plain);
      plain[place] = static_cast<std::uint8_t>(is_lower ? octet - 32 : octet);
      BOOST_REQUIRE(Stored(ToUpper(octets)) == plain);
      BOOST_REQUIRE(IsZero(octets) == (value == 0));
      const bool is_sure = value < 'a' || value >= 128;
      for (const bool has_no_lower :
           {HasNoLower(octets, Octets16{}), HasNoLower(Octets16{}, octets)}) {
        BOOST_REQUIRE(!is_lower || !has_no_lower);
        BOOST_REQUIRE(!is_sure || has_no_lower);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
