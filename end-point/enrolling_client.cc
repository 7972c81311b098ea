// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/enrolling_client.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <thread>
#include <utility>
#include <vector>

#include "onem2m/thread_annotations.h"

namespace saef::end_point {
namespace {

using bindings::Client;
using bindings::Error;
using bindings::LogLevel;
using bindings::Result;
using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kFirstPause{1};
constexpr std::chrono::seconds kLongestPause{60};
// How long the thread sleeps at most, so that far-off times aren't left to one wait.
constexpr std::chrono::minutes kLongestSleep{1};

class EnrollingClient final : public Client {
 public:
  EnrollingClient(std::shared_ptr<MafAccess> access, bindings::ClientOptions options)
      : access_(std::move(access)), options_(std::move(options)) {}
  ~EnrollingClient() override;

  void Start() {
    thread_ = std::thread([this] { Run(); });
  }

  Result<void> Connect() override;
  void Send(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
            Done done) override;
  std::uint64_t Observe(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
                        Notify notify) override;
  void CancelObserve(std::uint64_t id) override;
  Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label, std::size_t length) override;
  void Disconnect() override;
  std::uint64_t sessions_established() const override;

 private:
  // A client and the credential that it was opened with.
  struct Session {
    std::unique_ptr<Client> client;
    std::uint64_t generation;
    std::string path;  // that To begins with; empty: To is whole
  };
  using SessionPtr = std::shared_ptr<Session>;
  // A request that waits for a credential: its `send` is called once, with a session or none.
  struct Waiting {
    SteadyClock::time_point deadline;
    std::function<void(const SessionPtr& session)> send;
  };
  struct Observation {
    std::weak_ptr<Session> session;
    std::uint64_t id = 0;
  };

  // The session to use now; null: `send` waits, or was called with none.
  SessionPtr Take(std::chrono::milliseconds timeout,
                  std::function<void(const SessionPtr& session)> send);
  void OnResult(std::uint64_t generation, const boost::system::error_code& error);
  // A client mustn't be destroyed within its own callbacks, which may hold it for a moment. So one
  // that is of no more use ends its session, and is destroyed once nobody else holds it.
  static void DestroyWhenFree(std::vector<SessionPtr>& sessions, bool wait);
  void BeginObservation(const SessionPtr& session, std::uint64_t id,
                        onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
                        const Notify& notify);

  void Run();
  SteadyClock::time_point Turn();
  bool Renew();
  void FailWaiting(SteadyClock::time_point before);
  std::size_t waiting() const {
    const MutexLock lock(mutex_);
    return waiting_.size();
  }

  const std::shared_ptr<MafAccess> access_;
  const bindings::ClientOptions options_;  // without a credential
  mutable Mutex mutex_;
  CondVar changed_;
  SessionPtr session_ SAEF_GUARDED_BY(mutex_);
  std::deque<Waiting> waiting_ SAEF_GUARDED_BY(mutex_);
  std::map<std::uint64_t, Observation> observations_ SAEF_GUARDED_BY(mutex_);
  std::uint64_t last_observation_ SAEF_GUARDED_BY(mutex_) = 0;
  std::uint64_t sessions_before_ SAEF_GUARDED_BY(mutex_) = 0;  // of clients that are gone
  bool woken_ SAEF_GUARDED_BY(mutex_) = false;
  bool stopped_ SAEF_GUARDED_BY(mutex_) = false;
  bool ended_ SAEF_GUARDED_BY(mutex_) = false;  // the thread has
  // Of the thread's only.
  std::vector<SessionPtr> retired_;
  std::chrono::seconds pause_{0};
  SteadyClock::time_point not_before_{};
  std::thread thread_;
};

// `to` behind `path`, which begins with a slash.
void PutBehind(const std::string& path, std::string& to) {
  if (!path.empty()) to = path.substr(1) + "/" + to;
}

EnrollingClient::~EnrollingClient() {
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
    changed_.NotifyAll();
  }
  for (;;) {
    access_->Interrupt();
    const MutexLock lock(mutex_);
    if (ended_) break;
    changed_.WaitUntil(mutex_, SteadyClock::now() + std::chrono::milliseconds(50));
  }
  thread_.join();
  FailWaiting(SteadyClock::time_point::max());
  {
    const MutexLock lock(mutex_);
    if (session_) retired_.push_back(std::move(session_));
    session_ = nullptr;
  }
  DestroyWhenFree(retired_, /*wait=*/true);
}

void EnrollingClient::DestroyWhenFree(std::vector<SessionPtr>& sessions, bool wait) {
  for (const SessionPtr& session : sessions) session->client->Disconnect();
  do {
    std::erase_if(sessions, [](const SessionPtr& session) { return session.use_count() == 1; });
    if (wait && !sessions.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  } while (wait && !sessions.empty());
}

// ---- Requests

EnrollingClient::SessionPtr EnrollingClient::Take(
    std::chrono::milliseconds timeout, std::function<void(const SessionPtr& session)> send) {
  {
    const MutexLock lock(mutex_);
    if (session_ && session_->generation == access_->generation() && access_->ready()) {
      return session_;
    }
    if (!stopped_ && waiting_.size() < options_.max_queued) {
      waiting_.push_back({SteadyClock::now() + timeout, std::move(send)});
      woken_ = true;
      changed_.NotifyAll();
      return nullptr;
    }
  }
  send(nullptr);
  return nullptr;
}

void EnrollingClient::Send(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
                           Done done) {
  const auto deadline = SteadyClock::now() + timeout;
  // Shared, because std::function wants copies.
  const auto asked = std::make_shared<onem2m::RequestPrimitive>(std::move(request));
  auto send = [this, asked, deadline, done = std::move(done)](const SessionPtr& session) {
    if (!session) return done(Error::kUnreachable);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
    PutBehind(session->path, asked->to);
    session->client->Send(
        std::move(*asked), std::max(left, std::chrono::milliseconds(1)),
        [this, generation = session->generation, done](Result<onem2m::ResponsePrimitive> result) {
          if (!result) OnResult(generation, result.error());
          done(std::move(result));
        });
  };
  if (const SessionPtr session = Take(timeout, send)) send(session);
}

std::uint64_t EnrollingClient::Observe(onem2m::RequestPrimitive request,
                                       std::chrono::milliseconds timeout, Notify notify) {
  std::uint64_t id = 0;
  {
    const MutexLock lock(mutex_);
    id = ++last_observation_;
    observations_[id] = {};
  }
  const auto deadline = SteadyClock::now() + timeout;
  const auto asked = std::make_shared<onem2m::RequestPrimitive>(std::move(request));
  auto send = [this, id, asked, deadline, notify = std::move(notify)](const SessionPtr& session) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
    BeginObservation(session, id, std::move(*asked), std::max(left, std::chrono::milliseconds(1)),
                     notify);
  };
  if (const SessionPtr session = Take(timeout, send)) send(session);
  return id;
}

void EnrollingClient::BeginObservation(const SessionPtr& session, std::uint64_t id,
                                       onem2m::RequestPrimitive request,
                                       std::chrono::milliseconds timeout, const Notify& notify) {
  {
    const MutexLock lock(mutex_);
    const auto found = observations_.find(id);
    if (found == observations_.end()) return;  // cancelled meanwhile
    if (!session) observations_.erase(found);
  }
  if (!session) return notify(Error::kUnreachable);
  PutBehind(session->path, request.to);
  const std::uint64_t inner =
      session->client->Observe(std::move(request), timeout,
                               [this, id, generation = session->generation,
                                notify](Result<onem2m::ResponsePrimitive> result) {
                                 if (!result) {
                                   OnResult(generation, result.error());
                                   const MutexLock lock(mutex_);
                                   observations_.erase(id);
                                 }
                                 notify(std::move(result));
                               });
  bool cancelled = false;
  {
    const MutexLock lock(mutex_);
    const auto found = observations_.find(id);
    cancelled = found == observations_.end();
    if (!cancelled) found->second = {session, inner};
  }
  if (cancelled) session->client->CancelObserve(inner);
}

void EnrollingClient::CancelObserve(std::uint64_t id) {
  Observation observation;
  {
    const MutexLock lock(mutex_);
    const auto found = observations_.find(id);
    if (found == observations_.end()) return;
    observation = std::move(found->second);
    observations_.erase(found);
  }
  if (const SessionPtr session = observation.session.lock()) {
    session->client->CancelObserve(observation.id);
  }
}

// The MAF doesn't take the credential any more: another one is due.
void EnrollingClient::OnResult(std::uint64_t generation, const boost::system::error_code& error) {
  if (error != Error::kCredentialRefused) return;
  access_->Refused(generation);
  const MutexLock lock(mutex_);
  woken_ = true;
  changed_.NotifyAll();
}

Result<void> EnrollingClient::Connect() {
  if (!access_->Ensure()) return Error::kUnreachable;
  SessionPtr session;
  {
    const auto deadline = SteadyClock::now() + options_.handshake_timeout;
    const MutexLock lock(mutex_);
    woken_ = true;
    changed_.NotifyAll();
    while (!(session_ && session_->generation == access_->generation()) &&
           SteadyClock::now() < deadline) {
      changed_.WaitUntil(mutex_, deadline);
    }
    session = session_;
  }
  return session ? session->client->Connect() : Result<void>(Error::kUnreachable);
}

Result<onem2m::Secret> EnrollingClient::ExportKeyingMaterial(std::string_view label,
                                                             std::size_t length) {
  SessionPtr session;
  {
    const MutexLock lock(mutex_);
    session = session_;
  }
  return session ? session->client->ExportKeyingMaterial(label, length)
                 : Result<onem2m::Secret>(Error::kNotEstablished);
}

void EnrollingClient::Disconnect() {
  SessionPtr session;
  {
    const MutexLock lock(mutex_);
    session = session_;
  }
  if (session) session->client->Disconnect();
}

std::uint64_t EnrollingClient::sessions_established() const {
  const MutexLock lock(mutex_);
  return sessions_before_ + (session_ ? session_->client->sessions_established() : 0);
}

// ---- The thread

void EnrollingClient::Run() {
  for (;;) {
    const auto next = Turn();
    const MutexLock lock(mutex_);
    while (!stopped_ && !woken_ && SteadyClock::now() < next) changed_.WaitUntil(mutex_, next);
    woken_ = false;
    if (stopped_) break;
  }
  const MutexLock lock(mutex_);
  ended_ = true;
  changed_.NotifyAll();
}

// Does what is due; when there is something to do again.
SteadyClock::time_point EnrollingClient::Turn() {
  const auto now = SteadyClock::now();
  FailWaiting(now);
  DestroyWhenFree(retired_, /*wait=*/false);
  const auto due = access_->due();
  const bool is_due = due && *due <= onem2m::Now();
  // Nobody needs a first credential before the first request.
  const bool is_needed = waiting() > 0 || access_->generation() > 0;
  if (is_due && is_needed && now >= not_before_) {
    if (Renew()) {
      pause_ = std::chrono::seconds(0);
    } else {
      pause_ = pause_.count() == 0 ? kFirstPause : std::min(2 * pause_, kLongestPause);
      not_before_ = SteadyClock::now() + pause_;
      FailWaiting(SteadyClock::time_point::max());
    }
  } else if (!is_due && !Renew()) {  // a credential that another user of the access got
    FailWaiting(SteadyClock::time_point::max());
  }
  SteadyClock::time_point next = SteadyClock::now() + kLongestSleep;
  if (!retired_.empty()) next = SteadyClock::now() + std::chrono::milliseconds(20);
  if (const auto again = access_->due(); again && access_->generation() > 0) {
    const auto left = std::max(*again - onem2m::Now(), std::chrono::seconds(0));
    next = std::min(next, std::max(SteadyClock::now() + left, not_before_));
  }
  const MutexLock lock(mutex_);
  for (const Waiting& waiting : waiting_) next = std::min(next, waiting.deadline);
  if (!waiting_.empty()) next = std::min(next, std::max(not_before_, SteadyClock::now()));
  return next;
}

// A session with the credential that counts, for all that wait. False: there is none.
bool EnrollingClient::Renew() {
  {
    const MutexLock lock(mutex_);
    if (stopped_) return false;
    const auto due = access_->due();
    if (session_ && session_->generation == access_->generation() && due && *due > onem2m::Now() &&
        waiting_.empty()) {
      return true;
    }
  }
  if (!access_->ready() && access_->generation() == 0 && waiting() == 0) return true;
  // MafAccess fills in the credential.
  auto options = bindings::Clone(options_);
  if (!options) {
    options_.log(LogLevel::kWarning, "no session with the MAF: " + options.error().message());
    return false;
  }
  auto opened = access_->Open(std::move(*options));
  if (!opened) {
    options_.log(LogLevel::kWarning, "no credential for the MAF: " + opened.error().text);
    return false;
  }
  SessionPtr fresh;
  std::deque<Waiting> ready;
  {
    const MutexLock lock(mutex_);
    if (session_ && session_->generation == opened->generation) {
      fresh = session_;
    } else {
      fresh = std::make_shared<Session>(
          Session{std::move(opened->client), opened->generation, std::move(opened->path)});
      if (session_) {
        sessions_before_ += session_->client->sessions_established();
        retired_.push_back(session_);
      }
      session_ = fresh;
    }
    ready.swap(waiting_);
    changed_.NotifyAll();
  }
  for (const Waiting& waiting : ready) waiting.send(fresh);
  return true;
}

void EnrollingClient::FailWaiting(SteadyClock::time_point before) {
  std::deque<Waiting> late;
  {
    const MutexLock lock(mutex_);
    std::deque<Waiting> left;
    for (Waiting& waiting : waiting_) {
      (waiting.deadline <= before ? late : left).push_back(std::move(waiting));
    }
    waiting_.swap(left);
  }
  for (const Waiting& waiting : late) waiting.send(nullptr);
}

}  // namespace

Result<std::unique_ptr<Client>> OpenMafClient(std::shared_ptr<MafAccess> access,
                                              bindings::ClientOptions client) {
  if (!client.log) client.log = [](LogLevel, std::string_view) {};
  if (!access->by_enrolment()) {
    auto opened = access->Open(std::move(client));
    // What can go wrong without an enrolment is a credential or a URI that no client takes.
    if (!opened) return Error::kBadRequest;
    return std::move(opened->client);
  }
  auto enrolling = std::make_unique<EnrollingClient>(std::move(access), std::move(client));
  enrolling->Start();
  return Result<std::unique_ptr<Client>>(std::move(enrolling));
}

}  // namespace saef::end_point
