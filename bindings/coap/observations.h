// SPDX-License-Identifier: GPL-3.0-or-later
//
// Observations: the client's side of observation (RFC 7641): what is observed in the session that
// stands, by the token of the request that began it; its notifications, put together from their
// blocks and put in order. All on the loop's thread.
#ifndef SAEF_BINDINGS_COAP_OBSERVATIONS_H_
#define SAEF_BINDINGS_COAP_OBSERVATIONS_H_

#include <coap3/coap.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "bindings/client.h"
#include "bindings/coap/client_exchange.h"
#include "bindings/coap/loop.h"
#include "bindings/coap/message.h"
#include "bindings/coap/options.h"
#include "bindings/coap/request_pdu.h"

namespace saef::coap {

class Observations {
 public:
  // A session that carries observations is asked for a sign of life when nothing has come for so
  // long; a peer that has forgotten it is found out so.
  static constexpr std::chrono::seconds kKeepAlive{20};

  // `encode`: a request as it is sent.
  using Encode =
      std::function<bindings::Result<Message>(const onem2m::RequestPrimitive&, OptionSet)>;
  Observations(coap_context_t* context, std::size_t max_content_length, Encode encode)
      : context_(context), max_content_length_(max_content_length), encode_(std::move(encode)) {}
  Observations(const Observations&) = delete;
  Observations& operator=(const Observations&) = delete;

  // The first answer to `exchange` has come: `message` as it came, `response` what it amounts to.
  // Tells it, and goes on observing or tells that this is over.
  void Begin(ClientExchangePtr exchange, const std::string& token, const Message& message,
             bindings::Result<onem2m::ResponsePrimitive> response);
  // A notification or a block of one; false: of nothing that is observed here.
  bool Receive(coap_session_t* session, const coap_pdu_t* received);
  bool Has(const std::string& token) const { return table_.contains(token); }
  // What was sent to observe what has this token, once more; null: nothing.
  PduPtr RequestOf(coap_session_t* session, const std::string& token) const;
  // Ends one without telling `notify`; the server is told where there is a session.
  void Cancel(std::uint64_t id, coap_session_t* session);
  // The server is told that all of them end.
  void Deregister(coap_session_t* session) const;
  // Ends all of them; `notify` is told why.
  void End(bindings::Error error);

 private:
  struct Observation {
    std::uint64_t id = 0;
    onem2m::RequestPrimitive request;
    OptionSet set = OptionSet::kNew;
    bindings::Client::Notify notify;
    std::uint32_t sequence = 0;
    Clock::time_point came;
    Message message;  // of a notification's first block
    std::string body;
  };
  using Table = std::map<std::string, std::unique_ptr<Observation>>;

  void Take(Table::iterator place);
  void DeregisterOne(coap_session_t* session, const std::string& token,
                     const Observation& observation) const;
  std::unique_ptr<Observation> Remove(Table::iterator place);
  void KeepAlive();

  coap_context_t* const context_;
  const std::size_t max_content_length_;
  const Encode encode_;
  Table table_;  // by token
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_OBSERVATIONS_H_
