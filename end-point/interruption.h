// SPDX-License-Identifier: GPL-3.0-or-later
//
// Interruption: lets another thread end a blocking exchange early, by ending the session under it.
// Threads: any.
#ifndef SAEF_END_POINT_INTERRUPTION_H_
#define SAEF_END_POINT_INTERRUPTION_H_

#include "bindings/client.h"
#include "onem2m/thread_annotations.h"

namespace saef::end_point {

class Interruption {
 public:
  // The exchange runs over this client until the scope ends, which must be before the client does.
  class Scope {
   public:
    Scope(Interruption& interruption, bindings::Client& client) : interruption_(interruption) {
      const MutexLock lock(interruption_.mutex_);
      interruption_.client_ = &client;
    }
    ~Scope() {
      const MutexLock lock(interruption_.mutex_);
      interruption_.client_ = nullptr;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Interruption& interruption_;
  };

  // No exchange begins afterwards. One that begins just now may be missed: repeat it until it ends.
  void Interrupt() {
    const MutexLock lock(mutex_);
    interrupted_ = true;
    if (client_ != nullptr) client_->Disconnect();
  }
  bool interrupted() const {
    const MutexLock lock(mutex_);
    return interrupted_;
  }

 private:
  mutable Mutex mutex_;
  bindings::Client* client_ SAEF_GUARDED_BY(mutex_) = nullptr;
  bool interrupted_ SAEF_GUARDED_BY(mutex_) = false;
};

}  // namespace saef::end_point

#endif  // SAEF_END_POINT_INTERRUPTION_H_
