// SPDX-License-Identifier: GPL-3.0-or-later
//
// ServerSession: one peer of the CoAP server: what a role's handler sees (bindings::Session), and
// what the server keeps for it on its own thread.
#ifndef SAEF_BINDINGS_COAP_SERVER_SESSION_H_
#define SAEF_BINDINGS_COAP_SERVER_SESSION_H_

#include <coap3/coap.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bindings/certificate_session.h"
#include "bindings/coap/body_assembly.h"
#include "bindings/coap/client_hello.h"
#include "bindings/coap/loop.h"
#include "bindings/coap/recent_requests.h"
#include "bindings/session.h"
#include "bindings/session_bounds.h"
#include "onem2m/thread_annotations.h"

namespace saef::coap {

class ServerSession final : public bindings::Session,
                            public std::enable_shared_from_this<ServerSession> {
 public:
  // `on_end` runs on the loop's thread when EndAfterResponse has been called.
  using OnEnd = std::function<void(ServerSession&)>;
  ServerSession(std::shared_ptr<Loop> loop, coap_session_t* session, std::size_t max_content_length,
                OnEnd on_end);

  // ---- bindings::Session, any thread
  bool secure() const override { return secure_; }
  std::string psk_identity() const override;
  saef_association association() const override { return association_; }
  bindings::Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label,
                                                        std::size_t length) override;
  void EndAfterResponse() override;
  std::string peer() const override { return peer_; }
  std::vector<std::string> peer_certificates() const override;
  std::string peer_public_key() const override;

  // ---- The server's, on the loop's thread
  void SetIdentity(std::string identity);
  void SetPeer(const bindings::CertificateSession& session);
  void SetAssociation(saef_association association) { association_ = association; }
  // libcoap's session goes.
  void Close();
  bool end_wanted() const { return end_wanted_; }
  coap_session_t* get() const { return session_; }

  const Clock::time_point since = Clock::now();
  bool established = false;
  // Of a secure one: its peer has shown that datagrams reach it (RFC 6347 4.2.1).
  bool verified = false;
  HelloRandom hello{};       // its handshake's
  HelloRandom replaced{};    // that of the session before from the same address, whose end it was
  bool handshaking = false;  // and counted so
  bool prepared = false;     // its WOLFSSL is
  bindings::SessionBounds::Place place;  // once it is verified
  // Of the handshake, on servers that have a certificate or raw public key.
  std::unique_ptr<bindings::CertificateSession> certificates;
  std::size_t pending = 0;          // requests that have no answer yet
  bool answered_in_blocks = false;  // the peer may still be fetching the last answer
  bool knows_blocks = false;        // has been answered so before
  // Set once EndAfterResponse holds and nothing is pending: not before, and at the latest.
  std::optional<Clock::time_point> end_from;
  std::optional<Clock::time_point> end_by;
  RecentRequests recent;
  BodyAssembly bodies;

 private:
  const std::shared_ptr<Loop> loop_;
  coap_session_t* session_;  // null: closed; on the loop's thread
  const OnEnd on_end_;
  const bool secure_;
  const std::string peer_;
  std::atomic<saef_association> association_{SAEF_NO_ASSOCIATION};
  std::atomic<bool> end_wanted_{false};
  mutable Mutex mutex_;
  std::string identity_ SAEF_GUARDED_BY(mutex_);
  std::vector<std::string> peer_certificates_ SAEF_GUARDED_BY(mutex_);
  std::string peer_public_key_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_SERVER_SESSION_H_
