// SPDX-License-Identifier: GPL-3.0-or-later
//
// ServerSession: a connection as handlers see it (bindings/session.h). It may outlive the
// connection and the server.
#ifndef SAEF_BINDINGS_HTTP_SERVER_SESSION_H_
#define SAEF_BINDINGS_HTTP_SERVER_SESSION_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "bindings/http/mailbox.h"
#include "bindings/session.h"

namespace saef::http {

class ServerConnection;

class ServerSession final : public bindings::Session {
 public:
  ServerSession(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<ServerConnection> connection,
                bool secure, std::string identity, std::vector<std::string> certificates,
                std::string public_key, saef_association association, std::string peer)
      : mailbox_(std::move(mailbox)),
        connection_(std::move(connection)),
        secure_(secure),
        identity_(std::move(identity)),
        certificates_(std::move(certificates)),
        public_key_(std::move(public_key)),
        association_(association),
        peer_(std::move(peer)) {}

  bool secure() const override { return secure_; }
  std::string psk_identity() const override { return identity_; }
  std::vector<std::string> peer_certificates() const override { return certificates_; }
  std::string peer_public_key() const override { return public_key_; }
  saef_association association() const override { return association_; }
  bindings::Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label,
                                                        std::size_t length) override;
  void EndAfterResponse() override;
  std::string peer() const override { return peer_; }

  bool ends_after_response() const { return ends_after_response_.load(); }

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  const std::weak_ptr<ServerConnection> connection_;
  const bool secure_;
  const std::string identity_;
  const std::vector<std::string> certificates_;
  const std::string public_key_;
  const saef_association association_;
  const std::string peer_;
  std::atomic<bool> ends_after_response_{false};
};

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_SERVER_SESSION_H_
