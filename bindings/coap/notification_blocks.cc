// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/notification_blocks.h"

#include <utility>

#include "bindings/coap/pdu.h"

// libcoap's own, which no public header has; its last parameter is an enumeration.
extern "C" {
int __real_coap_handle_response_get_block(coap_context_t* context, coap_session_t* session,
                                          coap_pdu_t* sent, coap_pdu_t* received, int recursive);
int __wrap_coap_handle_response_get_block(coap_context_t* context, coap_session_t* session,
                                          coap_pdu_t* sent, coap_pdu_t* received, int recursive);
}

namespace saef::coap {
namespace {

thread_local const NotificationBlocks* the_notification_blocks = nullptr;

// Of a notification, which answers nothing that has just been sent, in blocks.
PduPtr RequestOf(coap_session_t* session, const coap_pdu_t* sent, const coap_pdu_t* received) {
  coap_block_t block{};
  if (sent != nullptr || the_notification_blocks == nullptr ||
      coap_get_block(received, COAP_OPTION_BLOCK2, &block) == 0) {
    return nullptr;
  }
  return the_notification_blocks->Request(session, TokenOf(received));
}

}  // namespace

NotificationBlocks::NotificationBlocks(RequestOf request_of) : request_of_(std::move(request_of)) {
  the_notification_blocks = this;
}

NotificationBlocks::~NotificationBlocks() { the_notification_blocks = nullptr; }

}  // namespace saef::coap

extern "C" int __wrap_coap_handle_response_get_block(coap_context_t* context,
                                                     coap_session_t* session, coap_pdu_t* sent,
                                                     coap_pdu_t* received, int recursive) {
  const saef::coap::PduPtr request = saef::coap::RequestOf(session, sent, received);
  return __real_coap_handle_response_get_block(context, session, request ? request.get() : sent,
                                               received, recursive);
}
