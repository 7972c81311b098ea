// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/error.h"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

namespace saef::bindings {

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(each_error_has_words_of_its_own) {
  std::set<std::string> seen;
  for (int i = 1; i <= static_cast<int>(Error::kUnsupported); ++i) {
    const boost::system::error_code code = static_cast<Error>(i);
    BOOST_TEST(static_cast<bool>(code));
    BOOST_TEST(code.message().find("unknown error") == std::string::npos);
    BOOST_TEST(seen.insert(code.message()).second, code.message());
  }
  BOOST_TEST(boost::system::error_code(99, ErrorCategory()).message() == "unknown error 99");
}

BOOST_AUTO_TEST_CASE(a_result_carries_the_category) {
  const Result<int> result = Error::kTimeout;
  BOOST_REQUIRE(result.has_error());
  BOOST_TEST((result.error() == Error::kTimeout));
  BOOST_TEST((result.error() != Error::kClosed));
  BOOST_TEST(result.error().category().name() == std::string("saef.bindings"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::bindings
