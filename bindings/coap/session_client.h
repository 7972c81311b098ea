// SPDX-License-Identifier: GPL-3.0-or-later
//
// SessionClient: a client of one session, with its own thread and context of libcoap's.
//
// Threads: as of bindings::Client.
#ifndef SAEF_BINDINGS_COAP_SESSION_CLIENT_H_
#define SAEF_BINDINGS_COAP_SESSION_CLIENT_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "bindings/certificate_session.h"
#include "bindings/client.h"
#include "bindings/coap/client_engine.h"
#include "bindings/coap/loop.h"

namespace saef::coap {

class SessionClient final : public bindings::Client {
 public:
  // No packet is sent yet. `options` are checked (client.cc), but for the credential. kBadRequest,
  // kLibrary.
  static bindings::Result<std::unique_ptr<SessionClient>> Open(bindings::ClientOptions options);
  ~SessionClient() override { Stop(); }

  bindings::Result<void> Connect() override;
  void Send(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
            Done done) override;
  std::uint64_t Observe(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
                        Notify notify) override;
  void CancelObserve(std::uint64_t id) override;
  bindings::Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label,
                                                        std::size_t length) override;
  void Disconnect() override;
  std::uint64_t sessions_established() const override { return engine_.sessions_established(); }

  // Does a session stand?
  bool established() const { return engine_.established(); }
  // Connect, without waiting: `connected` runs on the client's thread, or not at all once it stops.
  void StartConnecting(ClientConnection::Connected connected);
  // What the destructor does first: afterwards no callback runs, and what is sent comes to nothing.
  // Not from a callback.
  void Stop();

 private:
  SessionClient(std::shared_ptr<Loop> loop, bindings::ClientOptions options,
                bindings::CertificateParty certificates);
  bindings::Result<void> Start();

  const std::shared_ptr<Loop> loop_;
  const std::chrono::milliseconds handshake_timeout_;
  std::atomic<std::uint64_t> last_observation_{0};
  ClientEngine engine_;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_SESSION_CLIENT_H_
