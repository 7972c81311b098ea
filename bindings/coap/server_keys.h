// SPDX-License-Identifier: GPL-3.0-or-later
//
// ServerKeys: whom the CoAP server shakes hands with: by the keys of its own table, or of a plugin
// behind the gate, and by certificates and raw public keys beside either.
//
// Threads: SetUp before the loop's thread starts, all else on it, or after it.
#ifndef SAEF_BINDINGS_COAP_SERVER_KEYS_H_
#define SAEF_BINDINGS_COAP_SERVER_KEYS_H_

#include <coap3/coap.h>
#include <wolfssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "bindings/certificate_session.h"
#include "bindings/coap/loop.h"
#include "bindings/coap/server_session.h"
#include "bindings/coap/tls_hook.h"
#include "bindings/error.h"
#include "bindings/server.h"
#include "bindings/server_threads.h"
#include "onem2m/secret.h"
#include "saef/coap_gate.h"

namespace saef::coap {

class ServerKeys {
 public:
  // What it needs of its thread.
  struct Thread {
    std::function<std::shared_ptr<ServerSession>(coap_session_t*)> session_of;
    // A peer has sent its cookie back; not 0 ends its handshake.
    std::function<int(coap_session_t*)> verified;
  };

  // `options`, `certificates` and `cookie_secret` must outlive it; of the gate's bounds it keeps
  // `part`.
  ServerKeys(const bindings::ServerOptions& options, const bindings::CertificateParty& certificates,
             const onem2m::Secret& cookie_secret, bindings::ServerPart part, Thread thread);
  ServerKeys(const ServerKeys&) = delete;
  ServerKeys& operator=(const ServerKeys&) = delete;

  // `on_event` is the context's handler of events, for the gate to pass them on to. kBadRequest:
  // secure listeners without keys; kLibrary.
  bindings::Result<void> SetUp(coap_context_t* context, coap_event_handler_t on_event);
  void Start();
  // No handshake is accepted any more. Twice does no harm.
  void Stop();
  // The gate's work; says when there is more.
  Clock::time_point Turn(Clock::time_point now);

  // Whether a ClientHello from the address of a session that is not closed carries the cookie that
  // shows that its sender is there; if not, it is asked to (RFC 6347 4.2.1). The session stays as
  // it was.
  bool MayReplace(coap_session_t* session, std::span<const std::uint8_t> hello) const;

  // What the gate has associated; SAEF_NO_ASSOCIATION: nothing, or there is no gate.
  saef_association AssociationOf(coap_session_t* session) const;
  void EndAssociation(saef_association association);
  // Null: there is none.
  const saef_gate* gate() const { return gate_ == nullptr ? nullptr : saef_coap_gate_gate(gate_); }

 private:
  static const coap_bin_const_t* OnPsk(coap_bin_const_t* identity, coap_session_t* session,
                                       void* self);
  static int OnVerified(WOLFSSL* ssl, void* self);
  static std::size_t OnHostPsk(void* self, const std::uint8_t* identity, std::size_t length,
                               std::uint8_t* key, std::size_t capacity);
  bindings::Result<void> AttachGate(coap_context_t* context, const bindings::PluginGate& keys,
                                    coap_event_handler_t on_event);
  bool Prepare(WOLFSSL* ssl, coap_session_t* session);
  bool PrepareCookies(WOLFSSL* ssl, coap_session_t* session);
  bool PrepareCertificates(WOLFSSL* ssl, coap_session_t* session);

  const bindings::ServerOptions& options_;
  const bindings::CertificateParty& certificates_;
  const bindings::ServerPart part_;
  const onem2m::Secret& cookie_secret_;
  const Thread thread_;
  std::optional<TlsHook> hook_;  // made and unmade on the loop's thread
  saef_coap_gate* gate_ = nullptr;
  onem2m::Secret key_;  // the one that OnPsk hands to libcoap
  coap_bin_const_t key_view_{};
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_SERVER_KEYS_H_
