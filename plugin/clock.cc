// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/clock.h"

namespace saef::plugin {
namespace {

// The kernel may be late for a tick by another one.
std::chrono::nanoseconds ThreeTicks() noexcept {
  timespec tick{};
  clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
  return 3 * (std::chrono::seconds(tick.tv_sec) + std::chrono::nanoseconds(tick.tv_nsec));
}
const std::chrono::nanoseconds three_ticks = ThreeTicks();

}  // namespace

constinit Clock::LastTick Clock::last_tick_;

[[gnu::cold, gnu::noinline]] Clock::time_point Clock::SeeTick(std::int64_t tick) noexcept {
  const time_point seen = now() + three_ticks;
  const std::int64_t ceiling = seen.time_since_epoch().count();
  // Somebody may have read a later one meanwhile, for a later tick.
  std::int64_t known = last_tick_.ceiling.load(std::memory_order_relaxed);
  while (known < ceiling &&
         !last_tick_.ceiling.compare_exchange_weak(known, ceiling, std::memory_order_relaxed)) {
  }
  last_tick_.tick.store(tick, std::memory_order_release);
  return seen;
}

}  // namespace saef::plugin
