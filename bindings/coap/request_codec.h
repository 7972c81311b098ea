// SPDX-License-Identifier: GPL-3.0-or-later
//
// Request primitives as CoAP requests (TS-0008 6.2): method, paths, queries, options, content
// format. Pure: no sockets, no libcoap. What is read comes from the network and is checked in full.
#ifndef SAEF_BINDINGS_COAP_REQUEST_CODEC_H_
#define SAEF_BINDINGS_COAP_REQUEST_CODEC_H_

#include <string>
#include <variant>

#include "bindings/coap/message.h"
#include "bindings/coap/options.h"
#include "bindings/error.h"
#include "onem2m/primitive.h"

namespace saef::coap {

inline constexpr std::size_t kMaxQueries = 64;

struct DecodedRequest {
  onem2m::RequestPrimitive request;
  OptionSet set = OptionSet::kNew;  // for the answer
};

// A request that is answered here, before anybody handles it.
struct Refusal {
  onem2m::ResponseStatusCode status = onem2m::ResponseStatusCode::kBadRequest;
  std::string text;  // what is wrong, for a person
  OptionSet set = OptionSet::kNew;
  // As much of the request as an answer needs: identifier, release version, operation.
  onem2m::RequestPrimitive request;
};

// POST is CREATE with oneM2M-TY and NOTIFY without (6.2.1). From may be absent. Refused: no request
// identifier, bad or repeated options, both numberings (4000), a method without an operation
// (4005), a content format that we don't know (4015), an Accept that we can't serve (5207). CBOR is
// passed through, for the role to refuse.
std::variant<DecodedRequest, Refusal> DecodeRequest(const MessageView& message);

// kBadRequest: a primitive that has no form on the wire. With OptionSet::kNone the parameters that
// are oneM2M options are left out.
bindings::Result<Message> EncodeRequest(const onem2m::RequestPrimitive& request, OptionSet set);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_REQUEST_CODEC_H_
