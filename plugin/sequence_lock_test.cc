// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/sequence_lock.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <thread>

namespace saef::plugin {
namespace {

BOOST_AUTO_TEST_SUITE(sequence_lock)

BOOST_AUTO_TEST_CASE(tells_of_each_change) {
  SequenceLock lock;
  const auto before = lock.Begin();
  BOOST_TEST(lock.HasHeld(before));
  lock.BeginChange();
  BOOST_TEST(!lock.HasHeld(before));
  // Who comes in the middle of one.
  const auto within = lock.Begin();
  BOOST_TEST(!lock.HasHeld(within));
  lock.EndChange();
  BOOST_TEST(!lock.HasHeld(before));
  BOOST_TEST(!lock.HasHeld(within));
  BOOST_TEST(lock.HasHeld(lock.Begin()));
}

BOOST_AUTO_TEST_CASE(nobody_sees_half_a_change) {
  SequenceLock lock;
  std::array<std::atomic<std::uint64_t>, 8> words{};
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> seen{0};
  std::atomic<std::uint64_t> torn{0};
  std::thread reader([&] {
    while (!stop) {
      const auto since = lock.Begin();
      std::array<std::uint64_t, 8> copy{};
      for (std::size_t i = 0; i < copy.size(); ++i) {
        copy[i] = words[i].load(std::memory_order_relaxed);
      }
      if (!lock.HasHeld(since)) continue;
      ++seen;
      for (const std::uint64_t word : copy) torn += word != copy[0];
    }
  });
  for (std::uint64_t change = 1; seen < 1000 || change < 200000; ++change) {
    lock.BeginChange();
    for (auto& word : words) word.store(change, std::memory_order_relaxed);
    lock.EndChange();
    // On one processor the reader would never find a quiet moment.
    if (change % 64 == 0) std::this_thread::yield();
  }
  stop = true;
  reader.join();
  BOOST_TEST(torn == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
