// SPDX-License-Identifier: GPL-3.0-or-later
//
// Clang's thread-safety annotations, empty elsewhere, and a mutex that carries them.
#ifndef SAEF_ONEM2M_THREAD_ANNOTATIONS_H_
#define SAEF_ONEM2M_THREAD_ANNOTATIONS_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define SAEF_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define SAEF_THREAD_ANNOTATION(x)
#endif

#define SAEF_CAPABILITY(x) SAEF_THREAD_ANNOTATION(capability(x))
#define SAEF_SCOPED_CAPABILITY SAEF_THREAD_ANNOTATION(scoped_lockable)
#define SAEF_GUARDED_BY(x) SAEF_THREAD_ANNOTATION(guarded_by(x))
#define SAEF_PT_GUARDED_BY(x) SAEF_THREAD_ANNOTATION(pt_guarded_by(x))
#define SAEF_REQUIRES(...) SAEF_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define SAEF_EXCLUDES(...) SAEF_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define SAEF_ACQUIRE(...) SAEF_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define SAEF_RELEASE(...) SAEF_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
// For code whose locking the analysis can't follow; say why beside it.
#define SAEF_NO_THREAD_SAFETY_ANALYSIS SAEF_THREAD_ANNOTATION(no_thread_safety_analysis)

namespace saef {

class SAEF_CAPABILITY("mutex") Mutex {
 public:
  void Lock() SAEF_ACQUIRE() { mutex_.lock(); }
  void Unlock() SAEF_RELEASE() { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class SAEF_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) SAEF_ACQUIRE(mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~MutexLock() SAEF_RELEASE() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits with the mutex held before and after.
class CondVar {
 public:
  template <typename Clock, typename Duration>
  std::cv_status WaitUntil(Mutex& mutex, const std::chrono::time_point<Clock, Duration>& deadline)
      SAEF_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const std::cv_status status = condition_.wait_until(lock, deadline);
    lock.release();
    return status;
  }
  void Wait(Mutex& mutex) SAEF_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace saef

#endif  // SAEF_ONEM2M_THREAD_ANNOTATIONS_H_
