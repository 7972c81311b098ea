// SPDX-License-Identifier: GPL-3.0-or-later
//
// ClientExchange: one request of the client, from Send or Observe to its Done.
#ifndef SAEF_BINDINGS_COAP_CLIENT_EXCHANGE_H_
#define SAEF_BINDINGS_COAP_CLIENT_EXCHANGE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "bindings/client.h"
#include "bindings/coap/loop.h"
#include "bindings/coap/message.h"
#include "bindings/coap/options.h"
#include "onem2m/primitive.h"

namespace saef::coap {

struct ClientExchange {
  onem2m::RequestPrimitive request;
  bindings::Client::Done done;
  Clock::time_point deadline;
  std::uint64_t observation = 0;  // not 0: it is to be observed, and `done` is its Notify
  bool retried = false;           // it was on a session that ended; not a second time
  OptionSet set = OptionSet::kNew;
  Message answer;  // of its first block
  std::string body;
};

using ClientExchangePtr = std::unique_ptr<ClientExchange>;

inline void Finish(ClientExchangePtr exchange, bindings::Result<onem2m::ResponsePrimitive> result) {
  onem2m::Wipe(exchange->body);
  exchange->done(std::move(result));
}

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_CLIENT_EXCHANGE_H_
