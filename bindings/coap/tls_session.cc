// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/tls_session.h"

#include <array>

#include "bindings/extended_master_secret.h"

namespace saef::coap {
namespace {

using bindings::Error;

}  // namespace

WOLFSSL* TlsOf(const coap_session_t* session) {
  coap_tls_library_t library = COAP_TLS_LIBRARY_NOTLS;
  // The address of libcoap's own pointer; null where there is no DTLS.
  const auto* held = static_cast<WOLFSSL**>(coap_session_get_tls(session, &library));
  if (held == nullptr || library != COAP_TLS_LIBRARY_WOLFSSL) return nullptr;
  return *held;
}

void KeepForExport(const coap_session_t* session) {
  if (WOLFSSL* tls = TlsOf(session)) wolfSSL_KeepArrays(tls);
}

bindings::Result<onem2m::Secret> Export(const coap_session_t* session, std::string_view label,
                                        std::size_t length) {
  WOLFSSL* tls = session == nullptr ? nullptr : TlsOf(session);
  if (tls == nullptr || wolfSSL_is_init_finished(tls) == 0) return Error::kNotEstablished;
  if (!bindings::HasExtendedMasterSecret(tls)) return Error::kNoExtendedMasterSecret;
  std::array<std::uint8_t, onem2m::Secret::kMaxSize> bytes;
  if (length == 0 || length > bytes.size()) return Error::kLibrary;
  const int exported = wolfSSL_export_keying_material(tls, bytes.data(), length, label.data(),
                                                      label.size(), nullptr, 0, 0);
  auto secret = onem2m::Secret::Copy({bytes.data(), length});
  onem2m::Wipe(bytes);
  if (exported != WOLFSSL_SUCCESS || !secret) return Error::kLibrary;
  return std::move(*secret);
}

void WipePsk(const coap_session_t* session) {
  const coap_bin_const_t* key = coap_session_get_psk_key(session);
  if (key == nullptr || key->s == nullptr) return;
  // The memory is libcoap's own copy, const only towards its callers.
  onem2m::Wipe({const_cast<std::uint8_t*>(key->s), key->length});
}

int ReceivedAlert(const coap_session_t* session) {
  WOLFSSL* tls = TlsOf(session);
  WOLFSSL_ALERT_HISTORY history;
  if (tls == nullptr || wolfSSL_get_alert_history(tls, &history) != WOLFSSL_SUCCESS) return -1;
  return history.last_rx.code;
}

}  // namespace saef::coap
