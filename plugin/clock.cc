// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/clock.h"

#include <atomic>
#include <cstdint>

namespace saef::plugin {
namespace {

// Linux has a cheap clock that ticks (CLOCK_MONOTONIC_COARSE), but none that goes on while the
// machine sleeps. So the dear one is read once for each tick of the cheap one, by whoever comes
// first. The machine can't have slept since: the cheap clock is brought up to date before it does.
struct LastTick {
  std::atomic<std::int64_t> tick{-1};
  std::atomic<std::int64_t> then{0};  // nanoseconds on Clock; never less than it was at that tick
};
LastTick last_tick;

// The kernel may be late for a tick by another one.
std::chrono::nanoseconds ThreeTicks() noexcept {
  timespec tick{};
  clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
  return 3 * (std::chrono::seconds(tick.tv_sec) + std::chrono::nanoseconds(tick.tv_nsec));
}
const std::chrono::nanoseconds three_ticks = ThreeTicks();

std::int64_t CoarseTick() noexcept {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return time.tv_sec * 1000000000 + time.tv_nsec;
}

}  // namespace

Clock::time_point Clock::Ceiling() noexcept {
  const std::int64_t tick = CoarseTick();
  // Who sees the tick sees a time that isn't older.
  if (last_tick.tick.load(std::memory_order_acquire) == tick) {
    return time_point(std::chrono::nanoseconds(last_tick.then.load(std::memory_order_relaxed)) +
                      three_ticks);
  }
  const time_point read = now();
  const std::int64_t then = read.time_since_epoch().count();
  // Somebody may have read a later one meanwhile, for a later tick.
  std::int64_t known = last_tick.then.load(std::memory_order_relaxed);
  while (known < then &&
         !last_tick.then.compare_exchange_weak(known, then, std::memory_order_relaxed)) {
  }
  last_tick.tick.store(tick, std::memory_order_release);
  return read + three_ticks;
}

}  // namespace saef::plugin
