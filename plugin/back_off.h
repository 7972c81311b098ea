// SPDX-License-Identifier: GPL-3.0-or-later
//
// BackOff: whether a MAF that couldn't be reached may be tried again yet. Each failure after a
// pause doubles the next pause, up to a bound; failures within a pause (of what was under way when
// it began) count as one with it. Threads: any.
#ifndef SAEF_PLUGIN_BACK_OFF_H_
#define SAEF_PLUGIN_BACK_OFF_H_

#include <algorithm>
#include <chrono>

#include "onem2m/thread_annotations.h"
#include "plugin/clock.h"

namespace saef::plugin {

class BackOff {
 public:
  struct Limits {
    std::chrono::milliseconds first{500};
    std::chrono::milliseconds max{30000};
  };

  explicit BackOff(const Limits& limits) : limits_(limits) {}

  bool MayTry(TimePoint now) const {
    const MutexLock lock(mutex_);
    return now >= until_;
  }
  // True if this begins a pause after good times: worth a line in the log.
  bool Failed(TimePoint now) {
    const MutexLock lock(mutex_);
    if (now < until_) return false;
    const bool first = pause_.count() == 0;
    pause_ = first ? limits_.first : std::min(2 * pause_, limits_.max);
    until_ = now + pause_;
    return first;
  }
  // True if this ends bad times.
  bool Succeeded() {
    const MutexLock lock(mutex_);
    const bool was_bad = pause_.count() != 0;
    pause_ = std::chrono::milliseconds(0);
    until_ = TimePoint();
    return was_bad;
  }

 private:
  const Limits limits_;
  mutable Mutex mutex_;
  std::chrono::milliseconds pause_ SAEF_GUARDED_BY(mutex_){0};
  TimePoint until_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_BACK_OFF_H_
