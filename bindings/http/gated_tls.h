// SPDX-License-Identifier: GPL-3.0-or-later
//
// GatedTls: a server's TlsEngine behind the gate: its I/O and its PSK callback are the wolfSSL
// adapter's (saef/tls_gate.h), so that a handshake waits for its key without holding up any other.
#ifndef SAEF_BINDINGS_HTTP_GATED_TLS_H_
#define SAEF_BINDINGS_HTTP_GATED_TLS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bindings/http/tls_engine.h"
#include "bindings/server.h"
#include "saef/tls_gate.h"

namespace saef::http {

// The clock of the gate: milliseconds that never go back. It is late by up to a tick of the
// kernel's (10 ms).
std::int64_t GateNow();

class GatedTls final : public TlsEngine {
 public:
  // `host_psk` must outlive the session. `ready` is called when it is worth calling Handshake
  // again; it must not call back into this session at once. kLibrary.
  static bindings::Result<std::unique_ptr<GatedTls>> Open(WOLFSSL_CTX* context, saef_gate* gate,
                                                          const bindings::PskTable& host_psk,
                                                          std::function<void()> ready);
  ~GatedTls() override;

  bool Put(std::span<const std::uint8_t> ciphertext) override;
  std::span<const std::uint8_t> Take() override;
  void Taken(std::size_t length) override;
  bool Associate() override;
  saef_association association() const override;
  std::string identity() const override;

 private:
  GatedTls(Ssl ssl, const bindings::PskTable& host_psk, std::function<void()> ready);
  static void Ready(void* self);
  static std::size_t HostPsk(void* self, const std::uint8_t* identity, std::size_t length,
                             std::uint8_t* key, std::size_t capacity);

  const bindings::PskTable& host_psk_;
  std::function<void()> ready_;
  saef_tls_session* session_ = nullptr;
};

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_GATED_TLS_H_
