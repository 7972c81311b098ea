// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/response_codec.h"

#include <boost/test/unit_test.hpp>

#include "bindings/http/status_code.h"

namespace saef::http {
namespace {

using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

HttpResponse Message(unsigned status, const std::string& rsc = "", const std::string& body = "") {
  HttpResponse message;
  message.version(11);
  message.result(status);
  if (!rsc.empty()) message.set("X-M2M-RSC", rsc);
  if (!body.empty()) message.set("Content-Type", "application/json");
  message.body() = body;
  return message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_response_codec)

BOOST_AUTO_TEST_CASE(every_parameter_makes_the_round_trip) {
  ResponsePrimitive sent;
  sent.status = ResponseStatusCode::kCreated;
  sent.request_identifier = "r-1";
  sent.release_version = "3";
  sent.originating_timestamp = "20260101T000000";
  sent.result_expiration = "20260101T000001";
  sent.event_category = "2";
  sent.vendor_information = "v";
  sent.location = "/cse1/base/Cae1";
  sent.content_format = onem2m::ContentFormat::kResponseJson;
  sent.content = "{}";
  HttpResponse message = EncodeResponse(ResponsePrimitive(sent));
  BOOST_TEST(message.result_int() == 201u);
  BOOST_TEST(message["X-M2M-RSC"] == "2001");
  BOOST_TEST(message["Content-Location"] == "/~/cse1/base/Cae1");
  const auto got = DecodeResponse(std::move(message));
  BOOST_TEST_REQUIRE(got.has_value());
  BOOST_TEST((got->status == sent.status));
  BOOST_TEST(got->request_identifier == sent.request_identifier);
  BOOST_TEST((got->release_version == sent.release_version));
  BOOST_TEST((got->originating_timestamp == sent.originating_timestamp));
  BOOST_TEST((got->result_expiration == sent.result_expiration));
  BOOST_TEST((got->event_category == sent.event_category));
  BOOST_TEST((got->vendor_information == sent.vendor_information));
  BOOST_TEST((got->location == sent.location));
  BOOST_TEST((got->content_format == sent.content_format));
  BOOST_TEST(got->content == sent.content);
}

// TS-0009 table 6.3.2-1.
BOOST_AUTO_TEST_CASE(status_codes) {
  const std::pair<int, unsigned> rows[] = {
      {1000, 202}, {2000, 200}, {2001, 201}, {2002, 200}, {2004, 200}, {4000, 400},
      {4004, 404}, {4005, 405}, {4008, 504}, {4015, 415}, {4102, 400}, {4103, 403},
      {4105, 409}, {4106, 403}, {4107, 403}, {4117, 403}, {4126, 403}, {5000, 500},
      {5001, 501}, {5103, 404}, {5105, 403}, {5106, 403}, {5207, 406}};
  for (const auto& [number, http] : rows) {
    BOOST_TEST_CONTEXT(number) {
      BOOST_TEST(ToHttpStatus(*onem2m::ToResponseStatusCode(number)) == http);
      const auto got = DecodeResponse(Message(http, std::to_string(number)));
      BOOST_TEST_REQUIRE(got.has_value());
      BOOST_TEST(Number(got->status) == number);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_plain_server_answers_with_http_alone) {
  BOOST_TEST((DecodeResponse(Message(200, "", "{}"))->status == ResponseStatusCode::kOk));
  BOOST_TEST((DecodeResponse(Message(404))->status == ResponseStatusCode::kNotFound));
  BOOST_TEST(
      (DecodeResponse(Message(403))->status == ResponseStatusCode::kOriginatorHasNoPrivilege));
  BOOST_TEST((DecodeResponse(Message(418))->status == ResponseStatusCode::kBadRequest));
  BOOST_TEST((DecodeResponse(Message(503))->status == ResponseStatusCode::kInternalServerError));
}

BOOST_AUTO_TEST_CASE(unknown_codes_are_their_familys) {
  BOOST_TEST((DecodeResponse(Message(403, "4101"))->status == ResponseStatusCode::kBadRequest));
  BOOST_TEST(
      (DecodeResponse(Message(500, "5204"))->status == ResponseStatusCode::kInternalServerError));
}

BOOST_AUTO_TEST_CASE(bad_answers) {
  HttpResponse twice = Message(200, "2000");
  twice.insert("X-M2M-RSC", "2000");
  BOOST_TEST(!DecodeResponse(std::move(twice)).has_value());
  for (const char* rsc :
       {"4004", "200", "20000", "2000x", "-200", "0x7d", "3000", "2999", "9999"}) {
    BOOST_TEST_CONTEXT(rsc) { BOOST_TEST(!DecodeResponse(Message(200, rsc)).has_value()); }
  }
  BOOST_TEST(!DecodeResponse(Message(404, "2000")).has_value());
  BOOST_TEST(!DecodeResponse(Message(302)).has_value());
  BOOST_TEST(!DecodeResponse(Message(101)).has_value());
  HttpResponse location = Message(201, "2001");
  location.set("Content-Location", "//evil");
  BOOST_TEST(!DecodeResponse(std::move(location)).has_value());
  HttpResponse type = Message(200, "2000", "{}");
  type.set("Content-Type", "json");
  BOOST_TEST(!DecodeResponse(std::move(type)).has_value());
}

BOOST_AUTO_TEST_CASE(what_the_wire_cannot_carry_is_5000) {
  ResponsePrimitive response;
  response.status = ResponseStatusCode::kOk;
  response.request_identifier = "r-1";
  response.vendor_information = "a\r\nSet-Cookie: b";
  response.content = "{}";
  const HttpResponse message = EncodeResponse(std::move(response));
  BOOST_TEST(message.result_int() == 500u);
  BOOST_TEST(message["X-M2M-RI"] == "r-1");
  BOOST_TEST(message.count("Set-Cookie") == 0u);
  BOOST_TEST(message.body().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::http
