// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/timestamp.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

// Seconds since 1970; made with `date -u -d '2016-02-29 23:59:59' +%s` and the like.
struct Row {
  std::string text;
  long long seconds;
};

BOOST_AUTO_TEST_SUITE(timestamp)

BOOST_AUTO_TEST_CASE(reads_and_writes) {
  const Row rows[] = {{"19700101T000000", 0},           {"20160229T235959", 1456790399},
                      {"20000229T120000", 951825600},   {"19691231T235959", -1},
                      {"20380119T031408", 2147483648},  {"99991231T235959", 253402300799},
                      {"00000101T000000", -62167219200}};
  for (const Row& row : rows) {
    BOOST_TEST_INFO(row.text);
    const auto time = ParseTimestamp(row.text);
    BOOST_TEST_REQUIRE(ErrorOf(time) == "");
    BOOST_TEST(time->time_since_epoch().count() == row.seconds);
    BOOST_TEST(FormatTimestamp(*time) == row.text);
  }
}

BOOST_AUTO_TEST_CASE(drops_the_fraction) {
  for (const char* text : {"19700101T000001,9", "19700101T000001,999999", "19700101T000001,000"}) {
    BOOST_TEST_INFO(text);
    const auto time = ParseTimestamp(text);
    BOOST_TEST_REQUIRE(ErrorOf(time) == "");
    BOOST_TEST(time->time_since_epoch().count() == 1);
  }
}

BOOST_AUTO_TEST_CASE(refuses) {
  const std::vector<std::string> texts = {"",
                                          "2",
                                          "20160101",
                                          "20160101T",
                                          "20160101T00000",
                                          "20160101T0000000",
                                          "20160101t000000",
                                          "20160101 000000",
                                          "2016-01-01T00:00:00",
                                          "20160101T000000Z",
                                          "20160101T000000,",
                                          "20160101T000000.5",
                                          "20160101T000000,1234567",
                                          "20160101T000000,12a",
                                          "20160101T000000,-1",
                                          "20160101T000000 ",
                                          " 20160101T000000",
                                          "20160001T000000",
                                          "20161301T000000",
                                          "20160100T000000",
                                          "20160132T000000",
                                          "20150229T000000",
                                          "19000229T000000",
                                          "20160431T000000",
                                          "20160101T240000",
                                          "20160101T006000",
                                          "20160101T000060",
                                          "-0160101T000000",
                                          "+0160101T000000",
                                          "2016010aT000000",
                                          "20160101T00 000",
                                          std::string("20160101T00000\0", 15),
                                          std::string("20160101T000000\0", 16),
                                          std::string("20160101T000000,\0", 17),
                                          "20160101T00000\xB2",
                                          std::string(10 * 1024, '1')};
  for (const std::string& text : texts) {
    BOOST_TEST_INFO(Visible(text));
    BOOST_TEST(ErrorOf(ParseTimestamp(text)) == Text(Error::kBadTime));
  }
}

BOOST_AUTO_TEST_CASE(writes_the_nearest_it_can_say) {
  BOOST_TEST(FormatTimestamp(Time::max()) == "99991231T235959");
  BOOST_TEST(FormatTimestamp(Time::min()) == "00000101T000000");
  BOOST_TEST(FormatTimestamp(Time(std::chrono::seconds(253402300800))) == "99991231T235959");
}

BOOST_AUTO_TEST_CASE(now_is_between_two_looks_at_the_clock) {
  const auto before = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const Time now = Now();
  BOOST_TEST((before <= now));
  BOOST_TEST((now <= std::chrono::system_clock::now()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
