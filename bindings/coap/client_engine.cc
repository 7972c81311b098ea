// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/client_engine.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "bindings/coap/observe_option.h"
#include "bindings/coap/pdu.h"
#include "bindings/coap/request_codec.h"
#include "bindings/coap/resolver.h"
#include "bindings/coap/response_codec.h"
#include "bindings/coap/send_request.h"
#include "bindings/coap/tls_session.h"

namespace saef::coap {

using bindings::ClientOptions;
using bindings::Error;
using bindings::Result;
using onem2m::Operation;

namespace {

constexpr std::size_t kTokenLength = 8;

// Takes the credential out of the options.
SessionSettings TakeSettings(ClientOptions& options, bool host_is_name,
                             bindings::CertificateParty certificates) {
  SessionSettings settings;
  settings.secure = options.uri.secure();
  settings.nstart = options.max_in_flight;
  // RFC 6066 3: an address literal is no server name.
  settings.server_name = options.server_name;
  if (settings.server_name.empty() && host_is_name) settings.server_name = options.uri.host;
  if (auto* psk = std::get_if<bindings::PskCredential>(&options.credential)) {
    settings.identity = std::move(psk->identity);
    settings.key = std::move(psk->key);
  }
  settings.certificates = std::move(certificates);
  return settings;
}

bool SpeaksOneM2m(const Message& answer) {
  return std::any_of(answer.options.begin(), answer.options.end(), [](const Option& option) {
    return option.number == OptionOf(Parameter::kResponseStatusCode).new_number ||
           option.number == OptionOf(Parameter::kResponseStatusCode).old_number;
  });
}

}  // namespace

ClientEngine::ClientEngine(Loop& loop, ClientOptions options,
                           bindings::CertificateParty certificates)
    : options_(std::move(options)),
      host_is_name_(!IsLiteral(options_.uri.host)),
      window_(options_.max_in_flight),
      exchanges_(options_.max_queued),
      observations_(loop.context(), options_.max_content_length,
                    [this](const onem2m::RequestPrimitive& request, OptionSet set) {
                      return Encode(request, set);
                    }),
      connection_(loop, options_.uri, options_.handshake_timeout,
                  TakeSettings(options_, host_is_name_, std::move(certificates)),
                  {.failed = [this](Error error) { exchanges_.FailAll(error); },
                   .ended =
                       [this](Error error) {
                         window_.Reset();
                         exchanges_.SessionEnded(error);
                         observations_.End(error);
                       }}) {
  coap_context_t* context = loop.context();
  coap_context_set_app_data(context, this);
  // libcoap fetches and sends the blocks; we put the answer's together, within our bound.
  coap_context_set_block_mode(context, COAP_BLOCK_USE_LIBCOAP);
  coap_register_response_handler(context, OnResponse);
  coap_register_nack_handler(context, OnNack);
  coap_register_event_handler(context, OnEvent);
}

ClientEngine* ClientEngine::Of(const coap_session_t* session) {
  return static_cast<ClientEngine*>(coap_context_get_app_data(coap_session_get_context(session)));
}

void ClientEngine::Start() {
  blocks_.emplace([this](coap_session_t* session, const std::string& token) {
    return observations_.RequestOf(session, token);
  });
}

void ClientEngine::Stop() {
  Disconnect();
  blocks_.reset();
}

void ClientEngine::Disconnect() {
  // The end of a secure session says so itself.
  if (coap_session_t* const session = options_.uri.secure() ? nullptr : SessionInUse()) {
    observations_.Deregister(session);
  }
  connection_.Close();
  exchanges_.FailAll(Error::kClosed);
  observations_.End(Error::kClosed);
}

Result<onem2m::Secret> ClientEngine::Export(std::string_view label, std::size_t length) {
  if (!connection_.established()) return Error::kNotEstablished;
  return coap::Export(connection_.session()->get(), label, length);
}

coap_session_t* ClientEngine::SessionInUse() const {
  const ClientSession* const session = connection_.session();
  return session == nullptr || session->end() ? nullptr : session->get();
}

void ClientEngine::CancelObserve(std::uint64_t id) {
  exchanges_.Cancel(id);
  observations_.Cancel(id, SessionInUse());
}

// ---- Requests

void ClientEngine::Pump() {
  if (!exchanges_.any_wait()) return;
  connection_.Begin();
  while (connection_.established() && SessionInUse() != nullptr &&
         exchanges_.may_send(window_.size())) {
    Transmit(exchanges_.Next());
  }
}

void ClientEngine::Transmit(ClientExchangePtr exchange) {
  exchange->set = set_;
  if (set_ == OptionSet::kNone && exchange->request.operation != Operation::kRetrieve) {
    exchange->set = OptionSet::kNew;
  }
  Result<std::string> token = Put(*exchange);
  if (!token) {
    Finish(std::move(exchange), token.error());
    return;
  }
  exchanges_.Sent(std::move(*token), std::move(exchange));
}

// Hands a request to libcoap; returns its token.
Result<std::string> ClientEngine::Put(const ClientExchange& exchange) {
  auto message = Encode(exchange.request, exchange.set);
  if (!message) return message.error();
  Result<std::string> token = NewToken();
  if (!token) return token;
  coap_session_t* const session = connection_.session()->get();
  Result<void> sent;
  if (exchange.observation != 0) {
    WriteObserve(*message, 0);
    sent = SendObserve(session, *token, *message);
  } else {
    sent = SendRequest(session, *token, std::move(*message));
  }
  if (!sent) return sent.error();
  return token;
}

Result<Message> ClientEngine::Encode(const onem2m::RequestPrimitive& request, OptionSet set) const {
  auto message = EncodeRequest(request, set);
  if (message && host_is_name_) message->options.push_back({kUriHost, options_.uri.host});
  return message;
}

Result<std::string> ClientEngine::NewToken() const {
  std::string token(kTokenLength, '\0');
  do {
    if (coap_prng(token.data(), token.size()) == 0) return Error::kLibrary;
  } while (exchanges_.Find(token) != nullptr || observations_.Has(token));
  return token;
}

// ---- Answers

coap_response_t ClientEngine::OnResponse(coap_session_t* session, const coap_pdu_t*,
                                         const coap_pdu_t* received, coap_mid_t) {
  return Of(session)->Receive(received);
}

coap_response_t ClientEngine::Receive(const coap_pdu_t* received) {
  ClientSession* const session = connection_.session();
  if (session == nullptr) return COAP_RESPONSE_OK;
  session->OnAnswer();
  const std::string token = TokenOf(received);
  ClientExchange* const exchange = exchanges_.Find(token);
  if (exchange == nullptr) {
    if (observations_.Receive(session->get(), received)) return COAP_RESPONSE_OK;
    // An answer that was given up; or a notification that nobody wants any more, and then a reset
    // tells so (RFC 7641 3.6).
    return ReadObserve(ReadPdu(received)) ? COAP_RESPONSE_FAIL : COAP_RESPONSE_OK;
  }
  const Block block = ReadBlock(session->get(), received, COAP_OPTION_BLOCK2);
  if (block.offset == 0) {
    exchange->answer = ReadPdu(received);
    exchange->body.clear();
  }
  if (block.offset + block.data.size() > options_.max_content_length ||
      block.total > options_.max_content_length) {
    exchanges_.NoteFailure(token, Error::kTooLarge);
  } else if (block.offset > exchange->body.size()) {
    exchanges_.NoteFailure(token, Error::kBadResponse);
  } else if (block.offset == exchange->body.size()) {
    exchange->body.append(block.data);
    if (!block.more) Complete(token);
  }
  return COAP_RESPONSE_OK;
}

// Runs within libcoap's callback; the user's callback may call the client, which only posts.
void ClientEngine::Complete(const std::string& token) {
  ClientExchangePtr exchange = exchanges_.Take(token);
  window_.Answered();
  Message answer = std::move(exchange->answer);
  answer.payload = std::move(exchange->body);
  if (TryPlainer(exchange, answer)) return;
  auto response = DecodeResponse(answer, exchange->request);
  onem2m::Wipe(answer.payload);
  if (exchange->observation == 0) {
    Finish(std::move(exchange), std::move(response));
    return;
  }
  observations_.Begin(std::move(exchange), token, answer, std::move(response));
}

// 4.02 without a word of oneM2M: the server doesn't know our options, which are critical, and has
// done nothing (RFC 7252 5.4.1). It may know the old numbers; or be a plain file server, which is
// enough for a RETRIEVE.
bool ClientEngine::TryPlainer(ClientExchangePtr& exchange, const Message& answer) {
  if (answer.code != Code(4, 2) || SpeaksOneM2m(answer)) return false;
  OptionSet next = OptionSet::kNone;
  if (exchange->set == OptionSet::kNew) {
    next = OptionSet::kOld;
  } else if (exchange->set == OptionSet::kNone ||
             exchange->request.operation != Operation::kRetrieve) {
    return false;
  }
  set_ = next;
  exchanges_.AddFirst(std::move(exchange));
  return true;
}

void ClientEngine::OnNack(coap_session_t* session, const coap_pdu_t* sent,
                          coap_nack_reason_t reason, coap_mid_t) {
  auto* client_session = static_cast<ClientSession*>(coap_session_get_app_data(session));
  if (client_session == nullptr) return;  // it is being closed by us
  client_session->OnNack(reason);
  if (sent != nullptr && (reason == COAP_NACK_RST || reason == COAP_NACK_BAD_RESPONSE)) {
    Of(session)->exchanges_.NoteFailure(TokenOf(sent), Error::kBadResponse);
  }
}

int ClientEngine::OnEvent(coap_session_t* session, coap_event_t event) {
  auto* client_session = static_cast<ClientSession*>(coap_session_get_app_data(session));
  if (client_session != nullptr) client_session->OnEvent(event);
  if (event == COAP_EVENT_MSG_RETRANSMITTED) Of(session)->window_.SentAgain(Clock::now());
  return 0;
}

// ---- Time

Clock::time_point ClientEngine::Turn(Clock::time_point now) {
  exchanges_.FinishFailed();
  connection_.Check();
  exchanges_.Expire(now, connection_.established() ? Error::kTimeout : connection_.Silence());
  connection_.Expire(now);
  Pump();
  // What libcoap has just refused shows before the loop sleeps.
  connection_.Check();
  return exchanges_.NextDue(connection_.NextDue());
}

}  // namespace saef::coap
