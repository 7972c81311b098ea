// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes from a server: Beast's parser under the client's bounds, then the codec. What it takes must
// be the same after another trip over the wire.
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <cstdlib>

#include "bindings/http/response_codec.h"

namespace http = boost::beast::http;
using saef::onem2m::ResponsePrimitive;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  parser.header_limit(16 * 1024);
  parser.body_limit(64 * 1024);
  boost::system::error_code error;
  std::size_t at = 0;
  while (!error && at < size && !parser.is_done()) {
    at += parser.put(boost::asio::buffer(data + at, size - at), error);
  }
  if (!error && parser.got_some()) parser.put_eof(error);
  if (error || !parser.is_done()) return 0;
  const auto first = saef::http::DecodeResponse(parser.release());
  if (!first) return 0;
  const auto second =
      saef::http::DecodeResponse(saef::http::EncodeResponse(ResponsePrimitive(*first)));
  if (!second) std::abort();
  // Where a location is too long once encoded, the codec says 5000; else nothing may change.
  const bool refused = second->status == saef::onem2m::ResponseStatusCode::kInternalServerError;
  if (!refused && (second->status != first->status || second->location != first->location ||
                   second->request_identifier != first->request_identifier ||
                   second->content != first->content)) {
    std::abort();
  }
  return 0;
}
