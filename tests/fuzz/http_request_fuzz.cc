// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes from a client: Beast's parser under the server's bounds, then the codec. What it takes must
// be the same after another trip over the wire.
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <cstdlib>

#include "bindings/http/request_codec.h"

namespace {

namespace http = boost::beast::http;
using saef::onem2m::RequestPrimitive;

void Check(RequestPrimitive first) {
  auto message = saef::http::EncodeRequest(RequestPrimitive(first), "cse.example.com");
  // The targets' bound is on what is encoded, and encoding may lengthen.
  if (!message) return;
  const auto second = saef::http::DecodeRequest(std::move(*message));
  if (!second || second->operation != first.operation || second->to != first.to ||
      second->from != first.from || second->query != first.query ||
      second->response_uris != first.response_uris || second->content != first.content) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  parser.header_limit(16 * 1024);
  parser.body_limit(64 * 1024);
  boost::system::error_code error;
  std::size_t at = 0;
  while (!error && at < size && !parser.is_done()) {
    at += parser.put(boost::asio::buffer(data + at, size - at), error);
  }
  if (error || !parser.is_done()) return 0;
  auto decoded = saef::http::DecodeRequest(parser.release());
  if (decoded) {
    Check(std::move(*decoded));
  } else if (decoded.error().text.empty()) {
    std::abort();
  }
  return 0;
}
