// SPDX-License-Identifier: GPL-3.0-or-later
//
// Messages in libcoap's PDUs.
#ifndef SAEF_BINDINGS_COAP_PDU_H_
#define SAEF_BINDINGS_COAP_PDU_H_

#include <coap3/coap.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "bindings/coap/message.h"

namespace saef::coap {

// Code and options; the payload is left to the caller, because it may come in blocks. A view is of
// the PDU.
Message ReadPdu(const coap_pdu_t* pdu);
MessageView ViewPdu(const coap_pdu_t* pdu);

// Adds the options, in the order of their numbers. False: libcoap has no room for them.
bool WriteOptions(const Message& message, coap_pdu_t* pdu);

bool HasOption(const MessageView& message, std::uint16_t number);

// The payload, where it isn't a part of a larger body.
std::string_view DataOf(const coap_pdu_t* pdu);

// What libcoap holds of a body.
struct Block {
  std::string_view data;
  std::size_t offset = 0;
  std::size_t total = 0;  // as far as it is known
  bool more = false;      // further blocks follow
};
// `option`: COAP_OPTION_BLOCK1 of a request, COAP_OPTION_BLOCK2 of a response.
Block ReadBlock(const coap_session_t* session, const coap_pdu_t* pdu, coap_option_num_t option);

std::string TokenOf(const coap_pdu_t* pdu);

// A body for coap_add_data_large_*: the pointer to hand over and the function that frees it.
std::string* HoldBody(std::string body);
void ReleaseBody(coap_session_t* session, void* body);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_PDU_H_
