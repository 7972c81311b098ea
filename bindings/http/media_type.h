// SPDX-License-Identifier: GPL-3.0-or-later
//
// Content-Type and Accept (TS-0009 6.4.2, 6.4.3; TS-0004 6.7): the media type as a content format,
// and Resource Type as its parameter "ty".
#ifndef SAEF_BINDINGS_HTTP_MEDIA_TYPE_H_
#define SAEF_BINDINGS_HTTP_MEDIA_TYPE_H_

#include <optional>
#include <string>
#include <string_view>

#include "bindings/http/refusal.h"
#include "onem2m/primitive.h"

namespace saef::http {

struct MediaType {
  onem2m::ContentFormat format = onem2m::ContentFormat::kJson;
  std::optional<int> resource_type;
};

// "application/json;ty=2" and its kin: the type without case, parameters in any order, others than
// "ty" ignored. A type that isn't oneM2M's is kOther. 4000 for what isn't a media type and for a
// "ty" that is there twice or isn't a number from 1 to 99999 without leading zeros.
Checked<MediaType> ParseMediaType(std::string_view text);

// What goes on the wire; kOther is application/octet-stream.
std::string WriteMediaType(onem2m::ContentFormat format, std::optional<int> resource_type);

// Would a client with this Accept header take JSON, which is what we answer with?
bool AcceptsJson(std::string_view accept);

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_MEDIA_TYPE_H_
