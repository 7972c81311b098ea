// SPDX-License-Identifier: GPL-3.0-or-later
//
// Response status codes and CoAP codes (TS-0008 table 6.2.4-1).
#ifndef SAEF_BINDINGS_COAP_STATUS_CODE_H_
#define SAEF_BINDINGS_COAP_STATUS_CODE_H_

#include <cstdint>

#include "onem2m/primitive.h"
#include "onem2m/response_status_code.h"

namespace saef::coap {

// The code of the answer to a request with this operation: OK is 2.05 for a RETRIEVE, 2.04 for
// others.
std::uint8_t ToCode(onem2m::ResponseStatusCode status, onem2m::Operation operation) noexcept;

// For an answer without oneM2M-RSC: the status code that says as much. Codes that the table doesn't
// have become the general one of their class (4.xx: 4000, 5.xx: 5000).
onem2m::ResponseStatusCode ToStatusCode(std::uint8_t code, onem2m::Operation operation) noexcept;

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_STATUS_CODE_H_
