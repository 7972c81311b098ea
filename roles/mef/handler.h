// SPDX-License-Identifier: GPL-3.0-or-later
//
// Handler: takes the requests of all of the MEF's listeners and answers them on a thread of its
// own, where waiting for the store is allowed; and removes what has expired, each minute.
//
// Threads: Handle on the servers' threads; Stop once, on any other.
#ifndef SAEF_ROLES_MEF_HANDLER_H_
#define SAEF_ROLES_MEF_HANDLER_H_

#include <chrono>
#include <deque>
#include <memory>
#include <thread>

#include "bindings/log.h"
#include "bindings/server.h"
#include "onem2m/thread_annotations.h"
#include "roles/mef/procedures.h"
#include "roles/statistics/outcomes.h"

namespace saef::mef {

class Handler : public bindings::RequestHandler {
 public:
  static constexpr std::size_t kMaxWaiting = 8192;  // requests beyond are answered 5000

  // Both must outlive it.
  Handler(const Configuration& configuration, EnrolmentStore& store, bindings::Log log);
  ~Handler() override;

  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
              bindings::Respond respond) override SAEF_EXCLUDES(mutex_);
  // What it counts, `saef_mef_…`. Any thread.
  statistics::Families Collect() const;
  // Ends the thread; what waits, and what comes afterwards, is answered 5000. Call it before the
  // servers go.
  void Stop() SAEF_EXCLUDES(mutex_);

 private:
  struct Waiting {
    onem2m::RequestPrimitive request;
    std::shared_ptr<bindings::Session> session;
    bindings::Respond respond;
    std::chrono::steady_clock::time_point arrived;
  };
  void Run() SAEF_EXCLUDES(mutex_);
  void Serve(Waiting& waiting);
  void Count(const Waiting& waiting, onem2m::ResponseStatusCode status);
  void Sweep();

  EnrolmentStore& store_;
  const bindings::Log log_;
  Procedures procedures_;
  statistics::Outcomes enrolments_, fetches_, others_;
  bindings::LatencyHistogram latency_;
  Mutex mutex_;
  CondVar changed_;
  std::deque<Waiting> waiting_ SAEF_GUARDED_BY(mutex_);
  bool stopped_ SAEF_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace saef::mef

#endif  // SAEF_ROLES_MEF_HANDLER_H_
