// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/client.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>

#include "bindings/coap/client_session.h"
#include "bindings/coap/library.h"
#include "bindings/coap/observations.h"
#include "bindings/coap/observe_option.h"
#include "bindings/coap/pdu.h"
#include "bindings/coap/request_codec.h"
#include "bindings/coap/resolver.h"
#include "bindings/coap/response_codec.h"
#include "bindings/coap/tls_session.h"

namespace saef::coap {
namespace {

using bindings::ClientOptions;
using bindings::Error;
using bindings::LogLevel;
using bindings::Quote;
using bindings::Result;
using onem2m::Operation;

constexpr std::size_t kMaxIdentity = 128;  // RFC 4279 5.3
constexpr std::size_t kMaxKey = 64;
constexpr std::size_t kTokenLength = 8;
// What a call that waits for the loop waits at most beyond the time that the work itself may take.
constexpr std::chrono::milliseconds kGrace{5000};

// One request, from Send to its Done.
struct Exchange {
  onem2m::RequestPrimitive request;
  bindings::Client::Done done;
  Clock::time_point deadline;
  std::uint64_t observation = 0;  // not 0: it is to be observed, and `done` is its Notify
  bool retried = false;           // it was on a session that ended; not a second time
  OptionSet set = OptionSet::kNew;
  Message answer;  // of its first block
  std::string body;
};

using ExchangePtr = std::unique_ptr<Exchange>;

bool IsIdempotent(Operation operation) {
  return operation == Operation::kRetrieve || operation == Operation::kUpdate ||
         operation == Operation::kDelete;
}

// Everything that lives on the loop's thread.
class Engine {
 public:
  Engine(Loop& loop, ClientOptions options, bindings::CertificateParty certificates);

  void Add(ExchangePtr exchange);
  void Connect(std::function<void(Result<void>)> done);
  void Disconnect();
  Result<onem2m::Secret> Export(std::string_view label, std::size_t length);
  Clock::time_point Turn(Clock::time_point now);
  void Shutdown();
  std::uint64_t sessions_established() const { return sessions_established_; }
  void OnAddresses(Addresses addresses, std::uint64_t attempt);
  void CancelObserve(std::uint64_t id);

  // Hands `this` to whoever resolves the name, as long as it is there.
  void SetSelf(std::weak_ptr<Loop> loop) { weak_loop_ = std::move(loop); }

 private:
  static coap_response_t OnResponse(coap_session_t* session, const coap_pdu_t* sent,
                                    const coap_pdu_t* received, coap_mid_t mid);
  static void OnNack(coap_session_t* session, const coap_pdu_t* sent, coap_nack_reason_t reason,
                     coap_mid_t mid);
  static int OnEvent(coap_session_t* session, coap_event_t event);
  static Engine* Of(const coap_session_t* session);

  void Begin();
  void OpenNext();
  void CheckSession();
  void Established();
  void FailConnecting(Error error);
  void SessionEnded(Error error);
  void Pump();
  void Transmit(ExchangePtr exchange);
  Result<std::string> Put(Exchange& exchange);
  coap_response_t Receive(const coap_pdu_t* received);
  void Complete(std::map<std::string, ExchangePtr>::iterator place);
  bool TryPlainer(ExchangePtr& exchange, const Message& answer);
  void Expire(Clock::time_point now);
  void FailAll(Error error);
  static void Finish(ExchangePtr exchange, Result<onem2m::ResponsePrimitive> result);
  Clock::time_point NextDue() const;

  Loop& loop_;
  std::weak_ptr<Loop> weak_loop_;
  ClientOptions options_;
  SessionSettings settings_;
  bool host_is_name_ = false;
  // The numbering that the peer understands, as far as it has shown.
  OptionSet set_ = OptionSet::kNew;

  enum class State { kIdle, kResolving, kConnecting, kEstablished } state_ = State::kIdle;
  std::uint64_t attempt_ = 0;
  Addresses addresses_;
  std::size_t next_address_ = 0;
  Clock::time_point handshake_deadline_;
  std::unique_ptr<ClientSession> session_;
  std::vector<std::function<void(Result<void>)>> connecting_;
  std::deque<ExchangePtr> queue_;
  std::map<std::string, ExchangePtr> in_flight_;  // by token
  Observations observations_;
  // What libcoap's callbacks have noted: tokens of exchanges that came to an end.
  std::vector<std::pair<std::string, Error>> failed_;
  std::atomic<std::uint64_t> sessions_established_{0};
};

Engine::Engine(Loop& loop, ClientOptions options, bindings::CertificateParty certificates)
    : loop_(loop),
      options_(std::move(options)),
      observations_(loop.context(), options_.max_content_length) {
  settings_.secure = options_.uri.secure();
  settings_.nstart = options_.max_in_flight;
  host_is_name_ = !IsLiteral(options_.uri.host);
  // RFC 6066 3: an address literal is no server name.
  settings_.server_name = options_.server_name;
  if (settings_.server_name.empty() && host_is_name_) settings_.server_name = options_.uri.host;
  if (auto* psk = std::get_if<bindings::PskCredential>(&options_.credential)) {
    settings_.identity = std::move(psk->identity);
    settings_.key = std::move(psk->key);
  }
  settings_.certificates = std::move(certificates);
  coap_context_t* context = loop_.context();
  coap_context_set_app_data(context, this);
  // libcoap fetches and sends the blocks; we put the answer's together, within our bound.
  coap_context_set_block_mode(context, COAP_BLOCK_USE_LIBCOAP);
  coap_register_response_handler(context, OnResponse);
  coap_register_nack_handler(context, OnNack);
  coap_register_event_handler(context, OnEvent);
}

Engine* Engine::Of(const coap_session_t* session) {
  return static_cast<Engine*>(coap_context_get_app_data(coap_session_get_context(session)));
}

// ---- Sessions

void Engine::Connect(std::function<void(Result<void>)> done) {
  if (state_ == State::kEstablished) {
    done({});
    return;
  }
  connecting_.push_back(std::move(done));
  Begin();
}

void Engine::Begin() {
  if (state_ != State::kIdle) return;
  state_ = State::kResolving;
  handshake_deadline_ = Clock::now() + options_.handshake_timeout;
  const std::uint64_t attempt = ++attempt_;
  Resolve(options_.uri.host, options_.uri.port,
          [this, weak = weak_loop_, attempt](Addresses found) {
            // Once the loop has stopped, Post drops this, and `this` isn't looked at.
            if (const auto loop = weak.lock()) {
              loop->Post([this, found = std::move(found), attempt]() mutable {
                OnAddresses(std::move(found), attempt);
              });
            }
          });
}

void Engine::OnAddresses(Addresses addresses, std::uint64_t attempt) {
  if (state_ != State::kResolving || attempt != attempt_) return;
  addresses_ = std::move(addresses);
  next_address_ = 0;
  state_ = State::kConnecting;
  OpenNext();
}

void Engine::OpenNext() {
  session_.reset();
  while (next_address_ < addresses_.size()) {
    session_ = ClientSession::Open(loop_.context(), addresses_[next_address_++], settings_);
    if (session_) {
      CheckSession();
      return;
    }
  }
  FailConnecting(Error::kUnreachable);
}

// Looks at what the callbacks have noted about the session.
void Engine::CheckSession() {
  if (!session_) return;
  if (const auto end = session_->end()) {
    const bool was_established = state_ == State::kEstablished;
    if (!was_established && *end == Error::kUnreachable) {
      OpenNext();
    } else if (!was_established) {
      FailConnecting(*end);
    } else {
      SessionEnded(*end);
    }
  } else if (session_->established() && state_ == State::kConnecting) {
    Established();
  }
}

void Engine::Established() {
  state_ = State::kEstablished;
  ++sessions_established_;
  loop_.Say(LogLevel::kDebug, "session with " + options_.uri.text() + " established");
  auto waiting = std::move(connecting_);
  connecting_.clear();
  for (auto& done : waiting) done({});
}

void Engine::FailConnecting(Error error) {
  loop_.Say(LogLevel::kInfo,
            "no session with " + options_.uri.text() + ": " + make_error_code(error).message());
  session_.reset();
  state_ = State::kIdle;
  auto waiting = std::move(connecting_);
  connecting_.clear();
  for (auto& done : waiting) done(error);
  FailAll(error);
}

// The peer ended the session or has lost it. What may be done twice is done once more on a new one:
// a MAF may end its session after each procedure (TS-0003 8.x.5 step 11), while the next request is
// already on its way.
void Engine::SessionEnded(Error error) {
  loop_.Say(LogLevel::kDebug, "session with " + options_.uri.text() + " ended");
  session_.reset();
  state_ = State::kIdle;
  auto in_flight = std::move(in_flight_);
  in_flight_.clear();
  failed_.clear();
  std::deque<ExchangePtr> again;
  for (auto& [token, exchange] : in_flight) {
    if (IsIdempotent(exchange->request.operation) && !exchange->retried) {
      exchange->retried = true;
      exchange->answer = {};
      exchange->body.clear();
      again.push_back(std::move(exchange));
    } else {
      Finish(std::move(exchange), error);
    }
  }
  for (auto& exchange : again) queue_.push_front(std::move(exchange));
  observations_.End(error);
}

void Engine::Disconnect() {
  session_.reset();
  state_ = State::kIdle;
  ++attempt_;
  auto waiting = std::move(connecting_);
  connecting_.clear();
  for (auto& done : waiting) done(Error::kClosed);
  FailAll(Error::kClosed);
  observations_.End(Error::kClosed);
}

void Engine::Shutdown() { Disconnect(); }

Result<onem2m::Secret> Engine::Export(std::string_view label, std::size_t length) {
  if (state_ != State::kEstablished || !session_) return Error::kNotEstablished;
  return coap::Export(session_->get(), label, length);
}

// ---- Requests

void Engine::Add(ExchangePtr exchange) {
  if (queue_.size() >= options_.max_queued) {
    Finish(std::move(exchange), Error::kLimit);
    return;
  }
  queue_.push_back(std::move(exchange));
}

void Engine::Pump() {
  if (queue_.empty()) return;
  if (state_ == State::kIdle) Begin();
  while (state_ == State::kEstablished && !queue_.empty() && !session_->end() &&
         in_flight_.size() < options_.max_in_flight) {
    ExchangePtr exchange = std::move(queue_.front());
    queue_.pop_front();
    Transmit(std::move(exchange));
  }
}

void Engine::Transmit(ExchangePtr exchange) {
  exchange->set = set_;
  if (set_ == OptionSet::kNone && exchange->request.operation != Operation::kRetrieve) {
    exchange->set = OptionSet::kNew;
  }
  Result<std::string> token = Put(*exchange);
  if (!token) {
    Finish(std::move(exchange), token.error());
    return;
  }
  in_flight_.emplace(std::move(*token), std::move(exchange));
}

// Hands a request to libcoap; returns its token.
Result<std::string> Engine::Put(Exchange& exchange) {
  auto message = EncodeRequest(exchange.request, exchange.set);
  if (!message) return message.error();
  if (exchange.observation != 0) WriteObserve(*message, 0);
  if (host_is_name_) message->options.push_back({kUriHost, options_.uri.host});
  std::string token(kTokenLength, '\0');
  do {
    if (coap_prng(token.data(), token.size()) == 0) return Error::kLibrary;
  } while (in_flight_.contains(token) || observations_.Has(token));
  coap_session_t* session = session_->get();
  coap_pdu_t* pdu =
      coap_new_pdu(COAP_MESSAGE_CON, static_cast<coap_pdu_code_t>(message->code), session);
  if (pdu == nullptr) return Error::kLibrary;
  if (coap_add_token(pdu, token.size(), reinterpret_cast<std::uint8_t*>(token.data())) == 0 ||
      !WriteOptions(*message, pdu)) {
    coap_delete_pdu(pdu);
    return Error::kBadRequest;
  }
  if (!message->payload.empty()) {
    std::string* body = HoldBody(std::move(message->payload));
    if (coap_add_data_large_request(session, pdu, body->size(),
                                    reinterpret_cast<const std::uint8_t*>(body->data()),
                                    ReleaseBody, body) == 0) {
      coap_delete_pdu(pdu);
      return Error::kBadRequest;
    }
  }
  if (coap_send(session, pdu) == COAP_INVALID_MID) return Error::kClosed;
  return token;
}

coap_response_t Engine::OnResponse(coap_session_t* session, const coap_pdu_t*,
                                   const coap_pdu_t* received, coap_mid_t) {
  return Of(session)->Receive(received);
}

coap_response_t Engine::Receive(const coap_pdu_t* received) {
  if (!session_) return COAP_RESPONSE_OK;
  session_->OnAnswer();
  const auto place = in_flight_.find(TokenOf(received));
  if (place == in_flight_.end()) {
    if (observations_.Receive(session_->get(), received)) return COAP_RESPONSE_OK;
    // An answer that was given up; or a notification that nobody wants any more, and then a reset
    // tells so (RFC 7641 3.6).
    return ReadObserve(ReadPdu(received)) ? COAP_RESPONSE_FAIL : COAP_RESPONSE_OK;
  }
  Exchange& exchange = *place->second;
  const Block block = ReadBlock(session_->get(), received, COAP_OPTION_BLOCK2);
  if (block.offset == 0) {
    exchange.answer = ReadPdu(received);
    exchange.body.clear();
  }
  if (block.offset + block.data.size() > options_.max_content_length ||
      block.total > options_.max_content_length) {
    failed_.emplace_back(place->first, Error::kTooLarge);
  } else if (block.offset > exchange.body.size()) {
    failed_.emplace_back(place->first, Error::kBadResponse);
  } else if (block.offset == exchange.body.size()) {
    exchange.body.append(block.data);
    if (!block.more) Complete(place);
  }
  return COAP_RESPONSE_OK;
}

// Runs within libcoap's callback; the user's callback may call the client, which only posts.
void Engine::Complete(std::map<std::string, ExchangePtr>::iterator place) {
  ExchangePtr exchange = std::move(place->second);
  const std::string token = place->first;
  in_flight_.erase(place);
  Message answer = std::move(exchange->answer);
  answer.payload = std::move(exchange->body);
  if (TryPlainer(exchange, answer)) return;
  auto response = DecodeResponse(answer, exchange->request);
  onem2m::Wipe(answer.payload);
  if (exchange->observation == 0) {
    Finish(std::move(exchange), std::move(response));
    return;
  }
  observations_.Begin(exchange->observation, token, std::move(exchange->request),
                      std::move(exchange->done), answer, std::move(response));
}

void Engine::CancelObserve(std::uint64_t id) {
  const auto is_it = [id](const ExchangePtr& exchange) { return exchange->observation == id; };
  std::erase_if(queue_, is_it);
  std::erase_if(in_flight_, [&is_it](const auto& entry) { return is_it(entry.second); });
  observations_.Cancel(id, session_ && !session_->end() ? session_->get() : nullptr);
}

// 4.02 without a word of oneM2M: the server doesn't know our options, which are critical, and has
// done nothing (RFC 7252 5.4.1). It may know the old numbers; or be a plain file server, which is
// enough for a RETRIEVE.
bool Engine::TryPlainer(ExchangePtr& exchange, const Message& answer) {
  const bool speaks_onem2m =
      std::any_of(answer.options.begin(), answer.options.end(), [](const Option& option) {
        return option.number == OptionOf(Parameter::kResponseStatusCode).new_number ||
               option.number == OptionOf(Parameter::kResponseStatusCode).old_number;
      });
  if (answer.code != Code(4, 2) || speaks_onem2m) return false;
  OptionSet next = OptionSet::kNone;
  if (exchange->set == OptionSet::kNew) {
    next = OptionSet::kOld;
  } else if (exchange->set == OptionSet::kNone ||
             exchange->request.operation != Operation::kRetrieve) {
    return false;
  }
  set_ = next;
  queue_.push_front(std::move(exchange));
  return true;
}

void Engine::OnNack(coap_session_t* session, const coap_pdu_t* sent, coap_nack_reason_t reason,
                    coap_mid_t) {
  Engine* self = Of(session);
  auto* client_session = static_cast<ClientSession*>(coap_session_get_app_data(session));
  if (client_session == nullptr) return;  // it is being closed by us
  client_session->OnNack(reason);
  if (sent != nullptr && (reason == COAP_NACK_RST || reason == COAP_NACK_BAD_RESPONSE)) {
    self->failed_.emplace_back(TokenOf(sent), Error::kBadResponse);
  }
}

int Engine::OnEvent(coap_session_t* session, coap_event_t event) {
  auto* client_session = static_cast<ClientSession*>(coap_session_get_app_data(session));
  if (client_session != nullptr) client_session->OnEvent(event);
  return 0;
}

void Engine::Finish(ExchangePtr exchange, Result<onem2m::ResponsePrimitive> result) {
  onem2m::Wipe(exchange->body);
  exchange->done(std::move(result));
}

void Engine::FailAll(Error error) {
  auto in_flight = std::move(in_flight_);
  in_flight_.clear();
  auto queue = std::move(queue_);
  queue_.clear();
  failed_.clear();
  for (auto& [token, exchange] : in_flight) Finish(std::move(exchange), error);
  for (auto& exchange : queue) Finish(std::move(exchange), error);
}

// ---- Time

void Engine::Expire(Clock::time_point now) {
  const Error error = state_ == State::kEstablished ? Error::kTimeout
                      : session_                    ? session_->Silence()
                                                    : Error::kUnreachable;
  std::vector<ExchangePtr> expired;
  for (auto i = in_flight_.begin(); i != in_flight_.end();) {
    if (i->second->deadline <= now) {
      expired.push_back(std::move(i->second));
      i = in_flight_.erase(i);
    } else {
      ++i;
    }
  }
  for (auto i = queue_.begin(); i != queue_.end();) {
    if ((*i)->deadline <= now) {
      expired.push_back(std::move(*i));
      i = queue_.erase(i);
    } else {
      ++i;
    }
  }
  for (auto& exchange : expired) Finish(std::move(exchange), error);
  const bool shaking = state_ == State::kResolving || state_ == State::kConnecting;
  if (shaking && handshake_deadline_ <= now) {
    FailConnecting(session_ ? session_->Silence() : Error::kUnreachable);
  }
}

Clock::time_point Engine::NextDue() const {
  auto due = Clock::now() + std::chrono::hours(1);
  if (state_ == State::kResolving || state_ == State::kConnecting) due = handshake_deadline_;
  for (const auto& [token, exchange] : in_flight_) due = std::min(due, exchange->deadline);
  for (const auto& exchange : queue_) due = std::min(due, exchange->deadline);
  return due;
}

Clock::time_point Engine::Turn(Clock::time_point now) {
  for (auto& [token, error] : std::exchange(failed_, {})) {
    const auto place = in_flight_.find(token);
    if (place == in_flight_.end()) continue;
    ExchangePtr exchange = std::move(place->second);
    in_flight_.erase(place);
    Finish(std::move(exchange), error);
  }
  CheckSession();
  Expire(now);
  Pump();
  // What libcoap has just refused shows before the loop sleeps.
  CheckSession();
  return NextDue();
}

// ---- The client as its users see it

class CoapClient final : public bindings::Client {
 public:
  CoapClient(std::shared_ptr<Loop> loop, ClientOptions options,
             bindings::CertificateParty certificates)
      : loop_(std::move(loop)),
        handshake_timeout_(options.handshake_timeout),
        engine_(*loop_, std::move(options), std::move(certificates)) {
    engine_.SetSelf(loop_);
  }

  ~CoapClient() override {
    loop_->Stop([this] { engine_.Shutdown(); });
  }

  Result<void> Start() {
    return loop_->Start([this](Clock::time_point now) { return engine_.Turn(now); });
  }

  Result<void> Connect() override;

  void Send(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
            Done done) override {
    auto exchange = std::make_shared<ExchangePtr>(std::make_unique<Exchange>());
    (*exchange)->request = std::move(request);
    (*exchange)->done = std::move(done);
    (*exchange)->deadline = Clock::now() + timeout;
    loop_->Post([this, exchange] { engine_.Add(std::move(*exchange)); });
  }

  std::uint64_t Observe(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
                        Notify notify) override;

  void CancelObserve(std::uint64_t id) override {
    loop_->RunAndWait([this, id] { engine_.CancelObserve(id); }, kGrace);
  }

  Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label, std::size_t length) override;

  void Disconnect() override {
    loop_->RunAndWait([this] { engine_.Disconnect(); }, kGrace);
  }

  std::uint64_t sessions_established() const override { return engine_.sessions_established(); }

 private:
  const std::shared_ptr<Loop> loop_;
  const std::chrono::milliseconds handshake_timeout_;
  std::atomic<std::uint64_t> last_observation_{0};
  Engine engine_;
};

std::uint64_t CoapClient::Observe(onem2m::RequestPrimitive request,
                                  std::chrono::milliseconds timeout, Notify notify) {
  const std::uint64_t id = ++last_observation_;
  auto exchange = std::make_shared<ExchangePtr>(std::make_unique<Exchange>());
  (*exchange)->observation = id;
  (*exchange)->request = std::move(request);
  (*exchange)->done = std::move(notify);
  (*exchange)->deadline = Clock::now() + timeout;
  loop_->Post([this, exchange] {
    if ((*exchange)->request.operation == Operation::kRetrieve) {
      engine_.Add(std::move(*exchange));
    } else {
      (*exchange)->done(Error::kBadRequest);
    }
  });
  return id;
}

// A result that a task of the loop leaves for the thread that waits, which may have gone.
template <typename T>
struct Outcome {
  Mutex mutex;
  CondVar changed;
  std::optional<Result<T>> result SAEF_GUARDED_BY(mutex);

  void Set(Result<T> value) {
    const MutexLock lock(mutex);
    result.emplace(std::move(value));
    changed.NotifyAll();
  }
  Result<T> Get(std::chrono::milliseconds timeout, Error otherwise) {
    const auto deadline = Clock::now() + timeout;
    const MutexLock lock(mutex);
    while (!result) {
      if (changed.WaitUntil(mutex, deadline) == std::cv_status::timeout && !result) {
        return otherwise;
      }
    }
    return std::move(*result);
  }
};

Result<void> CoapClient::Connect() {
  const auto outcome = std::make_shared<Outcome<void>>();
  loop_->Post([this, outcome] {
    engine_.Connect([outcome](Result<void> result) { outcome->Set(std::move(result)); });
  });
  return outcome->Get(handshake_timeout_ + kGrace, Error::kUnreachable);
}

Result<onem2m::Secret> CoapClient::ExportKeyingMaterial(std::string_view label,
                                                        std::size_t length) {
  const auto outcome = std::make_shared<Outcome<onem2m::Secret>>();
  loop_->RunAndWait([this, outcome, label = std::string(label),
                     length] { outcome->Set(engine_.Export(label, length)); },
                    kGrace);
  return outcome->Get(std::chrono::milliseconds(0), Error::kLibrary);
}

Result<void> Check(const ClientOptions& options) {
  if (!options.uri.coap() || options.uri.host.empty()) return Error::kBadUri;
  if (options.max_in_flight == 0) return Error::kBadRequest;
  if (!options.uri.secure()) return {};
  // Never cut to fit: what is too long is refused here.
  const auto* psk = std::get_if<bindings::PskCredential>(&options.credential);
  if (psk == nullptr) return {};
  if (psk->identity.empty() || psk->identity.size() > kMaxIdentity ||
      psk->identity.find('\0') != std::string::npos || psk->key.empty() ||
      psk->key.size() > kMaxKey) {
    return Error::kBadRequest;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<bindings::Client>> OpenClient(ClientOptions options) {
  if (const auto checked = Check(options); !checked) return checked.error();
  bindings::CertificateParty certificates;
  if (options.uri.secure()) {
    auto party = bindings::MakeClientParty(options.credential, options.trust, kCertificateSuites,
                                           options.log);
    if (!party) return party.error();
    certificates = std::move(*party);
    if (!certificates.in_use() &&
        !std::holds_alternative<bindings::PskCredential>(options.credential)) {
      return Error::kBadRequest;
    }
  }
  auto loop = Loop::Create(options.log);
  if (!loop) return loop.error();
  auto client =
      std::make_unique<CoapClient>(std::move(*loop), std::move(options), std::move(certificates));
  if (const auto started = client->Start(); !started) return started.error();
  return Result<std::unique_ptr<bindings::Client>>(std::move(client));
}

}  // namespace saef::coap
