// SPDX-License-Identifier: GPL-3.0-or-later
//
// Clock: the time by which keys and associations end. It never goes back and, unlike
// std::chrono::steady_clock on Linux, goes on while the machine sleeps, as Kc's lifetime does.
// Reading it is no system call (vDSO).
#ifndef SAEF_PLUGIN_CLOCK_H_
#define SAEF_PLUGIN_CLOCK_H_

#include <time.h>

#include <chrono>

namespace saef::plugin {

struct Clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept {
    timespec time{};
    clock_gettime(CLOCK_BOOTTIME, &time);
    return time_point(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
  }

  // The same as it was when the kernel's clock last ticked, 1 to 10 ms ago, or later: for what is
  // asked with every look-up. A third of the price.
  static time_point Recent() noexcept;
};

using TimePoint = Clock::time_point;

// "Nothing is due": far enough to be never, near enough to be added to.
inline constexpr TimePoint kNever = TimePoint::max();

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_CLOCK_H_
