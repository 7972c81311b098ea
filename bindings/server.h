// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the CoAP and the HTTP server have in common: who handles requests, who knows the keys, the
// bounds.
#ifndef SAEF_BINDINGS_SERVER_H_
#define SAEF_BINDINGS_SERVER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bindings/credential.h"
#include "bindings/error.h"
#include "bindings/log.h"
#include "bindings/server_statistics.h"
#include "bindings/session.h"
#include "onem2m/primitive.h"
#include "saef/gate.h"

namespace saef::bindings {

// Answers one request; called from any thread, at most once, at once or later. Dropping it
// unanswered answers 5000.
using Respond = std::function<void(onem2m::ResponsePrimitive)>;

class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  // Called on the server's threads, on all of them at once where it has several; must not block.
  // `session` may be kept.
  virtual void Handle(onem2m::RequestPrimitive request, std::shared_ptr<Session> session,
                      Respond respond) = 0;
  // CoAP: the thread hands over what has come in the meantime, one request after the other, and
  // then no more. For what can be done once for many of them.
  virtual void BeginTurn() {}
  virtual void EndTurn() {}
};

struct Listener {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one, told by Server::ports()
  bool secure = true;
};

// The server's own PSK table (a MAF's KmId → Km): the key, or any error for "unknown" (alert
// unknown_psk_identity). Called on the server's threads, must not block.
using PskTable = std::function<onem2m::Result<onem2m::Secret>(std::string_view identity)>;

// Judges whom a client claims to be, within its handshake, from the certificate chain that it sent
// (DER, its own first) or its raw public key (DER SubjectPublicKeyInfo); the other is empty. False
// ends the handshake. Any thread, must not block. That the client has the private key is (D)TLS's
// part and comes afterwards.
using PeerVerifier =
    std::function<bool(std::span<const std::string> chain, std::string_view public_key)>;

// What PluginGate::max_held_sessions is where it says 0.
inline constexpr std::size_t kMaxHeldSessions = 16384;

// Keys and associations come from a loaded plugin, through the gate.
struct PluginGate {
  const saef_api* api = nullptr;
  saef_instance* instance = nullptr;
  saef_gate_refusal refusal = SAEF_GATE_ALERT;
  std::size_t max_held_sessions = 0;  // 0: kMaxHeldSessions
  std::size_t max_held_bytes = 0;     // of one session; 0, here and below: the gate's defaults
  std::uint32_t max_hold_ms = 0;
  std::uint32_t blocking_ms =
      0;  // not 0: lookup_wait in the PSK callback instead of holding (for measurements)
  PskTable host_psk;  // for identities that aren't the plugin's; may be empty
};

struct ServerOptions {
  std::vector<Listener> listeners;
  // Each peer stays with one of them; all bounds below are the whole server's. 0: as many as there
  // are processors that the process may run on; at most kMaxServerThreads (server_threads.h).
  std::size_t threads = 1;
  std::variant<std::monostate, PskTable, PluginGate> keys;  // for the secure listeners
  // CoAP: may this resource be observed (RFC 7641)? `path` is the To of the request. Empty: none.
  // On the server's threads; must not block.
  std::function<bool(std::string_view path)> observable;
  // Beyond these a request to observe is answered as if it weren't one (RFC 7641 4.1).
  std::size_t max_observers = 100000;
  std::size_t max_observers_per_session = 10000;
  // Beside the PSKs, for clients that come with a certificate or a raw public key (TS-0003 10.2.3):
  // what we show them, and who judges them. A client must show one too; without `verify_peer` no
  // server starts.
  std::optional<CertificateCredential> certificate;
  std::optional<RawPublicKeyCredential> raw_public_key;
  PeerVerifier verify_peer;
  // Sessions in all and of one source (session_bounds.h), with those in their handshake; and how
  // many may be in their handshake, whether they wait for a key or not. One more is turned away,
  // before it costs memory. 0: half of max_sessions, four fifths of it, half of max_handshakes;
  // not less of a source, since a whole site may come from behind one address. CoAP in the clear
  // knows no refusal: there the session that has been idle longest goes, and sources don't count.
  std::size_t max_sessions = 20000;
  std::size_t max_sessions_per_source = 0;
  std::size_t max_handshakes = 0;
  std::size_t max_handshakes_per_source = 0;
  std::size_t max_content_length = 256 * 1024;
  std::chrono::seconds idle_timeout{300};
  std::chrono::seconds handshake_timeout{30};
  Log log;
};

class Server {
 public:
  virtual ~Server() =
      default;  // stops, ends all sessions, joins its thread(s); no handler call runs afterwards
  // The port of each listener, in order.
  virtual std::vector<std::uint16_t> ports() const = 0;
  // For saef_host.end_association: ends the session of this association soon. Any thread.
  virtual void EndAssociation(saef_association association) = 0;
  // The resource has changed: the handler is asked again for each client that observes it, with
  // that client's request, and the client gets the answer; one that isn't a success ends the
  // observation. `path` as in ServerOptions::observable, where a leading '/' and the case of
  // letters make no difference. Changes that come while the client hasn't acknowledged the last
  // notification are told in one. Any thread; HTTP: nothing.
  virtual void Changed(std::string_view /*path*/) {}
  // Now observed resources, each client's counted. Any thread; HTTP: none.
  virtual std::size_t observers() const { return 0; }
  // Now open sessions. Any thread.
  virtual std::size_t sessions() const = 0;
  // Any thread; takes no lock. The numbers are of about one moment.
  virtual ServerStatistics statistics() const = 0;
};

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_SERVER_H_
