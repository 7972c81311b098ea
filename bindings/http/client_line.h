// SPDX-License-Identifier: GPL-3.0-or-later
//
// ClientLine: a place for one connection to the HTTP client's peer: makes it when asked to, sends
// one request at a time through it, and can make another one when it has ended.
//
// Threads: the client's. Lifetime: until its io_context has run out.
#ifndef SAEF_BINDINGS_HTTP_CLIENT_LINE_H_
#define SAEF_BINDINGS_HTTP_CLIENT_LINE_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bindings/certificate_session.h"
#include "bindings/client.h"
#include "bindings/http/client_connection.h"
#include "bindings/http/exchange.h"
#include "bindings/http/tls_context.h"

namespace saef::http {

class ClientLine final : public ClientConnection::Owner {
 public:
  // What all lines of a client have in common; must outlive them.
  struct Common {
    boost::asio::io_context& io;
    const bindings::ClientOptions& options;
    const bindings::CertificateParty& party;
    const TlsContext& context;  // null where the URI isn't secure
    const std::string& server_name;
    std::span<std::uint8_t> scratch;
  };
  // Called on the thread, by nobody else than the line; not from within its own functions but for
  // End and, where it fails at once, Connect.
  class Owner {
   public:
    // The handshake is done. Within the connection's own callback.
    virtual void Opened() = 0;
    // There is no connection.
    virtual void OpenFailed(bindings::Error error, const std::string& why) = 0;
    virtual void Answered(ClientLine& line, const ExchangePtr& exchange,
                          bindings::Result<HttpResponse> response) = 0;
    // The connection has ended. `exchange`: what was under way, or null. `may_repeat`: the server
    // can't have handled it, a kept connection that it gave up meanwhile (RFC 9112 9.3.1).
    virtual void Lost(const ExchangePtr& exchange, bool may_repeat) = 0;

   protected:
    ~Owner() = default;
  };

  ClientLine(const Common& common, Owner& owner);

  bool connecting() const { return connecting_; }
  bool open() const { return connection_ && connection_->established() && !connection_->ending(); }
  // Open, and nothing is under way.
  bool idle() const { return open() && !active_; }
  // Neither a connection that is of any use, nor an attempt at one.
  bool unused() const { return !connecting_ && !open() && !active_; }
  // Null: none.
  TlsEngine* tls() const {
    return connection_ && !connection_->closed() ? connection_->tls() : nullptr;
  }

  // Only where it is unused.
  void Connect();
  // Only where it is idle.
  void Carry(ExchangePtr exchange);
  // Gives this one up if it is under way, with the connection: its answer, when it comes, would be
  // taken for the next request's. False: it isn't.
  bool GiveUp(const ExchangePtr& exchange);
  // Ends the connection at once; one that has an answer that can't be believed.
  void Close();
  // Ends what there is: OpenFailed with kClosed, or Lost.
  void End();

 private:
  void TryEndpoints(std::vector<boost::asio::ip::tcp::endpoint> endpoints, std::size_t index,
                    std::uint64_t attempt);
  void Connected();
  void Fail(bindings::Error error, const std::string& why);
  void Lose(bool may_repeat);

  // ClientConnection::Owner
  void Established() override;
  void HandshakeFailed(bindings::Error error, const std::string& why) override { Fail(error, why); }
  void Answered(bindings::Result<HttpResponse> response, bool kept) override;
  void Closed(ClientConnection& connection, bool answer_begun) override;

  const Common& common_;
  Owner& owner_;
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::ip::tcp::socket socket_;  // while it connects
  boost::asio::steady_timer timer_;
  std::uint64_t attempt_ = 0;  // of connecting; a handler of an earlier one is late
  bool connecting_ = false;
  std::shared_ptr<ClientConnection> connection_;
  ExchangePtr active_;
};

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_CLIENT_LINE_H_
