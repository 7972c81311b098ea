// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/lane.h"

#include <atomic>
#include <bit>

namespace saef::plugin {
namespace {

// One bit for each that somebody has.
std::atomic<std::uint64_t> taken_lanes{0};
static_assert(Lane::kCount == 64);

// glibc allocates what threads keep under the keys from this one on.
constexpr pthread_key_t kFirstAllocated = 32;

std::uint64_t BitOf(const void* kept) noexcept {
  return std::uint64_t{1} << (reinterpret_cast<std::uintptr_t>(kept) - 1);
}

}  // namespace

const Lane::Key Lane::key_;

Lane::Key::Key() noexcept : number(0), is_good(pthread_key_create(&number, GiveBack) == 0) {
  if (!is_good) number = static_cast<pthread_key_t>(-1);  // under which nothing is ever kept
  is_good = is_good && number < kFirstAllocated;
}

[[gnu::cold, gnu::noinline]] std::size_t Lane::Take() noexcept {
  if (!key_.is_good) return kNone;
  std::uint64_t taken = taken_lanes.load(std::memory_order_relaxed);
  std::size_t lane = kNone;
  do {
    lane = static_cast<std::size_t>(std::countr_one(taken));
    if (lane == kNone) return kNone;
    // What its last holder wrote is seen from here on.
  } while (!taken_lanes.compare_exchange_weak(taken, taken | std::uint64_t{1} << lane,
                                              std::memory_order_acquire,
                                              std::memory_order_relaxed));
  const auto* const kept = reinterpret_cast<const void*>(lane + 1);
  if (pthread_setspecific(key_.number, kept) == 0) return lane;
  GiveBack(const_cast<void*>(kept));
  return kNone;
}

void Lane::GiveBack(void* kept) noexcept {
  taken_lanes.fetch_and(~BitOf(kept), std::memory_order_release);
}

void Lane::KeepOnlyMine() noexcept {
  const void* const kept = key_.is_good ? pthread_getspecific(key_.number) : nullptr;
  taken_lanes.store(kept != nullptr ? BitOf(kept) : 0, std::memory_order_relaxed);
}

}  // namespace saef::plugin
