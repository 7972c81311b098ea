// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/fill_response.h"

#include <cstdint>
#include <string>
#include <utility>

#include "bindings/coap/pdu.h"

namespace saef::coap {

bool FillResponse(coap_resource_t* resource, const ReceivedRequest& request, const Message& answer,
                  coap_pdu_t* response) {
  coap_pdu_set_code(response, static_cast<coap_pdu_code_t>(answer.code));
  Message options = answer;
  // libcoap adds the Content-Format itself.
  std::uint16_t format = 0;
  std::erase_if(options.options, [&format](const Option& option) {
    if (option.number != kContentFormat) return false;
    for (const char c : option.value) {
      format = static_cast<std::uint16_t>(format << 8 | static_cast<unsigned char>(c));
    }
    return true;
  });
  if (!WriteOptions(options, response)) {
    coap_pdu_set_code(response, COAP_RESPONSE_CODE_INTERNAL_ERROR);
    return false;
  }
  if (answer.payload.empty()) return true;
  std::string* body = HoldBody(std::move(options.payload));
  const bool filled =
      coap_add_data_large_response(resource, request.coap_session, request.pdu, response,
                                   request.query, format, -1, 0, body->size(),
                                   reinterpret_cast<const std::uint8_t*>(body->data()), ReleaseBody,
                                   body) != 0;
  request.session->answered_in_blocks =
      ReadBlock(request.coap_session, response, COAP_OPTION_BLOCK2).more;
  return filled;
}

}  // namespace saef::coap
