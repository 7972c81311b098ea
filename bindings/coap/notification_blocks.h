// SPDX-License-Identifier: GPL-3.0-or-later
//
// NotificationBlocks: libcoap fetches the blocks of an answer (RFC 7959) by the request that it
// answers. Of observations it doesn't know that (send_request.h), and would drop a notification
// that comes in blocks. So the linker puts us before coap_handle_response_get_block (-Wl,--wrap),
// and libcoap is given the request once more where such a notification comes; this one it
// remembers. It does what it always does on threads without a NotificationBlocks.
//
// Threads: it is its thread's alone, one at a time, from its construction to its destruction.
#ifndef SAEF_BINDINGS_COAP_NOTIFICATION_BLOCKS_H_
#define SAEF_BINDINGS_COAP_NOTIFICATION_BLOCKS_H_

#include <coap3/coap.h>

#include <functional>
#include <string>

#include "bindings/coap/request_pdu.h"

namespace saef::coap {

class NotificationBlocks {
 public:
  // What was sent to observe what has this token; null: nothing is observed by it.
  using RequestOf = std::function<PduPtr(coap_session_t* session, const std::string& token)>;

  explicit NotificationBlocks(RequestOf request_of);
  ~NotificationBlocks();
  NotificationBlocks(const NotificationBlocks&) = delete;
  NotificationBlocks& operator=(const NotificationBlocks&) = delete;

  PduPtr Request(coap_session_t* session, const std::string& token) const {
    return request_of_(session, token);
  }

 private:
  const RequestOf request_of_;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_NOTIFICATION_BLOCKS_H_
