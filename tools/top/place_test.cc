// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/top/place.h"

#include <boost/test/unit_test.hpp>

namespace saef::tools {
namespace {

BOOST_AUTO_TEST_SUITE(top_place)

BOOST_AUTO_TEST_CASE(places_are_read) {
  const struct {
    const char* text;
    const char* place;
  } kPlaces[] = {
      {"9464", "127.0.0.1:9464"},       {"localhost:1", "localhost:1"},
      {"[::1]:9464", "[::1]:9464"},     {"http://127.0.0.1:9464/metrics", "127.0.0.1:9464"},
      {"http://[::1]:80/", "[::1]:80"},
  };
  for (const auto& test : kPlaces) {
    const auto place = ReadPlace(test.text);
    BOOST_REQUIRE(place.has_value());
    BOOST_TEST(place->text() == test.place);
  }
  for (const char* text : {"", "0", "65536", "host", ":1", "host:", "::1:9464", "[]:1", "host:1x",
                           "https://x:1/", "123456", "4294967376", "[x:1", "a]b:1", "[:1"}) {
    BOOST_TEST(!ReadPlace(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::tools
