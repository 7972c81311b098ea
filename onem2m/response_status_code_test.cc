// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/response_status_code.h"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <set>
#include <string>

#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

BOOST_AUTO_TEST_SUITE(response_status_code)

BOOST_AUTO_TEST_CASE(exactly_the_codes_that_the_bindings_map) {
  const std::set<long long> known = {1000, 2000, 2001, 2002, 2004, 4000, 4004, 4005,
                                     4008, 4015, 4102, 4103, 4105, 4106, 4107, 4117,
                                     4126, 4128, 5000, 5001, 5103, 5105, 5106, 5207};
  std::set<std::string> names;
  for (long long number = -10; number < 10000; ++number) {
    const auto code = ToResponseStatusCode(number);
    if (code.has_value() != known.contains(number)) BOOST_ERROR(number);
    if (!code) continue;
    BOOST_TEST(Number(*code) == number);
    BOOST_TEST(IsSuccess(*code) == (number / 1000 == 2));
    BOOST_TEST(names.insert(std::string(Name(*code))).second);
  }
  BOOST_TEST(names.size() == known.size());
  for (const long long number : {(1LL << 32) + 2000, std::numeric_limits<long long>::max(),
                                 std::numeric_limits<long long>::min()}) {
    BOOST_TEST(ErrorOf(ToResponseStatusCode(number)) == Text(Error::kOutOfRange));
  }
  BOOST_TEST(Name(static_cast<ResponseStatusCode>(4242)).empty());
}

BOOST_AUTO_TEST_CASE(the_originator_check_s_names) {
  BOOST_TEST(Name(ResponseStatusCode::kOriginatorNotAuthenticated) ==
             "ORIGINATOR_NOT_AUTHENTICATED");
  BOOST_TEST(Name(ResponseStatusCode::kSecurityAssociationRequired) ==
             "SECURITY_ASSOCIATION_REQUIRED");
  BOOST_TEST(!IsSuccess(ResponseStatusCode::kAccepted));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
