// SPDX-License-Identifier: GPL-3.0-or-later
//
// ReceivedRequest: one request as libcoap has handed it to the server. Valid within libcoap's
// callback; kept_request.h keeps it longer.
#ifndef SAEF_BINDINGS_COAP_RECEIVED_REQUEST_H_
#define SAEF_BINDINGS_COAP_RECEIVED_REQUEST_H_

#include <coap3/coap.h>

#include <memory>

#include "bindings/coap/options.h"
#include "bindings/coap/server_session.h"

namespace saef::coap {

struct ReceivedRequest {
  std::shared_ptr<ServerSession> session;
  coap_session_t* coap_session = nullptr;
  const coap_pdu_t* pdu = nullptr;
  const coap_string_t* query = nullptr;  // may be null
  OptionSet set = OptionSet::kNew;       // once it is decoded: the numbering that it was in
  bool asks_for_blocks = false;          // has a Block2 option (RFC 7959 2.1)
  bool is_read = false;                  // if it comes again it may be handled again
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_RECEIVED_REQUEST_H_
