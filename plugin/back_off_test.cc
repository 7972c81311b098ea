// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/back_off.h"

#include <boost/test/unit_test.hpp>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(back_off)

BOOST_AUTO_TEST_CASE(doubles_up_to_the_bound_and_starts_afresh) {
  BackOff back_off({.first = milliseconds(100), .max = milliseconds(350)});
  TimePoint now = kStart;
  BOOST_TEST(back_off.MayTry(now));
  for (const int pause : {100, 200, 350, 350}) {
    BOOST_TEST_CONTEXT(pause) {
      BOOST_TEST(back_off.Failed(now) == (now == kStart));
      BOOST_TEST(!back_off.MayTry(now + milliseconds(pause - 1)));
      now += milliseconds(pause);
      BOOST_TEST(back_off.MayTry(now));
    }
  }
  BOOST_TEST(back_off.Succeeded());
  BOOST_TEST(!back_off.Succeeded());
  BOOST_TEST(back_off.Failed(now));
  BOOST_TEST(back_off.MayTry(now + milliseconds(100)));
}

BOOST_AUTO_TEST_CASE(failures_within_a_pause_are_one) {
  BackOff back_off({.first = milliseconds(100), .max = milliseconds(1000)});
  back_off.Failed(kStart);
  for (int i = 0; i < 10; ++i) BOOST_TEST(!back_off.Failed(kStart + milliseconds(50)));
  BOOST_TEST(back_off.MayTry(kStart + milliseconds(100)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
