// SPDX-License-Identifier: GPL-3.0-or-later
//
// MakeRequestPdu: a request as libcoap takes it.
#ifndef SAEF_BINDINGS_COAP_REQUEST_PDU_H_
#define SAEF_BINDINGS_COAP_REQUEST_PDU_H_

#include <coap3/coap.h>

#include <memory>
#include <string_view>

#include "bindings/coap/message.h"
#include "bindings/error.h"

namespace saef::coap {

struct DeletePdu {
  void operator()(coap_pdu_t* pdu) const { coap_delete_pdu(pdu); }
};
using PduPtr = std::unique_ptr<coap_pdu_t, DeletePdu>;

// A confirmable message with this token and the options of `message`, without its payload. Never
// null. kBadRequest: it doesn't fit into a message; kLibrary. On the loop's thread.
bindings::Result<PduPtr> MakeRequestPdu(coap_session_t* session, std::string_view token,
                                        const Message& message);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_REQUEST_PDU_H_
