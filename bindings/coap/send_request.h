// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hands one request to libcoap. On the loop's thread.
#ifndef SAEF_BINDINGS_COAP_SEND_REQUEST_H_
#define SAEF_BINDINGS_COAP_SEND_REQUEST_H_

#include <coap3/coap.h>

#include <string_view>

#include "bindings/coap/message.h"
#include "bindings/error.h"

namespace saef::coap {

// As a confirmable message with this token; a large payload goes in blocks. kBadRequest: it doesn't
// fit into a message; kClosed: the session takes nothing any more; kLibrary.
bindings::Result<void> SendRequest(coap_session_t* session, std::string_view token,
                                   Message message);

// The same of a GET that begins or ends an observation (RFC 7641). libcoap would remember it for as
// long as that lasts, and walk all of these for each request, each answer and each turn; so it goes
// past where libcoap does. What that was for: notification_blocks.h.
bindings::Result<void> SendObserve(coap_session_t* session, std::string_view token,
                                   const Message& message);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_SEND_REQUEST_H_
