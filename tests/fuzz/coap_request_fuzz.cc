// SPDX-License-Identifier: GPL-3.0-or-later
//
// A CoAP request from the network: libcoap's parser, then the request codec. What is understood
// must survive being written and read again; what is refused must still be answerable.
#include <coap3/coap.h>

#include <cstdint>
#include <cstdlib>

#include "bindings/coap/library.h"
#include "bindings/coap/observe_option.h"
#include "bindings/coap/pdu.h"
#include "bindings/coap/request_codec.h"
#include "bindings/coap/response_codec.h"

namespace {

using saef::coap::Message;

void Check(const Message& message) {
  if (saef::coap::ReadObserveWish(message) != saef::coap::ObserveWish::kNone &&
      (message.code != saef::coap::kGet || *saef::coap::ReadObserve(message) > 1)) {
    std::abort();
  }
  const auto decoded = saef::coap::DecodeRequest(message);
  if (const auto* refusal = std::get_if<saef::coap::Refusal>(&decoded)) {
    const auto answer = RespondWithText(refusal->request, refusal->status, refusal->text);
    const Message sent =
        saef::coap::EncodeResponse(answer, refusal->set, refusal->request.operation);
    if (saef::coap::ClassOf(sent.code) < 4) std::abort();
    return;
  }
  const auto& good = std::get<saef::coap::DecodedRequest>(decoded);
  const auto again = saef::coap::EncodeRequest(good.request, good.set);
  if (!again) std::abort();
  const auto twice = saef::coap::DecodeRequest(*again);
  const auto* same = std::get_if<saef::coap::DecodedRequest>(&twice);
  if (same == nullptr || same->request.to != good.request.to ||
      same->request.query != good.request.query || same->request.from != good.request.from ||
      same->request.operation != good.request.operation ||
      same->request.content != good.request.content) {
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
    Check(message);
  }
  coap_delete_pdu(pdu);
  return 0;
}
