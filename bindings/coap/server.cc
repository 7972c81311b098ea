// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/server.h"

#include <algorithm>
#include <unordered_map>

#include "bindings/coap/ending_sessions.h"
#include "bindings/coap/endpoint.h"
#include "bindings/coap/fill_response.h"
#include "bindings/coap/observers.h"
#include "bindings/coap/received_request.h"
#include "bindings/coap/server_keys.h"
#include "bindings/coap/server_requests.h"
#include "bindings/coap/server_session.h"
#include "bindings/coap/tls_session.h"

namespace saef::coap {
namespace {

using bindings::Error;
using bindings::Result;
using bindings::ServerOptions;

constexpr std::chrono::seconds kSweep{1};

class CoapServer final : public bindings::Server {
 public:
  CoapServer(std::shared_ptr<Loop> loop, ServerOptions options,
             bindings::CertificateParty certificates, bindings::RequestHandler& handler);
  ~CoapServer() override {
    loop_->Stop([this] { Shutdown(); });
    // Where Start has failed there is no thread to do it.
    Shutdown();
  }

  Result<void> Start();
  std::vector<std::uint16_t> ports() const override { return ports_; }
  void EndAssociation(saef_association association) override;
  void Changed(std::string_view path) override;
  std::size_t observers() const override { return observers_.size(); }
  std::size_t sessions() const override { return counters_.sessions.Get(); }
  bindings::ServerStatistics statistics() const override;

 private:
  static CoapServer* Of(const coap_session_t* session);
  static void OnRequest(coap_resource_t*, coap_session_t* session, const coap_pdu_t* request,
                        const coap_string_t* query, coap_pdu_t* response);
  static int OnEvent(coap_session_t* session, coap_event_t event);
  static void OnNack(coap_session_t* session, const coap_pdu_t* sent, coap_nack_reason_t reason,
                     coap_mid_t mid);

  void SetUpContext();
  std::shared_ptr<ServerSession> SessionOf(coap_session_t* session);
  void Established(coap_session_t* session);
  void Closed(coap_session_t* session, bool gone);
  void EndHandshake(ServerSession& session, bool done);
  Clock::time_point Turn(Clock::time_point now);
  void Sweep(Clock::time_point now);
  void Shutdown();

  const std::shared_ptr<Loop> loop_;
  const ServerOptions options_;
  bindings::ServerCounters counters_;
  ServerKeys keys_;
  coap_resource_t* resource_ = nullptr;  // every path's
  std::vector<std::uint16_t> ports_;
  std::unordered_map<coap_session_t*, std::shared_ptr<ServerSession>> sessions_;
  EndingSessions ending_;
  Observers observers_;
  ServerRequests requests_;
  Clock::time_point next_sweep_{};
};

CoapServer::CoapServer(std::shared_ptr<Loop> loop, ServerOptions options,
                       bindings::CertificateParty certificates, bindings::RequestHandler& handler)
    : loop_(std::move(loop)),
      options_(std::move(options)),
      keys_(options_, std::move(certificates),
            [this](coap_session_t* session) { return SessionOf(session); }),
      observers_(
          loop_, handler, options_.max_observers, options_.max_observers_per_session,
          [this](const ReceivedRequest& of, const Message& answer, coap_pdu_t* pdu) {
            return FillResponse(resource_, of, answer, pdu);
          },
          [this](ServerSession& session) { ending_.Consider(session); }),
      requests_(
          loop_, handler, observers_,
          {.observable = options_.observable,
           .association_of =
               [this](coap_session_t* session) { return keys_.AssociationOf(session); },
           .fill = [this](const ReceivedRequest& of, const Message& answer,
                          coap_pdu_t* pdu) { return FillResponse(resource_, of, answer, pdu); },
           .answered = [this](ServerSession& session) { ending_.Consider(session); },
           .requests = counters_.requests}) {}

CoapServer* CoapServer::Of(const coap_session_t* session) {
  return static_cast<CoapServer*>(coap_context_get_app_data(coap_session_get_context(session)));
}

// ---- Starting and stopping

Result<void> CoapServer::Start() {
  SetUpContext();
  if (const auto done = keys_.SetUp(loop_->context(), OnEvent); !done) return done;
  for (const bindings::Listener& listener : options_.listeners) {
    const auto port = OpenEndpoint(loop_->context(), listener);
    if (!port) return port.error();
    ports_.push_back(*port);
  }
  loop_->Post([this] {
    observers_.Start();
    keys_.Start();
  });
  return loop_->Start([this](Clock::time_point now) { return Turn(now); });
}

void CoapServer::SetUpContext() {
  coap_context_t* context = loop_->context();
  coap_context_set_app_data(context, this);
  coap_context_set_block_mode(context, COAP_BLOCK_USE_LIBCOAP);
  coap_context_set_session_timeout(context, static_cast<unsigned>(options_.idle_timeout.count()));
  const auto max_sessions = static_cast<unsigned>(options_.max_sessions);
  coap_context_set_max_idle_sessions(context, max_sessions);
  // Those whose handshake isn't over; a flood of these must leave room for the others.
  coap_context_set_max_handshake_sessions(context, std::max(1u, max_sessions / 2));
  coap_register_event_handler(context, OnEvent);
  coap_register_nack_handler(context, OnNack);
  resource_ = coap_resource_unknown_init2(OnRequest, 0);
  for (const coap_request_t method :
       {COAP_REQUEST_GET, COAP_REQUEST_POST, COAP_REQUEST_DELETE, COAP_REQUEST_FETCH,
        COAP_REQUEST_PATCH, COAP_REQUEST_IPATCH}) {
    coap_register_request_handler(resource_, method, OnRequest);
  }
  coap_add_resource(context, resource_);
}

// On the loop's thread, or after it.
void CoapServer::Shutdown() {
  requests_.Clear();
  observers_.Clear();
  keys_.Stop();
  for (auto& [coap_session, session] : sessions_) {
    EndHandshake(*session, false);
    session->Close();
    // Sends close_notify; the session itself goes with the context.
    if (session->secure()) coap_session_disconnected(coap_session, COAP_NACK_TLS_FAILED);
  }
  sessions_.clear();
  ending_.Clear();
  counters_.sessions.Set(0);
}

// ---- From other threads

void CoapServer::EndAssociation(saef_association association) {
  if (association == SAEF_NO_ASSOCIATION) return;
  loop_->Post([this, association] { keys_.EndAssociation(association); });
}

void CoapServer::Changed(std::string_view path) {
  loop_->Post([this, path = std::string(path)] { observers_.Changed(path); });
}

bindings::ServerStatistics CoapServer::statistics() const {
  bindings::ServerStatistics read = counters_.Read();
  read.observers = observers_.size();
  return read;
}

// ---- From libcoap

void CoapServer::OnRequest(coap_resource_t*, coap_session_t* session, const coap_pdu_t* request,
                           const coap_string_t* query, coap_pdu_t* response) {
  CoapServer* const self = Of(session);
  self->requests_.Handle({self->SessionOf(session), session, request, query}, response);
}

void CoapServer::OnNack(coap_session_t* session, const coap_pdu_t* sent, coap_nack_reason_t reason,
                        coap_mid_t) {
  Of(session)->observers_.OnNack(session, sent, reason);
}

int CoapServer::OnEvent(coap_session_t* session, coap_event_t event) {
  CoapServer* const self = Of(session);
  switch (event) {
    case COAP_EVENT_SERVER_SESSION_NEW:
      self->SessionOf(session);
      break;
    case COAP_EVENT_DTLS_CONNECTED:
      self->Established(session);
      break;
    case COAP_EVENT_DTLS_CLOSED:
    case COAP_EVENT_DTLS_ERROR:
      WipePsk(session);
      self->Closed(session, false);
      break;
    case COAP_EVENT_SERVER_SESSION_DEL:
      WipePsk(session);
      self->Closed(session, true);
      break;
    default:
      break;
  }
  return 0;
}

// ---- Sessions

std::shared_ptr<ServerSession> CoapServer::SessionOf(coap_session_t* session) {
  auto& held = sessions_[session];
  if (!held) {
    held =
        std::make_shared<ServerSession>(loop_, session, options_.max_content_length,
                                        [this](ServerSession& ended) { ending_.Consider(ended); });
    counters_.sessions.Set(sessions_.size());
    counters_.sessions_opened.Add();
    if (held->secure()) {
      held->handshaking = true;
      counters_.handshakes.Add();
    }
  }
  return held;
}

void CoapServer::Established(coap_session_t* session) {
  WipePsk(session);
  const auto held = SessionOf(session);
  held->established = true;
  EndHandshake(*held, true);
  if (held->certificates) held->SetPeer(*held->certificates);
  if (const coap_bin_const_t* identity = coap_session_get_psk_identity(session)) {
    held->SetIdentity({reinterpret_cast<const char*>(identity->s), identity->length});
  }
}

// `gone`: libcoap frees it now.
void CoapServer::Closed(coap_session_t* session, bool gone) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  EndHandshake(*found->second, false);
  // Its observers go by OnNack, which hears of each session that ends.
  found->second->Close();
  requests_.Forget(session);
  if (gone) {
    sessions_.erase(found);
    counters_.sessions.Set(sessions_.size());
    ending_.Forget(session);
  }
}

void CoapServer::EndHandshake(ServerSession& session, bool done) {
  if (!session.handshaking) return;
  session.handshaking = false;
  counters_.EndHandshake(done);
}

// ---- Time

void CoapServer::Sweep(Clock::time_point now) {
  observers_.Sweep(now);
  std::vector<coap_session_t*> late;
  for (auto& [coap_session, session] : sessions_) {
    if (!session->bodies.empty()) session->bodies.Expire(now);
    if (session->secure() && !session->established && session->get() != nullptr &&
        session->since + options_.handshake_timeout <= now) {
      late.push_back(coap_session);
    }
  }
  for (coap_session_t* coap_session : late) {
    Closed(coap_session, false);
    coap_session_disconnected(coap_session, COAP_NACK_TLS_FAILED);
  }
}

Clock::time_point CoapServer::Turn(Clock::time_point now) {
  auto due = keys_.Turn(now);
  counters_.Take(keys_.gate());
  ending_.EndWhatIsDone(now);
  if (!ending_.empty()) due = std::min(due, now + kSweep);
  if (next_sweep_ <= now) {
    Sweep(now);
    next_sweep_ = now + kSweep;
  }
  if (!sessions_.empty()) due = std::min(due, next_sweep_);
  return due;
}

Result<void> CheckOptions(const ServerOptions& options) {
  if (options.listeners.empty() || options.max_sessions == 0 || options.max_content_length == 0 ||
      options.max_sessions > 1000000 || options.idle_timeout.count() <= 0) {
    return Error::kBadRequest;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<bindings::Server>> StartServer(ServerOptions options,
                                                      bindings::RequestHandler& handler) {
  if (const auto checked = CheckOptions(options); !checked) return checked.error();
  auto certificates = bindings::MakeServerParty(options, kAllSuites);
  if (!certificates) return certificates.error();
  auto loop = Loop::Create(options.log);
  if (!loop) return loop.error();
  auto server = std::make_unique<CoapServer>(std::move(*loop), std::move(options),
                                             std::move(*certificates), handler);
  if (const auto started = server->Start(); !started) return started.error();
  return Result<std::unique_ptr<bindings::Server>>(std::move(server));
}

}  // namespace saef::coap
