// SPDX-License-Identifier: GPL-3.0-or-later
//
// The codecs without sockets: primitives and messages, good, bad and hostile.
#include <boost/test/unit_test.hpp>

#include "bindings/coap/options.h"
#include "bindings/coap/path.h"
#include "bindings/coap/request_codec.h"
#include "bindings/coap/response_codec.h"
#include "bindings/coap/status_code.h"
#include "bindings/coap/text.h"

namespace saef::coap {
namespace {

using bindings::Error;
using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

RequestPrimitive FullRequest() {
  RequestPrimitive request;
  request.operation = Operation::kCreate;
  request.to = "//sp.example.com/cse1/ae";
  request.from = "/cse1/CAe";
  request.request_identifier = "req-1";
  request.release_version = "2a";
  request.resource_type = 300;
  request.originating_timestamp = "20260101T000000";
  request.request_expiration = "20260101T000001,123456";
  request.result_expiration = "20260101T000002";
  request.operation_execution_time = "20260101T000003";
  request.response_uris = {"http://x/y"};
  request.event_category = "4";
  request.group_request_identifier = "group";
  request.vendor_information = "vendor";
  request.query = {{"rcn", "1"}, {"lbl", "a=b&c"}, {"flag", ""}};
  request.content = "{\"a\":\"\xc3\xa4\"}";
  return request;
}

Message Get(std::vector<Option> options) {
  Message message;
  message.code = kGet;
  message.options = std::move(options);
  return message;
}

const std::vector<Option> kGood = {{kUriPath, "x"}, {279, "CA"}, {283, "r1"}};

std::vector<Option> With(std::vector<Option> more) {
  std::vector<Option> options = kGood;
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

std::string RefusalOf(const Message& message) {
  const auto decoded = DecodeRequest(message);
  const auto* refusal = std::get_if<Refusal>(&decoded);
  return refusal == nullptr ? ""
                            : std::to_string(onem2m::Number(refusal->status)) + " " + refusal->text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(codec)

BOOST_AUTO_TEST_CASE(a_request_with_everything_goes_round_in_both_numberings) {
  for (const OptionSet set : {OptionSet::kNew, OptionSet::kOld}) {
    const RequestPrimitive request = FullRequest();
    const auto message = EncodeRequest(request, set);
    BOOST_REQUIRE(message.has_value());
    const auto decoded = DecodeRequest(*message);
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<DecodedRequest>(decoded), RefusalOf(*message));
    const auto& [again, answer_set] = std::get<DecodedRequest>(decoded);
    BOOST_TEST((answer_set == set));
    BOOST_TEST((again.operation == request.operation));
    BOOST_TEST(again.to == request.to);
    BOOST_TEST((again.from == request.from));
    BOOST_TEST(again.request_identifier == request.request_identifier);
    BOOST_TEST((again.release_version == request.release_version));
    BOOST_TEST((again.resource_type == request.resource_type));
    BOOST_TEST((again.originating_timestamp == request.originating_timestamp));
    BOOST_TEST((again.request_expiration == request.request_expiration));
    BOOST_TEST((again.result_expiration == request.result_expiration));
    BOOST_TEST((again.operation_execution_time == request.operation_execution_time));
    BOOST_TEST((again.response_uris == request.response_uris));
    BOOST_TEST((again.event_category == request.event_category));
    BOOST_TEST((again.group_request_identifier == request.group_request_identifier));
    BOOST_TEST((again.vendor_information == request.vendor_information));
    BOOST_TEST((again.query == request.query));
    BOOST_TEST(again.content == request.content);
  }
}

BOOST_AUTO_TEST_CASE(numbers_as_the_standard_has_them) {
  RequestPrimitive request;
  request.to = "x";
  request.from = "CA";
  request.request_identifier = "r1";
  const auto expect = [&request](OptionSet set, std::vector<Option> options) {
    BOOST_TEST((EncodeRequest(request, set)->options == options));
  };
  expect(OptionSet::kNew, {{11, "x"}, {279, "CA"}, {283, "r1"}});
  expect(OptionSet::kOld, {{11, "x"}, {256, "CA"}, {257, "r1"}});
  expect(OptionSet::kNone, {{11, "x"}});
  ResponsePrimitive response;
  response.status = ResponseStatusCode::kOriginatorNotAuthenticated;
  response.request_identifier = "r1";
  const Message message = EncodeResponse(response, OptionSet::kNew, Operation::kRetrieve);
  BOOST_TEST(message.code == Code(4, 3));
  BOOST_TEST((message.options == std::vector<Option>{{307, "\x10\x0a"}, {283, "r1"}}));
}

BOOST_AUTO_TEST_CASE(paths) {
  const struct {
    const char* to;
    std::vector<std::string> segments;
  } good[] = {{"x", {"x"}},
              {"CSEBase/ae12", {"CSEBase", "ae12"}},
              {"/CSE178/CSEBase", {"~", "CSE178", "CSEBase"}},
              {"//mym2msp.org/CSE178", {"_", "mym2msp.org", "CSE178"}},
              {"/~", {"~", "~"}},
              {"a/~", {"a", "~"}}};
  for (const auto& c : good) {
    BOOST_TEST((ToSegments(c.to) == c.segments), c.to);
    BOOST_TEST(FromSegments(std::vector<std::string_view>(c.segments.begin(), c.segments.end()))
                   .value_or("") == c.to);
  }
  for (const std::string& to :
       {std::string(), std::string("/"), std::string("//"), std::string("///"), std::string("a//b"),
        std::string("a/"), std::string("/a/"), std::string("~/a"), std::string("_/a"),
        std::string("./a"), std::string("a/.."), std::string("a\nb"), std::string("a\0b", 3),
        std::string("\xff"), std::string(256, 'a')}) {
    BOOST_TEST(!ToSegments(to).has_value(), to);
  }
  std::string longest = "a";
  while (longest.size() <= kMaxPath) longest += "/a";
  BOOST_TEST(!ToSegments(longest).has_value());
  const std::vector<std::string> bad[] = {{},
                                          {""},
                                          {"~"},
                                          {"_"},
                                          {"a", ""},
                                          {"a/b"},
                                          {"~", "a/b"},
                                          {"."},
                                          {"a", ".."},
                                          {"\x80"},
                                          {std::string(256, 'a')}};
  for (const auto& segments : bad) {
    BOOST_TEST(
        !FromSegments(std::vector<std::string_view>(segments.begin(), segments.end())).has_value());
  }
}

BOOST_AUTO_TEST_CASE(operations) {
  const auto of = [](std::uint8_t code, std::vector<Option> options) {
    Message message = Get(std::move(options));
    message.code = code;
    const auto decoded = DecodeRequest(message);
    const auto* good = std::get_if<DecodedRequest>(&decoded);
    return good == nullptr ? "refused" : std::string(onem2m::Name(good->request.operation));
  };
  BOOST_TEST(of(1, kGood) == "RETRIEVE");
  BOOST_TEST(of(2, kGood) == "NOTIFY");
  BOOST_TEST(of(2, With({{267, "\x02"}})) == "CREATE");
  BOOST_TEST(of(3, kGood) == "UPDATE");
  BOOST_TEST(of(4, kGood) == "DELETE");
  BOOST_TEST(of(1, With({{267, "\x02"}})) == "refused");
  Message fetch = Get(kGood);
  fetch.code = 5;
  BOOST_TEST(RefusalOf(fetch).substr(0, 4) == "4005");
}

BOOST_AUTO_TEST_CASE(requests_that_are_refused) {
  const struct {
    std::vector<Option> options;
    const char* status;
    const char* text;
  } cases[] = {
      {{{kUriPath, "x"}, {279, "CA"}}, "4000", "RQI"},
      {{{kUriPath, "x"}}, "4000", "RQI"},
      {{{kUriPath, "x"}, {283, ""}}, "4000", "RQI"},
      {With({{283, "r2"}}), "4000", "twice"},
      {With({{257, "r1"}}), "4000", "both"},
      {With({{260, "20260101T000000"}}), "4000", "both"},
      {With({{279, "C\n"}}), "4000", "FR"},
      {With({{271, "abc"}}), "4000", "RVI"},
      {With({{271, ""}}), "4000", "RVI"},
      {With({{303, "\x01\x02"}}), "4000", "EC"},
      {With({{267, "\x01\x02\x03"}}), "4000", "TY"},
      {With({{291, std::string(23, '1')}}), "4000", "RQET"},
      {With({{311, std::string(256, 'g')}}), "4000", "GID"},
      {With({{307, "\x07\xd0"}}), "4000", "RSC"},
      {{{279, "CA"}, {283, "r1"}}, "4000", "Uri-Path"},
      {With({{kUriPath, ""}}), "4000", "Uri-Path"},
      {With({{kUriPath, ".."}}), "4000", "Uri-Path"},
      {With({{kUriQuery, "=1"}}), "4000", "Uri-Query"},
      {With({{kUriQuery, ""}}), "4000", "Uri-Query"},
      {With({{kUriQuery, "\xff"}}), "4000", "Uri-Query"},
      {With(std::vector<Option>(65, {kUriQuery, "a"})), "4000", "Uri-Query"},
      {With({{kContentFormat, "\x01\x02\x03"}}), "4000", "Content-Format"},
      {With({{kContentFormat, "2"}, {kContentFormat, "2"}}), "4000", "Content-Format"},
      {With({{kContentFormat, ""}}), "4015", "Content-Format"},
      {With({{kContentFormat, "\x29"}}), "4015", "Content-Format"},
      {With({{kAccept, "\x3c"}}), "5207", "JSON"},
      {With({{kAccept, "2"}, {kAccept, "2"}}), "4000", "Accept"},
      // Another error takes precedence over an Accept.
      {With({{kAccept, "\x3c"}, {kUriPath, ".."}}), "4000", "Uri-Path"},
  };
  for (const auto& c : cases) {
    const std::string refusal = RefusalOf(Get(c.options));
    BOOST_TEST(refusal.substr(0, 4) == c.status, refusal);
    BOOST_TEST(refusal.find(c.text) != std::string::npos, refusal << " lacks " << c.text);
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_carries_what_an_answer_needs) {
  const auto decoded = DecodeRequest(Get({{kUriPath, ".."}, {256, "CA"}, {257, "r9"}, {271, "3"}}));
  const auto& refusal = std::get<Refusal>(decoded);
  BOOST_TEST((refusal.set == OptionSet::kOld));
  BOOST_TEST(refusal.request.request_identifier == "r9");
  BOOST_TEST(refusal.request.release_version.value_or("") == "3");
}

BOOST_AUTO_TEST_CASE(from_may_be_absent_or_empty_and_formats) {
  const auto of = [](std::vector<Option> options) {
    return std::get<DecodedRequest>(DecodeRequest(Get(std::move(options)))).request;
  };
  BOOST_TEST(!of({{kUriPath, "x"}, {283, "r"}}).from.has_value());
  BOOST_TEST(of({{kUriPath, "x"}, {279, ""}, {283, "r"}}).from.value_or("none") == "");
  BOOST_TEST((of(With({{kContentFormat, "\x3c"}})).content_format == onem2m::ContentFormat::kCbor));
  BOOST_TEST((of(With({{kContentFormat, "\x27\x11"}})).content_format ==
              onem2m::ContentFormat::kResponseJson));
  BOOST_TEST((of(With({{kAccept, "\x27\x11"}})).to == "x"));
}

BOOST_AUTO_TEST_CASE(requests_without_a_form_on_the_wire) {
  const auto refused = [](auto change) {
    RequestPrimitive request = FullRequest();
    change(request);
    return EncodeRequest(request, OptionSet::kNew).has_error();
  };
  BOOST_TEST(!refused([](auto&) {}));
  BOOST_TEST(refused([](auto& r) { r.to.clear(); }));
  BOOST_TEST(refused([](auto& r) { r.request_identifier.clear(); }));
  BOOST_TEST(refused([](auto& r) { r.request_identifier = std::string(256, 'r'); }));
  BOOST_TEST(refused([](auto& r) { r.from = std::string(256, 'f'); }));
  BOOST_TEST(refused([](auto& r) { r.resource_type.reset(); }));
  BOOST_TEST(refused([](auto& r) { r.operation = Operation::kNotify; }));
  BOOST_TEST(refused([](auto& r) { r.resource_type = -1; }));
  BOOST_TEST(refused([](auto& r) { r.resource_type = 65536; }));
  BOOST_TEST(refused([](auto& r) { r.event_category = "256"; }));
  BOOST_TEST(refused([](auto& r) { r.event_category = "x"; }));
  BOOST_TEST(refused([](auto& r) { r.response_uris = {"a", "b"}; }));
  BOOST_TEST(refused([](auto& r) { r.release_version = "3.0"; }));
  BOOST_TEST(refused([](auto& r) { r.query = {{"a=b", "c"}}; }));
  BOOST_TEST(refused([](auto& r) { r.query = {{"", "c"}}; }));
  BOOST_TEST(refused([](auto& r) { r.query = {{"a", std::string(255, 'c')}}; }));
}

BOOST_AUTO_TEST_CASE(a_response_goes_round) {
  RequestPrimitive request = FullRequest();
  ResponsePrimitive response = RespondTo(request, ResponseStatusCode::kCreated);
  response.originating_timestamp = "20260101T000000";
  response.result_expiration = "20260101T000001";
  response.event_category = "2";
  response.vendor_information = "v";
  response.location = "/cse1/C1";
  response.content = "{}";
  for (const OptionSet set : {OptionSet::kNew, OptionSet::kOld}) {
    const auto again = DecodeResponse(EncodeResponse(response, set, Operation::kCreate), request);
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST((again->status == response.status));
    BOOST_TEST(again->request_identifier == "req-1");
    BOOST_TEST((again->release_version == response.release_version));
    BOOST_TEST((again->originating_timestamp == response.originating_timestamp));
    BOOST_TEST((again->result_expiration == response.result_expiration));
    BOOST_TEST((again->event_category == response.event_category));
    BOOST_TEST((again->vendor_information == response.vendor_information));
    BOOST_TEST((again->location == response.location));
    BOOST_TEST(again->content == "{}");
  }
}

BOOST_AUTO_TEST_CASE(each_status_code_has_its_code_and_comes_back) {
  const struct {
    int status;
    int code_class;
    int detail;
  } cases[] = {{1000, 2, 4}, {2000, 2, 5}, {2001, 2, 1}, {2002, 2, 2},  {2004, 2, 4}, {4000, 4, 0},
               {4004, 4, 4}, {4005, 4, 5}, {4008, 5, 4}, {4015, 4, 15}, {4102, 4, 0}, {4103, 4, 3},
               {4105, 4, 3}, {4106, 4, 3}, {4107, 4, 3}, {4117, 4, 3},  {4126, 4, 3}, {5000, 5, 0},
               {5001, 5, 1}, {5103, 4, 4}, {5105, 4, 3}, {5106, 4, 0},  {5207, 4, 6}};
  RequestPrimitive request = FullRequest();
  request.operation = Operation::kRetrieve;
  for (const auto& c : cases) {
    const auto status = *onem2m::ToResponseStatusCode(c.status);
    const ResponsePrimitive response = RespondTo(request, status);
    const Message message = EncodeResponse(response, OptionSet::kNew, Operation::kRetrieve);
    BOOST_TEST(message.code == Code(c.code_class, c.detail), c.status);
    const auto again = DecodeResponse(message, request);
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST((again->status == status), c.status);
  }
}

BOOST_AUTO_TEST_CASE(an_ok_to_a_notification_is_2_04_and_empty) {
  ResponsePrimitive response;
  response.status = ResponseStatusCode::kOk;
  response.content = "{}";
  const Message message = EncodeResponse(response, OptionSet::kNew, Operation::kNotify);
  BOOST_TEST(message.code == Code(2, 4));
  BOOST_TEST(message.payload.empty());
}

BOOST_AUTO_TEST_CASE(a_plain_servers_answer_is_taken_by_its_code) {
  RequestPrimitive request = FullRequest();
  request.operation = Operation::kRetrieve;
  const auto of = [&request](int code_class, int detail) {
    const auto response = DecodeResponse({Code(code_class, detail), {}, "{}"}, request);
    return response ? onem2m::Number(response->status) : -1;
  };
  BOOST_TEST(of(2, 5) == 2000);
  BOOST_TEST(of(4, 4) == 4004);
  BOOST_TEST(of(4, 1) == 4000);
  BOOST_TEST(of(4, 3) == 4103);
  BOOST_TEST(of(5, 3) == 5000);
  BOOST_TEST(of(0, 0) == -1);
  BOOST_TEST(of(1, 0) == -1);
  BOOST_TEST(of(3, 0) == -1);
  BOOST_TEST(of(7, 1) == -1);
}

BOOST_AUTO_TEST_CASE(responses_that_are_refused) {
  RequestPrimitive request = FullRequest();
  const auto refused = [&request](std::uint8_t code, std::vector<Option> options,
                                  std::string payload = {}) {
    const auto response = DecodeResponse({code, std::move(options), std::move(payload)}, request);
    return response.has_error() && response.error() == Error::kBadResponse;
  };
  BOOST_TEST(!refused(Code(2, 1), {{307, "\x07\xd1"}, {283, "req-1"}}));
  BOOST_TEST(refused(Code(2, 1), {{307, "\x07\xd1"}, {283, "req-2"}}));
  BOOST_TEST(refused(Code(2, 5), {{307, "\x10\x0a"}}));  // 4106 under 2.05
  BOOST_TEST(refused(Code(4, 3), {{307, "\x07\xd0"}}));  // 2000 under 4.03
  BOOST_TEST(refused(Code(2, 5), {{307, ""}}));
  BOOST_TEST(refused(Code(2, 5), {{307, "\xff\xff"}}));
  BOOST_TEST(refused(Code(2, 5), {{307, "\x07\xd0"}, {307, "\x07\xd0"}}));
  BOOST_TEST(refused(Code(2, 5), {{307, "\x07\xd0"}, {265, "\x07\xd0"}}));
  BOOST_TEST(refused(Code(2, 1), {{kLocationPath, ".."}}));
  BOOST_TEST(refused(Code(2, 5), {{kContentFormat, "1"}, {kContentFormat, "2"}}));
  BOOST_TEST(refused(Code(2, 5), {{kContentFormat, "2"}}, "\xc0\x80"));
  // A status code of the standard's that we have no name for.
  const auto response = DecodeResponse({Code(4, 3), {{307, "\x10\x05"}}, {}}, request);
  BOOST_REQUIRE(response.has_value());
  BOOST_TEST((response->status == ResponseStatusCode::kOriginatorHasNoPrivilege));
}

BOOST_AUTO_TEST_CASE(a_response_that_cannot_be_said_is_5_00) {
  ResponsePrimitive response;
  response.status = ResponseStatusCode::kOk;
  response.request_identifier = std::string(256, 'r');
  const Message message = EncodeResponse(response, OptionSet::kNew, Operation::kRetrieve);
  BOOST_TEST(message.code == Code(5, 0));
  // What may be left out is left out.
  response.request_identifier = "r";
  response.location = "a//b";
  response.vendor_information = "\xff";
  response.event_category = "999x";
  BOOST_TEST(EncodeResponse(response, OptionSet::kNew, Operation::kRetrieve).options.size() == 2u);
}

BOOST_AUTO_TEST_CASE(utf8_and_numbers) {
  for (const char* good : {"", "a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x94\x91", "\xed\x9f\xbf",
                           "\xf4\x8f\xbf\xbf"}) {
    BOOST_TEST(IsUtf8(good), good);
  }
  for (const char* bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xe2\x82",
        "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xc3"}) {
    BOOST_TEST(!IsUtf8(bad));
  }
  BOOST_TEST(IsUtf8("a\nb"));
  BOOST_TEST(!IsText("a\nb"));
  BOOST_TEST(!IsText("\x7f"));
  BOOST_TEST(WriteUint(0) == "");
  BOOST_TEST(WriteUint(50) == "2");
  BOOST_TEST(WriteUint(10001) == "\x27\x11");
  BOOST_TEST(WriteUint(0x01000000) == std::string("\x01\0\0\0", 4));
  BOOST_TEST(ReadUint(std::string("\0\x32", 2)).value_or(0) == 50u);
  BOOST_TEST(!ReadUint("12345").has_value());
  BOOST_TEST(!ReadUint("123", 2).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap
