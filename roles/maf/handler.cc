// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/handler.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
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

Handler::Handler(const Configuration& configuration, KeyStore& store, bindings::Log log,
                 Changed changed, KmIdRetrieval* km_id_retrieval)
    : configuration_(configuration),
      store_(store),
      log_(std::move(log)),
      changed_(std::move(changed)),
      registration_(configuration.fqdn, configuration.lifetime, configuration.max_keys_per_client,
                    store, log_),
      retrieval_(configuration.fqdn, configuration.clients, store, log_),
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
    worker = std::move(worker_);
  }
  // Joins the thread, then drops the queue, and with it every Respond in it.
  worker.reset();
}

void Handler::Handle(RequestPrimitive request, std::shared_ptr<bindings::Session> session,
                     bindings::Respond respond) {
  const MutexLock lock(mutex_);
  if (!worker_ || waiting_.load(std::memory_order_relaxed) >= kMaxWaiting) {
    respond(Stopping(request));
    return;
  }
  waiting_.fetch_add(1, std::memory_order_relaxed);
  asio::post(worker_->context(),
             [this, request = std::move(request), session = std::move(session),
              respond = std::move(respond), arrived = Statistics::Clock::now()]() mutable {
               Serve(std::move(request), std::move(session), std::move(respond), arrived);
             });
}

void Handler::Serve(RequestPrimitive request, std::shared_ptr<bindings::Session> session,
                    bindings::Respond respond, Statistics::Clock::time_point arrived) {
  const Procedure procedure = ProcedureOf(request);
  ResponsePrimitive response;
  try {
    response = Answer(request, *session);
  } catch (const std::exception& error) {
    log_(bindings::LogLevel::kError, std::string("a request failed: ") + error.what());
    response = onem2m::RespondTo(request, ResponseStatusCode::kInternalServerError);
  }
  log_(bindings::LogLevel::kInfo, Describe(request, response, *session));
  RespondLater([this, procedure, arrived, session = std::move(session),
                response = std::move(response), respond = std::move(respond)]() mutable {
    statistics_.Count(procedure, response.status, Statistics::Clock::now() - arrived);
    response.originating_timestamp = onem2m::FormatTimestamp(onem2m::Now());
    if (configuration_.end_session_after_procedure) {
      // TS-0003 8.x.5 step 11, 8.x.6 steps 4 and 7.
      session->EndAfterResponse();
    }
    respond(std::move(response));
    waiting_.fetch_sub(1, std::memory_order_relaxed);
  });
}

void Handler::RespondLater(std::function<void()> respond) {
  if (configuration_.answer_delay.count() == 0) {
    respond();
    return;
  }
  const auto timer =
      std::make_shared<asio::steady_timer>(on_worker_->context(), configuration_.answer_delay);
  timer->async_wait(
      [timer, respond = std::move(respond)](const boost::system::error_code&) { respond(); });
}

ResponsePrimitive Handler::Answer(RequestPrimitive& request, bindings::Session& session) {
  if (km_id_retrieval_ != nullptr && km_id_retrieval_->IsSession(session)) {
    return km_id_retrieval_->Answer(request, session);
  }
  // TS-0003 8.x.5 step 1, 8.x.6 step 1: the authenticated identity is a by-product of the
  // handshake. From is not asked.
  const Client* client = FindBySession(configuration_, session, onem2m::Now());
  if (client == nullptr) {
    return onem2m::RespondTo(request, ResponseStatusCode::kOriginatorNotAuthenticated);
  }
  return Route(request, *client, session);
}

ResponsePrimitive Handler::Route(RequestPrimitive& request, const Client& client,
                                 bindings::Session& session) {
  constexpr std::string_view kRegistration = onem2m::maf::kKeyRegistrationPath.substr(1);
  const std::string_view path = PathOf(request.to);
  if (path == kRegistration) {
    // A POST without resource type reads as NOTIFY; there is nothing else to post here.
    if (request.operation == Operation::kCreate || request.operation == Operation::kNotify) {
      return registration_.Register(request, client, session, onem2m::Now());
    }
    return onem2m::RespondTo(request, ResponseStatusCode::kOperationNotAllowed);
  }
  if (const std::string_view key = KeyOfPath(path); !key.empty()) {
    const auto relative_id = CanonicalRelativeId(key, configuration_.fqdn);
    if (relative_id) {
      return RouteKey(request, *relative_id, client);
    }
  }
  return onem2m::RespondTo(request, ResponseStatusCode::kNotFound);
}

ResponsePrimitive Handler::RouteKey(const RequestPrimitive& request, std::string_view relative_id,
                                    const Client& client) {
  const onem2m::Time now = onem2m::Now();
  switch (request.operation) {
    case Operation::kRetrieve:
      return retrieval_.Retrieve(request, relative_id, client, now);
    case Operation::kUpdate: {
      auto response = registration_.UpdateTargets(request, relative_id, client, now);
      if (response.status == ResponseStatusCode::kUpdated) {
        KeyChanged(relative_id);
      }
      return response;
    }
    case Operation::kDelete: {
      auto response = registration_.Remove(request, relative_id, client, now);
      if (response.status == ResponseStatusCode::kDeleted) {
        KeyChanged(relative_id);
      }
      return response;
    }
    case Operation::kCreate:
    case Operation::kNotify:
      break;
  }
  return onem2m::RespondTo(request, ResponseStatusCode::kOperationNotAllowed);
}

statistics::Families Handler::Collect() const {
  statistics::Families families = statistics_.Collect();
  families.push_back(statistics::GaugeFamily(
      "saef_maf_requests_waiting", "Requests that have come and aren't answered as yet.",
      {statistics::Plain(static_cast<double>(waiting_.load(std::memory_order_relaxed)))}));
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
  if (const auto count = store_.Count()) {
    statistics_.SetKeys(*count);
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
