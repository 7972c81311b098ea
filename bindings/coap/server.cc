// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <unordered_map>

#include "bindings/coap/answerer.h"
#include "bindings/coap/library.h"
#include "bindings/coap/observe_option.h"
#include "bindings/coap/observers.h"
#include "bindings/coap/pdu.h"
#include "bindings/coap/request_codec.h"
#include "bindings/coap/resolver.h"
#include "bindings/coap/response_codec.h"
#include "bindings/coap/server_session.h"
#include "bindings/coap/status_code.h"
#include "bindings/coap/tls_hook.h"
#include "bindings/coap/tls_session.h"
#include "saef/coap_gate.h"

namespace saef::coap {
namespace {

using bindings::Error;
using bindings::LogLevel;
using bindings::PluginGate;
using bindings::PskTable;
using bindings::Quote;
using bindings::Respond;
using bindings::Result;
using bindings::ServerOptions;
using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;

constexpr std::chrono::seconds kSweep{1};
// How long a session that is to end waits for the peer's acknowledgement of the last answer, and
// how long a peer gets to fetch the blocks of one.
constexpr std::chrono::seconds kEndTimeout{10};
constexpr std::chrono::seconds kBlocksTimeout{5};

// A request that is answered after its handler has returned.
struct Waiting {
  std::shared_ptr<ServerSession> session;
  coap_session_t* coap_session;  // referenced
  coap_pdu_t* request;           // a copy, owned
  coap_string_t* query;          // owned, may be null
  OptionSet set;
  Operation operation;
  bool confirmable;
  std::uint64_t observer = 0;  // not 0: it is to be observed (observers.h)
};

// libcoap sets SO_REUSEADDR, with which two UDP sockets can have one address, and the later one
// takes the earlier one's datagrams. So ask without it whether the address is free.
bool IsTaken(const coap_address_t& address) {
  const int probe = socket(address.addr.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;  // libcoap will say what is wrong
  const bool taken = bind(probe, &address.addr.sa, address.size) != 0 && errno == EADDRINUSE;
  close(probe);
  return taken;
}

class CoapServer final : public bindings::Server {
 public:
  CoapServer(std::shared_ptr<Loop> loop, ServerOptions options,
             bindings::CertificateParty certificates, bindings::RequestHandler& handler)
      : loop_(std::move(loop)),
        options_(std::move(options)),
        certificates_(std::move(certificates)),
        handler_(handler),
        observers_(
            loop_, handler, options_.max_observers, options_.max_observers_per_session,
            [this](const Observers::Request& of, const Message& answer, coap_pdu_t* pdu) {
              return Fill(*of.session, answer, of.coap_session, of.pdu, of.query, pdu);
            },
            [this](ServerSession& session) { ConsiderEnd(session); }) {}
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
  std::size_t sessions() const override { return session_count_; }

 private:
  static CoapServer* Of(const coap_session_t* session);
  static void OnRequest(coap_resource_t*, coap_session_t* session, const coap_pdu_t* request,
                        const coap_string_t* query, coap_pdu_t* response);
  static int OnEvent(coap_session_t* session, coap_event_t event);
  static void OnNack(coap_session_t* session, const coap_pdu_t* sent, coap_nack_reason_t reason,
                     coap_mid_t mid);
  static const coap_bin_const_t* OnPsk(coap_bin_const_t* identity, coap_session_t* session,
                                       void* self);
  static std::size_t OnHostPsk(void* self, const std::uint8_t* identity, std::size_t length,
                               std::uint8_t* key, std::size_t capacity);

  void SetUpContext();
  bool PrepareCertificates(WOLFSSL* ssl, coap_session_t* session);
  Result<void> SetUpKeys();
  Result<void> AttachGate(const PluginGate& keys);
  Result<void> Listen(const bindings::Listener& listener);
  Clock::time_point Turn(Clock::time_point now);
  void Sweep(Clock::time_point now);
  void EndWhatIsDone(Clock::time_point now);
  void Shutdown();

  std::shared_ptr<ServerSession> SessionOf(coap_session_t* session);
  void Handle(coap_session_t* session, const coap_pdu_t* request, const coap_string_t* query,
              coap_pdu_t* response);
  std::uint64_t ConsiderObserver(const Observers::Request& request, const Message& message,
                                 const RequestPrimitive& primitive);
  void Dispatch(const std::shared_ptr<ServerSession>& session, const Message& message,
                coap_session_t* coap_session, const coap_pdu_t* request, const coap_string_t* query,
                coap_pdu_t* response);
  void AnswerNow(ServerSession& session, const Message& answer, coap_session_t* coap_session,
                 const coap_pdu_t* request, const coap_string_t* query, coap_pdu_t* response);
  void Deliver(std::uint64_t id, const ResponsePrimitive& answer);
  void Forget(std::unordered_map<std::uint64_t, Waiting>::iterator waiting);
  bool Fill(ServerSession& session, const Message& answer, coap_session_t* coap_session,
            const coap_pdu_t* request, const coap_string_t* query, coap_pdu_t* response);
  void ConsiderEnd(ServerSession& session);
  void Closed(coap_session_t* session, bool gone);

  const std::shared_ptr<Loop> loop_;
  const ServerOptions options_;
  const bindings::CertificateParty certificates_;
  std::optional<TlsHook> hook_;  // made and unmade on the loop's thread
  bindings::RequestHandler& handler_;
  coap_resource_t* resource_ = nullptr;  // every path's
  saef_coap_gate* gate_ = nullptr;
  onem2m::Secret key_;  // the one that OnPsk hands to libcoap
  coap_bin_const_t key_view_{};
  std::vector<std::uint16_t> ports_;
  std::unordered_map<coap_session_t*, std::shared_ptr<ServerSession>> sessions_;
  std::vector<coap_session_t*> ending_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, Waiting> waiting_;
  Observers observers_;
  Clock::time_point next_sweep_{};
  std::atomic<std::size_t> session_count_{0};
};

// ---- Starting and stopping

Result<void> CoapServer::Start() {
  SetUpContext();
  if (const auto done = SetUpKeys(); !done) return done;
  for (const bindings::Listener& listener : options_.listeners) {
    if (const auto done = Listen(listener); !done) return done;
  }
  loop_->Post([this] {
    observers_.Start();
    if (certificates_.in_use()) {
      hook_.emplace([this](WOLFSSL* ssl, coap_session_t* session) {
        return PrepareCertificates(ssl, session);
      });
    }
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

Result<void> CoapServer::SetUpKeys() {
  const bool secure =
      std::any_of(options_.listeners.begin(), options_.listeners.end(),
                  [](const bindings::Listener& listener) { return listener.secure; });
  if (const auto* gate = std::get_if<PluginGate>(&options_.keys)) return AttachGate(*gate);
  const auto* table = std::get_if<PskTable>(&options_.keys);
  if ((table == nullptr || !*table) && !certificates_.in_use()) {
    if (secure) return Error::kBadRequest;
    return {};
  }
  coap_dtls_spsk_t psk{};
  psk.version = COAP_DTLS_SPSK_SETUP_VERSION;
  psk.validate_id_call_back = OnPsk;
  psk.id_call_back_arg = this;
  if (coap_context_set_psk2(loop_->context(), &psk) == 0) return Error::kLibrary;
  return {};
}

Result<void> CoapServer::AttachGate(const PluginGate& keys) {
  if (keys.api == nullptr || keys.instance == nullptr) return Error::kBadRequest;
  saef_coap_gate_arguments arguments{};
  arguments.size = sizeof(arguments);
  arguments.gate.size = sizeof(arguments.gate);
  arguments.gate.api = keys.api;
  arguments.gate.instance = keys.instance;
  arguments.gate.refusal = keys.refusal;
  arguments.gate.max_held_sessions = keys.max_held_sessions;
  arguments.gate.max_held_bytes = keys.max_held_bytes;
  arguments.gate.max_hold_ms = keys.max_hold_ms;
  arguments.blocking = keys.blocking_ms;
  arguments.event = OnEvent;
  if (keys.host_psk) {
    arguments.host_psk = OnHostPsk;
    arguments.host_psk_context = this;
  }
  if (saef_coap_gate_attach(loop_->context(), &arguments, &gate_) != SAEF_DONE) {
    return Error::kLibrary;
  }
  return {};
}

// libcoap tells an endpoint's port only within its name, "127.0.0.1:5684 (DTLS)".
std::uint16_t PortOf(const coap_endpoint_t* endpoint) {
  // The name stands in a buffer of libcoap's that all threads share.
  static Mutex mutex;
  const MutexLock lock(mutex);
  const std::string_view name = coap_endpoint_str(endpoint);
  const std::size_t space = name.find(' ');
  const std::string_view address = name.substr(0, space);
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return 0;
  std::uint16_t port = 0;
  std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  return port;
}

Result<void> CoapServer::Listen(const bindings::Listener& listener) {
  const Addresses addresses = ResolveLiteral(listener.address, listener.port);
  if (addresses.empty()) return Error::kListen;
  if (listener.port != 0 && IsTaken(addresses.front())) return Error::kListen;
  coap_endpoint_t* endpoint = coap_new_endpoint(loop_->context(), &addresses.front(),
                                                listener.secure ? COAP_PROTO_DTLS : COAP_PROTO_UDP);
  if (endpoint == nullptr) return Error::kListen;
  ports_.push_back(PortOf(endpoint));
  if (ports_.back() == 0) return Error::kLibrary;
  return {};
}

// On the loop's thread, or after it.
void CoapServer::Shutdown() {
  hook_.reset();
  while (!waiting_.empty()) Forget(waiting_.begin());
  observers_.Clear();
  saef_coap_gate_detach(gate_);
  gate_ = nullptr;
  for (auto& [coap_session, session] : sessions_) {
    session->Close();
    // Sends close_notify; the session itself goes with the context.
    if (session->secure()) coap_session_disconnected(coap_session, COAP_NACK_TLS_FAILED);
  }
  sessions_.clear();
  ending_.clear();
  session_count_ = 0;
}

// ---- Keys

const coap_bin_const_t* CoapServer::OnPsk(coap_bin_const_t* identity, coap_session_t* session,
                                          void* self) {
  auto* server = static_cast<CoapServer*>(self);
  const auto* table = std::get_if<PskTable>(&server->options_.keys);
  if (table == nullptr || !*table) return nullptr;
  KeepForExport(session);
  auto key = (*table)({reinterpret_cast<const char*>(identity->s), identity->length});
  if (!key || key->empty() || key->size() > SAEF_MAX_KEY) return nullptr;
  server->key_ = std::move(*key);
  server->key_view_ = {server->key_.size(), server->key_.data()};
  return &server->key_view_;
}

std::size_t CoapServer::OnHostPsk(void* self, const std::uint8_t* identity, std::size_t length,
                                  std::uint8_t* key, std::size_t capacity) {
  const auto& table = std::get<PluginGate>(static_cast<CoapServer*>(self)->options_.keys).host_psk;
  const auto found = table({reinterpret_cast<const char*>(identity), length});
  if (!found || found->size() > capacity) return 0;
  std::memcpy(key, found->data(), found->size());
  return found->size();
}

// The gate is told whom it is to associate before the handshake is over.
bool CoapServer::PrepareCertificates(WOLFSSL* ssl, coap_session_t* session) {
  const auto tell_gate = [this, session](const bindings::CertificateSession& accepted) {
    const bindings::PeerDescription described(&accepted);
    return gate_ == nullptr ||
           saef_coap_gate_session_peer(gate_, session, &described.peer) == SAEF_DONE;
  };
  auto& held = SessionOf(session)->certificates;
  held = std::make_unique<bindings::CertificateSession>(certificates_, tell_gate);
  return held->Prepare(ssl);
}

void CoapServer::EndAssociation(saef_association association) {
  if (association == SAEF_NO_ASSOCIATION) return;
  loop_->Post([this, association] {
    if (gate_ != nullptr) saef_coap_gate_end_association(gate_, association);
  });
}

// ---- Observation

void CoapServer::Changed(std::string_view path) {
  loop_->Post([this, path = std::string(path)] { observers_.Changed(path); });
}

void CoapServer::OnNack(coap_session_t* session, const coap_pdu_t* sent, coap_nack_reason_t reason,
                        coap_mid_t) {
  Of(session)->observers_.OnNack(session, sent, reason);
}

// RFC 7641 4.1: not 0 where this request makes its sender an observer.
std::uint64_t CoapServer::ConsiderObserver(const Observers::Request& request,
                                           const Message& message,
                                           const RequestPrimitive& primitive) {
  switch (ReadObserveWish(message)) {
    case ObserveWish::kDeregister:
      observers_.Remove(request.coap_session, TokenOf(request.pdu));
      return 0;
    case ObserveWish::kRegister:
      if (!options_.observable || !options_.observable(primitive.to)) return 0;
      return observers_.Begin(request, primitive);
    case ObserveWish::kNone:
      break;
  }
  return 0;
}

// ---- Sessions

CoapServer* CoapServer::Of(const coap_session_t* session) {
  return static_cast<CoapServer*>(coap_context_get_app_data(coap_session_get_context(session)));
}

std::shared_ptr<ServerSession> CoapServer::SessionOf(coap_session_t* session) {
  auto& held = sessions_[session];
  if (!held) {
    held = std::make_shared<ServerSession>(loop_, session, options_.max_content_length,
                                           [this](ServerSession& ended) { ConsiderEnd(ended); });
    session_count_ = sessions_.size();
  }
  return held;
}

int CoapServer::OnEvent(coap_session_t* session, coap_event_t event) {
  CoapServer* self = Of(session);
  switch (event) {
    case COAP_EVENT_SERVER_SESSION_NEW:
      self->SessionOf(session);
      break;
    case COAP_EVENT_DTLS_CONNECTED: {
      WipePsk(session);
      const auto held = self->SessionOf(session);
      held->established = true;
      if (held->certificates) held->SetPeer(*held->certificates);
      if (const coap_bin_const_t* identity = coap_session_get_psk_identity(session)) {
        held->SetIdentity({reinterpret_cast<const char*>(identity->s), identity->length});
      }
      break;
    }
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

// `gone`: libcoap frees it now.
void CoapServer::Closed(coap_session_t* session, bool gone) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  found->second->Close();
  observers_.Forget(session);
  for (auto i = waiting_.begin(); i != waiting_.end();) {
    const auto waiting = i++;
    if (waiting->second.coap_session == session) Forget(waiting);
  }
  if (gone) {
    sessions_.erase(found);
    session_count_ = sessions_.size();
    std::erase(ending_, session);
  }
}

// ---- Requests

void CoapServer::OnRequest(coap_resource_t*, coap_session_t* session, const coap_pdu_t* request,
                           const coap_string_t* query, coap_pdu_t* response) {
  Of(session)->Handle(session, request, query, response);
}

// Without a code in the response, libcoap acknowledges the request with an empty message.
void CoapServer::Handle(coap_session_t* coap_session, const coap_pdu_t* request,
                        const coap_string_t* query, coap_pdu_t* response) {
  const auto now = Clock::now();
  const std::shared_ptr<ServerSession> session = SessionOf(coap_session);
  Message message = ReadPdu(request);
  const auto seen = session->recent.See(static_cast<std::uint16_t>(coap_pdu_get_mid(request)),
                                        TokenOf(request), now);
  if (seen.state == RecentRequests::State::kPending) return;
  if (seen.state == RecentRequests::State::kAnswered) {
    Fill(*session, *seen.answer, coap_session, request, query, response);
    return;
  }
  if (seen.state == RecentRequests::State::kForgotten && message.code == kPost) return;

  const Block block = ReadBlock(coap_session, request, COAP_OPTION_BLOCK1);
  coap_opt_iterator_t iterator;
  const bool in_blocks = coap_check_option(request, COAP_OPTION_BLOCK1, &iterator) != nullptr;
  const std::uint8_t code = session->bodies.Add(message, block, in_blocks, now);
  if (code != 0) {
    AnswerNow(*session, {code, {}, {}}, coap_session, request, query, response);
    return;
  }
  Dispatch(session, message, coap_session, request, query, response);
  onem2m::Wipe(message.payload);
}

void CoapServer::Dispatch(const std::shared_ptr<ServerSession>& session, const Message& message,
                          coap_session_t* coap_session, const coap_pdu_t* request,
                          const coap_string_t* query, coap_pdu_t* response) {
  auto decoded = DecodeRequest(message);
  if (const auto* refusal = std::get_if<Refusal>(&decoded)) {
    const auto answer = RespondWithText(refusal->request, refusal->status, refusal->text);
    AnswerNow(*session, EncodeResponse(answer, refusal->set, refusal->request.operation),
              coap_session, request, query, response);
    return;
  }
  if (gate_ != nullptr) {
    session->SetAssociation(saef_coap_gate_association(gate_, coap_session));
  }
  auto& [primitive, set] = std::get<DecodedRequest>(decoded);
  const Operation operation = primitive.operation;
  const std::uint64_t id = ++last_id_;
  const std::uint64_t observer =
      ConsiderObserver({session, coap_session, request, query, set}, message, primitive);
  auto answerer = std::make_shared<Answerer>(
      loop_, primitive, [this, id](ResponsePrimitive answer) { Deliver(id, answer); });
  ++session->pending;
  handler_.Handle(std::move(primitive), session,
                  [answerer](ResponsePrimitive answer) { answerer->Answer(std::move(answer)); });
  // Dropped already: nobody is left to answer.
  if (answerer.use_count() == 1) answerer->AnswerNothing();
  if (auto early = answerer->HandlerReturned()) {
    --session->pending;
    Message answer = EncodeResponse(*early, set, operation);
    if (observer != 0) observers_.FirstAnswer(observer, answer);
    AnswerNow(*session, answer, coap_session, request, query, response);
    onem2m::Wipe(answer.payload);
    onem2m::Wipe(early->content);
    return;
  }
  const coap_bin_const_t token = coap_pdu_get_token(request);
  waiting_[id] = {session,
                  coap_session_reference(coap_session),
                  coap_pdu_duplicate(request, coap_session, token.length, token.s, nullptr),
                  query == nullptr ? nullptr : coap_get_query(request),
                  set,
                  operation,
                  coap_pdu_get_type(request) == COAP_MESSAGE_CON,
                  observer};
}

// The answer goes with the acknowledgement.
void CoapServer::AnswerNow(ServerSession& session, const Message& answer,
                           coap_session_t* coap_session, const coap_pdu_t* request,
                           const coap_string_t* query, coap_pdu_t* response) {
  session.recent.Answered(static_cast<std::uint16_t>(coap_pdu_get_mid(request)), TokenOf(request),
                          answer);
  Fill(session, answer, coap_session, request, query, response);
  ConsiderEnd(session);
}

bool CoapServer::Fill(ServerSession& session, const Message& answer, coap_session_t* coap_session,
                      const coap_pdu_t* request, const coap_string_t* query, coap_pdu_t* response) {
  coap_pdu_set_code(response, static_cast<coap_pdu_code_t>(answer.code));
  Message options = answer;
  // libcoap adds the Content-Format itself.
  std::uint16_t format = 0;
  std::erase_if(options.options, [&format](const Option& option) {
    if (option.number != kContentFormat) return false;
    for (const char c : option.value) {
      format = static_cast<std::uint16_t>(format << 8 | static_cast<unsigned char>(c));
    }
    return true;
  });
  if (!WriteOptions(options, response)) {
    coap_pdu_set_code(response, COAP_RESPONSE_CODE_INTERNAL_ERROR);
    return false;
  }
  if (answer.payload.empty()) return true;
  std::string* body = HoldBody(std::move(options.payload));
  const bool filled =
      coap_add_data_large_response(
          resource_, coap_session, request, response, query, format, -1, 0, body->size(),
          reinterpret_cast<const std::uint8_t*>(body->data()), ReleaseBody, body) != 0;
  session.answered_in_blocks = ReadBlock(coap_session, response, COAP_OPTION_BLOCK2).more;
  return filled;
}

// An answer that comes after the acknowledgement, as a message of its own.
void CoapServer::Deliver(std::uint64_t id, const ResponsePrimitive& answer) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;  // the session has ended meanwhile
  const Waiting& waiting = found->second;
  ServerSession& session = *waiting.session;
  coap_pdu_t* response = coap_pdu_init(waiting.confirmable ? COAP_MESSAGE_CON : COAP_MESSAGE_NON,
                                       COAP_EMPTY_CODE, coap_new_message_id(waiting.coap_session),
                                       coap_session_max_pdu_size(waiting.coap_session));
  if (response != nullptr && waiting.request != nullptr) {
    const coap_bin_const_t token = coap_pdu_get_token(waiting.request);
    if (coap_add_token(response, token.length, token.s) != 0) {
      Message message = EncodeResponse(answer, waiting.set, waiting.operation);
      if (waiting.observer != 0) observers_.FirstAnswer(waiting.observer, message);
      Fill(session, message, waiting.coap_session, waiting.request, waiting.query, response);
      onem2m::Wipe(message.payload);
      coap_send(waiting.coap_session, response);
      response = nullptr;
    }
  }
  if (response != nullptr) coap_delete_pdu(response);
  const std::shared_ptr<ServerSession> held = waiting.session;
  Forget(found);
  ConsiderEnd(*held);
}

void CoapServer::Forget(std::unordered_map<std::uint64_t, Waiting>::iterator waiting) {
  Waiting gone = std::move(waiting->second);
  waiting_.erase(waiting);
  --gone.session->pending;
  coap_delete_pdu(gone.request);
  coap_delete_string(gone.query);
  coap_session_release(gone.coap_session);
}

// ---- Time

// TS-0003 8.x.5 step 11: the session ends, but not before its last answer has arrived.
void CoapServer::ConsiderEnd(ServerSession& session) {
  if (!session.end_wanted() || session.pending > 0 || session.get() == nullptr ||
      !session.secure() || session.end_by) {
    return;
  }
  const auto now = Clock::now();
  session.end_from = session.answered_in_blocks ? now + kBlocksTimeout : now;
  session.end_by = now + kEndTimeout;
  ending_.push_back(session.get());
}

void CoapServer::EndWhatIsDone(Clock::time_point now) {
  for (coap_session_t* coap_session : std::vector<coap_session_t*>(ending_)) {
    const auto found = sessions_.find(coap_session);
    if (found == sessions_.end()) continue;
    const ServerSession& session = *found->second;
    if (*session.end_from > now) continue;
    // libcoap tells nobody that an answer was acknowledged, but it sends no ping before.
    if (*session.end_by > now && coap_session_send_ping(coap_session) == COAP_INVALID_MID) continue;
    std::erase(ending_, coap_session);
    coap_session_disconnected(coap_session, COAP_NACK_TLS_FAILED);
  }
}

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
  auto due = now + std::chrono::hours(1);
  if (gate_ != nullptr) {
    saef_coap_gate_process(gate_);
    const std::int64_t wait = saef_coap_gate_timeout_ms(gate_);
    if (wait >= 0) due = now + std::chrono::milliseconds(wait);
  }
  EndWhatIsDone(now);
  if (!ending_.empty()) due = std::min(due, now + kSweep);
  if (next_sweep_ <= now) {
    Sweep(now);
    next_sweep_ = now + kSweep;
  }
  if (!sessions_.empty()) due = std::min(due, next_sweep_);
  return due;
}

Result<void> Check(const ServerOptions& options) {
  if (options.listeners.empty() || options.max_sessions == 0 || options.max_content_length == 0 ||
      options.max_sessions > 1000000 || options.idle_timeout.count() <= 0) {
    return Error::kBadRequest;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<bindings::Server>> StartServer(ServerOptions options,
                                                      bindings::RequestHandler& handler) {
  if (const auto checked = Check(options); !checked) return checked.error();
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
