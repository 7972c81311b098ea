// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/client_connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace saef::http {
namespace {

namespace beast_http = boost::beast::http;
using bindings::Error;

constexpr std::uint32_t kMaxResponseHeader = 16 * 1024;

// What a server that shares no key with us says (RFC 4279 2; a wrong key shows at Finished, where
// libraries differ in the alert).
bool RefusesCredential(int alert) {
  return alert == kAlertUnknownPskIdentity || alert == kAlertBadRecordMac ||
         alert == kAlertDecryptError || alert == kAlertHandshakeFailure ||
         (alert >= kAlertBadCertificate && alert <= kAlertCertificateUnknown) ||
         alert == kAlertUnknownCa || alert == kAlertAccessDenied;
}

}  // namespace

void ClientConnection::Request(std::string bytes) {
  in_.clear();
  answer_begun_ = false;
  NewParser();
  Send(std::move(bytes));
}

void ClientConnection::NewParser() {
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(kMaxResponseHeader);
  parser_->body_limit(max_content_length_);
}

void ClientConnection::OnHandshakeFailed() {
  Error error = Error::kHandshake;
  const std::optional<int> alert = tls()->fatal_alert();
  if (alert && RefusesCredential(*alert)) error = Error::kCredentialRefused;
  if (!alert && tls()->peer_not_authentic()) error = Error::kPeerNotAuthentic;
  owner_.HandshakeFailed(error, tls()->failure());
}

void ClientConnection::OnPlaintext(std::span<const std::uint8_t> bytes) {
  // Nobody has asked: the server may not speak first.
  if (!parser_) return Close();
  answer_begun_ = true;
  in_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  while (!closed() && parser_ && !in_.empty()) {
    boost::system::error_code error;
    in_.erase(0, parser_->put(boost::asio::buffer(in_), error));
    if (error == beast_http::error::need_more) return;
    if (error == beast_http::error::header_limit || error == beast_http::error::body_limit) {
      return Fail(Error::kTooLarge);
    }
    if (error) return Fail(Error::kBadResponse);
    if (parser_->is_done()) Finish();
  }
}

void ClientConnection::Finish() {
  const unsigned status = parser_->get().result_int();
  // Interim answers (RFC 9110 15.2), but for a change of protocol that nobody wanted.
  if (status >= 100 && status < 200 && status != 101) return NewParser();
  HttpResponse message = parser_->release();
  parser_.reset();
  ++answers_;
  // What follows an answer belongs to no request.
  const bool kept = message.keep_alive() && in_.empty() && !ending();
  owner_.Answered(std::move(message), kept);
  if (!kept) End(/*linger=*/false);
}

void ClientConnection::Fail(Error error) {
  parser_.reset();
  owner_.Answered(error, /*kept=*/false);
  Close();
}

void ClientConnection::OnEnd(bool clean) {
  // An answer without a length ends with the connection.
  if (clean && parser_ && parser_->got_some()) {
    boost::system::error_code error;
    parser_->put_eof(error);
    if (!error && parser_->is_done()) return Finish();
  }
  End(/*linger=*/false);
}

void ClientConnection::OnClosed() {
  parser_.reset();
  owner_.Closed(*this, answer_begun_);
}

}  // namespace saef::http
