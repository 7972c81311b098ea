// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/json_schema.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "onem2m/json.h"
#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

constexpr std::string_view kSchema = R"({
  "type": "object",
  "required": ["cse", "mafs"],
  "additionalProperties": false,
  "properties": {
    "cse": {"type": "string", "pattern": "^/[A-Za-z0-9]+$", "description": "the CSE-ID, as /cse1"},
    "mafs": {
      "type": "array", "minItems": 1, "maxItems": 2,
      "items": {
        "type": "object",
        "required": ["fqdn", "kmId"],
        "additionalProperties": false,
        "properties": {
          "fqdn": {"type": "string", "minLength": 1, "maxLength": 5},
          "kmId": {"type": "string"}
        }
      }
    },
    "require": {"enum": ["standard", "always", "watch"]},
    "timeout": {"type": "integer", "minimum": 1, "maximum": 100},
    "ratio": {"type": "number", "minimum": 0, "exclusiveMinimum": true},
    "set": {"type": "array", "uniqueItems": true}
  }
})";

// What stands behind a good "cse" and "mafs".
std::string With(const std::string& more) {
  return R"({"cse":"/cse1","mafs":[{"fqdn":"a","kmId":"b"}])" + more + "}";
}

std::string Sentence(std::string_view text, std::string_view schema = kSchema) {
  const auto result = CheckAgainstSchema(text, schema);
  const auto* const sentence = std::get_if<std::string>(&result);
  return sentence == nullptr ? "" : *sentence;
}

BOOST_AUTO_TEST_SUITE(json_schema)

BOOST_AUTO_TEST_CASE(gives_the_document) {
  const auto result = CheckAgainstSchema(With(R"(,"require":"watch","timeout":100)"), kSchema);
  const auto* const document = std::get_if<rapidjson::Document>(&result);
  BOOST_TEST_REQUIRE((document != nullptr));
  BOOST_TEST(*GetString(*document, "require") == "watch");
  BOOST_TEST(*GetInteger(*document, "timeout") == 100);
}

BOOST_AUTO_TEST_CASE(says_what_and_where_and_what_would_be_right) {
  const struct {
    std::string text, sentence;
  } rows[] = {
      {"[]", "the document: must be of type object, is an array"},
      {"{}", "the document: lacks cse, mafs"},
      {R"({"cse":"/a"})", "the document: lacks mafs"},
      {R"({"cse":1,"mafs":[]})", "/cse: must be of type string, is a number; the CSE-ID, as /cse1"},
      {R"({"cse":"cse1","mafs":[]})", "/cse: must match ^/[A-Za-z0-9]+$; the CSE-ID, as /cse1"},
      {R"({"cse":"/a","mafs":[]})", "/mafs: must have at least 1 elements"},
      {R"({"cse":"/a","mafs":[{"kmId":"x"}]})", "/mafs/0: lacks fqdn"},
      {R"({"cse":"/a","mafs":[{"fqdn":"x","kmId":"x"},{}]})", "/mafs/1: lacks fqdn, kmId"},
      {R"({"cse":"/a","mafs":[{"fqdn":"x","kmId":"x","kmid":"y"}]})",
       "/mafs/0/kmid: is not a known member; known are fqdn, kmId"},
      {R"({"cse":"/a","mafs":[{"fqdn":"","kmId":"x"}]})",
       "/mafs/0/fqdn: must have at least 1 characters"},
      {R"({"cse":"/a","mafs":[{"fqdn":"abcdef","kmId":"x"}]})",
       "/mafs/0/fqdn: must have at most 5 characters"},
      {With(R"(,"require":"never")"), "/require: must be one of standard, always, watch"},
      {With(R"(,"timeout":0)"), "/timeout: must be at least 1"},
      {With(R"(,"timeout":101)"), "/timeout: must be at most 100"},
      {With(R"(,"timeout":18446744073709551615)"), "/timeout: must be at most 100"},
      {With(R"(,"timeout":1.5)"), "/timeout: must be of type integer, is a number"},
      {With(R"(,"timeout":null)"), "/timeout: must be of type integer, is null"},
      {With(R"(,"ratio":0)"), "/ratio: must be above 0"},
      {With(R"(,"set":[1,1])"), "/set/1: repeats an earlier element"},
      {With(R"(,"a/b":1)"),
       "/a~1b: is not a known member; known are cse, mafs, require, timeout, "
       "ratio, set"},
      {"{\n\"cse\": \"/a\",\n}", "line 3, column 1: Missing a name for object member."},
      {"", "line 1, column 1: The document is empty."},
      {R"({"cse":"/a","cse":"/b"})", "An object has two members of the same name."},
  };
  for (const auto& row : rows) {
    BOOST_TEST_INFO(Visible(row.text));
    BOOST_TEST(Sentence(row.text) == row.sentence);
  }
}

// RapidJSON matches patterns against a C string; "/cse1\u0000anything" would pass.
BOOST_AUTO_TEST_CASE(refuses_nul) {
  BOOST_TEST(Sentence(R"({"cse":"/cse1\u0000../x","mafs":[{"fqdn":"a","kmId":"b"}]})") ==
             "/cse: has a NUL character");
  BOOST_TEST(Sentence(R"({"cse":"/a","mafs":[{"fqdn":"a","kmId":"\u0000"}]})") ==
             "/mafs/0/kmId: has a NUL character");
  BOOST_TEST(Sentence(R"({"cse\u0000":"/a"})") == "the document: has a NUL character");
  BOOST_TEST(Sentence(R"("\u0000")") == "the document: has a NUL character");
}

BOOST_AUTO_TEST_CASE(refuses_schemas_that_would_not_be_checked) {
  BOOST_TEST(Sentence("\"x\"", R"({"pattern":"^\\d+$"})") ==
             "the schema has a pattern that can't be checked: ^\\d+$");
  BOOST_TEST(Sentence("{}", R"({"properties":{"a":[{"pattern":"("}]}})") ==
             "the schema has a pattern that can't be checked: (");
  BOOST_TEST(Sentence("{}", "{") ==
             "the schema isn't JSON: line 1, column 2: Missing a name for object member.");
  BOOST_TEST(Sentence("{\"pattern\":\"(\"}", R"({"properties":{"pattern":{"type":"string"}}})") ==
             "");
}

BOOST_AUTO_TEST_CASE(hostile_documents_get_a_sentence) {
  const std::vector<std::string> texts = {std::string(100000, '['), std::string(2 << 20, ' '),
                                          std::string("{}\0", 3),   "\xFF",
                                          "{\"\xFF\":1}",           With(",\"\xC3\xA4\":1")};
  for (const std::string& text : texts) {
    BOOST_TEST_INFO(Visible(text));
    BOOST_TEST(Sentence(text) != "");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
