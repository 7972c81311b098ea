// SPDX-License-Identifier: GPL-3.0-or-later
//
// TlsContext: a WOLFSSL_CTX for the profile of TS-0003 10.2: TLS 1.2 only, PSK with
// TLS_PSK_WITH_AES_128_CBC_SHA256 (10.2.2), no tickets and no session cache, since a resumed
// session skips the PSK callback.
#ifndef SAEF_BINDINGS_HTTP_TLS_CONTEXT_H_
#define SAEF_BINDINGS_HTTP_TLS_CONTEXT_H_

#include <wolfssl/ssl.h>

#include <memory>

#include "bindings/error.h"

namespace saef::http {

// wolfSSL's names of TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, 0xC023 (TS-0003 10.2.3), and of that
// and TLS_PSK_WITH_AES_128_CBC_SHA256, 0x00AE.
inline constexpr char kCertificateSuites[] = "ECDHE-ECDSA-AES128-SHA256";
inline constexpr char kAllSuites[] = "PSK-AES128-CBC-SHA256:ECDHE-ECDSA-AES128-SHA256";

struct FreeContext {
  void operator()(WOLFSSL_CTX* context) const noexcept { wolfSSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<WOLFSSL_CTX, FreeContext>;

struct FreeSsl {
  void operator()(WOLFSSL* ssl) const noexcept { wolfSSL_free(ssl); }
};
using Ssl = std::unique_ptr<WOLFSSL, FreeSsl>;

// kLibrary. Those of BufferedTls (buffered_tls.h) …
bindings::Result<TlsContext> MakeClientContext();
bindings::Result<TlsContext> MakeServerContext();
// … and of GatedTls (gated_tls.h).
bindings::Result<TlsContext> MakeGatedContext();

// A session that keeps what the exporter needs (wolfSSL_KeepArrays). kLibrary.
bindings::Result<Ssl> MakeSsl(WOLFSSL_CTX* context);

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_TLS_CONTEXT_H_
