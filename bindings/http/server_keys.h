// SPDX-License-Identifier: GPL-3.0-or-later
//
// ServerKeys: where a thread of the HTTP server gets its keys from, whichever of
// ServerOptions::keys it is, and the TLS sessions made with them.
//
// Threads: the server thread's, or before it runs.
#ifndef SAEF_BINDINGS_HTTP_SERVER_KEYS_H_
#define SAEF_BINDINGS_HTTP_SERVER_KEYS_H_

#include <functional>
#include <memory>

#include "bindings/certificate_session.h"
#include "bindings/http/buffered_tls.h"
#include "bindings/http/tls_context.h"
#include "bindings/http/tls_engine.h"
#include "bindings/server.h"
#include "bindings/server_threads.h"

namespace saef::http {

class ServerKeys {
 public:
  // `options` and `party` must outlive it; of the gate's bounds it keeps `part`. `wake` is called
  // from any thread when the gate has something to do.
  ServerKeys(const bindings::ServerOptions& options, const bindings::CertificateParty& party,
             bindings::ServerPart part, std::function<void()> wake);
  // All its sessions must be gone.
  ~ServerKeys();
  ServerKeys(const ServerKeys&) = delete;
  ServerKeys& operator=(const ServerKeys&) = delete;

  // kBadRequest: there are no keys; kLibrary.
  bindings::Result<void> Open();
  // `ready` as in gated_tls.h. kLibrary.
  bindings::Result<std::unique_ptr<TlsEngine>> NewSession(std::function<void()> ready);
  // Null: there is none.
  saef_gate* gate() const { return gate_; }

 private:
  bindings::Result<std::unique_ptr<TlsEngine>> MakeSession(std::function<void()> ready);
  bindings::Result<void> OpenGate();
  void UseBlockingLookups();

  const bindings::CertificateParty& party_;
  const bindings::ServerPart part_;
  const std::function<void()> wake_;
  bindings::PskTable table_;
  BufferedTls::Associator associator_;
  const bindings::PluginGate* plugin_ = nullptr;
  TlsContext context_;
  saef_gate* gate_ = nullptr;
};

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_SERVER_KEYS_H_
