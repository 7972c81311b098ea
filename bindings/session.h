// SPDX-License-Identifier: GPL-3.0-or-later
//
// Session: the (D)TLS session, or plain connection, that a request came in on, as a role's handler
// sees it.
//
// Lifetime: shared; it may outlive the connection, and then answers kClosed. Threads: any.
#ifndef SAEF_BINDINGS_SESSION_H_
#define SAEF_BINDINGS_SESSION_H_

#include <string>
#include <string_view>
#include <vector>

#include "bindings/error.h"
#include "onem2m/secret.h"
#include "saef/plugin.h"

namespace saef::bindings {

class Session {
 public:
  virtual ~Session() = default;

  virtual bool secure() const = 0;
  // The psk_identity as the peer sent it; empty where there is none.
  virtual std::string psk_identity() const = 0;
  // What the peer was authenticated by in a handshake with certificates (DER, its own first) or
  // with a raw public key (DER SubjectPublicKeyInfo); else empty.
  virtual std::vector<std::string> peer_certificates() const { return {}; }
  virtual std::string peer_public_key() const { return {}; }
  // The plugin's association of this session; SAEF_NO_ASSOCIATION on servers without a gate, in the
  // clear, for the host's own PSKs.
  virtual saef_association association() const = 0;
  // RFC 5705 without context. kNotEstablished, kNoExtendedMasterSecret, kClosed.
  virtual Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label,
                                                      std::size_t length) = 0;
  // Ends the session once the response that is being composed has been sent (TS-0003 8.x.5 step
  // 11); over CoAP once the peer has it. A request that comes meanwhile is served: to drop it would
  // fail a CREATE, which a client may not repeat, to no gain, for whoever must not be served any
  // more loses the session at once (Server::EndAssociation).
  virtual void EndAfterResponse() = 0;
  // The peer's address and port, for logs.
  virtual std::string peer() const = 0;
};

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_SESSION_H_
