// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/worker.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "plugin/signals_blocked.h"

namespace saef::plugin {

void Worker::Start(Tick tick) {
  tick_ = std::move(tick);
  const SignalsBlocked blocked;
  thread_ = std::thread([this] { Run(); });
}

void Worker::Wake() {
  const MutexLock lock(mutex_);
  woken_ = true;
  changed_.NotifyOne();
}

void Worker::WakeSooner(TimePoint time) {
  const MutexLock lock(mutex_);
  if (time >= next_.load()) return;
  next_ = time;
  changed_.NotifyOne();
}

void Worker::Stop() {
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
    changed_.NotifyOne();
  }
  if (thread_.joinable()) thread_.join();
}

void Worker::Run() {
  // The longest single wait: far-off times aren't left to the conversion between clocks.
  constexpr std::chrono::minutes kLongest(1);
  id_.store(std::this_thread::get_id(), std::memory_order_release);
  pthread_setname_np(pthread_self(), "saef");
  for (;;) {
    {
      const MutexLock lock(mutex_);
      for (;;) {
        if (stopped_) return;
        const TimePoint now = Clock::now();
        if (woken_ || now >= next_.load()) break;
        changed_.WaitUntil(mutex_, std::min(next_.load(), now + kLongest));
      }
      woken_ = false;
      // Whatever asks from here on is seen, by WakeBy or by this run.
      next_ = kNever;
    }
    const TimePoint next = tick_();
    const MutexLock lock(mutex_);
    next_ = std::min(next_.load(), next);
  }
}

}  // namespace saef::plugin
