// SPDX-License-Identifier: GPL-3.0-or-later
//
// TlsEngine: one TLS session of wolfSSL's that moves bytes and knows no socket: ciphertext from the
// peer goes in with Put, ciphertext for the peer comes out with Take and Taken. Nothing in it
// blocks.
//
// Threads: one, that of its channel.
#ifndef SAEF_BINDINGS_HTTP_TLS_ENGINE_H_
#define SAEF_BINDINGS_HTTP_TLS_ENGINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bindings/certificate_session.h"
#include "bindings/error.h"
#include "bindings/http/tls_context.h"
#include "onem2m/secret.h"
#include "saef/plugin.h"

namespace saef::http {

// RFC 5246 7.2.2, RFC 4279 2.
inline constexpr int kAlertCloseNotify = 0;
inline constexpr int kAlertBadRecordMac = 20;
inline constexpr int kAlertHandshakeFailure = 40;
inline constexpr int kAlertBadCertificate = 42;  // to 46, certificate_unknown
inline constexpr int kAlertCertificateUnknown = 46;
inline constexpr int kAlertUnknownCa = 48;
inline constexpr int kAlertAccessDenied = 49;
inline constexpr int kAlertDecryptError = 51;
inline constexpr int kAlertUnknownPskIdentity = 115;

enum class TlsStep {
  kDone,
  kAgain,   // when more ciphertext has been put in, or taken out
  kClosed,  // the peer has sent close_notify
  kFailed,  // for good; an alert may be there to take
};

class TlsEngine {
 public:
  virtual ~TlsEngine() = default;
  TlsEngine(const TlsEngine&) = delete;
  TlsEngine& operator=(const TlsEngine&) = delete;

  TlsStep Handshake();
  TlsStep Read(std::span<std::uint8_t> into, std::size_t& length);
  TlsStep Write(std::span<const std::uint8_t> from, std::size_t& length);
  void CloseNotify();

  // False: beyond a bound; end the connection.
  virtual bool Put(std::span<const std::uint8_t> ciphertext) = 0;
  // Lives until the next call.
  virtual std::span<const std::uint8_t> Take() = 0;
  virtual void Taken(std::size_t length) = 0;

  // Of a server's session once the handshake is done: ties it to the entity behind it, where keys
  // come from a plugin. False: the session must be ended.
  virtual bool Associate() { return true; }
  virtual saef_association association() const { return SAEF_NO_ASSOCIATION; }
  // As the peer sent it, or as we did.
  virtual std::string identity() const = 0;

  // Certificates and raw public keys in this session, before its handshake. `party` must outlive
  // it. kLibrary.
  bindings::Result<void> UseCertificates(const bindings::CertificateParty& party);
  // Null in a session that knows PSKs only.
  const bindings::CertificateSession* certificate_session() const { return certificates_.get(); }

  // kNotEstablished, kNoExtendedMasterSecret, kBadRequest (length), kLibrary.
  bindings::Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label, std::size_t length);
  // The alert that the peer ended the session with, if any.
  std::optional<int> fatal_alert() const;
  // Did we end the handshake because the peer isn't who it must be, or its proof of the key is
  // wrong?
  bool peer_not_authentic() const;
  // Why a step has failed, for the log.
  std::string failure() const;

 protected:
  explicit TlsEngine(Ssl ssl) : ssl_(std::move(ssl)) {}
  WOLFSSL* ssl() const { return ssl_.get(); }

 private:
  TlsStep Outcome(int result);

  std::unique_ptr<bindings::CertificateSession> certificates_;
  Ssl ssl_;
  bool established_ = false;
  int error_ = 0;
};

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_TLS_ENGINE_H_
