// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/client_line.h"

#include <boost/asio/ip/address.hpp>
#include <utility>

#include "bindings/http/buffered_tls.h"

namespace saef::http {

using bindings::Error;
using bindings::Result;
using boost::asio::ip::tcp;
using boost::system::error_code;

ClientLine::ClientLine(const Common& common, Owner& owner)
    : common_(common), owner_(owner), resolver_(common.io), socket_(common.io), timer_(common.io) {}

// ---- Connecting

void ClientLine::Connect() {
  connecting_ = true;
  connection_.reset();  // one that is ending does so by itself
  const std::uint64_t attempt = ++attempt_;
  const bindings::Uri& uri = common_.options.uri;
  timer_.expires_after(common_.options.handshake_timeout);
  timer_.async_wait([this, attempt](error_code error) {
    if (error || attempt != attempt_ || !connecting_) return;
    Fail(Error::kUnreachable, "silence");
  });
  error_code error;
  const auto address = boost::asio::ip::make_address(uri.host, error);
  if (!error) return TryEndpoints({{address, uri.port}}, 0, attempt);
  resolver_.async_resolve(
      uri.host, std::to_string(uri.port), tcp::resolver::numeric_service,
      [this, attempt](error_code failed, const tcp::resolver::results_type& results) {
        if (attempt != attempt_ || !connecting_) return;
        if (failed) return Fail(Error::kUnreachable, failed.message());
        std::vector<tcp::endpoint> endpoints;
        for (const auto& result : results) endpoints.push_back(result.endpoint());
        TryEndpoints(std::move(endpoints), 0, attempt);
      });
}

void ClientLine::TryEndpoints(std::vector<tcp::endpoint> endpoints, std::size_t index,
                              std::uint64_t attempt) {
  if (index >= endpoints.size()) return Fail(Error::kUnreachable, "no address");
  error_code ignored;
  socket_.close(ignored);
  const tcp::endpoint endpoint = endpoints[index];
  socket_.async_connect(
      endpoint, [this, endpoints = std::move(endpoints), index, attempt](error_code error) mutable {
        if (attempt != attempt_ || !connecting_) return;
        if (!error) return Connected();
        if (index + 1 < endpoints.size()) {
          return TryEndpoints(std::move(endpoints), index + 1, attempt);
        }
        Fail(Error::kUnreachable, error.message());
      });
}

void ClientLine::Connected() {
  const bindings::ClientOptions& options = common_.options;
  std::unique_ptr<TlsEngine> tls;
  if (options.uri.secure()) {
    auto opened = BufferedTls::OpenClient(common_.context.get(), options.credential, common_.party,
                                          common_.server_name);
    if (!opened) return Fail(Error::kLibrary, "no TLS session");
    tls = std::move(*opened);
  }
  connection_ = std::make_shared<ClientConnection>(
      std::move(socket_), std::move(tls), common_.scratch, *this, options.max_content_length);
  socket_ = tcp::socket(common_.io);
  const auto connection = connection_;
  connection->Start();
}

void ClientLine::Established() {
  connecting_ = false;
  timer_.cancel();
  owner_.Opened();
}

void ClientLine::Fail(Error error, const std::string& why) {
  if (!connecting_) return;
  connecting_ = false;
  ++attempt_;
  timer_.cancel();
  resolver_.cancel();
  error_code ignored;
  socket_.close(ignored);
  const auto connection = std::move(connection_);
  // After a failed handshake our alert still goes out.
  if (connection && (error == Error::kUnreachable || error == Error::kClosed)) connection->Close();
  owner_.OpenFailed(error, why);
}

// ---- Requests

void ClientLine::Carry(ExchangePtr exchange) {
  active_ = std::move(exchange);
  connection_->Request(active_->bytes);
}

bool ClientLine::GiveUp(const ExchangePtr& exchange) {
  if (active_ != exchange) return false;
  active_.reset();
  Close();
  return true;
}

void ClientLine::Close() {
  if (const auto connection = std::move(connection_)) connection->Close();
}

void ClientLine::End() {
  Fail(Error::kClosed, "disconnected");
  const auto connection = std::move(connection_);
  Lose(/*may_repeat=*/false);
  if (connection) connection->End(/*linger=*/false);
}

// The connection is of no more use.
void ClientLine::Lose(bool may_repeat) {
  connection_.reset();
  const ExchangePtr exchange = std::move(active_);
  owner_.Lost(exchange, may_repeat);
}

void ClientLine::Closed(ClientConnection& connection, bool answer_begun) {
  if (connection_.get() != &connection) return;
  if (connecting_) return Fail(Error::kHandshake, "the peer ended the connection");
  // On a fresh connection nothing has been answered, so what ends there isn't repeated.
  Lose(/*may_repeat=*/connection.answers() > 0 && !answer_begun);
}

void ClientLine::Answered(Result<HttpResponse> response, bool kept) {
  // Without it in connection_, its end is nobody's concern.
  if (!kept) connection_.reset();
  const ExchangePtr exchange = std::move(active_);
  if (exchange) owner_.Answered(*this, exchange, std::move(response));
}

}  // namespace saef::http
