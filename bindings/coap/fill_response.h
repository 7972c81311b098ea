// SPDX-License-Identifier: GPL-3.0-or-later
//
// FillResponse: writes the server's answer into the message that libcoap will send.
#ifndef SAEF_BINDINGS_COAP_FILL_RESPONSE_H_
#define SAEF_BINDINGS_COAP_FILL_RESPONSE_H_

#include <coap3/coap.h>

#include "bindings/coap/message.h"
#include "bindings/coap/received_request.h"

namespace saef::coap {

// `response` has its token; `resource` is the one that libcoap found for the request, and the
// blocks of a large answer hang on it. False: it didn't fit, and `response` says 5.00 or is without
// its payload.
bool FillResponse(coap_resource_t* resource, const ReceivedRequest& request, const Message& answer,
                  coap_pdu_t* response);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_FILL_RESPONSE_H_
