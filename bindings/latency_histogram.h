// SPDX-License-Identifier: GPL-3.0-or-later
//
// LatencyHistogram: how long something took, by the buckets of SAEF_LATENCY_BOUNDS_US (plugin.h),
// the same for all that is told of this project's programs.
//
// Threads: any. No lock and no allocation; a reading isn't of one moment, but its count is the sum
// of its buckets.
#ifndef SAEF_BINDINGS_LATENCY_HISTOGRAM_H_
#define SAEF_BINDINGS_LATENCY_HISTOGRAM_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "saef/plugin.h"

namespace saef::bindings {

class LatencyHistogram {
 public:
  // Inclusive upper bounds in microseconds; the last bucket has none.
  static constexpr std::array<std::uint64_t, SAEF_LATENCY_BUCKETS - 1> kBoundsUs =
      SAEF_LATENCY_BOUNDS_US;

  struct Reading {
    std::array<std::uint64_t, SAEF_LATENCY_BUCKETS> buckets{};  // each time stands in one
    std::uint64_t count = 0;
    std::uint64_t sum_us = 0;
  };

  // A time below 0 counts as 0.
  void Add(std::chrono::nanoseconds took) noexcept {
    const auto whole = std::chrono::ceil<std::chrono::microseconds>(took).count();
    const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(whole, 0));
    const auto bucket = std::lower_bound(kBoundsUs.begin(), kBoundsUs.end(), us);
    const auto number = static_cast<std::size_t>(bucket - kBoundsUs.begin());
    buckets_[number].fetch_add(1, std::memory_order_relaxed);
    sum_us_.fetch_add(us, std::memory_order_relaxed);
  }

  Reading Read() const noexcept {
    Reading reading;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      reading.buckets[i] = buckets_[i].load(std::memory_order_relaxed);
      reading.count += reading.buckets[i];
    }
    reading.sum_us = sum_us_.load(std::memory_order_relaxed);
    return reading;
  }

 private:
  std::array<std::atomic<std::uint64_t>, SAEF_LATENCY_BUCKETS> buckets_{};
  std::atomic<std::uint64_t> sum_us_{0};
};

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_LATENCY_HISTOGRAM_H_
