// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a MEF tells of what it was asked.
#include <boost/test/unit_test.hpp>
#include <string>

#include "roles/enrolment_testing.h"
#include "roles/statistics/scrape.h"

namespace saef::roles {
namespace {

using statistics::ValueIn;

struct Counting : testing::EnrolmentHouse {
  Counting() { StartBoth({.more = R"("statistics": {"port": 0}, )"}); }
  double Told(const std::string& series) const {
    return ValueIn(statistics::Scrape(mef->statistics_uri()), series);
  }
  // As the Enrolment Target; the response status code.
  int AskMef(const std::string& to) const {
    onem2m::RequestPrimitive request;
    request.to = to;
    request.request_identifier = "r";
    request.release_version = "3";
    const auto client = Client(mef_uris.at(0), "maf@mef.example.com",
                               *onem2m::Secret::FromHex(std::string(64, 'f')));
    return onem2m::Number(Ask(*client, std::move(request)).status);
  }
};

BOOST_FIXTURE_TEST_SUITE(mef_statistics, Counting)

BOOST_AUTO_TEST_CASE(each_procedure_is_counted_by_its_answer) {
  const std::string enrolled = "saef_mef_enrolments_total{outcome=\"created\"}";
  const std::string fetched = "saef_mef_fetches_total{outcome=\"ok\"}";
  const std::string fetched_in_vain =
      "saef_mef_fetches_total{outcome=\"originator_has_no_privilege\"}";
  const std::string other = "saef_mef_other_requests_total{outcome=\"not_found\"}";
  const std::string requests = "saef_mef_request_seconds_count";
  BOOST_TEST(Told(enrolled) == 0);
  BOOST_TEST(Told(fetched) == 0);
  BOOST_TEST(Told(requests) == 0);
  const auto registered = OpenEnrolee()->Register();
  BOOST_REQUIRE_MESSAGE(registered.has_value(), registered.error().text);
  BOOST_TEST(Told(enrolled) == 1);
  BOOST_TEST(Told(fetched) == 1);  // by the MAF, Km
  BOOST_TEST(Told(requests) == 2);
  BOOST_TEST(AskMef("fetchCredentials/" + std::string(32, '0') + "@mef.example.com/21") == 4103);
  BOOST_TEST(Told(fetched_in_vain) == 1);
  BOOST_TEST(AskMef("nowhere") == 4004);
  BOOST_TEST(Told(other) == 1);
  BOOST_TEST(Told(enrolled) == 1);
  BOOST_TEST(Told(fetched) == 1);
  BOOST_TEST(Told(requests) == 4);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::roles
