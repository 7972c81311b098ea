// SPDX-License-Identifier: GPL-3.0-or-later
//
// Worker: the plugin's own thread. Runs one function whenever it was woken or the time has come
// that the function named last. Threads: any; Stop not from the worker's own.
#ifndef SAEF_PLUGIN_WORKER_H_
#define SAEF_PLUGIN_WORKER_H_

#include <atomic>
#include <functional>
#include <thread>

#include "onem2m/thread_annotations.h"
#include "plugin/clock.h"

namespace saef::plugin {

class Worker {
 public:
  // Does what is due and says when it must run again (kNever: when woken). Must not throw.
  using Tick = std::function<TimePoint()>;

  Worker() = default;
  ~Worker() { Stop(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Throws std::system_error if there can be no thread.
  void Start(Tick tick);
  void Wake();
  // Makes sure that it runs at `time`; no wake-up if it would anyway. What is due then must stand
  // where the function looks for it already, under a lock that it takes, too.
  void WakeBy(TimePoint time) {
    // Without the mutex, as mostly there is nothing to do. Who still sees what `next_` was before
    // Run has changed it, has put what is due in place before the function takes that lock.
    if (time < next_.load(std::memory_order_relaxed)) WakeSooner(time);
  }
  void Stop();
  bool IsThisThread() const noexcept {
    return id_.load(std::memory_order_acquire) == std::this_thread::get_id();
  }

 private:
  void Run();
  void WakeSooner(TimePoint time);

  Tick tick_;
  std::thread thread_;
  std::atomic<std::thread::id> id_{};
  Mutex mutex_;
  CondVar changed_;
  bool woken_ SAEF_GUARDED_BY(mutex_) = false;
  bool stopped_ SAEF_GUARDED_BY(mutex_) = false;
  std::atomic<TimePoint> next_{kNever};  // changes under the mutex
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_WORKER_H_
