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

  // A moment that isn't over yet, three ticks of the kernel's clock away at most (3 to 30 ms), for
  // what is asked with every look-up: what ends is seen to end so much early, and not late. A third
  // of the price of now(). Never goes back.
  static time_point Ceiling() noexcept;
};

using TimePoint = Clock::time_point;

// "Nothing is due": far enough to be never, near enough to be added to.
inline constexpr TimePoint kNever = TimePoint::max();

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_CLOCK_H_
