// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/striped_mutex.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <latch>
#include <thread>
#include <vector>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

BOOST_AUTO_TEST_SUITE(striped_mutex)

BOOST_AUTO_TEST_CASE(readers_are_inside_together) {
  StripedMutex mutex;
  std::latch inside(4);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const StripedReaderLock lock(mutex);
      inside.arrive_and_wait();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const StripedWriterLock lock(mutex);
}

BOOST_AUTO_TEST_CASE(a_writer_waits_for_who_is_inside) {
  StripedMutex mutex;
  std::atomic<bool> written{false};
  std::thread writer;
  {
    const StripedReaderLock lock(mutex);
    writer = std::thread([&] {
      const StripedWriterLock writing(mutex);
      written = true;
    });
    // As long as it could need, if it didn't wait.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    BOOST_TEST(!written);
  }
  writer.join();
  BOOST_TEST(written);
}

BOOST_AUTO_TEST_CASE(nobody_sees_half_a_change) {
  StripedMutex mutex;
  int one = 0;
  int two = 0;
  std::atomic<bool> stop{false};
  std::atomic<int> torn{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      while (!stop) {
        const StripedReaderLock lock(mutex);
        if (one != two) ++torn;
      }
    });
  }
  std::vector<std::thread> writers;
  for (int t = 0; t < 2; ++t) {
    writers.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        const StripedWriterLock lock(mutex);
        ++one;
        ++two;
      }
    });
  }
  for (std::thread& thread : writers) thread.join();
  stop = true;
  for (std::thread& thread : readers) thread.join();
  BOOST_TEST(torn == 0);
  BOOST_TEST(one == 4000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
