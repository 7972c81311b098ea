// SPDX-License-Identifier: GPL-3.0-or-later
//
// TestHop: another CSE of the test's own, without a socket. Keeps what it was sent, and answers at
// once with `answer`, or, where that is empty, when Finish is called.
#ifndef SAEF_ROLES_CSE_TEST_HOP_H_
#define SAEF_ROLES_CSE_TEST_HOP_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "onem2m/thread_annotations.h"
#include "roles/cse/hop.h"

namespace saef::cse::test {

class TestHop : public Hop {
 public:
  using Answer = std::function<onem2m::ResponsePrimitive(const onem2m::RequestPrimitive&)>;

  explicit TestHop(const char* cse_id) : cse_(*onem2m::CseId::ParseAbsolute(cse_id)) {}

  const onem2m::CseId& cse() const override { return cse_; }
  void Send(onem2m::RequestPrimitive request, std::vector<std::string> points_of_access,
            Deadline deadline, Answered done) override {
    Answer now;
    {
      const MutexLock lock(mutex_);
      sent_.push_back(request);
      now = answer_;
      last_points_of_access = std::move(points_of_access);
      last_deadline = deadline;
      if (!now) {
        waiting_.emplace_back(request, done);
      }
    }
    changed_.NotifyAll();
    if (now) {
      done(now(request));
    }
  }

  void SetAnswer(Answer answer) {
    const MutexLock lock(mutex_);
    answer_ = std::move(answer);
  }
  void Finish(onem2m::ResponseStatusCode status) {
    std::vector<std::pair<onem2m::RequestPrimitive, Answered>> waiting;
    {
      const MutexLock lock(mutex_);
      waiting.swap(waiting_);
    }
    for (auto& [request, done] : waiting) {
      done(onem2m::RespondTo(request, status));
    }
  }
  std::vector<onem2m::RequestPrimitive> sent() {
    const MutexLock lock(mutex_);
    return sent_;
  }
  // Waits for the request with this number, from 0; generously.
  onem2m::RequestPrimitive Sent(std::size_t number) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    const MutexLock lock(mutex_);
    while (sent_.size() <= number &&
           changed_.WaitUntil(mutex_, deadline) != std::cv_status::timeout) {
    }
    return sent_.size() > number ? sent_[number] : onem2m::RequestPrimitive{};
  }

  std::vector<std::string> last_points_of_access;
  Deadline last_deadline{};

 private:
  const onem2m::CseId cse_;
  Mutex mutex_;
  CondVar changed_;
  Answer answer_ SAEF_GUARDED_BY(mutex_);
  std::vector<onem2m::RequestPrimitive> sent_ SAEF_GUARDED_BY(mutex_);
  std::vector<std::pair<onem2m::RequestPrimitive, Answered>> waiting_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::cse::test

#endif  // SAEF_ROLES_CSE_TEST_HOP_H_
