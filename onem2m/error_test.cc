// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/error.h"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(each_error_has_words_of_its_own) {
  std::set<std::string> messages;
  for (int value = 1; value <= static_cast<int>(Error::kNoIdentity); ++value) {
    BOOST_TEST_INFO(value);
    BOOST_TEST(messages.insert(Text(static_cast<Error>(value))).second);
  }
  BOOST_TEST(!messages.contains("unknown error"));
  BOOST_TEST(ErrorCategory().message(0) == "unknown error");
  BOOST_TEST(ErrorCategory().message(9999) == "unknown error");
  BOOST_TEST(std::string(ErrorCategory().name()) == "saef.onem2m");
}

BOOST_AUTO_TEST_CASE(an_error_is_a_failure) {
  const boost::system::error_code code = Error::kEmpty;
  BOOST_TEST(code.failed());
  BOOST_TEST((code == make_error_code(Error::kEmpty)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
