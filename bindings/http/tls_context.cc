// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/tls_context.h"

#include "bindings/http/buffered_tls.h"
#include "saef/tls_gate.h"

namespace saef::http {
namespace {

using bindings::Error;
using bindings::Result;

// TLS_PSK_WITH_AES_128_CBC_SHA256, 0x00AE.
constexpr char kCipherSuites[] = "PSK-AES128-CBC-SHA256";

bool InitializeLibrary() {
  static const bool done = wolfSSL_Init() == WOLFSSL_SUCCESS;
  return done;
}

Result<TlsContext> MakeContext(WOLFSSL_METHOD* (*method)()) {
  if (!InitializeLibrary()) return Error::kLibrary;
  TlsContext context(wolfSSL_CTX_new(method()));
  if (!context || wolfSSL_CTX_set_cipher_list(context.get(), kCipherSuites) != WOLFSSL_SUCCESS) {
    return Error::kLibrary;
  }
  return context;
}

}  // namespace

Result<TlsContext> MakeClientContext() {
  Result<TlsContext> context = MakeContext(wolfTLSv1_2_client_method);
  if (context) BufferedTls::Prepare(context->get());
  return context;
}

Result<TlsContext> MakeServerContext() {
  Result<TlsContext> context = MakeContext(wolfTLSv1_2_server_method);
  if (context) BufferedTls::Prepare(context->get());
  return context;
}

Result<TlsContext> MakeGatedContext() {
  Result<TlsContext> context = MakeContext(wolfTLSv1_2_server_method);
  if (context && saef_tls_gate_prepare_context(context->get()) != SAEF_DONE) {
    return Error::kLibrary;
  }
  return context;
}

Result<Ssl> MakeSsl(WOLFSSL_CTX* context) {
  Ssl ssl(wolfSSL_new(context));
  if (!ssl) return Error::kLibrary;
  wolfSSL_KeepArrays(ssl.get());
  return ssl;
}

}  // namespace saef::http
