// SPDX-License-Identifier: GPL-3.0-or-later
//
// The DTLS session under a libcoap session. All on the context's thread.
#ifndef SAEF_BINDINGS_COAP_TLS_SESSION_H_
#define SAEF_BINDINGS_COAP_TLS_SESSION_H_

#include <coap3/coap.h>
#include <wolfssl/ssl.h>

#include <string_view>

#include "bindings/error.h"
#include "onem2m/secret.h"

namespace saef::coap {

// wolfSSL's names of TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8, 0xC0AE (TS-0003 10.2.3), as a client
// offers it, and of that and TLS_PSK_WITH_AES_128_CCM_8, 0xC0A8, as a server takes them.
inline constexpr char kCertificateSuites[] = "ECDHE-ECDSA-AES128-CCM-8:RENEGOTIATION-INFO";
inline constexpr char kAllSuites[] = "PSK-AES128-CCM-8:ECDHE-ECDSA-AES128-CCM-8";

// Null without DTLS or after its end.
WOLFSSL* TlsOf(const coap_session_t* session);

// Must be called before the handshake ends, or wolfSSL has nothing to export from.
void KeepForExport(const coap_session_t* session);

// RFC 5705 without context (TS-0003 10.3.1). kNotEstablished, kNoExtendedMasterSecret, kLibrary.
bindings::Result<onem2m::Secret> Export(const coap_session_t* session, std::string_view label,
                                        std::size_t length);

// libcoap keeps a copy of the session's PSK until the session goes, and frees it as it is. Once the
// handshake is over nobody needs it.
void WipePsk(const coap_session_t* session);

// The code of the last alert that the peer sent, -1: none.
int ReceivedAlert(const coap_session_t* session);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_TLS_SESSION_H_
