// SPDX-License-Identifier: GPL-3.0-or-later
//
// SendRequest: hands one request to libcoap.
#ifndef SAEF_BINDINGS_COAP_SEND_REQUEST_H_
#define SAEF_BINDINGS_COAP_SEND_REQUEST_H_

#include <coap3/coap.h>

#include <string_view>

#include "bindings/coap/message.h"
#include "bindings/error.h"

namespace saef::coap {

// As a confirmable message with this token; a large payload goes in blocks. kBadRequest: it doesn't
// fit into a message; kClosed: the session takes nothing any more; kLibrary. On the loop's thread.
bindings::Result<void> SendRequest(coap_session_t* session, std::string_view token,
                                   Message message);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_SEND_REQUEST_H_
