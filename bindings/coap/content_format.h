// SPDX-License-Identifier: GPL-3.0-or-later
//
// Content-Format numbers (TS-0008 6.2.2.2) and onem2m::ContentFormat.
#ifndef SAEF_BINDINGS_COAP_CONTENT_FORMAT_H_
#define SAEF_BINDINGS_COAP_CONTENT_FORMAT_H_

#include <cstdint>

#include "bindings/coap/options.h"
#include "onem2m/primitive.h"

namespace saef::coap {

inline onem2m::ContentFormat ToContentFormat(std::uint32_t number) noexcept {
  switch (number) {
    case kFormatJson:
    case kFormatNotificationJson:
      return onem2m::ContentFormat::kJson;
    case kFormatResponseJson:
      return onem2m::ContentFormat::kResponseJson;
    case kFormatCbor:
      return onem2m::ContentFormat::kCbor;
    default:
      return onem2m::ContentFormat::kOther;
  }
}

// kOther has no number: 42, application/octet-stream.
inline std::uint32_t ToNumber(onem2m::ContentFormat format) noexcept {
  switch (format) {
    case onem2m::ContentFormat::kJson:
      return kFormatJson;
    case onem2m::ContentFormat::kResponseJson:
      return kFormatResponseJson;
    case onem2m::ContentFormat::kCbor:
      return kFormatCbor;
    case onem2m::ContentFormat::kOther:
      break;
  }
  return 42;
}

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_CONTENT_FORMAT_H_
