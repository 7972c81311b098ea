// SPDX-License-Identifier: GPL-3.0-or-later
//
// Clock: the time by which keys and associations end. It never goes back and, unlike
// std::chrono::steady_clock on Linux, goes on while the machine sleeps, as Kc's lifetime does.
// Reading it is no system call (vDSO).
#ifndef SAEF_PLUGIN_CLOCK_H_
#define SAEF_PLUGIN_CLOCK_H_

#include <time.h>

#include <atomic>
#include <chrono>
#include <cstdint>

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
  static time_point Ceiling() noexcept {
    const std::int64_t tick = CoarseTick();
    // Who sees the tick sees a ceiling that isn't older.
    if (last_tick_.tick.load(std::memory_order_acquire) != tick) [[unlikely]]
      return SeeTick(tick);
    return time_point(duration(last_tick_.ceiling.load(std::memory_order_relaxed)));
  }

 private:
  // Linux has a cheap clock that ticks (CLOCK_MONOTONIC_COARSE), but none that goes on while the
  // machine sleeps. So the dear one is read once for each tick of the cheap one, by whoever comes
  // first. The machine can't have slept since: the cheap clock is brought up to date before it
  // does.
  struct LastTick {
    std::atomic<std::int64_t> tick{-1};
    std::atomic<std::int64_t> ceiling{0};  // nanoseconds on Clock, three ticks after it or later
  };

  static std::int64_t CoarseTick() noexcept {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return time.tv_sec * 1000000000 + time.tv_nsec;
  }
  static time_point SeeTick(std::int64_t tick) noexcept;

  static constinit LastTick last_tick_;
};

using TimePoint = Clock::time_point;

// "Nothing is due": far enough to be never, near enough to be added to.
inline constexpr TimePoint kNever = TimePoint::max();

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_CLOCK_H_
