// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/json.h"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

std::string Nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string NestedObjects(std::size_t depth) {
  std::string text = "1";
  for (std::size_t i = 0; i < depth; ++i) text = "{\"a\":" + text + "}";
  return text;
}

// Both readers, which must agree on everything.
std::string Read(std::string_view text, std::size_t max_length = kMaxJsonLength) {
  const std::string error = ErrorOf(ParseJson(text, max_length));
  BOOST_TEST_INFO(Visible(text));
  BOOST_TEST(ErrorOf(SensitiveJson::Parse(text, max_length)) == error);
  return error;
}

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(accepts) {
  const std::string texts[] = {"{}",
                               "[]",
                               "null",
                               "true",
                               "0",
                               "-0.5e3",
                               "\"\"",
                               " \t\r\n{} \n",
                               R"({"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]})",
                               R"("\u00e4\ud83d\ude00\u0000")",
                               "\"\xF0\x9F\x98\x80\xED\x9F\xBF\xEE\x80\x80\"",
                               Nested(32),
                               NestedObjects(32),
                               std::string(kMaxJsonLength - 1, ' ') + "1"};
  for (const std::string& text : texts) {
    BOOST_TEST_INFO(Visible(text));
    BOOST_TEST(Read(text) == "");
  }
}

BOOST_AUTO_TEST_CASE(refuses) {
  const std::string texts[] = {"",
                               " ",
                               "{",
                               "}",
                               "{}{}",
                               "{} x",
                               "[1,]",
                               "{\"a\":1,}",
                               "{a:1}",
                               "{'a':1}",
                               "// c\n{}",
                               "NaN",
                               "Infinity",
                               "01",
                               "1e400",
                               "18446744073701e308",
                               "[0,{\"a\":-18446744073701e308}]",
                               "+1",
                               "\xEF\xBB\xBF{}",
                               "\"\n\"",
                               "\"\xFF\"",
                               "\"\xC0\x80\"",
                               "\"\xED\xA0\x80\"",
                               "\"\xF4\x90\x80\x80\"",
                               "\"\xC3\"",
                               "\"\xC3",
                               "\"\xF4",
                               "\"\xF4\"",
                               "{\"\xF1\x80",
                               R"("\ud800")",
                               R"("\udc00")",
                               R"({"\udfff":1})",
                               R"(["x\udc00\ud800"])",
                               R"("\ud800\u0041")",
                               R"("\x41")",
                               R"({"a":1,"a":1})",
                               R"({"a":1,"b":2,"\u0061":3})",
                               R"({"x":[0,{"a":{"b":1,"b":1}}]})",
                               R"({"":1,"":1})",
                               std::string("{}\0", 3),
                               std::string("{}\0junk", 7),
                               std::string("\0{}", 3),
                               std::string("\"\0\"", 3),
                               std::string("\0", 1),
                               Nested(33),
                               NestedObjects(33),
                               Nested(100000),
                               std::string(200000, '['),
                               std::string(200000, '{')};
  for (const std::string& text : texts) {
    BOOST_TEST_INFO(Visible(text));
    BOOST_TEST(Read(text) == Text(Error::kBadJson));
  }
}

BOOST_AUTO_TEST_CASE(bounds_the_length) {
  BOOST_TEST(Read("{}", 2) == "");
  BOOST_TEST(Read("{} ", 2) == Text(Error::kTooLong));
  BOOST_TEST(Read(std::string(kMaxJsonLength, ' ') + "1") == Text(Error::kTooLong));
}

BOOST_AUTO_TEST_CASE(says_where) {
  JsonFault fault;
  BOOST_TEST(!ParseJson("{\n  \"a\": 1,\n  \"b\" 2\n}", kMaxJsonLength, &fault).has_value());
  BOOST_TEST(fault.line == 3U);
  BOOST_TEST(fault.column == 7U);
  BOOST_TEST(fault.text.find("colon") != std::string::npos);
  BOOST_TEST(!ParseJson(Nested(40), kMaxJsonLength, &fault).has_value());
  BOOST_TEST(fault.line == 1U);
  BOOST_TEST(fault.text == "Nested more deeply than 32 levels.");
  BOOST_TEST(!ParseJson(std::string("[1,\n\0]", 6), kMaxJsonLength, &fault).has_value());
  BOOST_TEST(fault.line == 2U);
  BOOST_TEST(fault.column == 1U);
  BOOST_TEST(!ParseJson(R"({"a":1,"a":2})", kMaxJsonLength, &fault).has_value());
  BOOST_TEST(fault.line == 0U);
  BOOST_TEST(fault.text.find("same name") != std::string::npos);
  BOOST_TEST(!ParseJson("{}", 1, &fault).has_value());
  BOOST_TEST(fault.text == "Longer than 1 octets.");
}

BOOST_AUTO_TEST_CASE(many_members_are_no_trouble) {
  std::string text = "{\"m\":0";
  for (int i = 0; i < 50000; ++i) text += ",\"m" + std::to_string(i) + "\":0";
  BOOST_TEST(Read(text + "}") == "");
  BOOST_TEST(Read(text + ",\"m0\":0}") == Text(Error::kBadJson));
}

BOOST_AUTO_TEST_CASE(typed_access) {
  const auto document = ParseJson(
      R"({"s":"x\u0000y","i":-5,"u":9223372036854775807,"big":9223372036854775808,
          "f":1.0,"e":1e2,"t":true,"n":null,"a":[],"o":{}})");
  BOOST_TEST_REQUIRE(ErrorOf(document) == "");
  const auto& json = *document;
  BOOST_TEST(*GetString(json, "s") == std::string("x\0y", 3));
  BOOST_TEST(*GetInteger(json, "i") == -5);
  BOOST_TEST(*GetInteger(json, "u") == INT64_MAX);
  BOOST_TEST(*GetBool(json, "t"));
  BOOST_TEST(ErrorOf(GetInteger(json, "big")) == Text(Error::kOutOfRange));
  for (const char* member : {"f", "e", "s", "t", "n", "a", "o"}) {
    BOOST_TEST_INFO(member);
    BOOST_TEST(ErrorOf(GetInteger(json, member)) == Text(Error::kWrongType));
  }
  for (const char* member : {"i", "t", "n", "a", "o"}) {
    BOOST_TEST_INFO(member);
    BOOST_TEST(ErrorOf(GetString(json, member)) == Text(Error::kWrongType));
  }
  for (const char* member : {"i", "s", "n", "a", "o"}) {
    BOOST_TEST_INFO(member);
    BOOST_TEST(ErrorOf(GetBool(json, member)) == Text(Error::kWrongType));
  }
  BOOST_TEST(ErrorOf(GetString(json, "x")) == Text(Error::kMissingMember));
  BOOST_TEST(ErrorOf(GetInteger(json, "")) == Text(Error::kMissingMember));
  BOOST_TEST(ErrorOf(GetBool(json, std::string_view())) == Text(Error::kMissingMember));
  BOOST_TEST(FindMember(json, "o")->IsObject());
  BOOST_TEST(FindMember(json, "x") == nullptr);
}

BOOST_AUTO_TEST_CASE(optional_access) {
  const auto document = ParseJson(R"({"s":"x","i":7,"n":null,"big":9223372036854775808})");
  const auto& json = *document;
  BOOST_TEST((*GetOptionalString(json, "s") == "x"));
  BOOST_TEST((*GetOptionalInteger(json, "i") == 7));
  for (const char* member : {"n", "absent"}) {
    const auto text = GetOptionalString(json, member);
    const auto number = GetOptionalInteger(json, member);
    BOOST_TEST_REQUIRE(ErrorOf(text) == "");
    BOOST_TEST_REQUIRE(ErrorOf(number) == "");
    BOOST_TEST(!text->has_value());
    BOOST_TEST(!number->has_value());
  }
  BOOST_TEST(ErrorOf(GetOptionalString(json, "i")) == Text(Error::kWrongType));
  BOOST_TEST(ErrorOf(GetOptionalInteger(json, "s")) == Text(Error::kWrongType));
  BOOST_TEST(ErrorOf(GetOptionalInteger(json, "big")) == Text(Error::kOutOfRange));
}

BOOST_AUTO_TEST_CASE(what_is_no_object_has_no_members) {
  for (const char* text : {"[]", "1", "\"x\"", "null", "true"}) {
    BOOST_TEST_INFO(text);
    const auto document = ParseJson(text);
    BOOST_TEST(ErrorOf(GetString(*document, "a")) == Text(Error::kWrongType));
    BOOST_TEST(ErrorOf(GetInteger(*document, "a")) == Text(Error::kWrongType));
    BOOST_TEST(ErrorOf(GetBool(*document, "a")) == Text(Error::kWrongType));
    BOOST_TEST(ErrorOf(GetOptionalString(*document, "a")) == Text(Error::kWrongType));
    BOOST_TEST(ErrorOf(GetOptionalInteger(*document, "a")) == Text(Error::kWrongType));
    BOOST_TEST(FindMember(*document, "a") == nullptr);
  }
}

BOOST_AUTO_TEST_CASE(writes_what_it_read) {
  const std::string text = R"({"a":[1,-2,"\u0000\"x"],"b":{"c":null}})";
  BOOST_TEST(WriteJson(*ParseJson(text)) == text);
  const std::string pretty = WritePrettyJson(*ParseJson(text));
  BOOST_TEST(pretty.find('\n') != std::string::npos);
  BOOST_TEST(WriteJson(*ParseJson(pretty)) == text);
}

BOOST_AUTO_TEST_CASE(sensitive_strings_lie_in_the_document_s_own_buffer) {
  auto json = SensitiveJson::Parse(R"({"key":"a-key-that-is-longer-than-any-short-string"})");
  BOOST_TEST_REQUIRE(ErrorOf(json) == "");
  const char* const before = FindMember(json->root(), "key")->GetString();
  const SensitiveJson moved = std::move(*json);
  const rapidjson::Value* const key = FindMember(moved.root(), "key");
  BOOST_TEST(std::string(key->GetString()) == "a-key-that-is-longer-than-any-short-string");
  BOOST_TEST(static_cast<const void*>(key->GetString()) == static_cast<const void*>(before));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
