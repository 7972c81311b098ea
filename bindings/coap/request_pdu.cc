// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/request_pdu.h"

#include <cstdint>

#include "bindings/coap/pdu.h"

namespace saef::coap {

using bindings::Error;

bindings::Result<PduPtr> MakeRequestPdu(coap_session_t* session, std::string_view token,
                                        const Message& message) {
  PduPtr pdu(coap_new_pdu(COAP_MESSAGE_CON, static_cast<coap_pdu_code_t>(message.code), session));
  if (pdu == nullptr) return Error::kLibrary;
  if (coap_add_token(pdu.get(), token.size(),
                     reinterpret_cast<const std::uint8_t*>(token.data())) == 0 ||
      !WriteOptions(message, pdu.get())) {
    return Error::kBadRequest;
  }
  return pdu;
}

}  // namespace saef::coap
