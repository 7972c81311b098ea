// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/fill_response.h"

#include <cstdint>
#include <string>
#include <utility>

#include "bindings/coap/pdu.h"

namespace saef::coap {
namespace {

// Goes in one message for certain: IPv6's 1280 octets (RFC 7252 4.6) less what is round it.
constexpr std::size_t kSurelyFits = 896;

bool IsSmall(const Message& answer, const coap_pdu_t* response) {
  constexpr std::size_t kMaxOptionHeader = 5;
  std::size_t size = coap_pdu_get_token(response).length + answer.payload.size();
  for (const Option& option : answer.options) size += kMaxOptionHeader + option.value.size();
  return size <= kSurelyFits;
}

// libcoap adds the Content-Format itself.
std::uint16_t TakeContentFormat(Message& message) {
  std::uint16_t format = 0;
  std::erase_if(message.options, [&format](const Option& option) {
    if (option.number != kContentFormat) return false;
    for (const char c : option.value) {
      format = static_cast<std::uint16_t>(format << 8 | static_cast<unsigned char>(c));
    }
    return true;
  });
  return format;
}

bool Fail(coap_pdu_t* response) {
  coap_pdu_set_code(response, COAP_RESPONSE_CODE_INTERNAL_ERROR);
  return false;
}

// In blocks, if it must be.
bool FillLarge(coap_resource_t* resource, const ReceivedRequest& request, Message answer,
               coap_pdu_t* response) {
  const std::uint16_t format = TakeContentFormat(answer);
  if (!WriteOptions(answer, response)) return Fail(response);
  std::string* body = HoldBody(std::move(answer.payload));
  const bool filled =
      coap_add_data_large_response(resource, request.coap_session, request.pdu, response,
                                   request.query, format, -1, 0, body->size(),
                                   reinterpret_cast<const std::uint8_t*>(body->data()), ReleaseBody,
                                   body) != 0;
  ServerSession& session = *request.session;
  session.answered_in_blocks = ReadBlock(request.coap_session, response, COAP_OPTION_BLOCK2).more;
  if (session.answered_in_blocks) session.knows_blocks = true;
  return filled;
}

}  // namespace

bool FillResponse(coap_resource_t* resource, const ReceivedRequest& request, const Message& answer,
                  coap_pdu_t* response) {
  coap_pdu_set_code(response, static_cast<coap_pdu_code_t>(answer.code));
  ServerSession& session = *request.session;
  // Where blocks of an earlier answer may still be there, libcoap has to know of this one.
  const bool at_once =
      answer.payload.empty() ||
      (!request.asks_for_blocks && !session.knows_blocks && IsSmall(answer, response));
  if (!at_once) return FillLarge(resource, request, answer, response);
  if (!WriteOptions(answer, response) ||
      coap_add_data(response, answer.payload.size(),
                    reinterpret_cast<const std::uint8_t*>(answer.payload.data())) == 0) {
    return Fail(response);
  }
  return true;
}

}  // namespace saef::coap
