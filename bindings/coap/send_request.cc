// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/send_request.h"

#include <cstdint>
#include <string>
#include <utility>

#include "bindings/coap/pdu.h"
#include "bindings/coap/request_pdu.h"

// libcoap's own, which no public header has: what coap_send ends with.
extern "C" coap_mid_t coap_send_internal(coap_session_t* session, coap_pdu_t* pdu);

namespace saef::coap {

using bindings::Error;

bindings::Result<void> SendRequest(coap_session_t* session, std::string_view token,
                                   Message message) {
  auto pdu = MakeRequestPdu(session, token, message);
  if (!pdu) return pdu.error();
  if (!message.payload.empty()) {
    std::string* body = HoldBody(std::move(message.payload));
    if (coap_add_data_large_request(session, pdu->get(), body->size(),
                                    reinterpret_cast<const std::uint8_t*>(body->data()),
                                    ReleaseBody, body) == 0) {
      return Error::kBadRequest;
    }
  }
  if (coap_send(session, pdu->release()) == COAP_INVALID_MID) return Error::kClosed;
  return {};
}

bindings::Result<void> SendObserve(coap_session_t* session, std::string_view token,
                                   const Message& message) {
  auto pdu = MakeRequestPdu(session, token, message);
  if (!pdu) return pdu.error();
  if (coap_send_internal(session, pdu->release()) == COAP_INVALID_MID) return Error::kClosed;
  return {};
}

}  // namespace saef::coap
