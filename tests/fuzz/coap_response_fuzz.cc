// SPDX-License-Identifier: GPL-3.0-or-later
//
// A CoAP response from a MAF or a CSE: libcoap's parser, then the response codec. What is
// understood must survive being written and read again.
#include <coap3/coap.h>

#include <cstdint>
#include <cstdlib>

#include "bindings/coap/library.h"
#include "bindings/coap/observe_option.h"
#include "bindings/coap/pdu.h"
#include "bindings/coap/response_codec.h"

namespace {

using saef::coap::Message;
using saef::onem2m::Operation;

void Check(const Message& message, Operation operation) {
  if (const auto number = saef::coap::ReadObserve(message)) {
    Message again;
    saef::coap::WriteObserve(again, *number);
    if (*number > 0xffffff || saef::coap::ReadObserve(again) != number) std::abort();
  }
  saef::onem2m::RequestPrimitive request;
  request.operation = operation;
  request.request_identifier = "r1";
  const auto response = saef::coap::DecodeResponse(message, request);
  if (!response) return;
  const auto again = saef::coap::DecodeResponse(
      saef::coap::EncodeResponse(*response, saef::coap::OptionSet::kNew, operation), request);
  if (!again || again->status != response->status || again->location != response->location) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  saef::coap::StartLibrary();
  if (size < 4 || size > 4096) return 0;
  coap_pdu_t* pdu = coap_pdu_init(COAP_MESSAGE_CON, COAP_EMPTY_CODE, 0, 4096);
  if (pdu != nullptr && coap_pdu_parse(COAP_PROTO_UDP, data, size, pdu) != 0) {
    Message message = saef::coap::ReadPdu(pdu);
    std::size_t length = 0;
    const std::uint8_t* payload = nullptr;
    if (coap_get_data(pdu, &length, &payload) != 0) {
      message.payload.assign(reinterpret_cast<const char*>(payload), length);
    }
    for (int operation = 1; operation <= 5; ++operation) {
      Check(message, static_cast<Operation>(operation));
    }
  }
  coap_delete_pdu(pdu);
  return 0;
}
