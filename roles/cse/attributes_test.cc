// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/attributes.h"

#include <boost/test/unit_test.hpp>
#include <string>

namespace saef::cse {
namespace {

using onem2m::ResourceType;

struct Case {
  ResourceType type;
  std::string json;
  int status;        // 0: accepted
  std::string text;  // part of the refusal's
};

void Check(const Outcome<Content>& read, const Case& c) {
  const int status = read ? 0 : onem2m::Number(read.error().status);
  BOOST_TEST(status == c.status, c.json << ": " << status);
  if (!read) {
    BOOST_TEST(read.error().text.find(c.text) != std::string::npos,
               c.json << ": " << read.error().text);
  }
}

std::string Labels(std::size_t count) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i) {
    list += (i == 0 ? "\"l\"" : ",\"l\"");
  }
  return R"({"m2m:cnt":{"lbl":[)" + list + "]}}";
}

BOOST_AUTO_TEST_SUITE(attributes)

BOOST_AUTO_TEST_CASE(a_create_is_read_strictly) {
  const ResourceType ae = ResourceType::kAe;
  const ResourceType cnt = ResourceType::kContainer;
  const ResourceType cin = ResourceType::kContentInstance;
  const ResourceType csr = ResourceType::kRemoteCse;
  const Case cases[] = {
      {ae, R"({"m2m:ae":{"api":"N1","rr":true}})", 0, ""},
      {ae, R"({"m2m:ae":{"api":"R1","rr":false,"poa":["http://x"],"srv":["3"],"rn":"a.b-c_d~1"}})",
       0, ""},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"et":"20990101T000000","lbl":["a","b"]}})", 0, ""},
      {ae, "", 4000, "content is needed"},
      {ae, "{", 4000, "JSON"},
      {ae, "[]", 4000, "m2m:ae"},
      {ae, "{}", 4000, "m2m:ae"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true},"x":1})", 4000, "m2m:ae"},
      {ae, R"({"m2m:cnt":{}})", 4000, "m2m:ae"},
      {ae, R"({"m2m:ae":[]})", 4000, "m2m:ae"},
      {ae, R"({"m2m:ae":{"rr":true}})", 4000, "needs api"},
      {ae, R"({"m2m:ae":{"api":"N1"}})", 4000, "needs rr"},
      {ae, R"({"m2m:ae":{"api":"X1","rr":true}})", 4000, "R or N"},
      {ae, R"({"m2m:ae":{"api":"N","rr":true}})", 4000, "R or N"},
      {ae, R"({"m2m:ae":{"api":"","rr":true}})", 4000, "api"},
      {ae, R"({"m2m:ae":{"api":7,"rr":true}})", 4102, "api must be a string"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":"true"}})", 4102, "rr must be"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"poa":"http://x"}})", 4102, "poa"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"poa":[1]}})", 4102, "poa"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"poa":null}})", 4000, "null"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"aei":"Cx"}})", 4000, "aei may not be given"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"ri":"x"}})", 4000, "ri may not be given"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"acpi":["x"]}})", 4000, "no attribute \"acpi\""},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"con":"x"}})", 4000, "no attribute"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"rr":true}})", 4000, "JSON"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"et":"tomorrow"}})", 4000, "et"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"et":20990101}})", 4102, "et"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"rn":"la"}})", 4000, "rn"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"rn":"a/b"}})", 4000, "rn"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"rn":".."}})", 4000, "rn"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"rn":"-"}})", 4000, "rn"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"rn":"\u00e4"}})", 4000, "rn"},
      {ae, R"({"m2m:ae":{"api":"N1","rr":true,"rn":")" + std::string(65, 'a') + "\"}}", 4000, "rn"},
      {ae, R"({"m2m:ae":{"api":"N)" + std::string(1024, 'a') + R"(","rr":true}})", 4000, "1024"},
      {cnt, R"({"m2m:cnt":{}})", 0, ""},
      {cnt, R"({"m2m:cnt":{"mni":0,"mbs":9223372036854775807,"mia":1}})", 0, ""},
      {cnt, R"({"m2m:cnt":{"mni":-1}})", 4102, "mni"},
      {cnt, R"({"m2m:cnt":{"mni":1.5}})", 4102, "mni"},
      {cnt, R"({"m2m:cnt":{"mni":9223372036854775808}})", 4102, "mni"},
      {cnt, R"({"m2m:cnt":{"mni":"1"}})", 4102, "mni"},
      {cnt, R"({"m2m:cnt":{"cni":1}})", 4000, "cni"},
      {cnt, R"({"m2m:cnt":{"st":1}})", 4000, "st"},
      {cnt, Labels(64), 0, ""},
      {cnt, Labels(65), 4000, "64"},
      {cin, R"({"m2m:cin":{"con":""}})", 0, ""},
      {cin, R"({"m2m:cin":{"con":21.5,"cnf":"text/plain:0"}})", 0, ""},
      {cin, R"({"m2m:cin":{"con":false}})", 0, ""},
      {cin, R"({"m2m:cin":{"con":")" + std::string(100000, 'a') + "\"}}", 0, ""},
      {cin, R"({"m2m:cin":{}})", 4000, "needs con"},
      {cin, R"({"m2m:cin":{"con":{"a":1}}})", 4102, "con"},
      {cin, R"({"m2m:cin":{"con":[1]}})", 4102, "con"},
      {cin, R"({"m2m:cin":{"con":null}})", 4000, "null"},
      {cin, R"({"m2m:cin":{"con":"x","cs":1}})", 4000, "cs"},
      {csr, R"({"m2m:csr":{"csi":"/cse2","cb":"/cse2/base","rr":true,"cst":2}})", 0, ""},
      {csr, R"({"m2m:csr":{"csi":"/cse2","rr":true}})", 4000, "needs cb"},
      {csr, R"({"m2m:csr":{"csi":"/cse2","cb":"x","rr":true,"cst":4}})", 4102, "cst"},
  };
  for (const Case& c : cases) {
    Check(ReadCreate(c.json, c.type, Limits{}), c);
  }
}

BOOST_AUTO_TEST_CASE(an_update_changes_only_what_may_change) {
  const ResourceType ae = ResourceType::kAe;
  const ResourceType cnt = ResourceType::kContainer;
  const Case cases[] = {
      {ae, R"({"m2m:ae":{"rr":true,"poa":null,"lbl":null}})", 0, ""},
      {ae, R"({"m2m:ae":{}})", 0, ""},
      {ae, R"({"m2m:ae":{"api":"N1"}})", 4000, "api may not be given in a UPDATE"},
      {ae, R"({"m2m:ae":{"rr":null}})", 4000, "null"},
      {ae, R"({"m2m:ae":{"et":null}})", 4000, "null"},
      {ae, R"({"m2m:ae":{"rn":"x"}})", 4000, "rn"},
      {ae, R"({"m2m:ae":{"ct":"20200101T000000"}})", 4000, "ct"},
      {ae, R"({"m2m:ae":{"nope":null}})", 4000, "nope"},
      {cnt, R"({"m2m:cnt":{"mni":3,"mia":null}})", 0, ""},
      {cnt, R"({"m2m:cnt":{"cbs":null}})", 4000, "cbs"},
  };
  for (const Case& c : cases) {
    Check(ReadUpdate(c.json, c.type, Limits{}), c);
  }
}

BOOST_AUTO_TEST_CASE(what_was_read_is_what_was_sent) {
  const auto content = ReadCreate(
      R"({"m2m:ae":{"rn":"n","et":"20300101T000000","api":"N1","rr":true,"lbl":["a","b"]}})",
      ResourceType::kAe, Limits{});
  BOOST_REQUIRE(content.has_value());
  BOOST_TEST(content->name.value_or("") == "n");
  BOOST_TEST(onem2m::FormatTimestamp(*content->expires) == "20300101T000000");
  BOOST_TEST(content->attributes.Text("api") == "N1");
  BOOST_TEST(std::get<bool>(*content->attributes.Find("rr")));
  BOOST_TEST(std::get<std::vector<std::string>>(*content->attributes.Find("lbl")).size() == 2U);
  BOOST_TEST((content->attributes.Find("rn") == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
