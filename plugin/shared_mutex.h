// SPDX-License-Identifier: GPL-3.0-or-later
//
// A reader-writer lock that carries clang's thread annotations. Taking it uncontended, either way,
// is no system call.
#ifndef SAEF_PLUGIN_SHARED_MUTEX_H_
#define SAEF_PLUGIN_SHARED_MUTEX_H_

#include <shared_mutex>

#include "onem2m/thread_annotations.h"

namespace saef::plugin {

class SAEF_CAPABILITY("mutex") SharedMutex {
 public:
  void Lock() SAEF_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void Unlock() SAEF_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  void LockShared() SAEF_THREAD_ANNOTATION(acquire_shared_capability()) { mutex_.lock_shared(); }
  void UnlockShared() SAEF_THREAD_ANNOTATION(release_shared_capability()) {
    mutex_.unlock_shared();
  }

 private:
  std::shared_mutex mutex_;
};

class SAEF_SCOPED_CAPABILITY WriterLock {
 public:
  explicit WriterLock(SharedMutex& mutex) SAEF_ACQUIRE(mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~WriterLock() SAEF_RELEASE() { mutex_.Unlock(); }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  SharedMutex& mutex_;
};

class SAEF_SCOPED_CAPABILITY ReaderLock {
 public:
  explicit ReaderLock(SharedMutex& mutex) SAEF_THREAD_ANNOTATION(acquire_shared_capability(mutex))
      : mutex_(mutex) {
    mutex_.LockShared();
  }
  ~ReaderLock() SAEF_RELEASE() { mutex_.UnlockShared(); }
  ReaderLock(const ReaderLock&) = delete;
  ReaderLock& operator=(const ReaderLock&) = delete;

 private:
  SharedMutex& mutex_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_SHARED_MUTEX_H_
