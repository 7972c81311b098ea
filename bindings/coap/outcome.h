// SPDX-License-Identifier: GPL-3.0-or-later
//
// Outcome: a result that a task of the loop leaves for the thread that waits for it, which may have
// gone: both hold it by a shared_ptr. Any thread.
#ifndef SAEF_BINDINGS_COAP_OUTCOME_H_
#define SAEF_BINDINGS_COAP_OUTCOME_H_

#include <chrono>
#include <condition_variable>
#include <optional>
#include <utility>

#include "bindings/coap/loop.h"
#include "bindings/error.h"
#include "onem2m/thread_annotations.h"

namespace saef::coap {

template <typename T>
class Outcome {
 public:
  void Set(bindings::Result<T> value) {
    const MutexLock lock(mutex_);
    result_.emplace(std::move(value));
    changed_.NotifyAll();
  }
  // Waits so long; then it is this error. Once.
  bindings::Result<T> Get(std::chrono::milliseconds timeout, bindings::Error otherwise) {
    const auto deadline = Clock::now() + timeout;
    const MutexLock lock(mutex_);
    while (!result_) {
      if (changed_.WaitUntil(mutex_, deadline) == std::cv_status::timeout && !result_) {
        return otherwise;
      }
    }
    return std::move(*result_);
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::optional<bindings::Result<T>> result_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_OUTCOME_H_
