// SPDX-License-Identifier: GPL-3.0-or-later
//
// Refusals: which identities were refused a moment ago, so that asking again costs the MAF nothing.
// Bounded in time and number: where it is full the oldest goes. An identity is known by its keyed
// hash, so that each takes little, whatever is sent: two of the same hash (in some 10^14 pairs, and
// nobody can look for them) would share a refusal for its time.
//
// Threads: any.
#ifndef SAEF_PLUGIN_REFUSALS_H_
#define SAEF_PLUGIN_REFUSALS_H_

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "onem2m/thread_annotations.h"
#include "plugin/clock.h"

namespace saef::plugin {

class Refusals {
 public:
  struct Limits {
    std::size_t max_refusals = 131072;
    std::chrono::seconds duration{60};  // 0: nothing is remembered
  };

  explicit Refusals(const Limits& limits) : limits_(limits) {}

  // `outcome`: SAEF_UNKNOWN, SAEF_DENIED or SAEF_UNAVAILABLE. Counts from `now`, also for one that
  // stood here.
  void Remember(std::string_view identity, std::int32_t outcome, TimePoint now);
  std::optional<std::int32_t> Find(std::string_view identity, TimePoint now) const;
  void Forget(std::string_view identity);
  std::size_t size() const;

 private:
  struct Refusal {
    std::uint64_t identity;
    std::int32_t outcome;
    TimePoint until;
  };
  using Order = std::list<Refusal>;

  const Limits limits_;
  mutable Mutex mutex_;
  // In the order in which they end, since all stand equally long.
  Order order_ SAEF_GUARDED_BY(mutex_);
  std::unordered_map<std::uint64_t, Order::iterator> table_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_REFUSALS_H_
