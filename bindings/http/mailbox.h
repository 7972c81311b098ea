// SPDX-License-Identifier: GPL-3.0-or-later
//
// Mailbox: the way into an io_context's thread for everybody else: sessions, answers and the gate
// may outlive the server or client whose thread it is; what is posted then is dropped unrun.
//
// Threads: any. Lifetime: shared; Close before the io_context goes.
#ifndef SAEF_BINDINGS_HTTP_MAILBOX_H_
#define SAEF_BINDINGS_HTTP_MAILBOX_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "bindings/error.h"
#include "onem2m/thread_annotations.h"

namespace saef::http {

class Mailbox {
 public:
  explicit Mailbox(boost::asio::io_context& io) : io_(&io) {}

  template <typename Function>
  void Post(Function&& function) SAEF_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    if (io_ != nullptr) boost::asio::post(*io_, std::forward<Function>(function));
  }

  void Close() SAEF_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    io_ = nullptr;
  }

  bool OnThread() SAEF_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return io_ != nullptr && io_->get_executor().running_in_this_thread();
  }

  // Runs `function` on the thread and waits for its result: kClosed where it was dropped, kTimeout
  // after `timeout`. On the thread itself it simply runs.
  template <typename T, typename Function>
  bindings::Result<T> Ask(std::chrono::milliseconds timeout, Function function);

 private:
  Mutex mutex_;
  boost::asio::io_context* io_ SAEF_GUARDED_BY(mutex_);
};

// What one thread waits for and another gives, at most once. A giver that goes without giving
// answers kClosed.
template <typename T>
class Promise {
 public:
  Promise() : state_(std::make_shared<State>()) {}
  Promise(Promise&&) noexcept = default;
  Promise& operator=(Promise&&) = delete;
  ~Promise() {
    if (state_) Give(bindings::Error::kClosed);
  }

  void Give(bindings::Result<T> result) {
    const MutexLock lock(state_->mutex);
    if (state_->result) return;
    state_->result.emplace(std::move(result));
    state_->given.NotifyAll();
  }

  // Called once, before the promise is moved to where it is kept.
  auto Waiter() const {
    return [state = state_](std::chrono::milliseconds timeout) {
      return Wait(*state, std::chrono::steady_clock::now() + timeout);
    };
  }

 private:
  struct State {
    Mutex mutex;
    CondVar given;
    std::optional<bindings::Result<T>> result SAEF_GUARDED_BY(mutex);
  };

  static bindings::Result<T> Wait(State& state, std::chrono::steady_clock::time_point deadline) {
    const MutexLock lock(state.mutex);
    while (!state.result) {
      if (state.given.WaitUntil(state.mutex, deadline) == std::cv_status::timeout &&
          !state.result) {
        return bindings::Error::kTimeout;
      }
    }
    return std::move(*state.result);
  }

  std::shared_ptr<State> state_;
};

template <typename T, typename Function>
bindings::Result<T> Mailbox::Ask(std::chrono::milliseconds timeout, Function function) {
  if (OnThread()) return function();
  Promise<T> promise;
  const auto wait = promise.Waiter();
  Post([promise = std::move(promise), function = std::move(function)]() mutable {
    promise.Give(function());
  });
  return wait(timeout);
}

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_MAILBOX_H_
