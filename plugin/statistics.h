// SPDX-License-Identifier: GPL-3.0-or-later
//
// Statistics: the counters behind saef_statistics that belong to no one part. Threads: any.
#ifndef SAEF_PLUGIN_STATISTICS_H_
#define SAEF_PLUGIN_STATISTICS_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "bindings/latency_histogram.h"
#include "plugin/current_cpu.h"
#include "plugin/fetch_answer.h"

namespace saef::plugin {

class Counter {
 public:
  void Add() noexcept { value_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// For what is counted with each call: processors share no cache line of it.
class StripedCounter {
 public:
  void Add() noexcept { stripes_[CurrentStripe()].value.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept {
    std::uint64_t sum = 0;
    for (const Stripe& stripe : stripes_) sum += stripe.value.load(std::memory_order_relaxed);
    return sum;
  }

 private:
  struct alignas(kCacheLine) Stripe {
    std::atomic<std::uint64_t> value{0};
  };
  std::array<Stripe, kStripes> stripes_;
};

struct Statistics {
  // One of these for each look-up.
  StripedCounter hits, not_mine, invalid, pending, unknown, denied, unavailable, other_lookups;
  // Of these.
  StripedCounter misses, left_alone;
  StripedCounter checks;
  Counter refusals_remembered;
  Counter fetches, fetches_key, fetches_unknown, fetches_denied, fetches_unavailable;
  // By FetchAnswer::why.
  std::array<Counter, kFetchProblems> fetch_problems;
  bindings::LatencyHistogram retrievals;
  Counter keys_withdrawn;
  Counter associations_ended, checks_refused;

  std::uint64_t lookups() const noexcept {
    return hits.value() + not_mine.value() + invalid.value() + pending.value() + unknown.value() +
           denied.value() + unavailable.value() + other_lookups.value();
  }
  std::uint64_t fetches_with(FetchProblem why) const noexcept {
    return fetch_problems[static_cast<std::size_t>(why)].value();
  }
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_STATISTICS_H_
