// SPDX-License-Identifier: GPL-3.0-or-later
//
// ServerConnection: HTTP/1.1 on a channel, from the server's side: one request at a time, in order;
// what is pipelined waits in the socket. Everything is bounded: the header (16 KiB), the content,
// and the time for the handshake, the header, the content, the handler's answer and the peer's
// reading.
//
// Threads: the server's.
#ifndef SAEF_BINDINGS_HTTP_SERVER_CONNECTION_H_
#define SAEF_BINDINGS_HTTP_SERVER_CONNECTION_H_

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <string>

#include "bindings/http/channel.h"
#include "bindings/http/mailbox.h"
#include "bindings/http/refusal.h"
#include "bindings/http/response_codec.h"
#include "bindings/http/server_session.h"
#include "bindings/server.h"
#include "bindings/session_bounds.h"

namespace saef::http {

inline constexpr std::uint32_t kMaxHeader = 16 * 1024;

class ServerConnection final : public Channel {
 public:
  // What a connection needs of its server.
  class Owner {
   public:
    virtual void Established(ServerConnection& connection) = 0;
    virtual void Closed(ServerConnection& connection) = 0;
    // The gate may have something to do, sooner than before.
    virtual void GateMoved() = 0;
    virtual void CountRequest() = 0;
    virtual void Log(bindings::LogLevel level, const std::string& text) = 0;
    virtual const bindings::ServerOptions& options() const = 0;
    virtual bindings::RequestHandler& handler() = 0;
    virtual const std::shared_ptr<Mailbox>& mailbox() const = 0;

   protected:
    ~Owner() = default;
  };

  ServerConnection(Socket socket, std::span<std::uint8_t> scratch, Owner& owner, std::string peer,
                   bindings::SessionBounds::Place place);

  // Before Start, on a secure listener.
  void UseTls(std::unique_ptr<TlsEngine> tls) { SetTls(std::move(tls)); }
  void StartWithDeadline();

  // The answer to the request with this number; dropped if it isn't the one that is awaited.
  void Answer(std::uint64_t number, onem2m::ResponsePrimitive response);
  void EndIfIdle();
  saef_association association() const { return association_; }
  const std::string& peer() const { return peer_; }
  bool handshaking() const { return tls() != nullptr && state_ == State::kHandshake; }

 private:
  enum class State { kHandshake, kIdle, kHeader, kContent, kHandling, kWriting };
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void OnEstablished() override;
  void OnHandshakeFailed() override;
  void OnClosed() override;
  void OnPlaintext(std::span<const std::uint8_t> bytes) override;
  void OnSent() override;
  void OnEnd(bool clean) override;
  void OnDeadline() override;
  bool lingers() const override { return true; }
  // Only who shakes hands waits at the gate.
  void AfterPut() override {
    if (handshaking()) owner_.GateMoved();
  }

  void Feed();
  void BecomeIdle();
  void HeaderDone();
  void HandleRequest();
  void RefuseMessage(const boost::system::error_code& error);
  void RefuseMessage(unsigned http_status, onem2m::ResponseStatusCode status,
                     const std::string& text);
  void SendResponse(HttpResponse message, bool keep);

  Owner& owner_;
  const std::string peer_;
  bindings::SessionBounds::Place place_;
  State state_ = State::kHandshake;
  std::shared_ptr<ServerSession> session_;
  saef_association association_ = SAEF_NO_ASSOCIATION;

  std::string in_;
  std::optional<Parser> parser_;
  std::uint64_t request_number_ = 0;
  // Of the request that is being handled.
  std::string request_identifier_;
  std::optional<std::string> release_version_;
  unsigned version_ = 11;
  bool keep_alive_ = true;
  bool without_content_ = false;  // HEAD
};

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_SERVER_CONNECTION_H_
