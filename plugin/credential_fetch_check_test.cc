// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/credential_fetch_check.h"

#include <boost/test/unit_test.hpp>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using onem2m::CseId;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;
using std::chrono::seconds;

const std::string kKeId = "0123456789ABCDEF0123456789ABCDEF@mef.example.com";
// 32 octets of 'k'.
const std::string kKpsa =
    "{\"status\":true,\"credential\":\"a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\"";
const std::string kEnd = ",\"lifetime\":600}";
const std::string kAe = ",\"enroleeID\":\"//sp.example.com/cse1/Cae1\",\"enroleeType\":\"AE\"";

FetchAnswer Fetch(const std::string& content, ResponseStatusCode status = ResponseStatusCode::kOk) {
  static const CseId own = CseId::ParseAbsolute("//sp.example.com/cse1").value();
  ResponsePrimitive response;
  response.status = status;
  response.content = content;
  const PskIdentity ke_id(Octets(kKeId));
  FetchAnswer answer = CheckCredentialFetch(response, {ke_id, own, kStart});
  BOOST_TEST(response.content.empty());
  BOOST_TEST(answer.answered);
  BOOST_TEST(answer.record.has_value() == (answer.outcome == SAEF_KEY));
  BOOST_TEST(answer.reason.empty() == (answer.outcome == SAEF_KEY));
  return answer;
}

BOOST_AUTO_TEST_SUITE(credential_fetch_check)

BOOST_AUTO_TEST_CASE(the_ae_that_the_mef_names) {
  const FetchAnswer answer = Fetch(kKpsa + kAe + kEnd);
  BOOST_REQUIRE(answer.outcome == SAEF_KEY);
  BOOST_TEST(answer.record->key.Equals(Octets(std::string(32, 'k'))));
  BOOST_TEST((answer.record->facts.expires == kStart + seconds(600)));
  const Source& source = *answer.record->facts.source;
  BOOST_TEST(source.entity_id() == "//sp.example.com/cse1/Cae1");
  BOOST_TEST(source.credential_id == "12-" + kKeId);
  BOOST_TEST((source.suid == onem2m::Suid::kRspfSaef));
}

BOOST_AUTO_TEST_CASE(a_cse_and_nobody_named) {
  const FetchAnswer cse =
      Fetch(kKpsa + ",\"enroleeID\":\"//sp.example.com/cse2\",\"enroleeType\":\"CSE\"" + kEnd);
  BOOST_REQUIRE(cse.outcome == SAEF_KEY);
  BOOST_TEST((cse.record->facts.source->cse() != nullptr));
  const FetchAnswer nobody = Fetch(kKpsa + kEnd);
  BOOST_REQUIRE(nobody.outcome == SAEF_KEY);
  BOOST_TEST(nobody.record->facts.source->is_unresolved());
  BOOST_TEST(nobody.record->facts.source->credential_id == "12-" + kKeId);
}

BOOST_AUTO_TEST_CASE(answers_that_give_no_key) {
  const std::string refusal = R"({"status":false,"errorString":"not for you"})";
  const struct {
    std::string content;
    ResponseStatusCode status;
    std::int32_t outcome;
    bool taken_back;
    std::string reason;
  } rows[] = {
      {refusal, ResponseStatusCode::kOriginatorHasNoPrivilege, SAEF_UNKNOWN, true, "not for you"},
      {refusal, ResponseStatusCode::kNotFound, SAEF_UNKNOWN, true, "4004"},
      {"", ResponseStatusCode::kInternalServerError, SAEF_UNAVAILABLE, false, "5000"},
      {"", ResponseStatusCode::kTargetNotReachable, SAEF_UNAVAILABLE, false, "5103"},
      {"", ResponseStatusCode::kRequestTimeout, SAEF_UNAVAILABLE, false, "4008"},
      {refusal, ResponseStatusCode::kBadRequest, SAEF_DENIED, false, "4000"},
      {refusal, ResponseStatusCode::kOk, SAEF_DENIED, false, "not as it must be"},
      {"", ResponseStatusCode::kOk, SAEF_DENIED, false, "not as it must be"},
      {"{}", ResponseStatusCode::kOk, SAEF_DENIED, false, "not as it must be"},
      {kKpsa + "}", ResponseStatusCode::kOk, SAEF_DENIED, false, "not as it must be"},
      {kKpsa + ",\"lifetime\":0}", ResponseStatusCode::kOk, SAEF_DENIED, false, "not as"},
      {R"({"status":true,"credential":"a2s=","lifetime":600})", ResponseStatusCode::kOk,
       SAEF_DENIED, false, "not as it must be"},
      // A key, but not an answer to what was asked.
      {kKpsa + kAe + kEnd, ResponseStatusCode::kCreated, SAEF_DENIED, false, "2001"},
      {kKpsa + kAe + kEnd, ResponseStatusCode::kNotFound, SAEF_UNKNOWN, true, "4004"},
      {kKpsa + ",\"enroleeID\":\"//sp.example.com/cse1\",\"enroleeType\":\"CSE\"" + kEnd,
       ResponseStatusCode::kOk, SAEF_DENIED, false, "this CSE itself"},
      {kKpsa + ",\"enroleeID\":\"//sp.example.com/cse1/Cae1\"" + kEnd, ResponseStatusCode::kOk,
       SAEF_DENIED, false, "not as it must be"},
      {kKpsa + ",\"enroleeID\":\"Cae1\",\"enroleeType\":\"AE\"" + kEnd, ResponseStatusCode::kOk,
       SAEF_DENIED, false, ""},
  };
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.content << " " << Number(row.status)) {
      const FetchAnswer answer = Fetch(row.content, row.status);
      BOOST_TEST(answer.outcome == row.outcome);
      BOOST_TEST(answer.taken_back == row.taken_back);
      BOOST_TEST(answer.reason.find(row.reason) != std::string::npos, answer.reason);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
