// SPDX-License-Identifier: GPL-3.0-or-later
//
// Refusals: which identities were refused a moment ago, so that asking again costs the MAF nothing.
// Bounded in time and number: where it is full the oldest goes.
//
// Threads: any.
#ifndef SAEF_PLUGIN_REFUSALS_H_
#define SAEF_PLUGIN_REFUSALS_H_

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "onem2m/thread_annotations.h"
#include "plugin/clock.h"
#include "plugin/keyed_hash.h"

namespace saef::plugin {

class Refusals {
 public:
  struct Limits {
    std::size_t max_refusals = 10000;
    std::chrono::seconds duration{10};  // 0: nothing is remembered
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
    std::int32_t outcome;
    TimePoint until;
    std::list<std::string>::iterator place;
  };

  const Limits limits_;
  mutable Mutex mutex_;
  TextMap<Refusal> table_ SAEF_GUARDED_BY(mutex_);
  // In the order in which they end, since all stand equally long.
  std::list<std::string> order_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_REFUSALS_H_
