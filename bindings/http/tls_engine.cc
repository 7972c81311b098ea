// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/tls_engine.h"

#include <wolfssl/error-ssl.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

#include <algorithm>
#include <array>
#include <limits>

#include "bindings/extended_master_secret.h"

namespace saef::http {

using bindings::Error;

TlsStep TlsEngine::Outcome(int result) {
  error_ = wolfSSL_get_error(ssl_.get(), result);
  switch (error_) {
    case WOLFSSL_ERROR_WANT_READ:
    case WOLFSSL_ERROR_WANT_WRITE:
      return TlsStep::kAgain;
    case WOLFSSL_ERROR_ZERO_RETURN:
      return TlsStep::kClosed;
    default:
      return TlsStep::kFailed;
  }
}

TlsStep TlsEngine::Handshake() {
  const int result = wolfSSL_negotiate(ssl_.get());
  if (result != WOLFSSL_SUCCESS) return Outcome(result);
  established_ = true;
  return TlsStep::kDone;
}

TlsStep TlsEngine::Read(std::span<std::uint8_t> into, std::size_t& length) {
  const int result = wolfSSL_read(ssl_.get(), into.data(), static_cast<int>(into.size()));
  if (result <= 0) return Outcome(result);
  length = static_cast<std::size_t>(result);
  return TlsStep::kDone;
}

TlsStep TlsEngine::Write(std::span<const std::uint8_t> from, std::size_t& length) {
  const std::size_t most = std::min<std::size_t>(from.size(), std::numeric_limits<int>::max());
  const int result = wolfSSL_write(ssl_.get(), from.data(), static_cast<int>(most));
  if (result <= 0) return Outcome(result);
  length = static_cast<std::size_t>(result);
  return TlsStep::kDone;
}

void TlsEngine::CloseNotify() {
  if (established_) wolfSSL_shutdown(ssl_.get());
}

bindings::Result<onem2m::Secret> TlsEngine::ExportKeyingMaterial(std::string_view label,
                                                                 std::size_t length) {
  if (!established_) return Error::kNotEstablished;
  if (!bindings::HasExtendedMasterSecret(ssl_.get())) return Error::kNoExtendedMasterSecret;
  std::array<std::uint8_t, onem2m::Secret::kMaxSize> buffer{};
  if (length == 0 || length > buffer.size()) return Error::kBadRequest;
  const std::span<std::uint8_t> exported = std::span(buffer).first(length);
  // TS-0003 10.3.1 names no context, so none is used.
  const int result = wolfSSL_export_keying_material(ssl_.get(), exported.data(), length,
                                                    label.data(), label.size(), nullptr, 0, 0);
  auto secret = onem2m::Secret::Copy(exported);
  onem2m::Wipe(exported);
  if (result != WOLFSSL_SUCCESS || !secret) return Error::kLibrary;
  return std::move(*secret);
}

std::optional<int> TlsEngine::fatal_alert() const {
  WOLFSSL_ALERT_HISTORY history{};
  if (wolfSSL_get_alert_history(ssl_.get(), &history) != WOLFSSL_SUCCESS) return std::nullopt;
  if (history.last_rx.level != alert_fatal) return std::nullopt;
  return history.last_rx.code;
}

bindings::Result<void> TlsEngine::UseCertificates(const bindings::CertificateParty& party) {
  certificates_ = std::make_unique<bindings::CertificateSession>(party);
  if (!certificates_->Prepare(ssl_.get())) return Error::kLibrary;
  return {};
}

bool TlsEngine::peer_not_authentic() const {
  return (certificates_ && certificates_->refused()) || error_ == VERIFY_FINISHED_ERROR ||
         error_ == VERIFY_MAC_ERROR || error_ == DECRYPT_ERROR;
}

std::string TlsEngine::failure() const {
  if (const std::optional<int> alert = fatal_alert()) {
    return "the peer sent alert " + std::to_string(*alert);
  }
  std::array<char, 160> text{};
  wolfSSL_ERR_error_string_n(static_cast<unsigned long>(error_), text.data(), text.size());
  return text.data();
}

}  // namespace saef::http
