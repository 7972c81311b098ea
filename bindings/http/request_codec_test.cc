// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/request_codec.h"

#include <boost/test/unit_test.hpp>

#include "bindings/http/media_type.h"
#include "bindings/http/target.h"

namespace saef::http {
namespace {

namespace beast_http = boost::beast::http;
using onem2m::ContentFormat;
using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponseStatusCode;

HttpRequest Message(beast_http::verb method, const std::string& target,
                    const std::string& content_type = "", const std::string& body = "") {
  HttpRequest message{method, target, 11};
  message.set("X-M2M-RI", "r1");
  if (!content_type.empty()) message.set("Content-Type", content_type);
  message.body() = body;
  return message;
}

ResponseStatusCode StatusOf(HttpRequest message) {
  const Checked<RequestPrimitive> decoded = DecodeRequest(std::move(message));
  return decoded ? ResponseStatusCode::kOk : decoded.error().status;
}

RequestPrimitive FullRequest(Operation operation) {
  RequestPrimitive request;
  request.operation = operation;
  request.to = "//sp.example.com/cse1/base/x";
  request.from = "/cse1/Cae1";
  request.request_identifier = "r-1";
  request.release_version = "3";
  if (operation == Operation::kCreate) request.resource_type = 2;
  request.originating_timestamp = "20260101T000000";
  request.request_expiration = "20260101T000001";
  request.result_expiration = "20260101T000002";
  request.operation_execution_time = "20260101T000003";
  request.response_uris = {"http://a.example.com/x", "coap://b.example.com/y"};
  request.event_category = "4";
  request.group_request_identifier = "g-1";
  request.vendor_information = "v w";
  request.query = {{"rcn", "4"}, {"lbl", "a b&c=d+e/\xED\x95\x9C"}, {"empty", ""}};
  request.content = R"({"m2m:ae":{}})";
  return request;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_request_codec)

BOOST_AUTO_TEST_CASE(every_parameter_makes_the_round_trip) {
  for (const Operation operation : {Operation::kCreate, Operation::kRetrieve, Operation::kUpdate,
                                    Operation::kDelete, Operation::kNotify}) {
    const RequestPrimitive sent = FullRequest(operation);
    auto message = EncodeRequest(FullRequest(operation), "cse.example.com:443");
    BOOST_TEST_REQUIRE(message.has_value());
    const auto got = DecodeRequest(std::move(*message));
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST((got->operation == sent.operation));
    BOOST_TEST(got->to == sent.to);
    BOOST_TEST((got->from == sent.from));
    BOOST_TEST(got->request_identifier == sent.request_identifier);
    BOOST_TEST((got->release_version == sent.release_version));
    BOOST_TEST((got->resource_type == sent.resource_type));
    BOOST_TEST((got->originating_timestamp == sent.originating_timestamp));
    BOOST_TEST((got->request_expiration == sent.request_expiration));
    BOOST_TEST((got->result_expiration == sent.result_expiration));
    BOOST_TEST((got->operation_execution_time == sent.operation_execution_time));
    BOOST_TEST((got->response_uris == sent.response_uris));
    BOOST_TEST((got->event_category == sent.event_category));
    BOOST_TEST((got->group_request_identifier == sent.group_request_identifier));
    BOOST_TEST((got->vendor_information == sent.vendor_information));
    BOOST_TEST((got->query == sent.query));
    BOOST_TEST((got->content_format == sent.content_format));
    BOOST_TEST(got->content == sent.content);
  }
}

BOOST_AUTO_TEST_CASE(methods_and_resource_type_make_the_operation) {
  const auto operation = [](HttpRequest message) {
    return DecodeRequest(std::move(message))->operation;
  };
  using beast_http::verb;
  BOOST_TEST((operation(Message(verb::post, "/x", "application/json;ty=2")) == Operation::kCreate));
  BOOST_TEST((operation(Message(verb::post, "/x", "application/json")) == Operation::kNotify));
  BOOST_TEST((operation(Message(verb::get, "/x")) == Operation::kRetrieve));
  BOOST_TEST((operation(Message(verb::put, "/x", "application/json", "{}")) == Operation::kUpdate));
  BOOST_TEST((operation(Message(verb::delete_, "/x")) == Operation::kDelete));
  BOOST_TEST((StatusOf(Message(verb::patch, "/x")) == ResponseStatusCode::kOperationNotAllowed));
  BOOST_TEST((StatusOf(Message(verb::head, "/x")) == ResponseStatusCode::kOperationNotAllowed));
}

BOOST_AUTO_TEST_CASE(targets) {
  const std::pair<const char*, const char*> good[] = {
      {"/x", "x"},
      {"/x/y", "x/y"},
      {"/~/cse1/x", "/cse1/x"},
      {"/~/cse1", "/cse1"},
      {"/%7E/cse1", "/cse1"},
      {"/_/sp.example.com/cse1/x", "//sp.example.com/cse1/x"},
      {"/_/sp.example.com/Sx", "//sp.example.com/Sx"},
      {"/a%40b", "a@b"},
      {"/base/-/la", "base/-/la"},
      {"http://cse.example.com/~/cse1/x?a=b", "/cse1/x"},
  };
  for (const auto& [text, to] : good) {
    const Checked<Target> target = ParseTarget(text);
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST_REQUIRE(target.has_value());
      BOOST_TEST(target->to == to);
    }
  }
  for (const char* text : {"",
                           "/",
                           "//",
                           "//sp.example.com/cse1",
                           "/x//y",
                           "/x/",
                           "/~",
                           "/~/",
                           "/~//x",
                           "/_",
                           "/_/sp",
                           "/_//x/y",
                           "x",
                           "*",
                           "/a%2Fb",
                           "/a%00b",
                           "/a%20b",
                           "/a%0D%0Ab",
                           "/a%",
                           "/a%zz",
                           "/%C3%A4",
                           "ftp://a/x",
                           "http://",
                           "http:/x",
                           "http:<",
                           "http://a<b/x",
                           "http://u@a/x",
                           "http://a?b=/x",
                           "http:///x",
                           "mailto:x",
                           "/x?=1",
                           "/x?a=%00",
                           "/x?a=%FF",
                           "/x y",
                           "cse.example.com:443"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!ParseTarget(text).has_value()); }
  }
  BOOST_TEST(!ParseTarget("/" + std::string(kMaxTarget, 'a')).has_value());
  std::string many = "/x?a=1";
  for (std::size_t i = 0; i < kMaxQueryParameters; ++i) many += "&a=1";
  BOOST_TEST(!ParseTarget(many).has_value());
}

BOOST_AUTO_TEST_CASE(queries_are_decoded_in_order) {
  const Checked<Target> target = ParseTarget("/x?b=1+2&a=%26%3D&c");
  BOOST_TEST_REQUIRE(target.has_value());
  const std::vector<std::pair<std::string, std::string>> expected{
      {"b", "1 2"}, {"a", "&="}, {"c", ""}};
  BOOST_TEST((target->query == expected));
}

BOOST_AUTO_TEST_CASE(a_to_that_would_read_as_another_is_not_written) {
  for (const char* to : {"", "~/x", "_/a/b", "x//y", "/", "//", "//sp", "/x/", "x y", "x\r\ny",
                         "x\xC3\xA4", "///x"}) {
    BOOST_TEST_CONTEXT(to) { BOOST_TEST(!WriteTarget({to, {}}).has_value()); }
  }
  BOOST_TEST(!WriteTarget({"x", {{"", "v"}}}).has_value());
  BOOST_TEST(!WriteTarget({"x", {{"a", "v\n"}}}).has_value());
}

BOOST_AUTO_TEST_CASE(content_types) {
  struct Row {
    const char* text;
    ContentFormat format;
    int resource_type;
  };
  for (const Row& row :
       {Row{"application/json", ContentFormat::kJson, 0},
        Row{"APPLICATION/JSON; TY=2", ContentFormat::kJson, 2},
        Row{"application/json;charset=utf-8;ty=4", ContentFormat::kJson, 4},
        Row{"application/json;ty=\"4\"", ContentFormat::kJson, 4},
        Row{"application/vnd.onem2m-res+json; ty=16", ContentFormat::kResponseJson, 16},
        Row{"application/vnd.onem2m-ntfy+json", ContentFormat::kJson, 0},
        Row{"application/cbor ;ty=3", ContentFormat::kCbor, 3},
        Row{"text/plain", ContentFormat::kOther, 0}}) {
    BOOST_TEST_CONTEXT(row.text) {
      const Checked<MediaType> type = ParseMediaType(row.text);
      BOOST_TEST_REQUIRE(type.has_value());
      BOOST_TEST((type->format == row.format));
      BOOST_TEST(type->resource_type.value_or(0) == row.resource_type);
    }
  }
  for (const char* text :
       {"", "json", "/json", "application/", "a/b/c", "application/json;ty=", "application/json;ty",
        "application/json;ty=0", "application/json;ty=-2", "application/json;ty=+2",
        "application/json;ty=02", "application/json;ty=2x", "application/json;ty=100000",
        "application/json;ty=2;ty=2", "application/json;ty=2;TY=3", "application/json;=2",
        "application/json;ty=2;x=\"", "application/json, text/plain", "application/json;ty=2,3"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!ParseMediaType(text).has_value()); }
  }
}

BOOST_AUTO_TEST_CASE(bad_requests_say_which) {
  using beast_http::verb;
  HttpRequest message = Message(verb::get, "/x");
  message.erase("X-M2M-RI");
  BOOST_TEST((StatusOf(message) == ResponseStatusCode::kBadRequest));
  for (const char* name : {"X-M2M-RI", "X-M2M-Origin", "X-M2M-RVI", "X-M2M-OT", "X-M2M-RTU",
                           "X-M2M-VSI", "Content-Type", "Accept"}) {
    message = Message(verb::get, "/x");
    message.insert(name, "application/json");
    message.insert(name, "application/json");
    BOOST_TEST_CONTEXT(name) { BOOST_TEST((StatusOf(message) == ResponseStatusCode::kBadRequest)); }
  }
  for (const std::string& value : {std::string("\xC3\xA4"), std::string(513, 'a'), std::string(),
                                   std::string("a\tb"), std::string("a\x01")}) {
    message = Message(verb::get, "/x");
    message.insert("X-M2M-Origin", value);
    BOOST_TEST((StatusOf(message) == ResponseStatusCode::kBadRequest));
  }
  message = Message(verb::get, "/x");
  message.insert("X-M2M-RTU", "http://a&");
  BOOST_TEST((StatusOf(message) == ResponseStatusCode::kBadRequest));
  BOOST_TEST((StatusOf(Message(verb::put, "/x", "", "{}")) == ResponseStatusCode::kBadRequest));
  BOOST_TEST((StatusOf(Message(verb::put, "/x", "text/xml", "<x/>")) ==
              ResponseStatusCode::kUnsupportedMediaType));
  message = Message(verb::get, "/x");
  message.set("Accept", "application/xml, text/html;q=0.9");
  BOOST_TEST((StatusOf(message) == ResponseStatusCode::kNotAcceptable));
  message.set("Accept", "application/xml, */*;q=0.1");
  BOOST_TEST((StatusOf(message) == ResponseStatusCode::kOk));
}

BOOST_AUTO_TEST_CASE(requests_that_the_wire_cannot_carry) {
  const auto encodes = [](auto change) {
    RequestPrimitive request = FullRequest(Operation::kCreate);
    change(request);
    return EncodeRequest(std::move(request), "h").has_value();
  };
  BOOST_TEST(encodes([](RequestPrimitive&) {}));
  BOOST_TEST(!encodes([](RequestPrimitive& r) { r.request_identifier.clear(); }));
  BOOST_TEST(!encodes([](RequestPrimitive& r) { r.to.clear(); }));
  BOOST_TEST(!encodes([](RequestPrimitive& r) { r.resource_type.reset(); }));
  BOOST_TEST(!encodes([](RequestPrimitive& r) { r.operation = Operation::kUpdate; }));
  BOOST_TEST(!encodes([](RequestPrimitive& r) { r.from = "x\r\nX-M2M-RVI: 3"; }));
  BOOST_TEST(!encodes([](RequestPrimitive& r) { r.response_uris = {"a&b"}; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::http
