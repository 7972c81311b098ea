// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/round_trips.h"

#include <boost/test/unit_test.hpp>

namespace saef::bench {
namespace {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(round_trips)

// By the clock of the test: milliseconds from its beginning on.
struct Trips {
  void Asked(int at) { trips.Asked(begin + std::chrono::milliseconds(at)); }
  long long Answered(int at, int delay = 200) {
    const auto due =
        trips.Answered(begin + std::chrono::milliseconds(at), std::chrono::milliseconds(delay));
    return std::chrono::duration_cast<std::chrono::milliseconds>(due - begin).count();
  }
  RoundTrips trips;
  const RoundTrips::Clock::time_point begin = RoundTrips::Clock::time_point(1h);
};

BOOST_FIXTURE_TEST_CASE(an_answer_arrives_the_delay_after_its_request, Trips) {
  Asked(0);
  Asked(10);
  BOOST_TEST(Answered(50) == 200);
  BOOST_TEST(Answered(150) == 210);
}

BOOST_FIXTURE_TEST_CASE(what_took_longer_than_the_delay_arrives_at_once, Trips) {
  Asked(0);
  BOOST_TEST(Answered(250) == 250);
}

BOOST_FIXTURE_TEST_CASE(what_nobody_asked_for_arrives_the_delay_after_it_was_sent, Trips) {
  BOOST_TEST(Answered(50) == 250);
  Asked(60);
  BOOST_TEST(Answered(61) == 260);
  BOOST_TEST(Answered(70) == 270);
}

BOOST_FIXTURE_TEST_CASE(no_answer_overtakes_another, Trips) {
  BOOST_TEST(Answered(50) == 250);
  Asked(60);
  BOOST_TEST(Answered(70, 0) == 250);
  BOOST_TEST(Answered(80, 0) == 250);
  BOOST_TEST(Answered(251, 0) == 251);
}

BOOST_FIXTURE_TEST_CASE(a_request_without_an_answer_is_forgotten, Trips) {
  Asked(0);
  Asked(9000);
  BOOST_TEST(Answered(10001) == 10001);
  Asked(20000);
  BOOST_TEST(Answered(20001) == 20200);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bench
