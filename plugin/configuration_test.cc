// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/configuration.h"

#include <boost/test/unit_test.hpp>

#include "onem2m/test_folder.h"

namespace saef::plugin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string kCse = R"("cse": {"id": "/cse1", "serviceProvider": "sp.example.com"})";
const std::string kMaf =
    R"({"fqdn": "maf.example.com", "keyRetrieval": "coaps://127.0.0.1:5684/kr",)"
    R"( "kmId": "cse1@maf.example.com", "kmFile": "cse1.km"})";
const std::string kMafs = "\"mafs\": [" + kMaf + "]";

const std::string kMef = R"({"fqdn": "mef.example.com", "uri": "coaps://127.0.0.1:5684",)"
                         R"( "kmId": "cse1@mef.example.com", "kmFile": "cse1.km"})";

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string WithMef(const std::string& mef) {
  return "{" + kCse + "," + kMafs + ", \"mefs\": [" + mef + "]}";
}

std::variant<Configuration, std::string> Read(const std::string& text) {
  const onem2m::TestFolder folder;
  folder.Write("cse1.km", std::string(64, 'a') + "\n", 0600);
  return ReadConfiguration(folder.Write("saef.json", text, 0644));
}

std::string Words(const std::variant<Configuration, std::string>& read) {
  const auto* const words = std::get_if<std::string>(&read);
  return words == nullptr ? std::string() : *words;
}

BOOST_AUTO_TEST_SUITE(configuration)

BOOST_AUTO_TEST_CASE(the_least) {
  const auto read = Read("{" + kCse + "," + kMafs + "}");
  BOOST_TEST_INFO(Words(read));
  BOOST_REQUIRE(read.index() == 0u);
  const auto& configuration = std::get<Configuration>(read);
  BOOST_TEST(configuration.cse.Absolute() == "//sp.example.com/cse1");
  BOOST_REQUIRE(configuration.mafs.size() == 1u);
  const MafConfiguration& maf = configuration.mafs[0];
  BOOST_TEST(maf.fqdn.text() == "maf.example.com");
  BOOST_TEST(maf.key_retrieval->port == 5684);
  BOOST_TEST(maf.key_retrieval->path == "/kr");
  const auto& psk = std::get<bindings::PskCredential>(maf.credential);
  BOOST_TEST(psk.identity == "cse1@maf.example.com");
  BOOST_TEST(psk.key.size() == 32u);
  BOOST_TEST((configuration.require == Require::kStandard));
  BOOST_TEST(configuration.cache.max_keys == 100000u);
  BOOST_TEST((configuration.cache.max_age == seconds(86400)));
  BOOST_TEST((configuration.refusals.duration == seconds(60)));
  BOOST_TEST((configuration.fetch_timeout == milliseconds(10000)));
}

BOOST_AUTO_TEST_CASE(mefs) {
  const auto read = Read(WithMef(Replaced(kMef, ":5684", ":5684/base/")));
  BOOST_TEST_INFO(Words(read));
  BOOST_REQUIRE(read.index() == 0u);
  const auto& configuration = std::get<Configuration>(read);
  BOOST_REQUIRE(configuration.mefs.size() == 1u);
  BOOST_TEST(configuration.mefs[0].fqdn.text() == "mef.example.com");
  BOOST_TEST(configuration.mefs[0].uri.path == "/base");
  const auto& psk = std::get<bindings::PskCredential>(configuration.mefs[0].access);
  BOOST_TEST(psk.identity == "cse1@mef.example.com");
  // A MEF alone is enough to authenticate somebody.
  BOOST_TEST(Words(Read("{" + kCse + ", \"mefs\": [" + kMef + "]}")) == "");
}

BOOST_AUTO_TEST_CASE(all_of_it) {
  const auto read = Read(
      "{" + kCse + "," + kMafs +
      R"(, "require": "always", "cache": {"maxKeys": 7, "maxAgeSeconds": 8, "refusalSeconds": 9,
               "maxRefusals": 10}, "fetch": {"timeoutMs": 1100, "maxInFlight": 12,
               "window": 16, "connections": 18, "maxRefusedPerSecond": 17,
               "backOffMs": {"first": 13, "max": 14}}, "associations": {"max": 15}})");
  BOOST_TEST_INFO(Words(read));
  BOOST_REQUIRE(read.index() == 0u);
  const auto& configuration = std::get<Configuration>(read);
  BOOST_TEST((configuration.require == Require::kAlways));
  BOOST_TEST(configuration.cache.max_keys == 7u);
  BOOST_TEST((configuration.cache.max_age == seconds(8)));
  BOOST_TEST((configuration.refusals.duration == seconds(9)));
  BOOST_TEST(configuration.refusals.max_refusals == 10u);
  BOOST_TEST((configuration.fetch_timeout == milliseconds(1100)));
  BOOST_TEST(configuration.max_in_flight == 12u);
  BOOST_TEST(configuration.window == 16u);
  BOOST_TEST(configuration.connections == 18u);
  BOOST_TEST(configuration.max_refused_per_second == 17u);
  BOOST_TEST((configuration.back_off.first == milliseconds(13)));
  BOOST_TEST((configuration.back_off.max == milliseconds(14)));
  BOOST_TEST(configuration.max_associations == 15u);
}

BOOST_AUTO_TEST_CASE(what_is_refused_and_where) {
  const std::string good = "{" + kCse + "," + kMafs + "}";
  const auto with = [](const std::string& more) {
    return "{" + kCse + "," + kMafs + "," + more + "}";
  };
  const struct {
    std::string text;
    std::string expected;  // in the sentence
  } kCases[] = {
      {"", "saef.json"},
      {"{" + kCse + "}", "mafs"},
      {"{" + kMafs + "}", "cse"},
      {"{" + kCse + ", \"mafs\": []}", "/mafs"},
      {with("\"colour\": 1"), "colour"},
      {Replaced(good, "/cse1\"", "cse1\""), "/cse/id"},
      {Replaced(good, "\"/cse1\"", "\"//other.example/cse1\""), "/cse/id"},
      {Replaced(good, "sp.example.com", "SP.example.com"), "/cse/serviceProvider"},
      {Replaced(good, "sp.example.com", "sp..com"), "/cse/serviceProvider"},
      {Replaced(good, "maf.example.com", "MAF.example.com"), "lower case"},
      {Replaced(good, "coaps:", "coap:"), "/mafs/0/keyRetrieval"},
      {Replaced(good, "coaps:", "http:"), "/mafs/0/keyRetrieval"},
      {with("\"observe\": 1"), "/observe"},
      {Replaced(good, "5684/kr", "5684"), "/mafs/0/keyRetrieval"},
      {Replaced(good, R"("keyRetrieval": "coaps://127.0.0.1:5684/kr",)", ""),
       "/mafs/0: keyRetrieval is missing"},
      {Replaced(good, "5684/kr", "5684/"), "/mafs/0/keyRetrieval"},
      {Replaced(good, "cse1@maf", "cse1@maf2"), "/mafs/0/kmId"},
      {Replaced(good, "cse1@maf.example.com", "cse1"), "/mafs/0/kmId"},
      {Replaced(good, "cse1.km", "missing.km"), "/mafs/0/kmFile"},
      {"{" + kCse + ", \"mafs\": [" + kMaf + "," + kMaf + "]}", "/mafs/1/fqdn"},
      {WithMef(kMef + "," + kMef), "/mefs/1/fqdn: stands here twice"},
      {WithMef(Replaced(kMef, "mef.example.com", "maf.example.com")),
       "/mefs/0/fqdn: is one of the mafs too"},
      {WithMef(Replaced(kMef, "mef.example.com", "MEF.example.com")), "/mefs/0/fqdn"},
      {WithMef(Replaced(kMef, "coaps:", "coap:")), "/mefs/0/uri"},
      {WithMef(Replaced(kMef, "cse1.km", "missing.km")), "/mefs/0/kmFile"},
      {WithMef(Replaced(kMef, "\"uri\"", "\"url\"")), "/mefs/0"},
      {WithMef(Replaced(kMef, ", \"kmFile\": \"cse1.km\"", "")), "must stand together"},
      {with("\"require\": \"never\""), "/require"},
      {with("\"cache\": {\"maxKeys\": 0}"), "/cache/maxKeys"},
      {with("\"cache\": {\"maxKeys\": 10000001}"), "/cache/maxKeys"},
      {with("\"cache\": {\"maxKeys\": \"1\"}"), "/cache/maxKeys"},
      {with("\"cache\": {\"maxAgeSeconds\": 0}"), "/cache/maxAgeSeconds"},
      {with("\"cache\": {\"refusalSeconds\": 3601}"), "/cache/refusalSeconds"},
      {with("\"cache\": {\"maxRefusals\": 0}"), "/cache/maxRefusals"},
      {with("\"fetch\": {\"timeoutMs\": 99}"), "/fetch/timeoutMs"},
      {with("\"fetch\": {\"timeoutMs\": 1e99}"), "/fetch/timeoutMs"},
      {with("\"fetch\": {\"maxInFlight\": 0}"), "/fetch/maxInFlight"},
      {with("\"fetch\": {\"window\": 16385}"), "/fetch/window"},
      {with("\"fetch\": {\"maxRefusedPerSecond\": 0}"), "/fetch/maxRefusedPerSecond"},
      {with("\"fetch\": {\"backOffMs\": {\"first\": 9}}"), "/fetch/backOffMs/first"},
      {with("\"fetch\": {\"backOffMs\": {\"first\": 30001}}"), "/fetch/backOffMs"},
      {with("\"associations\": {\"max\": 0}"), "/associations/max"},
  };
  for (const auto& test : kCases) {
    BOOST_TEST_CONTEXT(test.text) {
      const auto read = Read(test.text);
      BOOST_REQUIRE(read.index() == 1);
      BOOST_TEST_CONTEXT(std::get<1>(read)) {
        BOOST_TEST((std::get<1>(read).find(test.expected) != std::string::npos));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_key_file_that_others_may_read) {
  const onem2m::TestFolder folder;
  folder.Write("cse1.km", std::string(64, 'a'), 0640);
  const auto read =
      ReadConfiguration(folder.Write("saef.json", "{" + kCse + "," + kMafs + "}", 0644));
  BOOST_REQUIRE(read.index() == 1);
  BOOST_TEST((std::get<1>(read).find("chmod 600") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(no_file) {
  BOOST_TEST(ReadConfiguration("/nonexistent/saef.json").index() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
