// SPDX-License-Identifier: GPL-3.0-or-later
//
// ServerThread: one thread of the CoAP server: a libcoap context with sockets of its own, and all
// that belongs to the peers whose datagrams come in there: their sessions, the gate that their
// handshakes wait at, their requests and observations. Threads of one server share nothing but
// options and the handler.
#ifndef SAEF_BINDINGS_COAP_SERVER_THREAD_H_
#define SAEF_BINDINGS_COAP_SERVER_THREAD_H_

#include <coap3/coap.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include "bindings/certificate_session.h"
#include "bindings/coap/datagram_hook.h"
#include "bindings/coap/ending_sessions.h"
#include "bindings/coap/loop.h"
#include "bindings/coap/observers.h"
#include "bindings/coap/server_keys.h"
#include "bindings/coap/server_requests.h"
#include "bindings/coap/server_session.h"
#include "bindings/coap/udp_port.h"
#include "bindings/server.h"
#include "bindings/server_statistics.h"
#include "bindings/server_threads.h"
#include "bindings/session_bounds.h"
#include "onem2m/secret.h"

namespace saef::coap {

class ServerThread {
 public:
  // A ClientHello without a valid cookie costs a session of libcoap's until its peer answers with
  // the cookie, though who sent it may not exist. So few of them are kept, and not for long: where
  // there are more, the eldest goes, and if its peer does exist, its answer is understood all the
  // same.
  static constexpr std::size_t kMaxUnverified = 1024;
  static constexpr std::chrono::seconds kVerifyTimeout{5};

  // Of a listener over DTLS, in all threads together, but one in each.
  static constexpr std::size_t kSecureSockets = 32;
  // Sessions that have ended are freed when libcoap looks at all sessions, and when there are so
  // many it looks at once; or when their peer comes again from the same port.
  static constexpr std::size_t kManyEnded = 64;

  // What all threads of a server have in common; must outlive them.
  struct Common {
    const bindings::ServerOptions& options;
    const bindings::CertificateParty& certificates;
    bindings::RequestHandler& handler;
    bindings::SessionBounds& bounds;
    // With which each thread knows the cookies that any of them has sent.
    const onem2m::Secret& cookie_secret;
  };

  ServerThread(std::shared_ptr<Loop> loop, const Common& common, bindings::ServerPart part);
  // Ends all sessions, joins; no handler call runs afterwards.
  ~ServerThread();
  ServerThread(const ServerThread&) = delete;
  ServerThread& operator=(const ServerThread&) = delete;

  // In this order, before anything else. kBadRequest, kListen, kLibrary.
  bindings::Result<void> SetUp();
  bindings::Result<std::uint16_t> Listen(const bindings::Listener& listener, PortUse use);
  bindings::Result<void> Start();

  // As those of bindings::Server; any thread.
  void EndAssociation(saef_association association);
  void Changed(std::string_view path);
  std::size_t observers() const { return observers_.size(); }
  std::size_t sessions() const { return counters_.sessions.Get(); }
  bindings::ServerStatistics statistics() const;

 private:
  static ServerThread* Of(const coap_session_t* session);
  static void OnRequest(coap_resource_t*, coap_session_t* session, const coap_pdu_t* request,
                        const coap_string_t* query, coap_pdu_t* response);
  static int OnEvent(coap_session_t* session, coap_event_t event);
  static void OnNack(coap_session_t* session, const coap_pdu_t* sent, coap_nack_reason_t reason,
                     coap_mid_t mid);

  void SetUpContext();
  std::shared_ptr<ServerSession> SessionOf(coap_session_t* session);
  DatagramHook::Next Look(coap_session_t* session, std::span<const std::uint8_t> datagram);
  int Verified(coap_session_t* session);
  void Established(coap_session_t* session);
  void DropUnverified();
  void Closed(coap_session_t* session, bool gone);
  void EndHandshake(ServerSession& session, bool done);
  void BeginTurn();
  void EndTurn();
  Clock::time_point Turn(Clock::time_point now);
  void Sweep(Clock::time_point now);
  void Shutdown();

  const std::shared_ptr<Loop> loop_;
  const bindings::ServerOptions& options_;
  const bindings::ServerPart part_;
  bindings::RequestHandler& handler_;
  bool in_turn_ = false;  // and the handler has been told so
  bindings::SessionBounds& bounds_;
  bindings::ServerCounters counters_;
  ServerKeys keys_;
  std::optional<DatagramHook> hook_;     // made and unmade on the loop's thread
  std::optional<HelloRandom> replaced_;  // of the session that has just made room for the next
  coap_resource_t* resource_ = nullptr;  // every path's
  std::unordered_map<coap_session_t*, std::shared_ptr<ServerSession>> sessions_;
  std::size_t ended_ = 0;                                // of these
  std::deque<std::weak_ptr<ServerSession>> unverified_;  // in the order that they came
  EndingSessions ending_;
  Observers observers_;
  ServerRequests requests_;
  Clock::time_point next_sweep_{};
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_SERVER_THREAD_H_
