// SPDX-License-Identifier: GPL-3.0-or-later
//
// ClientEngine: what of a client lives on its loop's thread: requests go out over the connection
// that stands, in the numbering of options that the peer understands, and answers and notifications
// find their way back.
#ifndef SAEF_BINDINGS_COAP_CLIENT_ENGINE_H_
#define SAEF_BINDINGS_COAP_CLIENT_ENGINE_H_

#include <coap3/coap.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/certificate_session.h"
#include "bindings/client.h"
#include "bindings/coap/client_connection.h"
#include "bindings/coap/client_exchange.h"
#include "bindings/coap/client_exchanges.h"
#include "bindings/coap/client_window.h"
#include "bindings/coap/loop.h"
#include "bindings/coap/notification_blocks.h"
#include "bindings/coap/observations.h"
#include "bindings/coap/options.h"
#include "onem2m/secret.h"

namespace saef::coap {

class ClientEngine {
 public:
  // Before the loop's start. What it is given is checked already (client.cc).
  ClientEngine(Loop& loop, bindings::ClientOptions options,
               bindings::CertificateParty certificates);
  ClientEngine(const ClientEngine&) = delete;
  ClientEngine& operator=(const ClientEngine&) = delete;
  void SetLoop(std::weak_ptr<Loop> loop) { connection_.SetLoop(std::move(loop)); }

  // ---- On the loop's thread
  // First and last.
  void Start();
  void Stop();

  // As of bindings::Client.
  void Add(ClientExchangePtr exchange) { exchanges_.Add(std::move(exchange)); }
  void Connect(ClientConnection::Connected connected) { connection_.Connect(std::move(connected)); }
  void CancelObserve(std::uint64_t id);
  void Disconnect();
  bindings::Result<onem2m::Secret> Export(std::string_view label, std::size_t length);

  Clock::time_point Turn(Clock::time_point now);
  bool established() const { return connection_.established(); }  // any thread
  std::uint64_t sessions_established() const {                    // any thread
    return connection_.sessions_established();
  }

 private:
  static coap_response_t OnResponse(coap_session_t* session, const coap_pdu_t* sent,
                                    const coap_pdu_t* received, coap_mid_t mid);
  static void OnNack(coap_session_t* session, const coap_pdu_t* sent, coap_nack_reason_t reason,
                     coap_mid_t mid);
  static int OnEvent(coap_session_t* session, coap_event_t event);
  static ClientEngine* Of(const coap_session_t* session);

  // A session that can be sent on; null: none.
  coap_session_t* SessionInUse() const;
  void Pump();
  void Transmit(ClientExchangePtr exchange);
  bindings::Result<std::string> Put(const ClientExchange& exchange);
  // But for the Observe option.
  bindings::Result<Message> Encode(const onem2m::RequestPrimitive& request, OptionSet set) const;
  bindings::Result<std::string> NewToken() const;
  coap_response_t Receive(const coap_pdu_t* received);
  void Complete(const std::string& token);
  bool TryPlainer(ClientExchangePtr& exchange, const Message& answer);

  bindings::ClientOptions options_;  // but for the credential, which the sessions have
  const bool host_is_name_;
  // The numbering that the peer understands, as far as it has shown.
  OptionSet set_ = OptionSet::kNew;
  ClientWindow window_;
  ClientExchanges exchanges_;
  Observations observations_;
  std::optional<NotificationBlocks> blocks_;  // made and unmade on the loop's thread
  ClientConnection connection_;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_CLIENT_ENGINE_H_
