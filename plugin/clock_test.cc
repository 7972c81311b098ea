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

BOOST_AUTO_TEST_CASE(recent_is_past_and_comes_after) {
  for (int i = 0; i < 1000; ++i) {
    const TimePoint recent = Clock::Recent();
    BOOST_REQUIRE((recent <= Clock::now()));
  }
  const TimePoint before = Clock::now();
  BOOST_TEST(Eventually([before] { return Clock::Recent() >= before; }));
}

BOOST_AUTO_TEST_CASE(recent_never_goes_back) {
  std::atomic<bool> went_back{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&went_back] {
      TimePoint last{};
      const TimePoint end = Clock::now() + std::chrono::milliseconds(100);
      while (last < end) {
        const TimePoint recent = Clock::Recent();
        if (recent < last || recent > Clock::now()) went_back = true;
        last = recent;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(!went_back);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
