// SPDX-License-Identifier: GPL-3.0-or-later
//
// StripedMutex: a reader-writer lock for what is read all the time and written seldom: a reader
// marks its processor's stripe alone, so readers on different processors share no cache line; a
// writer marks all of them and waits for who is inside. Readers that find a writer wait for it in
// line. Taking it for reading without a writer is no system call.
#ifndef SAEF_PLUGIN_STRIPED_MUTEX_H_
#define SAEF_PLUGIN_STRIPED_MUTEX_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

#include "onem2m/thread_annotations.h"
#include "plugin/current_cpu.h"

namespace saef::plugin {

class SAEF_CAPABILITY("mutex") StripedMutex {
 public:
  void Lock() SAEF_THREAD_ANNOTATION(acquire_capability());
  void Unlock() SAEF_THREAD_ANNOTATION(release_capability());

 private:
  friend class StripedReaderLock;

  static constexpr std::uint32_t kWriter = std::uint32_t{1} << 31;
  struct alignas(kCacheLine) Stripe {
    std::atomic<std::uint32_t> readers{0};  // and kWriter
  };

  // The stripe that was marked; null: the writers' mutex is held in its stead.
  Stripe* Enter() noexcept;
  void Leave(Stripe* stripe) noexcept;

  std::array<Stripe, kStripes> stripes_;
  std::mutex writers_;
};

class SAEF_SCOPED_CAPABILITY StripedWriterLock {
 public:
  explicit StripedWriterLock(StripedMutex& mutex) SAEF_ACQUIRE(mutex) : mutex_(mutex) {
    mutex_.Lock();
  }
  ~StripedWriterLock() SAEF_RELEASE() { mutex_.Unlock(); }
  StripedWriterLock(const StripedWriterLock&) = delete;
  StripedWriterLock& operator=(const StripedWriterLock&) = delete;

 private:
  StripedMutex& mutex_;
};

class SAEF_SCOPED_CAPABILITY StripedReaderLock {
 public:
  explicit StripedReaderLock(StripedMutex& mutex)
      SAEF_THREAD_ANNOTATION(acquire_shared_capability(mutex))
      : mutex_(mutex), stripe_(mutex.Enter()) {}
  ~StripedReaderLock() SAEF_RELEASE() { mutex_.Leave(stripe_); }
  StripedReaderLock(const StripedReaderLock&) = delete;
  StripedReaderLock& operator=(const StripedReaderLock&) = delete;

 private:
  StripedMutex& mutex_;
  StripedMutex::Stripe* const stripe_;
};

inline StripedMutex::Stripe* StripedMutex::Enter() noexcept {
  Stripe& stripe = stripes_[CurrentStripe()];
  if ((stripe.readers.fetch_add(1, std::memory_order_acquire) & kWriter) == 0) return &stripe;
  stripe.readers.fetch_sub(1, std::memory_order_release);
  writers_.lock();
  return nullptr;
}

inline void StripedMutex::Leave(Stripe* stripe) noexcept {
  if (stripe != nullptr) {
    stripe->readers.fetch_sub(1, std::memory_order_release);
  } else {
    writers_.unlock();
  }
}

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_STRIPED_MUTEX_H_
