// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/send_request.h"

#include <cstdint>
#include <string>
#include <utility>

#include "bindings/coap/pdu.h"

namespace saef::coap {

using bindings::Error;

bindings::Result<void> SendRequest(coap_session_t* session, std::string_view token,
                                   Message message) {
  coap_pdu_t* pdu =
      coap_new_pdu(COAP_MESSAGE_CON, static_cast<coap_pdu_code_t>(message.code), session);
  if (pdu == nullptr) return Error::kLibrary;
  if (coap_add_token(pdu, token.size(), reinterpret_cast<const std::uint8_t*>(token.data())) == 0 ||
      !WriteOptions(message, pdu)) {
    coap_delete_pdu(pdu);
    return Error::kBadRequest;
  }
  if (!message.payload.empty()) {
    std::string* body = HoldBody(std::move(message.payload));
    if (coap_add_data_large_request(session, pdu, body->size(),
                                    reinterpret_cast<const std::uint8_t*>(body->data()),
                                    ReleaseBody, body) == 0) {
      coap_delete_pdu(pdu);
      return Error::kBadRequest;
    }
  }
  if (coap_send(session, pdu) == COAP_INVALID_MID) return Error::kClosed;
  return {};
}

}  // namespace saef::coap
