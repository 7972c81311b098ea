// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/csebase_request.h"

#include <coap3/coap.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <memory>

#include "bindings/coap/library.h"
#include "bindings/coap/pdu.h"
#include "bindings/coap/request_codec.h"
#include "bindings/http/request_codec.h"
#include "bindings/http/serialize.h"
#include "onem2m/primitive.h"

namespace saef::bench {
namespace {

namespace beast_http = boost::beast::http;
using Answer = CseBaseRequest::Answer;

constexpr std::size_t kMaxMessage = 2048;
constexpr std::size_t kTokenLength = 2;

onem2m::RequestPrimitive Retrieve(std::string_view originator, std::uint16_t number) {
  onem2m::RequestPrimitive request;
  request.operation = onem2m::Operation::kRetrieve;
  request.to = kCseBase;
  request.from = std::string(originator);
  request.request_identifier = "r" + std::to_string(number);
  request.release_version = "3";
  return request;
}

void PutNumber(std::string& text, std::uint16_t number) {
  text += static_cast<char>(number >> 8);
  text += static_cast<char>(number & 0xff);
}

// RFC 7252 3: version 1, a type, a code, a message identifier.
std::string Header(coap_pdu_type_t type, std::size_t token, std::uint8_t code,
                   std::uint16_t number) {
  std::string text;
  text += static_cast<char>(0x40 | type << 4 | static_cast<int>(token));
  text += static_cast<char>(code);
  PutNumber(text, number);
  return text;
}

std::string EncodeCoap(std::string_view originator, std::uint16_t number) {
  auto message = coap::EncodeRequest(Retrieve(originator, number), coap::OptionSet::kNew);
  if (!message) return {};
  std::stable_sort(message->options.begin(), message->options.end(),
                   [](const auto& one, const auto& other) { return one.number < other.number; });
  std::string text = Header(COAP_MESSAGE_CON, kTokenLength, message->code, number);
  PutNumber(text, number);
  std::array<std::uint8_t, kMaxMessage> room;
  std::uint16_t last = 0;
  for (const coap::Option& option : message->options) {
    const std::size_t length = coap_opt_encode(
        room.data(), room.size(), static_cast<std::uint16_t>(option.number - last),
        reinterpret_cast<const std::uint8_t*>(option.value.data()), option.value.size());
    if (length == 0) return {};
    text.append(reinterpret_cast<const char*>(room.data()), length);
    last = option.number;
  }
  return text;
}

std::string EncodeHttp(std::string_view originator, std::uint16_t number) {
  const auto message = http::EncodeRequest(Retrieve(originator, number), "cse1.sp.example.com");
  return message ? http::Serialize(*message) : std::string();
}

struct DeletePdu {
  void operator()(coap_pdu_t* pdu) const { coap_delete_pdu(pdu); }
};

}  // namespace

CseBaseRequest::CseBaseRequest(saef_transport transport, std::string_view originator,
                               std::uint16_t number)
    : transport_(transport),
      number_(number),
      text_(transport == SAEF_DTLS ? EncodeCoap(originator, number)
                                   : EncodeHttp(originator, number)) {}

Answer CseBaseRequest::Read(std::string& received, std::string& reply) const {
  return transport_ == SAEF_DTLS ? ReadCoap(received, reply) : ReadHttp(received);
}

Answer CseBaseRequest::ReadCoap(std::string& received, std::string& reply) const {
  if (received.empty()) return Answer::kMore;
  coap::StartLibrary();
  const std::unique_ptr<coap_pdu_t, DeletePdu> pdu(
      coap_pdu_init(COAP_MESSAGE_CON, COAP_EMPTY_CODE, 0, kMaxMessage));
  const bool read =
      pdu != nullptr &&
      coap_pdu_parse(COAP_PROTO_UDP, reinterpret_cast<const std::uint8_t*>(received.data()),
                     received.size(), pdu.get()) != 0;
  received.clear();
  if (!read) return Answer::kBad;
  if (coap_pdu_get_code(pdu.get()) == COAP_EMPTY_CODE) return Answer::kMore;
  const auto id = static_cast<std::uint16_t>(coap_pdu_get_mid(pdu.get()));
  if (coap_pdu_get_type(pdu.get()) == COAP_MESSAGE_CON) {
    reply = Header(COAP_MESSAGE_ACK, 0, COAP_EMPTY_CODE, id);
  }
  std::string token;
  PutNumber(token, number_);
  // An answer to one before, which was sent twice.
  if (coap::TokenOf(pdu.get()) != token) return Answer::kMore;
  return coap_pdu_get_code(pdu.get()) == COAP_RESPONSE_CODE_CONTENT ? Answer::kSuccess
                                                                    : Answer::kRefused;
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
