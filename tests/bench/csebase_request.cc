// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/csebase_request.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <utility>

#include "bindings/http/request_codec.h"
#include "bindings/http/serialize.h"
#include "onem2m/primitive.h"
#include "tests/bench/coap_datagram.h"

namespace saef::bench {
namespace {

namespace beast_http = boost::beast::http;
using Answer = CseBaseRequest::Answer;

onem2m::RequestPrimitive Retrieve(std::string_view originator, std::uint16_t number) {
  onem2m::RequestPrimitive request;
  request.operation = onem2m::Operation::kRetrieve;
  request.to = kCseBase;
  request.from = std::string(originator);
  request.request_identifier = "r" + std::to_string(number);
  request.release_version = "3";
  return request;
}

std::string EncodeHttp(std::string_view originator, std::uint16_t number) {
  const auto message = http::EncodeRequest(Retrieve(originator, number), "cse1.sp.example.com");
  return message ? http::Serialize(*message) : std::string();
}

}  // namespace

CseBaseRequest::CseBaseRequest(saef_transport transport, std::string_view originator,
                               std::uint16_t number)
    : transport_(transport),
      number_(number),
      text_(transport == SAEF_DTLS ? EncodeCoapRequest(Retrieve(originator, number), number)
                                   : EncodeHttp(originator, number)) {}

Answer CseBaseRequest::Read(std::string& received, std::string& reply) const {
  return transport_ == SAEF_DTLS ? ReadCoap(received, reply) : ReadHttp(received);
}

Answer CseBaseRequest::ReadCoap(std::string& received, std::string& reply) const {
  if (received.empty()) return Answer::kMore;
  auto read = ReadCoapReply(received);
  received.clear();
  if (!read) return Answer::kBad;
  if (read->is_empty) return Answer::kMore;
  reply = std::move(read->acknowledgement);
  // An answer to one before, which was sent twice.
  if (read->token != TokenOf(number_)) return Answer::kMore;
  return read->is_success ? Answer::kSuccess : Answer::kRefused;
}

Answer CseBaseRequest::ReadHttp(std::string& received) const {
  beast_http::response_parser<beast_http::string_body> parser;
  boost::system::error_code error;
  parser.eager(true);
  const std::size_t read = parser.put(boost::asio::buffer(received), error);
  if (error == beast_http::error::need_more || (!error && !parser.is_done())) return Answer::kMore;
  if (error) return Answer::kBad;
  received.erase(0, read);
  return parser.get().result() == beast_http::status::ok ? Answer::kSuccess : Answer::kRefused;
}

}  // namespace saef::bench
