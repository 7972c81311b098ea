// SPDX-License-Identifier: GPL-3.0-or-later
//
// ClientConnection: HTTP/1.1 on a channel, from the client's side: one request at a time.
//
// Threads: the client's.
#ifndef SAEF_BINDINGS_HTTP_CLIENT_CONNECTION_H_
#define SAEF_BINDINGS_HTTP_CLIENT_CONNECTION_H_

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <string>

#include "bindings/error.h"
#include "bindings/http/channel.h"
#include "bindings/http/response_codec.h"

namespace saef::http {

class ClientConnection final : public Channel {
 public:
  class Owner {
   public:
    virtual void Established() = 0;
    // The handshake has failed; Closed follows.
    virtual void HandshakeFailed(bindings::Error error, const std::string& why) = 0;
    // `kept`: the connection may carry another request. It is still open in either case.
    virtual void Answered(bindings::Result<HttpResponse> response, bool kept) = 0;
    // `answer_begun`: a part of an answer had come.
    virtual void Closed(ClientConnection& connection, bool answer_begun) = 0;

   protected:
    ~Owner() = default;
  };

  // `tls` is null for a plain connection.
  ClientConnection(Socket socket, std::unique_ptr<TlsEngine> tls, std::span<std::uint8_t> scratch,
                   Owner& owner, std::size_t max_content_length)
      : Channel(std::move(socket), std::move(tls), scratch),
        owner_(owner),
        max_content_length_(max_content_length) {}

  // Sends a request and awaits its answer. No other may be under way.
  void Request(std::string bytes);
  // How many answers have come.
  std::uint64_t answers() const { return answers_; }

 private:
  using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

  void OnEstablished() override { owner_.Established(); }
  void OnHandshakeFailed() override;
  void OnClosed() override;
  void OnPlaintext(std::span<const std::uint8_t> bytes) override;
  void OnSent() override {}
  void OnEnd(bool clean) override;
  void OnDeadline() override {}
  bool lingers() const override { return false; }

  void NewParser();
  void Finish();
  void Fail(bindings::Error error);

  Owner& owner_;
  const std::size_t max_content_length_;
  std::string in_;
  std::optional<Parser> parser_;  // there while an answer is awaited
  bool answer_begun_ = false;
  std::uint64_t answers_ = 0;
};

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_CLIENT_CONNECTION_H_
