// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/striped_mutex.h"

#include <chrono>
#include <thread>

namespace saef::plugin {
namespace {

// A reader is inside for less than a microsecond, unless it isn't running.
constexpr int kTurns = 100;
constexpr std::chrono::microseconds kPause{50};

void WaitForReaders(const std::atomic<std::uint32_t>& readers, std::uint32_t none) {
  for (int turn = 0; readers.load(std::memory_order_acquire) != none; ++turn) {
    if (turn < kTurns) {
      std::this_thread::yield();
    } else {
      // It may be one that runs only while we don't.
      std::this_thread::sleep_for(kPause);
    }
  }
}

}  // namespace

void StripedMutex::Lock() {
  writers_.lock();
  for (Stripe& stripe : stripes_) stripe.readers.fetch_or(kWriter, std::memory_order_acquire);
  for (const Stripe& stripe : stripes_) WaitForReaders(stripe.readers, kWriter);
}

void StripedMutex::Unlock() {
  for (Stripe& stripe : stripes_) stripe.readers.fetch_and(~kWriter, std::memory_order_release);
  writers_.unlock();
}

}  // namespace saef::plugin
