// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/primitive.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "onem2m/json.h"
#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

BOOST_AUTO_TEST_SUITE(primitive)

BOOST_AUTO_TEST_CASE(operations) {
  const std::string_view names[] = {"CREATE", "RETRIEVE", "UPDATE", "DELETE", "NOTIFY"};
  for (int number = 1; number <= 5; ++number) {
    const auto operation = ToOperation(number);
    BOOST_TEST_REQUIRE(ErrorOf(operation) == "");
    BOOST_TEST(static_cast<int>(*operation) == number);
    BOOST_TEST(Name(*operation) == names[number - 1]);
  }
  for (const long long number :
       {-1LL, 0LL, 6LL, (1LL << 32) + 1, std::numeric_limits<long long>::max()}) {
    BOOST_TEST(ErrorOf(ToOperation(number)) == Text(Error::kOutOfRange));
  }
  BOOST_TEST(Name(static_cast<Operation>(6)).empty());
}

BOOST_AUTO_TEST_CASE(a_response_carries_the_request_s_identifiers) {
  RequestPrimitive request;
  request.request_identifier = "r1";
  request.release_version = "3";
  request.originating_timestamp = "20260101T000000";
  const auto response = RespondTo(request, ResponseStatusCode::kOk);
  BOOST_TEST((response.status == ResponseStatusCode::kOk));
  BOOST_TEST(response.request_identifier == "r1");
  BOOST_TEST((response.release_version == "3"));
  BOOST_TEST(!response.originating_timestamp.has_value());
  BOOST_TEST(response.content == "");
  request.release_version.reset();
  BOOST_TEST(!RespondTo(request, ResponseStatusCode::kOk).release_version.has_value());
}

BOOST_AUTO_TEST_CASE(text_becomes_debug_info_whatever_it_holds) {
  const std::pair<std::string, std::string> rows[] = {
      {"no such resource", "no such resource"},
      {"a \"quoted\" \\ \n name", "a \"quoted\" \\ \n name"},
      {"gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F"},
      {"bad \xFF\xC3 octets", "bad ?? octets"},
      {"a sequence that stops \xF4", "a sequence that stops ?"},
      {std::string("nul\0nul", 7), std::string("nul\0nul", 7)},
      {"", ""}};
  for (const auto& [text, expected] : rows) {
    BOOST_TEST_INFO(Visible(text));
    const auto response = RespondWithText({}, ResponseStatusCode::kBadRequest, text);
    const auto content = ParseJson(response.content);
    BOOST_TEST_REQUIRE(ErrorOf(content) == "");
    BOOST_TEST(*GetString(*content, "m2m:dbg") == expected);
  }
  BOOST_TEST(RespondWithText({}, ResponseStatusCode::kNotFound, {}).content ==
             "{\"m2m:dbg\":\"\"}");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
