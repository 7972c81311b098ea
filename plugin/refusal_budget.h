// SPDX-License-Identifier: GPL-3.0-or-later
//
// RefusalBudget: how many requests an issuer may be sent in vain. Whoever invents identities can
// have each asked for once; a MAF must not be flooded through us. Keys that are given cost nothing,
// so a storm of honest entities isn't slowed; each refusal takes one from a stock that refills with
// the configured rate, and while it is empty nothing that isn't known is asked for.
//
// Threads: any. Times are arguments.
#ifndef SAEF_PLUGIN_REFUSAL_BUDGET_H_
#define SAEF_PLUGIN_REFUSAL_BUDGET_H_

#include <chrono>
#include <cstddef>

#include "onem2m/thread_annotations.h"
#include "plugin/clock.h"

namespace saef::plugin {

class RefusalBudget {
 public:
  // What the full stock holds. What is under way when it gets empty comes on top.
  static constexpr std::chrono::seconds kStock{10};
  // It is told about so often at most.
  static constexpr std::chrono::minutes kTold{1};

  // `per_second`: at least 1.
  explicit RefusalBudget(std::size_t per_second)
      : price_(std::chrono::duration_cast<Clock::duration>(std::chrono::seconds(1)) / per_second) {}

  bool MayAsk(TimePoint now) const;
  // A request was refused. True: the stock is empty now, and that is worth a line in the log.
  bool Refused(TimePoint now);

 private:
  const Clock::duration price_;
  mutable Mutex mutex_;
  TimePoint full_at_ SAEF_GUARDED_BY(mutex_){};
  TimePoint quiet_until_ SAEF_GUARDED_BY(mutex_){};
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_REFUSAL_BUDGET_H_
