// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/server_connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include "bindings/http/header_fields.h"
#include "bindings/http/request_codec.h"
#include "bindings/http/serialize.h"

namespace saef::http {
namespace {

namespace beast_http = boost::beast::http;
using bindings::LogLevel;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

// The handler's answer, from any thread, at most once. One that is dropped is 5000.
class PendingAnswer {
 public:
  PendingAnswer(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<ServerConnection> connection,
                std::uint64_t number)
      : mailbox_(std::move(mailbox)), connection_(std::move(connection)), number_(number) {}
  PendingAnswer(const PendingAnswer&) = delete;
  PendingAnswer& operator=(const PendingAnswer&) = delete;
  ~PendingAnswer() {
    try {
      Give({});
    } catch (...) {
      // For want of memory: then the client waits in vain, until it or the idle time ends it.
    }
  }

  void Give(ResponsePrimitive response) {
    if (given_.exchange(true)) return;
    mailbox_->Post([connection = connection_, number = number_, response = std::move(response)]() {
      if (const auto alive = connection.lock()) alive->Answer(number, response);
    });
  }

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  const std::weak_ptr<ServerConnection> connection_;
  const std::uint64_t number_;
  std::atomic<bool> given_{false};
};

ResponsePrimitive Refuse(const Refusal& refusal) {
  return onem2m::RespondWithText({}, refusal.status, refusal.text);
}

}  // namespace

ServerConnection::ServerConnection(Socket socket, std::span<std::uint8_t> scratch, Owner& owner,
                                   std::string peer, bindings::SessionBounds::Place place)
    : Channel(std::move(socket), nullptr, scratch),
      owner_(owner),
      peer_(std::move(peer)),
      place_(std::move(place)) {}

void ServerConnection::StartWithDeadline() {
  SetDeadline(owner_.options().handshake_timeout);
  Start();
}

void ServerConnection::OnEstablished() {
  std::string identity;
  std::vector<std::string> certificates;
  std::string public_key;
  if (tls() != nullptr) {
    identity = tls()->identity();
    if (!tls()->Associate()) {
      owner_.Log(LogLevel::kWarning, peer_ + ": the key of " + bindings::Quote(identity) +
                                         " has ended during the handshake");
      return End(/*linger=*/true);
    }
    association_ = tls()->association();
    if (const auto* session = tls()->certificate_session()) {
      certificates = session->certificates();
      public_key = session->public_key();
    }
  }
  session_ = std::make_shared<ServerSession>(
      owner_.mailbox(), std::static_pointer_cast<ServerConnection>(shared_from_this()),
      tls() != nullptr, std::move(identity), std::move(certificates), std::move(public_key),
      association_, peer_);
  place_.EndHandshake();
  owner_.Established(*this);
  BecomeIdle();
}

void ServerConnection::OnHandshakeFailed() {
  owner_.Log(LogLevel::kInfo, peer_ + ": handshake failed for " +
                                  bindings::Quote(tls()->identity()) + ": " + tls()->failure());
}

void ServerConnection::OnClosed() {
  parser_.reset();
  in_.clear();
  place_.Leave();
  owner_.Closed(*this);
}

void ServerConnection::BecomeIdle() {
  state_ = State::kIdle;
  parser_.reset();
  SetDeadline(owner_.options().idle_timeout);
  if (session_->ends_after_response()) return End(/*linger=*/true);
  SetReading(true);
}

void ServerConnection::EndIfIdle() {
  if (!closed() && state_ == State::kIdle) End(/*linger=*/true);
}

void ServerConnection::OnPlaintext(std::span<const std::uint8_t> bytes) {
  in_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  Feed();
}

void ServerConnection::Feed() {
  while (!closed() && !ending() && !in_.empty()) {
    if (state_ == State::kIdle) {
      state_ = State::kHeader;
      SetDeadline(owner_.options().handshake_timeout);
      parser_.emplace();
      parser_->header_limit(kMaxHeader);
      parser_->body_limit(owner_.options().max_content_length);
    }
    if (state_ != State::kHeader && state_ != State::kContent) return;
    boost::system::error_code error;
    in_.erase(0, parser_->put(boost::asio::buffer(in_), error));
    const bool more = error == beast_http::error::need_more;
    if (error && !more) return RefuseMessage(error);
    if (state_ == State::kHeader && parser_->is_header_done()) HeaderDone();
    if (!closed() && !ending() && parser_->is_done()) HandleRequest();
    if (more) return;
  }
  if (in_.empty()) std::string().swap(in_);
}

void ServerConnection::HeaderDone() {
  state_ = State::kContent;
  parser_->eager(true);
  SetDeadline(owner_.options().idle_timeout);
  const auto& message = parser_->get();
  // RFC 9110 10.1.1: it waits for our word before it sends the content.
  if (!parser_->is_done() && message.version() >= 11 &&
      boost::beast::iequals(message[beast_http::field::expect], "100-continue")) {
    Send("HTTP/1.1 100 Continue\r\n\r\n");
  }
}

void ServerConnection::HandleRequest() {
  state_ = State::kHandling;
  SetReading(false);
  SetDeadline(owner_.options().idle_timeout);
  ++request_number_;
  HttpRequest message = parser_->release();
  version_ = message.version();
  keep_alive_ = message.keep_alive();
  without_content_ = message.method() == beast_http::verb::head;
  // Of what is refused, too, the answer names the request.
  const auto identifier = ReadField(message, kRequestIdentifierField);
  request_identifier_ = identifier && *identifier ? **identifier : "";
  const auto release_version = ReadField(message, kReleaseVersionField);
  release_version_ = release_version ? *release_version : std::nullopt;

  if (version_ >= 11 && message.count(beast_http::field::host) != 1) {
    return Answer(request_number_, Refuse(BadRequest("one Host is needed (RFC 9112 3.2)")));
  }
  Checked<RequestPrimitive> request = DecodeRequest(std::move(message));
  if (!request) {
    owner_.Log(LogLevel::kDebug, peer_ + ": " + request.error().text);
    return Answer(request_number_, Refuse(request.error()));
  }
  const auto answer = std::make_shared<PendingAnswer>(
      owner_.mailbox(), std::static_pointer_cast<ServerConnection>(shared_from_this()),
      request_number_);
  owner_.CountRequest();
  owner_.handler().Handle(std::move(*request), session_, [answer](ResponsePrimitive response) {
    answer->Give(std::move(response));
  });
}

void ServerConnection::Answer(std::uint64_t number, ResponsePrimitive response) {
  if (closed() || ending() || state_ != State::kHandling || number != request_number_) return;
  if (response.request_identifier.empty()) response.request_identifier = request_identifier_;
  if (!response.release_version) response.release_version = release_version_;
  SendResponse(EncodeResponse(std::move(response)),
               keep_alive_ && !session_->ends_after_response());
}

void ServerConnection::SendResponse(HttpResponse message, bool keep) {
  message.version(version_);
  message.keep_alive(keep);
  if (without_content_) {
    message.body().clear();
    message.prepare_payload();
  }
  keep_alive_ = keep;
  state_ = State::kWriting;
  SetDeadline(owner_.options().idle_timeout);
  Send(Serialize(message));
}

void ServerConnection::OnSent() {
  if (state_ != State::kWriting) return;
  if (!keep_alive_) return End(/*linger=*/true);
  // Later, so that many small requests in one packet don't nest.
  Later([this] {
    if (ending() || state_ != State::kWriting) return;
    BecomeIdle();
    if (!closed() && !ending()) Feed();
  });
}

void ServerConnection::OnEnd(bool /*clean*/) { End(/*linger=*/false); }

void ServerConnection::OnDeadline() {
  switch (state_) {
    case State::kHeader:
    case State::kContent:
      return RefuseMessage(408, ResponseStatusCode::kRequestTimeout,
                           "the request didn't come in time");
    case State::kHandling:
      return Answer(request_number_,
                    Refuse({ResponseStatusCode::kRequestTimeout, "no answer in time"}));
    case State::kHandshake:
      owner_.Log(LogLevel::kInfo, peer_ + ": no handshake in time");
      return Close();
    case State::kWriting:
      return Close();
    case State::kIdle:
      return End(/*linger=*/false);
  }
}

void ServerConnection::RefuseMessage(const boost::system::error_code& error) {
  owner_.Log(LogLevel::kDebug, peer_ + ": not a request: " + error.message());
  if (error == beast_http::error::header_limit) {
    return RefuseMessage(431, ResponseStatusCode::kBadRequest, "the header is too long");
  }
  if (error == beast_http::error::body_limit) {
    return RefuseMessage(413, ResponseStatusCode::kBadRequest, "the content is too long");
  }
  if (error == beast_http::error::bad_version) {
    return RefuseMessage(505, ResponseStatusCode::kBadRequest, "HTTP/1.1 is spoken here");
  }
  RefuseMessage(400, ResponseStatusCode::kBadRequest, "not an HTTP request: " + error.message());
}

// After bytes that can't be understood there is no next request.
void ServerConnection::RefuseMessage(unsigned http_status, ResponseStatusCode status,
                                     const std::string& text) {
  SetReading(false);
  version_ = 11;
  without_content_ = false;
  HttpResponse message = EncodeResponse(Refuse({status, text}));
  message.result(http_status);
  SendResponse(std::move(message), /*keep=*/false);
}

}  // namespace saef::http
