// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/server_threads.h"

#include <sched.h>

#include <boost/test/unit_test.hpp>
#include <thread>

namespace saef::bindings {

BOOST_AUTO_TEST_SUITE(server_threads)

BOOST_AUTO_TEST_CASE(as_many_as_asked_for_within_the_bound) {
  BOOST_TEST(CountServerThreads(1) == 1u);
  BOOST_TEST(CountServerThreads(5) == 5u);
  BOOST_TEST(CountServerThreads(kMaxServerThreads + 1) == kMaxServerThreads);
}

// Not as many as the machine has: a container may be kept to a few of them.
BOOST_AUTO_TEST_CASE(as_many_as_the_process_may_use) {
  std::size_t counted = 0;
  std::thread([&counted] {
    cpu_set_t one;
    if (sched_getaffinity(0, sizeof(one), &one) != 0) return;
    int first = 0;
    while (!CPU_ISSET(first, &one)) ++first;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    if (sched_setaffinity(0, sizeof(one), &one) == 0) counted = CountServerThreads(0);
  }).join();
  BOOST_TEST(counted == 1u);
  BOOST_TEST(CountServerThreads(0) >= 1u);
}

BOOST_AUTO_TEST_CASE(parts_add_up) {
  for (const std::size_t count : {1u, 2u, 3u, 7u}) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += ServerPart{i, count}.Of(100);
    BOOST_TEST(sum == 100u);
  }
  BOOST_TEST((ServerPart{3, 4}.Of(2) == 1u));  // a thread that may do nothing serves nobody
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::bindings
