// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/handler.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "onem2m/maf_interface.h"
#include "roles/maf/client_certificates.h"

namespace saef::maf {
namespace {

namespace asio = boost::asio;
using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

// `to` without the leading slash that some peers send.
std::string_view PathOf(std::string_view to) { return to.starts_with('/') ? to.substr(1) : to; }

// The RelativeKcId in the path of a key, as it stands there; empty: it is no such path.
std::string_view KeyOfPath(std::string_view path) {
  constexpr std::string_view kRetrieval = onem2m::maf::kKeyRetrievalPath.substr(1);
  const bool is_key = path.size() > kRetrieval.size() + 1 && path.starts_with(kRetrieval) &&
                      path[kRetrieval.size()] == '/';
  return is_key ? path.substr(kRetrieval.size() + 1) : std::string_view();
}

std::string Describe(const RequestPrimitive& request, const ResponsePrimitive& response,
                     const bindings::Session& session) {
  return std::string(onem2m::Name(request.operation)) + " " + bindings::Quote(request.to) + " by " +
         bindings::Quote(session.psk_identity()) + " at " + session.peer() + ": " +
         std::to_string(onem2m::Number(response.status));
}

bool IsSuccess(const ResponsePrimitive& response) {
  constexpr int kSuccessClass = 2;
  constexpr int kClass = 1000;
  return onem2m::Number(response.status) / kClass == kSuccessClass;
}

ResponsePrimitive Stopping(const RequestPrimitive& request) {
  return onem2m::RespondWithText(request, ResponseStatusCode::kInternalServerError,
                                 "the MAF has too much to do, or is stopping");
}

}  // namespace

// The thread, its queue and its timers.
class Handler::Worker {
 public:
  Worker() : guard_(asio::make_work_guard(context_)), timer_(context_) {}
  ~Worker() {
    context_.stop();
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  void Start() {
    thread_ = std::thread([this] { context_.run(); });
  }
  asio::io_context& context() { return context_; }
  asio::steady_timer& sweep_timer() { return timer_; }

 private:
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  asio::steady_timer timer_;
  std::thread thread_;
};

// One request, until it is answered.
struct Handler::Job {
  Job(RequestPrimitive&& asked, std::shared_ptr<bindings::Session>&& by,
      bindings::Respond&& respond_to)
      : request(std::move(asked)), session(std::move(by)), respond(std::move(respond_to)) {}

  RequestPrimitive request;
  std::shared_ptr<bindings::Session> session;
  bindings::Respond respond;
  Statistics::Clock::time_point arrived = Statistics::Clock::now();
  Procedure procedure = ProcedureOf(request);
  std::optional<KeyRecord> record{};  // of a Key Registration
  std::string relative_id{};          // of the key that the path names
  ResponsePrimitive response{};       // of what writes: holds if that is durable
};

Handler::Handler(const Configuration& configuration, KeyStore& store, bindings::Log log,
                 Changed changed, KmIdRetrieval* km_id_retrieval)
    : configuration_(configuration),
      store_(store),
      log_(std::move(log)),
      changed_(std::move(changed)),
      registration_(configuration.fqdn, configuration.lifetime, configuration.max_keys_per_client,
                    log_),
      retrieval_(configuration.fqdn, configuration.clients, log_),
      km_id_retrieval_(km_id_retrieval),
      worker_(std::make_unique<Worker>()),
      on_worker_(worker_.get()) {
  asio::post(on_worker_->context(), [this] {
    CountKeys();
    Sweep();
  });
  on_worker_->Start();
}

Handler::~Handler() { Stop(); }

void Handler::Stop() {
  std::unique_ptr<Worker> worker;
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
    worker = std::move(worker_);
  }
  // Joins the thread, then drops the queue, and with it every Respond in it.
  worker.reset();
  const MutexLock lock(mutex_);
  while (!writing_.empty()) written_.Wait(mutex_);
}

void Handler::Handle(RequestPrimitive request, std::shared_ptr<bindings::Session> session,
                     bindings::Respond respond) {
  if (!Admit()) {
    respond(Stopping(request));
    return;
  }
  const bool takes_long = IsOfKeId(*session) || !session->peer_certificates().empty();
  const auto job =
      std::make_shared<Job>(std::move(request), std::move(session), std::move(respond));
  if (!takes_long) {
    Serve(job);
    return;
  }
  const MutexLock lock(mutex_);
  if (worker_) asio::post(worker_->context(), [this, job] { Serve(job); });
}

bool Handler::Admit() {
  if (stopped_) return false;
  if (waiting_.fetch_add(1) < kMaxWaiting) return true;
  --waiting_;
  return false;
}

bool Handler::IsOfKeId(const bindings::Session& session) const {
  return km_id_retrieval_ != nullptr && km_id_retrieval_->IsSession(session);
}

void Handler::Serve(const JobPtr& job) {
  std::optional<ResponsePrimitive> response;
  try {
    response = Answer(job);
  } catch (const std::exception& error) {
    response = Failed(job->request, error);
  }
  if (response) Finish(job, std::move(*response));
}

ResponsePrimitive Handler::Failed(const RequestPrimitive& request,
                                  const std::exception& error) const {
  log_(bindings::LogLevel::kError, std::string("a request failed: ") + error.what());
  return onem2m::RespondTo(request, ResponseStatusCode::kInternalServerError);
}

void Handler::Finish(const JobPtr& job, ResponsePrimitive&& response) {
  if (log_.Takes(bindings::LogLevel::kInfo)) {
    log_(bindings::LogLevel::kInfo, Describe(job->request, response, *job->session));
  }
  job->response = std::move(response);
  if (configuration_.answer_delay.count() == 0) {
    Respond(*job);
    return;
  }
  const MutexLock lock(mutex_);
  if (!worker_) return;
  const auto timer =
      std::make_shared<asio::steady_timer>(worker_->context(), configuration_.answer_delay);
  timer->async_wait([this, timer, job](const boost::system::error_code&) { Respond(*job); });
}

void Handler::Respond(Job& job) {
  statistics_.Count(job.procedure, job.response.status, Statistics::Clock::now() - job.arrived);
  job.response.originating_timestamp = onem2m::FormatTimestamp(onem2m::Now());
  if (configuration_.end_session_after_procedure) {
    // TS-0003 8.x.5 step 11, 8.x.6 steps 4 and 7.
    job.session->EndAfterResponse();
  }
  job.respond(std::move(job.response));
  --waiting_;
}

std::optional<ResponsePrimitive> Handler::Answer(const JobPtr& job) {
  if (IsOfKeId(*job->session)) {
    return km_id_retrieval_->Answer(job->request, *job->session);
  }
  // TS-0003 8.x.5 step 1, 8.x.6 step 1: the authenticated identity is a by-product of the
  // handshake. From is not asked.
  const Client* client = FindBySession(configuration_, *job->session, onem2m::Now());
  if (client == nullptr) {
    return onem2m::RespondTo(job->request, ResponseStatusCode::kOriginatorNotAuthenticated);
  }
  return Route(job, *client);
}

std::optional<ResponsePrimitive> Handler::Route(const JobPtr& job, const Client& client) {
  constexpr std::string_view kRegistration = onem2m::maf::kKeyRegistrationPath.substr(1);
  const RequestPrimitive& request = job->request;
  const std::string_view path = PathOf(request.to);
  if (path == kRegistration) {
    // A POST without resource type reads as NOTIFY; there is nothing else to post here.
    if (request.operation == Operation::kCreate || request.operation == Operation::kNotify) {
      return Register(job, client);
    }
    return onem2m::RespondTo(request, ResponseStatusCode::kOperationNotAllowed);
  }
  if (const std::string_view key = KeyOfPath(path); !key.empty()) {
    if (auto relative_id = CanonicalRelativeId(key, configuration_.fqdn)) {
      job->relative_id = std::move(*relative_id);
      return RouteKey(job, client);
    }
  }
  return onem2m::RespondTo(request, ResponseStatusCode::kNotFound);
}

std::optional<ResponsePrimitive> Handler::Register(const JobPtr& job, const Client& client) {
  const onem2m::Time now = onem2m::Now();
  auto prepared = registration_.Prepare(job->request, client, *job->session, now);
  if (auto* const refusal = std::get_if<ResponsePrimitive>(&prepared)) return std::move(*refusal);
  job->record = std::move(std::get<KeyRecord>(prepared));
  Write(job, [this, &job = *job, now](KeyTable& keys) {
    return registration_.Register(job.request, *job.record, keys, now);
  });
  return std::nullopt;
}

std::optional<ResponsePrimitive> Handler::RouteKey(const JobPtr& job, const Client& client) {
  const onem2m::Time now = onem2m::Now();
  const auto retrieve = [this, &job = *job, &client, now](KeyReader& keys) {
    return retrieval_.Retrieve(job.request, job.relative_id, client, keys, now);
  };
  switch (job->request.operation) {
    case Operation::kRetrieve:
      if (!IsWriting(*job->session)) return retrieve(store_);
      Write(job, retrieve);
      return std::nullopt;
    case Operation::kUpdate:
      Write(job, [this, &job = *job, &client, now](KeyTable& keys) {
        return registration_.UpdateTargets(job.request, job.relative_id, client, keys, now);
      });
      return std::nullopt;
    case Operation::kDelete:
      Write(job, [this, &job = *job, &client, now](KeyTable& keys) {
        return registration_.Remove(job.request, job.relative_id, client, keys, now);
      });
      return std::nullopt;
    case Operation::kCreate:
    case Operation::kNotify:
      break;
  }
  return onem2m::RespondTo(job->request, ResponseStatusCode::kOperationNotAllowed);
}

bool Handler::IsWriting(const bindings::Session& session) {
  // What this session has given the store came on this thread.
  if (writes_ == 0) return false;
  const MutexLock lock(mutex_);
  return writing_.contains(&session);
}

// What writes lives no longer than the job, which the second of these functions holds.
void Handler::Write(const JobPtr& job, Writing writing) {
  {
    const MutexLock lock(mutex_);
    ++writes_;
    ++writing_[job->session.get()];
  }
  store_.Write(
      [this, &job = *job, writing = std::move(writing)](KeyTable& keys) {
        try {
          job.response = writing(keys);
        } catch (const std::exception& error) {
          job.response = Failed(job.request, error);
        }
        return IsSuccess(job.response);
      },
      [this, job](const Result<void>& committed) { Written(job, committed); });
}

void Handler::Written(const JobPtr& job, const Result<void>& committed) {
  ResponsePrimitive response =
      committed ? std::move(job->response) : registration_.Fail(job->request, committed.error());
  const bool changed = response.status == ResponseStatusCode::kUpdated ||
                       response.status == ResponseStatusCode::kDeleted;
  if (changed) KeyChanged(job->relative_id);
  if (response.status == ResponseStatusCode::kCreated) statistics_.KeysChanged(1);
  if (response.status == ResponseStatusCode::kDeleted) statistics_.KeysChanged(-1);
  Finish(job, std::move(response));
  const MutexLock lock(mutex_);
  const auto writing = writing_.find(job->session.get());
  --writes_;
  if (--writing->second == 0) writing_.erase(writing);
  if (writing_.empty()) written_.NotifyAll();
}

statistics::Families Handler::Collect() const {
  const std::size_t waiting = waiting_;
  statistics::Families families = statistics_.Collect();
  families.push_back(statistics::GaugeFamily("saef_maf_requests_waiting",
                                             "Requests that have come and aren't answered as yet.",
                                             {statistics::Plain(static_cast<double>(waiting))}));
  return families;
}

bool Handler::IsObservable(std::string_view path) { return !KeyOfPath(PathOf(path)).empty(); }

void Handler::KeyChanged(std::string_view relative_id) {
  if (changed_) {
    changed_(std::string(onem2m::maf::kKeyRetrievalPath) + "/" + std::string(relative_id));
  }
}

// Once: a store with a million keys takes a while.
void Handler::CountKeys() {
  if (!configuration_.statistics) {
    return;
  }
  if (const auto count = store_.Count([this] { statistics_.ForgetKeys(); })) {
    statistics_.KeysChanged(static_cast<std::int64_t>(*count));
  } else {
    log_(bindings::LogLevel::kError, "the keys can't be counted: " + count.error().message());
  }
}

void Handler::Sweep() {
  const auto removed = store_.RemoveExpired(onem2m::Now());
  if (!removed) {
    log_(bindings::LogLevel::kError,
         "expired keys could not be removed: " + removed.error().message());
  } else if (!removed->empty()) {
    statistics_.Expired(removed->size());
    log_(bindings::LogLevel::kInfo, std::to_string(removed->size()) + " expired keys removed");
    for (const std::string& relative_id : *removed) {
      KeyChanged(relative_id);
    }
  }
  on_worker_->sweep_timer().expires_after(configuration_.sweep_interval);
  on_worker_->sweep_timer().async_wait([this](const boost::system::error_code& error) {
    if (!error) {
      Sweep();
    }
  });
}

}  // namespace saef::maf
