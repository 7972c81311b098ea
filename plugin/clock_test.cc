// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/clock.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

BOOST_AUTO_TEST_SUITE(clock)

// Of a hundred thousand moments a few may be late, where the machine's host holds up its clock.
BOOST_AUTO_TEST_CASE(the_ceiling_is_above_and_near) {
  timespec tick{};
  clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
  int late = 0;
  for (int i = 0; i < 100000; ++i) {
    const TimePoint before = Clock::now();
    const TimePoint ceiling = Clock::Ceiling();
    if (ceiling < before) ++late;
    BOOST_REQUIRE((ceiling <= Clock::now() + std::chrono::nanoseconds(3 * tick.tv_nsec)));
  }
  BOOST_TEST(late < 1000);
}

BOOST_AUTO_TEST_CASE(the_ceiling_never_comes_down) {
  std::atomic<bool> went_back{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&went_back] {
      TimePoint last{};
      const TimePoint end = Clock::now() + std::chrono::milliseconds(100);
      while (last < end) {
        const TimePoint ceiling = Clock::Ceiling();
        if (ceiling < last) went_back = true;
        last = ceiling;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(!went_back);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
