// SPDX-License-Identifier: GPL-3.0-or-later
//
// Statistics: the counters behind saef_statistics that belong to no one part. Threads: any.
#ifndef SAEF_PLUGIN_STATISTICS_H_
#define SAEF_PLUGIN_STATISTICS_H_

#include <atomic>
#include <cstdint>

namespace saef::plugin {

class Counter {
 public:
  void Add() noexcept { value_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct Statistics {
  Counter lookups, hits, not_mine, invalid, refusals_remembered;
  Counter fetches, fetches_key, fetches_unknown, fetches_denied, fetches_unavailable;
  Counter keys_withdrawn;
  Counter associations_ended, checks, checks_refused;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_STATISTICS_H_
