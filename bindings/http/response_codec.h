// SPDX-License-Identifier: GPL-3.0-or-later
//
// Response primitives as HTTP responses (TS-0009 6.3, 6.4). Pure and total.
#ifndef SAEF_BINDINGS_HTTP_RESPONSE_CODEC_H_
#define SAEF_BINDINGS_HTTP_RESPONSE_CODEC_H_

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "bindings/error.h"
#include "onem2m/primitive.h"

namespace saef::http {

using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

// Total: a primitive that can't go on the wire (a header value that isn't printable) becomes a 5000
// for the same request.
HttpResponse EncodeResponse(onem2m::ResponsePrimitive&& response);

// Takes the body out of `message`. kBadResponse: redirections and informational answers, a header
// field that is there twice or isn't text, X-M2M-RSC that isn't a response status code or says
// success where HTTP says failure or the other way round. Without X-M2M-RSC the HTTP status counts,
// so that a plain file server can answer a RETRIEVE. A response status code that we don't know is
// the family's general one (4000, 5000).
bindings::Result<onem2m::ResponsePrimitive> DecodeResponse(HttpResponse&& message);

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_RESPONSE_CODEC_H_
