// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_retrieval_check.h"

#include <boost/test/unit_test.hpp>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using onem2m::CseId;
using onem2m::Fqdn;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;
using std::chrono::seconds;

// 32 octets of 'k'.
const std::string kKey = "\"keyValue\":\"a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\"";
const std::string kOk = "\"status\":\"OK\",";
const std::string kUse = ",\"suid\":32,\"lifetime\":600";
const std::string kAeIsSource =
    ",\"sourceID\":\"//sp.example.com/cse1/Cae1\",\"sourceType\":\"AE\"";
const onem2m::Time kNow = onem2m::ParseTimestamp("20300101T000000").value();

FetchAnswer Check(const std::string& content, ResponseStatusCode status = ResponseStatusCode::kOk) {
  static const Fqdn maf = Fqdn::Parse("maf.example.com").value();
  static const CseId own = CseId::ParseAbsolute("//sp.example.com/cse1").value();
  ResponsePrimitive response;
  response.status = status;
  response.content = content;
  FetchAnswer answer = CheckKeyRetrieval(response, {maf, own, kStart, kNow});
  BOOST_TEST(response.content.empty());
  BOOST_TEST(answer.answered);
  BOOST_TEST(answer.record.has_value() == (answer.outcome == SAEF_KEY));
  BOOST_TEST(answer.reason.empty() == (answer.outcome == SAEF_KEY));
  return answer;
}

BOOST_AUTO_TEST_SUITE(key_retrieval_check)

BOOST_AUTO_TEST_CASE(an_ae) {
  const FetchAnswer answer = Check("{" + kOk + kKey + kAeIsSource + kUse + "}");
  BOOST_REQUIRE(answer.outcome == SAEF_KEY);
  BOOST_TEST(answer.record->key.Equals(Octets(std::string(32, 'k'))));
  BOOST_TEST((answer.record->facts.expires == kStart + seconds(600)));
  const Source& source = *answer.record->facts.source;
  BOOST_REQUIRE(source.ae() != nullptr);
  BOOST_TEST(source.cse() == nullptr);
  BOOST_TEST(source.entity_id() == "//sp.example.com/cse1/Cae1");
  BOOST_TEST(source.credential_id.empty());
}

BOOST_AUTO_TEST_CASE(a_cse_with_its_credential) {
  const FetchAnswer answer = Check("{" + kOk + kKey +
                                   ",\"sourceID\":\"//sp.example.com/Scse\",\"sourceType\":\"CSE\","
                                   "\"credentialID\":\"11-scse@maf.example.com\"" +
                                   kUse + "}");
  BOOST_REQUIRE(answer.outcome == SAEF_KEY);
  const Source& source = *answer.record->facts.source;
  BOOST_REQUIRE(source.cse() != nullptr);
  BOOST_TEST(source.ae() == nullptr);
  BOOST_TEST(source.entity_id() == "//sp.example.com/Scse");
  BOOST_TEST(source.credential_id == "11-scse@maf.example.com");
}

BOOST_AUTO_TEST_CASE(only_a_credential) {
  const FetchAnswer answer =
      Check("{" + kOk + kKey + ",\"credentialID\":\"11-ae1@maf.example.com\"" + kUse + "}");
  BOOST_REQUIRE(answer.outcome == SAEF_KEY);
  const Source& source = *answer.record->facts.source;
  BOOST_TEST(source.ae() == nullptr);
  BOOST_TEST(source.cse() == nullptr);
  BOOST_TEST(source.entity_id() == "");
  BOOST_TEST(source.credential_id == "11-ae1@maf.example.com");
}

BOOST_AUTO_TEST_CASE(a_time_on_the_calendar_only_shortens) {
  const auto expires = [](const char* time) {
    const FetchAnswer answer =
        Check("{" + kOk + kKey + kAeIsSource + kUse + ",\"expirationTime\":\"" + time + "\"}");
    BOOST_REQUIRE(answer.outcome == SAEF_KEY);
    return answer.record->facts.expires;
  };
  BOOST_TEST((expires("20300101T000010") == kStart + seconds(10)));
  BOOST_TEST((expires("20400101T000000") == kStart + seconds(600)));
}

BOOST_AUTO_TEST_CASE(refused_answers) {
  const auto source = [](const std::string& id, const std::string& kind) {
    return ",\"sourceID\":\"" + id + "\",\"sourceType\":\"" + kind + "\"";
  };
  const auto key = [](const std::string& base64) { return "\"keyValue\":\"" + base64 + "\""; };
  const struct {
    const char* name;
    std::string content;
  } kCases[] = {
      {"empty", ""},
      {"no JSON", "<xml/>"},
      {"no object", "[]"},
      {"cut", "{" + kOk + kKey + kAeIsSource + kUse},
      {"not OK", "{\"status\":\"NO\"," + kKey + kAeIsSource + kUse + "}"},
      {"no status", "{" + kKey + kAeIsSource + kUse + "}"},
      {"no key", "{" + kOk + "\"x\":1" + kAeIsSource + kUse + "}"},
      {"empty key", "{" + kOk + key("") + kAeIsSource + kUse + "}"},
      {"15 octets", "{" + kOk + key("a2tra2tra2tra2tra2tr") + kAeIsSource + kUse + "}"},
      {"65 octets", "{" + kOk + key(std::string(84, 'a') + "a2s=") + kAeIsSource + kUse + "}"},
      {"no base64", "{" + kOk + key("****************************") + kAeIsSource + kUse + "}"},
      {"a number for a key", "{" + kOk + "\"keyValue\":1" + kAeIsSource + kUse + "}"},
      {"no SUID", "{" + kOk + kKey + kAeIsSource + ",\"lifetime\":600}"},
      {"SUID 33", "{" + kOk + kKey + kAeIsSource + ",\"suid\":33,\"lifetime\":600}"},
      {"SUID 12", "{" + kOk + kKey + kAeIsSource + ",\"suid\":12,\"lifetime\":600}"},
      {"SUID as text", "{" + kOk + kKey + kAeIsSource + ",\"suid\":\"32\",\"lifetime\":600}"},
      {"no lifetime", "{" + kOk + kKey + kAeIsSource + ",\"suid\":32}"},
      {"lifetime 0", "{" + kOk + kKey + kAeIsSource + ",\"suid\":32,\"lifetime\":0}"},
      {"lifetime -1", "{" + kOk + kKey + kAeIsSource + ",\"suid\":32,\"lifetime\":-1}"},
      {"endless",
       "{" + kOk + kKey + kAeIsSource + ",\"suid\":32,\"lifetime\":9223372036854775807}"},
      {"expired",
       "{" + kOk + kKey + kAeIsSource + kUse + ",\"expirationTime\":\"20300101T000000\"}"},
      {"no time", "{" + kOk + kKey + kAeIsSource + kUse + ",\"expirationTime\":\"tomorrow\"}"},
      {"nobody", "{" + kOk + kKey + kUse + "}"},
      {"no kind", "{" + kOk + kKey + ",\"sourceID\":\"//sp.example.com/cse1/C1\"" + kUse + "}"},
      {"another kind", "{" + kOk + kKey + source("//sp.example.com/Sx", "NODE") + kUse + "}"},
      {"relative", "{" + kOk + kKey + source("/cse1/Cae1", "AE") + kUse + "}"},
      {"a stem", "{" + kOk + kKey + source("Cae1", "AE") + kUse + "}"},
      {"a CSE as AE", "{" + kOk + kKey + source("//sp.example.com/cse2", "AE") + kUse + "}"},
      {"an AE as CSE", "{" + kOk + kKey + source("//sp.example.com/cse2/Cx", "CSE") + kUse + "}"},
      {"ourselves", "{" + kOk + kKey + source("//sp.example.com/cse1", "CSE") + kUse + "}"},
      {"another MAF's KmId",
       "{" + kOk + kKey + ",\"credentialID\":\"11-ae1@maf2.example.com\"" + kUse + "}"},
      {"another MAF's KmId beside a source", "{" + kOk + kKey + kAeIsSource +
                                                 ",\"credentialID\":\"11-ae1@maf2.example.com\"" +
                                                 kUse + "}"},
      {"no KmId", "{" + kOk + kKey + ",\"credentialID\":\"11-ae1\"" + kUse + "}"},
      {"no Credential-ID", "{" + kOk + kKey + ",\"credentialID\":\"ae1\"" + kUse + "}"},
      {"a member twice", "{" + kOk + kKey + "," + kKey + kAeIsSource + kUse + "}"},
      {"something behind it", "{" + kOk + kKey + kAeIsSource + kUse + "} x"},
  };
  for (const auto& test : kCases) {
    BOOST_TEST_CONTEXT(test.name) {
      const FetchAnswer answer = Check(test.content);
      BOOST_TEST(answer.outcome == SAEF_DENIED);
      // The MAF said nothing of a key that isn't.
      BOOST_TEST(!answer.taken_back);
    }
  }
}

BOOST_AUTO_TEST_CASE(status_codes) {
  const struct {
    ResponseStatusCode status;
    int outcome;
    bool taken_back;
  } kCases[] = {
      {ResponseStatusCode::kNotFound, SAEF_UNKNOWN, true},
      {ResponseStatusCode::kOriginatorHasNoPrivilege, SAEF_DENIED, true},
      {ResponseStatusCode::kOriginatorNotAuthenticated, SAEF_DENIED, false},
      {ResponseStatusCode::kBadRequest, SAEF_DENIED, false},
      {ResponseStatusCode::kCreated, SAEF_DENIED, false},
      {ResponseStatusCode::kAccepted, SAEF_DENIED, false},
      {ResponseStatusCode::kNotImplemented, SAEF_DENIED, false},
      {ResponseStatusCode::kInternalServerError, SAEF_UNAVAILABLE, false},
      {ResponseStatusCode::kTargetNotReachable, SAEF_UNAVAILABLE, false},
      {ResponseStatusCode::kRequestTimeout, SAEF_UNAVAILABLE, false},
  };
  for (const auto& test : kCases) {
    BOOST_TEST_CONTEXT(Name(test.status)) {
      // Whatever stands in it.
      const FetchAnswer answer = Check("{" + kOk + kKey + kAeIsSource + kUse + "}", test.status);
      BOOST_TEST(answer.outcome == test.outcome);
      BOOST_TEST(answer.taken_back == test.taken_back);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
