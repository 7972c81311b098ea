// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/client_hello.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/abi/client_flight.h"

namespace saef::coap::test {
namespace {

using abi_test::Octets;

// One record with one message, as far as its random; then three octets more.
Octets Hello(char random) {
  Octets hello = {22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 49};
  hello.insert(hello.end(), {1, 0, 0, 37, 0, 0, 0, 0, 0, 0, 0, 37, 254, 253});
  hello.insert(hello.end(), 32, static_cast<std::uint8_t>(random));
  hello.insert(hello.end(), {0, 0, 0});
  return hello;
}

BOOST_AUTO_TEST_SUITE(client_hello)

BOOST_AUTO_TEST_CASE(the_random_of_one) {
  HelloRandom expected;
  expected.fill('r');
  const auto read = HelloRandomOf(Hello('r'));
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST((*read == expected));
  BOOST_TEST((HelloRandomOf(Hello('s')) != read));
}

BOOST_AUTO_TEST_CASE(its_first_fragment_is_enough) {
  Octets hello = Hello('r');
  hello[16] = 200;  // of so many octets
  BOOST_TEST(HelloRandomOf(hello).has_value());
  hello[24] = 34;  // these are the first
  BOOST_TEST(HelloRandomOf(hello).has_value());
  hello[24] = 33;
  BOOST_TEST(!HelloRandomOf(hello).has_value());
}

BOOST_AUTO_TEST_CASE(cut_anywhere) {
  const Octets hello = Hello('r');
  for (std::size_t size = 0; size <= hello.size(); ++size) {
    // A copy that ends where it ends, for AddressSanitizer.
    const Octets cut(hello.begin(), hello.begin() + static_cast<std::ptrdiff_t>(size));
    BOOST_TEST(HelloRandomOf(cut).has_value() == (size >= 59));
  }
}

BOOST_AUTO_TEST_CASE(what_else_may_come) {
  const auto with = [](std::size_t at, std::uint8_t value) {
    Octets hello = Hello('r');
    hello[at] = value;
    return hello;
  };
  BOOST_TEST(!HelloRandomOf(with(0, 23)).has_value());   // no handshake record
  BOOST_TEST(!HelloRandomOf(with(3, 1)).has_value());    // encrypted
  BOOST_TEST(!HelloRandomOf(with(4, 1)).has_value());    // likewise
  BOOST_TEST(HelloRandomOf(with(10, 9)).has_value());    // a later record in the clear
  BOOST_TEST(!HelloRandomOf(with(12, 45)).has_value());  // its record ends before
  BOOST_TEST(!HelloRandomOf(with(13, 16)).has_value());  // ClientKeyExchange
  BOOST_TEST(!HelloRandomOf(with(19, 1)).has_value());   // a later fragment
  BOOST_TEST(!HelloRandomOf(with(21, 1)).has_value());   // likewise
  BOOST_TEST(!HelloRandomOf(abi_test::DtlsFinished(0, 7)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::coap::test
