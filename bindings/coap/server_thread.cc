// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/server_thread.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "bindings/coap/endpoint.h"
#include "bindings/coap/fill_response.h"
#include "bindings/coap/received_request.h"
#include "bindings/coap/tls_session.h"

namespace saef::coap {

using bindings::Result;

namespace {

constexpr std::chrono::seconds kSweep{1};

}  // namespace

ServerThread::ServerThread(std::shared_ptr<Loop> loop, const Common& common,
                           bindings::ServerPart part)
    : loop_(std::move(loop)),
      options_(common.options),
      part_(part),
      handler_(common.handler),
      bounds_(common.bounds),
      keys_(options_, common.certificates, common.cookie_secret, part,
            {.session_of = [this](coap_session_t* session) { return SessionOf(session); },
             .verified = [this](coap_session_t* session) { return Verified(session); }}),
      observers_(
          loop_, common.handler, part.Of(options_.max_observers),
          options_.max_observers_per_session,
          [this](const ReceivedRequest& of, const Message& answer, coap_pdu_t* pdu) {
            return FillResponse(resource_, of, answer, pdu);
          },
          [this](ServerSession& session) { ending_.Consider(session); }),
      requests_(
          loop_, common.handler, observers_,
          {.observable = options_.observable,
           .association_of =
               [this](coap_session_t* session) { return keys_.AssociationOf(session); },
           .fill = [this](const ReceivedRequest& of, const Message& answer,
                          coap_pdu_t* pdu) { return FillResponse(resource_, of, answer, pdu); },
           .answered = [this](ServerSession& session) { ending_.Consider(session); },
           .requests = counters_.requests}) {}

ServerThread::~ServerThread() {
  loop_->Stop([this] { Shutdown(); });
  // Where Start has failed there is no thread to do it.
  Shutdown();
}

ServerThread* ServerThread::Of(const coap_session_t* session) {
  return static_cast<ServerThread*>(coap_context_get_app_data(coap_session_get_context(session)));
}

// ---- Starting and stopping

Result<void> ServerThread::SetUp() {
  SetUpContext();
  return keys_.SetUp(loop_->context(), OnEvent);
}

// libcoap walks all sessions of an endpoint before it makes another one, so they are spread over
// several, by the kernel. In the clear one is as good: there what libcoap walks for is wanted, the
// session that has been idle longest.
Result<std::uint16_t> ServerThread::Listen(const bindings::Listener& listener, PortUse use) {
  auto port = OpenEndpoint(loop_->context(), listener, use);
  bindings::Listener further = listener;
  for (std::size_t i = 1; port && listener.secure && i < kSecureSockets / part_.count; ++i) {
    further.port = *port;
    port = OpenEndpoint(loop_->context(), further, PortUse::kFurther);
  }
  return port;
}

Result<void> ServerThread::Start() {
  loop_->Post([this] {
    observers_.Start();
    keys_.Start();
    hook_.emplace([this](coap_session_t* session, std::span<const std::uint8_t> datagram) {
      return Look(session, datagram);
    });
  });
  return loop_->Start([this](Clock::time_point now) { return Turn(now); }, Loop::Party::kServer);
}

void ServerThread::SetUpContext() {
  coap_context_t* context = loop_->context();
  coap_context_set_app_data(context, this);
  coap_context_set_block_mode(context, COAP_BLOCK_USE_LIBCOAP);
  coap_context_set_session_timeout(context, static_cast<unsigned>(options_.idle_timeout.count()));
  // Those that are secure are counted by us (Verified), before they would be one too many for
  // libcoap; in the clear the one that has been idle longest goes.
  const auto max_sessions = static_cast<unsigned>(options_.max_sessions + kMaxUnverified + 1);
  coap_context_set_max_idle_sessions(context, max_sessions);
  coap_context_set_max_handshake_sessions(context, max_sessions);
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
void ServerThread::Shutdown() {
  EndTurn();
  requests_.Clear();
  observers_.Clear();
  hook_.reset();
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

void ServerThread::EndAssociation(saef_association association) {
  if (association == SAEF_NO_ASSOCIATION) return;
  loop_->Post([this, association] { keys_.EndAssociation(association); });
}

void ServerThread::Changed(std::string_view path) {
  loop_->Post([this, path = std::string(path)] { observers_.Changed(path); });
}

bindings::ServerStatistics ServerThread::statistics() const {
  bindings::ServerStatistics read = counters_.Read();
  read.observers = observers_.size();
  return read;
}

// ---- From libcoap

void ServerThread::OnRequest(coap_resource_t*, coap_session_t* session, const coap_pdu_t* request,
                             const coap_string_t* query, coap_pdu_t* response) {
  ServerThread* const self = Of(session);
  self->BeginTurn();
  self->requests_.Handle({self->SessionOf(session), session, request, query}, response);
}

void ServerThread::OnNack(coap_session_t* session, const coap_pdu_t* sent,
                          coap_nack_reason_t reason, coap_mid_t) {
  Of(session)->observers_.OnNack(session, sent, reason);
}

int ServerThread::OnEvent(coap_session_t* session, coap_event_t event) {
  ServerThread* const self = Of(session);
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

std::shared_ptr<ServerSession> ServerThread::SessionOf(coap_session_t* session) {
  auto& held = sessions_[session];
  if (!held) {
    held =
        std::make_shared<ServerSession>(loop_, session, options_.max_content_length,
                                        [this](ServerSession& ended) { ending_.Consider(ended); });
    counters_.sessions.Set(sessions_.size());
    counters_.sessions_opened.Add();
    if (held->secure()) unverified_.push_back(held);
  }
  return held;
}

// RFC 6347 4.2.8: who has lost its session, as a device that had no power for a while, may begin
// anew from the same address and port. The old session stays until the cookie has come back: else
// anybody could end it who knows where its peer is. Of a ClientHello of the session's own that
// comes late or twice it thinks nothing.
DatagramHook::Next ServerThread::Look(coap_session_t* session,
                                      std::span<const std::uint8_t> datagram) {
  using Next = DatagramHook::Next;
  const auto hello = HelloRandomOf(datagram);
  if (!hello) return Next::kGoOn;
  const auto held = SessionOf(session);
  // It has ended, and libcoap hasn't freed it yet.
  if (held->get() == nullptr) return Next::kFree;
  if (!held->verified) {
    held->hello = *hello;
    if (replaced_) held->replaced = *std::exchange(replaced_, std::nullopt);
    return Next::kGoOn;
  }
  if (held->hello == *hello) return Next::kGoOn;
  if (!keys_.MayReplace(session, datagram)) return Next::kDrop;
  replaced_ = held->hello;
  counters_.sessions_replaced.Add();
  // Nobody is left who could read that it is closed.
  if (WOLFSSL* const tls = TlsOf(session)) wolfSSL_set_quiet_shutdown(tls, 1);
  coap_session_disconnected(session, COAP_NACK_TLS_FAILED);
  return Next::kFree;
}

// Within wolfSSL's reading of the ClientHello. Not 0: nobody more is let in, and this handshake
// ends.
int ServerThread::Verified(coap_session_t* session) {
  ServerSession& held = *SessionOf(session);
  if (held.verified) return 0;
  held.verified = true;
  const sockaddr& from = coap_session_get_addr_remote(session)->addr.sa;
  switch (bounds_.Take(bindings::Source::Of(&from), true, held.place)) {
    case bindings::SessionBounds::Answer::kTaken:
      held.handshaking = true;
      counters_.handshakes.Add();
      return 0;
    case bindings::SessionBounds::Answer::kSourceIsFull:
      counters_.refused_by_source_bound.Add();
      return -1;
    case bindings::SessionBounds::Answer::kFull:
      break;
  }
  counters_.refused_by_total_bound.Add();
  return -1;
}

void ServerThread::DropUnverified() {
  while (!unverified_.empty()) {
    const auto eldest = unverified_.front().lock();
    const bool waits = eldest && !eldest->verified && eldest->get() != nullptr;
    if (waits && unverified_.size() <= kMaxUnverified) return;
    unverified_.pop_front();
    if (!waits) continue;
    coap_session_t* const coap_session = eldest->get();
    Closed(coap_session, false);
    coap_session_disconnected(coap_session, COAP_NACK_TLS_FAILED);
  }
}

void ServerThread::Established(coap_session_t* session) {
  WipePsk(session);
  const auto held = SessionOf(session);
  held->established = true;
  held->place.EndHandshake();
  EndHandshake(*held, true);
  if (held->certificates) held->SetPeer(*held->certificates);
  if (const coap_bin_const_t* identity = coap_session_get_psk_identity(session)) {
    held->SetIdentity({reinterpret_cast<const char*>(identity->s), identity->length});
  }
}

// `gone`: libcoap frees it now.
void ServerThread::Closed(coap_session_t* session, bool gone) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  ServerSession& held = *found->second;
  const bool had_ended = held.get() == nullptr;
  EndHandshake(held, false);
  // Its observers go by OnNack, which hears of each session that ends.
  held.Close();
  held.place.Leave();
  requests_.Forget(session);
  if (!had_ended && !gone && ++ended_ >= kManyEnded) loop_->LookAtSessions();
  if (gone) {
    if (had_ended) --ended_;
    sessions_.erase(found);
    counters_.sessions.Set(sessions_.size());
    ending_.Forget(session);
  }
}

void ServerThread::EndHandshake(ServerSession& session, bool done) {
  if (!session.handshaking) return;
  session.handshaking = false;
  counters_.EndHandshake(done);
}

// ---- Time

void ServerThread::Sweep(Clock::time_point now) {
  observers_.Sweep(now);
  std::vector<coap_session_t*> late;
  for (auto& [coap_session, session] : sessions_) {
    if (!session->bodies.empty()) session->bodies.Expire(now);
    const auto timeout = session->verified ? options_.handshake_timeout
                                           : std::min(options_.handshake_timeout, kVerifyTimeout);
    if (session->secure() && !session->established && session->get() != nullptr &&
        session->since + timeout <= now) {
      late.push_back(coap_session);
    }
  }
  for (coap_session_t* coap_session : late) {
    Closed(coap_session, false);
    coap_session_disconnected(coap_session, COAP_NACK_TLS_FAILED);
  }
}

// With the first request of several.
void ServerThread::BeginTurn() {
  if (in_turn_) return;
  in_turn_ = true;
  handler_.BeginTurn();
}

void ServerThread::EndTurn() {
  if (!in_turn_) return;
  in_turn_ = false;
  handler_.EndTurn();
}

Clock::time_point ServerThread::Turn(Clock::time_point now) {
  EndTurn();
  counters_.Take(keys_.gate());
  auto due = keys_.Turn(now);
  counters_.Take(keys_.gate());
  DropUnverified();
  ending_.EndWhatIsDone(now);
  if (!ending_.empty()) due = std::min(due, now + kSweep);
  if (next_sweep_ <= now) {
    Sweep(now);
    next_sweep_ = now + kSweep;
  }
  if (!sessions_.empty()) due = std::min(due, next_sweep_);
  return due;
}

}  // namespace saef::coap
