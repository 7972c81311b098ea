// SPDX-License-Identifier: GPL-3.0-or-later
//
// Statistics: the counters behind saef_statistics that belong to no one part. Threads: any.
#ifndef SAEF_PLUGIN_STATISTICS_H_
#define SAEF_PLUGIN_STATISTICS_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "bindings/latency_histogram.h"
#include "plugin/fetch_answer.h"
#include "plugin/lane.h"

namespace saef::plugin {

class Counter {
 public:
  void Add() noexcept { value_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// For what is counted with each call: each thread counts in its own lane, on cache lines that
// nobody else writes, without a locked instruction. Nothing is lost as threads come and go.
// `Which`: an enumeration that ends with kCount.
template <typename Which>
class LanedCounters {
 public:
  // Where the calling thread counts: looked up before it is known that there is something to count.
  class Place {
   public:
    void Add() const noexcept {
      if (is_shared_) [[unlikely]] {
        value_.fetch_add(1, std::memory_order_relaxed);
      } else {
        value_.store(value_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      }
    }

   private:
    friend class LanedCounters;
    Place(std::atomic<std::uint64_t>& value, bool is_shared) noexcept
        : value_(value), is_shared_(is_shared) {}
    std::atomic<std::uint64_t>& value_;
    const bool is_shared_;
  };
  Place Mine(Which which) noexcept {
    const std::size_t lane = Lane::Mine();
    return {lanes_[lane].values[static_cast<std::size_t>(which)], lane == Lane::kNone};
  }
  void Add(Which which) noexcept { Mine(which).Add(); }
  std::uint64_t value(Which which) const noexcept {
    std::uint64_t sum = 0;
    for (const Values& lane : lanes_) {
      sum += lane.values[static_cast<std::size_t>(which)].load(std::memory_order_relaxed);
    }
    return sum;
  }

 private:
  struct alignas(64) Values {
    std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Which::kCount)> values{};
  };
  // The last is for all who have no lane.
  std::array<Values, Lane::kCount + 1> lanes_;
};

// What came of a call.
enum class Call {
  // One of these for each look-up.
  kHit,
  kNotMine,
  kInvalid,
  kPending,
  kUnknown,
  kDenied,
  kUnavailable,
  kOtherLookup,
  // Of these.
  kMiss,
  kLeftAlone,
  // An originator check.
  kCheck,
  kCount,
};

struct Statistics {
  LanedCounters<Call> calls;
  Counter refusals_remembered;
  Counter fetches, fetches_key, fetches_unknown, fetches_denied, fetches_unavailable;
  // By FetchAnswer::why.
  std::array<Counter, kFetchProblems> fetch_problems;
  bindings::LatencyHistogram retrievals;
  Counter keys_withdrawn;
  Counter associations_ended, checks_refused;

  std::uint64_t lookups() const noexcept {
    return calls.value(Call::kHit) + calls.value(Call::kNotMine) + calls.value(Call::kInvalid) +
           calls.value(Call::kPending) + calls.value(Call::kUnknown) + calls.value(Call::kDenied) +
           calls.value(Call::kUnavailable) + calls.value(Call::kOtherLookup);
  }
  std::uint64_t fetches_with(FetchProblem why) const noexcept {
    return fetch_problems[static_cast<std::size_t>(why)].value();
  }
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_STATISTICS_H_
