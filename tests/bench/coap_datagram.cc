// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/coap_datagram.h"

#include <coap3/coap.h>

#include <algorithm>
#include <array>
#include <memory>

#include "bindings/coap/library.h"
#include "bindings/coap/pdu.h"
#include "bindings/coap/request_codec.h"

namespace saef::bench {
namespace {

constexpr std::size_t kMaxMessage = 2048;
constexpr std::size_t kTokenLength = 2;

void PutNumber(std::string& text, std::uint16_t number) {
  text += static_cast<char>(number >> 8);
  text += static_cast<char>(number & 0xff);
}

// RFC 7252 3: version 1, a type, a code, a message identifier.
std::string Header(coap_pdu_type_t type, std::size_t token, std::uint8_t code,
                   std::uint16_t number) {
  std::string text;
  text += static_cast<char>(0x40 | type << 4 | static_cast<int>(token));
  text += static_cast<char>(code);
  PutNumber(text, number);
  return text;
}

struct DeletePdu {
  void operator()(coap_pdu_t* pdu) const { coap_delete_pdu(pdu); }
};

}  // namespace

std::string TokenOf(std::uint16_t number) {
  std::string token;
  PutNumber(token, number);
  return token;
}

std::string EncodeCoapRequest(const onem2m::RequestPrimitive& request, std::uint16_t number) {
  constexpr char kPayloadMarker = '\xff';
  auto message = coap::EncodeRequest(request, coap::OptionSet::kNew);
  if (!message) return {};
  std::stable_sort(message->options.begin(), message->options.end(),
                   [](const auto& one, const auto& other) { return one.number < other.number; });
  std::string text = Header(COAP_MESSAGE_CON, kTokenLength, message->code, number);
  PutNumber(text, number);
  std::array<std::uint8_t, kMaxMessage> room;
  std::uint16_t last = 0;
  for (const coap::Option& option : message->options) {
    const std::size_t length = coap_opt_encode(
        room.data(), room.size(), static_cast<std::uint16_t>(option.number - last),
        reinterpret_cast<const std::uint8_t*>(option.value.data()), option.value.size());
    if (length == 0) return {};
    text.append(reinterpret_cast<const char*>(room.data()), length);
    last = option.number;
  }
  if (!message->payload.empty()) text.append(1, kPayloadMarker).append(message->payload);
  return text;
}

std::optional<CoapReply> ReadCoapReply(std::string_view datagram) {
  constexpr int kSuccess = 2;
  coap::StartLibrary();
  const std::unique_ptr<coap_pdu_t, DeletePdu> pdu(
      coap_pdu_init(COAP_MESSAGE_CON, COAP_EMPTY_CODE, 0, kMaxMessage));
  if (pdu == nullptr ||
      coap_pdu_parse(COAP_PROTO_UDP, reinterpret_cast<const std::uint8_t*>(datagram.data()),
                     datagram.size(), pdu.get()) == 0) {
    return std::nullopt;
  }
  const auto code = static_cast<std::uint8_t>(coap_pdu_get_code(pdu.get()));
  CoapReply reply{.is_empty = code == COAP_EMPTY_CODE,
                  .is_success = coap::ClassOf(code) == kSuccess,
                  .token = coap::TokenOf(pdu.get())};
  if (!reply.is_empty && coap_pdu_get_type(pdu.get()) == COAP_MESSAGE_CON) {
    reply.acknowledgement = Header(COAP_MESSAGE_ACK, 0, COAP_EMPTY_CODE,
                                   static_cast<std::uint16_t>(coap_pdu_get_mid(pdu.get())));
  }
  return reply;
}

}  // namespace saef::bench
