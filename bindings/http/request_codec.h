// SPDX-License-Identifier: GPL-3.0-or-later
//
// Request primitives as HTTP requests (TS-0009 6.2, 6.4): POST is CREATE, or NOTIFY where
// Content-Type has no "ty"; GET, PUT and DELETE are RETRIEVE, UPDATE and DELETE. Pure and total.
#ifndef SAEF_BINDINGS_HTTP_REQUEST_CODEC_H_
#define SAEF_BINDINGS_HTTP_REQUEST_CODEC_H_

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "bindings/error.h"
#include "bindings/http/refusal.h"
#include "onem2m/primitive.h"

namespace saef::http {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;

// Takes the body out of `message`. Refusals: 4000; 4005 for other methods; 4015 for content in
// another media type than JSON and CBOR; 5207 where the client wouldn't take JSON.
Checked<onem2m::RequestPrimitive> DecodeRequest(HttpRequest&& message);

// With Host and Content-Length. kBadRequest where a parameter can't go on the wire: To that is
// none, no Request Identifier, a CREATE without Resource Type, text that no header field can carry.
bindings::Result<HttpRequest> EncodeRequest(onem2m::RequestPrimitive&& request,
                                            const std::string& host);

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_REQUEST_CODEC_H_
