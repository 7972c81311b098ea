// SPDX-License-Identifier: GPL-3.0-or-later
//
// Response primitives as CoAP responses (TS-0008 6.2.2, 6.2.4). Pure: no sockets, no libcoap. What
// is read comes from the network and is checked in full.
#ifndef SAEF_BINDINGS_COAP_RESPONSE_CODEC_H_
#define SAEF_BINDINGS_COAP_RESPONSE_CODEC_H_

#include "bindings/coap/message.h"
#include "bindings/coap/options.h"
#include "bindings/error.h"
#include "onem2m/primitive.h"

namespace saef::coap {

// Never fails: a parameter that has no form on the wire is left out, and an answer whose status or
// identifier can't be said is 5.00 without options. In OptionSet::kNone the code says it all.
Message EncodeResponse(onem2m::ResponsePrimitive response, OptionSet set,
                       onem2m::Operation operation);

// `request` is the one that was sent. An answer without oneM2M options, as a plain CoAP server
// gives it, is taken by its code. kBadResponse: bad or repeated options, another request's
// identifier, a status code that contradicts the code, a code that answers nothing.
bindings::Result<onem2m::ResponsePrimitive> DecodeResponse(const Message& message,
                                                           const onem2m::RequestPrimitive& request);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_RESPONSE_CODEC_H_
