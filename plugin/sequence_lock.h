// SPDX-License-Identifier: GPL-3.0-or-later
//
// SequenceLock: for what is read all the time and changed seldom. A reader writes nothing, so
// readers on different processors share every cache line; it reads what may be changing meanwhile,
// and learns afterwards whether it was. Everything that is read so must be atomic, and must stay
// where it is.
//
//   const auto since = lock.Begin();
//   … read …
//   if (lock.HasHeld(since)) … what was read is right, else read again
//
// Threads: readers any; one writer at a time.
#ifndef SAEF_PLUGIN_SEQUENCE_LOCK_H_
#define SAEF_PLUGIN_SEQUENCE_LOCK_H_

#include <atomic>
#include <cstdint>

namespace saef::plugin {

class SequenceLock {
 public:
  std::uint64_t Begin() const noexcept { return changes_.load(std::memory_order_acquire); }
  bool HasHeld(std::uint64_t since) const noexcept {
    // What was read before this is read before the number is.
    std::atomic_thread_fence(std::memory_order_acquire);
    return (since & 1) == 0 && changes_.load(std::memory_order_relaxed) == since;
  }

  void BeginChange() noexcept {
    changes_.store(changes_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    // What is written after this is written after the number is.
    std::atomic_thread_fence(std::memory_order_release);
  }
  void EndChange() noexcept {
    changes_.store(changes_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

 private:
  std::atomic<std::uint64_t> changes_{0};  // odd while there is one
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_SEQUENCE_LOCK_H_
