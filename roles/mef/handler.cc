// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/mef/handler.h"

#include <exception>
#include <utility>

#include "onem2m/mef_interface.h"

namespace saef::mef {
namespace {

using bindings::LogLevel;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

constexpr std::chrono::minutes kSweepInterval{1};
using Clock = std::chrono::steady_clock;

std::string Line(const RequestPrimitive& request, const ResponsePrimitive& response,
                 const bindings::Session& session) {
  return std::string(onem2m::Name(request.operation)) + " " + bindings::Quote(request.to) + " by " +
         bindings::Quote(session.psk_identity()) + " at " + session.peer() + ": " +
         std::to_string(onem2m::Number(response.status));
}

}  // namespace

Handler::Handler(const Configuration& configuration, EnrolmentStore& store, bindings::Log log)
    : store_(store), log_(log), procedures_(configuration, store, std::move(log)) {
  thread_ = std::thread([this] { Run(); });
}

Handler::~Handler() { Stop(); }

void Handler::Stop() {
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
  std::deque<Waiting> left;
  {
    const MutexLock lock(mutex_);
    left.swap(waiting_);
  }
  // Each Respond that is dropped answers 5000.
}

void Handler::Handle(RequestPrimitive request, std::shared_ptr<bindings::Session> session,
                     bindings::Respond respond) {
  {
    const MutexLock lock(mutex_);
    if (!stopped_ && waiting_.size() < kMaxWaiting) {
      waiting_.push_back(
          {std::move(request), std::move(session), std::move(respond), Clock::now()});
      changed_.NotifyOne();
      return;
    }
  }
  respond(onem2m::RespondWithText(request, ResponseStatusCode::kInternalServerError,
                                  "the MEF has too much to do, or is stopping"));
}

void Handler::Run() {
  auto next_sweep = std::chrono::steady_clock::now();
  for (;;) {
    if (std::chrono::steady_clock::now() >= next_sweep) {
      Sweep();
      next_sweep = std::chrono::steady_clock::now() + kSweepInterval;
    }
    std::deque<Waiting> next;
    {
      const MutexLock lock(mutex_);
      while (!stopped_ && waiting_.empty()) {
        if (changed_.WaitUntil(mutex_, next_sweep) == std::cv_status::timeout) break;
      }
      if (stopped_) return;
      if (waiting_.empty()) continue;
      next.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    Serve(next.front());
  }
}

void Handler::Serve(Waiting& waiting) {
  ResponsePrimitive response;
  try {
    response = procedures_.Answer(waiting.request, *waiting.session, onem2m::Now());
  } catch (const std::exception& error) {
    log_(LogLevel::kError, std::string("a request failed: ") + error.what());
    response = onem2m::RespondTo(waiting.request, ResponseStatusCode::kInternalServerError);
  }
  if (log_.Takes(LogLevel::kInfo)) {
    log_(LogLevel::kInfo, Line(waiting.request, response, *waiting.session));
  }
  response.originating_timestamp = onem2m::FormatTimestamp(onem2m::Now());
  // TS-0003 8.3.2.1: "The MEF shall close the TLS/DTLS session", at the end of the exchange. A
  // session whose key has been enrolled is of no more use; a target's may carry many fetches.
  if (response.status == ResponseStatusCode::kCreated) waiting.session->EndAfterResponse();
  Count(waiting, response.status);
  waiting.respond(std::move(response));
}

void Handler::Count(const Waiting& waiting, ResponseStatusCode status) {
  std::string_view path = waiting.request.to;
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path == onem2m::mef::kEnrolmentPath.substr(1)) {
    enrolments_.Count(status);
  } else if (path.starts_with(onem2m::mef::kFetchCredentialsPath.substr(1))) {
    fetches_.Count(status);
  } else {
    others_.Count(status);
  }
  latency_.Add(Clock::now() - waiting.arrived);
}

statistics::Families Handler::Collect() const {
  return {enrolments_.Collect("saef_mef_enrolments_total",
                              "Requests for an enrolment (8.3.2), by the answer.",
                              ResponseStatusCode::kCreated),
          fetches_.Collect("saef_mef_fetches_total",
                           "Requests for the credentials of an enrolee (8.3.2), by the answer.",
                           ResponseStatusCode::kOk),
          others_.Collect("saef_mef_other_requests_total", "All other requests, by the answer.",
                          ResponseStatusCode::kOk),
          statistics::HistogramFamily("saef_mef_request_seconds",
                                      "From when a request came until its answer was given.",
                                      latency_.Read())};
}

void Handler::Sweep() {
  const auto removed = store_.RemoveExpired(onem2m::Now());
  if (!removed) {
    log_(LogLevel::kError, "expired enrolments could not be removed: " + removed.error().message());
  } else if (*removed > 0) {
    log_(LogLevel::kInfo, std::to_string(*removed) + " expired enrolments removed");
  }
}

}  // namespace saef::mef
