// SPDX-License-Identifier: GPL-3.0-or-later
//
// Client: one peer, one session at a time to it (several, where max_sessions or max_connections say
// so), requests as primitives. Implemented over CoAP (coap/client.h) and HTTP (http/client.h);
// OpenClient picks by the URI's scheme.
//
// Threads: any. Callbacks run on the client's own thread (one for each session of max_sessions).
// The destructor ends the session, fails what is outstanding with kClosed (callbacks run before it
// returns) and joins; not from a callback.
#ifndef SAEF_BINDINGS_CLIENT_H_
#define SAEF_BINDINGS_CLIENT_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bindings/credential.h"
#include "bindings/error.h"
#include "bindings/log.h"
#include "bindings/uri.h"
#include "onem2m/primitive.h"
#include "onem2m/secret.h"

namespace saef::bindings {

struct ClientOptions {
  Uri uri;  // the path isn't used here
  std::string
      server_name;  // SNI (TS-0003 10.2: mandatory): the authority's name; empty: the URI's host
  // For the secure schemes: what we show, and, but for a PSK, whom we take for the server.
  Credential credential;
  PeerTrust trust;
  std::chrono::milliseconds handshake_timeout{10000};
  // CoAP: so many requests are under way in a session at most (NSTART; coap/client_window.h);
  // further ones queue.
  std::uint16_t max_in_flight = 64;
  // CoAP: so many sessions at most (coap/spread_client.h).
  std::size_t max_sessions = 1;
  // HTTP, which carries one request at a time: so many connections at most. The second and further
  // ones are opened when requests wait and the first one stands; all are kept.
  std::size_t max_connections = 1;
  std::size_t max_queued = 4096;                // beyond: kLimit
  std::size_t max_content_length = 256 * 1024;  // of an answer
  Log log;
};

// A copy for another client. onem2m's kMemory, as kLibrary.
Result<ClientOptions> Clone(const ClientOptions& options);

class Client {
 public:
  using Done = std::function<void(Result<onem2m::ResponsePrimitive>)>;

  virtual ~Client() = default;

  // Shakes hands if no session stands. Blocks until it does or can't.
  virtual Result<void> Connect() = 0;
  // Sends when a session stands (shakes hands first where none does). `done` runs exactly once,
  // within timeout (which spans the handshake too).
  virtual void Send(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
                    Done done) = 0;
  // The same, waiting. Not from a callback.
  Result<onem2m::ResponsePrimitive> SendAndWait(onem2m::RequestPrimitive request,
                                                std::chrono::milliseconds timeout);
  // RETRIEVE that is answered now and again whenever the resource changes (RFC 7641; CoAP).
  // `notify` runs for the first answer, within `timeout`, and for each notification, one at a time,
  // on the client's thread. The last call is one with a response that is no success (the resource
  // has gone, or isn't for us any more) or with an error: kUnsupported after a first answer of a
  // peer that doesn't let it be observed, and over HTTP at once; kClosed where the session ended,
  // which a client of CoAP that observes something notices within half a minute; what else Send may
  // say. Nothing is observed again by itself. A request other than RETRIEVE: kBadRequest.
  using Notify = std::function<void(Result<onem2m::ResponsePrimitive>)>;
  // Returns the observation's identifier, which isn't 0.
  virtual std::uint64_t Observe(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
                                Notify notify);
  // Ends it and tells the server. `notify` doesn't run afterwards, nor is it told. For one that has
  // ended there is nothing to do. Waits for a `notify` that is running, unless called from one.
  virtual void CancelObserve(std::uint64_t id);
  // From the session that stands (one of them, where there may be several): RFC 5705 without
  // context. kNotEstablished, kNoExtendedMasterSecret.
  virtual Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label,
                                                      std::size_t length) = 0;
  // Ends the session; the next Send makes a new one.
  virtual void Disconnect() = 0;
  // Sessions established so far; tells whether two requests shared one.
  virtual std::uint64_t sessions_established() const = 0;
};

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_CLIENT_H_
