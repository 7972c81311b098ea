// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/mef_interface.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "onem2m/maf_interface.h"
#include "onem2m/test_util.h"

namespace saef::onem2m::mef {
namespace {

const std::string kMef = "mef.example.com";
const std::string kKey = Secret::Copy(std::vector<std::uint8_t>(32, 7))->ToBase64();

// A document, and one replacement in it, so that each row says what it is about.
struct MefRow {
  std::string from, to;
  Error error;
};

std::string Replace(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
  return text.replace(at, from.size(), to);
}

template <typename Parse>
void CheckRows(const std::string& good, const std::vector<MefRow>& rows, Parse parse) {
  BOOST_TEST(ErrorOf(parse(good)) == "");
  for (const MefRow& row : rows) {
    BOOST_TEST_INFO(Visible(row.from + " -> " + row.to));
    const std::string error = row.error == Error{0} ? "" : Text(row.error);
    BOOST_TEST(ErrorOf(parse(Replace(good, row.from, row.to))) == error);
  }
  for (const std::string text : {"", "x", "{", "{}x"}) {
    BOOST_TEST(ErrorOf(parse(text)) == Text(Error::kBadJson));
  }
  for (const std::string text : {"[]", "1", "\"x\"", "null"}) {
    BOOST_TEST(ErrorOf(parse(text)) == Text(Error::kWrongType));
  }
  BOOST_TEST(ErrorOf(parse(good + std::string(kMaxContentLength, ' '))) == Text(Error::kTooLong));
  BOOST_TEST(ErrorOf(parse(good + std::string(1, '\0'))) == Text(Error::kBadJson));
  BOOST_TEST(ErrorOf(parse(Replace(good, "{", R"({"unknown":[1,{"x":null}],)"))) == "");
}

BOOST_AUTO_TEST_SUITE(mef_interface)

BOOST_AUTO_TEST_CASE(enrolment_request) {
  const std::string good =
      R"({"certificateEnrolment":true,"mafEnrolment":true,"remoteManagement":true})";
  CheckRows(good,
            {{"true", "1", Error::kWrongType},
             {"true", "\"true\"", Error::kWrongType},
             {"true", "null", Error{0}},
             {"mafEnrolment", "certificateEnrolment", Error::kBadJson}},
            ParseEnrolmentRequest);
  BOOST_TEST(Write(*ParseEnrolmentRequest(good)) == good);
  const auto empty = ParseEnrolmentRequest("{}");
  BOOST_REQUIRE(empty.has_value());
  BOOST_TEST(!empty->certificate_enrolment);
  BOOST_TEST(!empty->maf_enrolment);
  BOOST_TEST(!empty->remote_management);
  BOOST_TEST(Write(EnrolmentRequest()) ==
             R"({"certificateEnrolment":false,"mafEnrolment":true,"remoteManagement":false})");
}

const std::string kEnrolled =
    R"({"relativeKeyID":"00AA","lifetime":3600,"enroleeID":"//sp.example.com/cse1/Cae1","mafs":[)"
    R"({"fqdn":"maf.example.com","credentialType":"symmetricKey",)"
    R"("keyRegistration":"coaps://127.0.0.1:5684/kr","keyRetrieval":"https://[::1]/kr",)"
    R"("kmIdRetrieval":"coaps://127.0.0.1:5684/km"},)"
    R"({"fqdn":"maf2.example.com","credentialType":"certificate",)"
    R"("keyRegistration":"coaps://maf2/kr","keyRetrieval":"coaps://maf2/kr",)"
    R"("trustAnchors":["AAECAw==","/w=="]}]})";

BOOST_AUTO_TEST_CASE(enrolment_response_is_read) {
  const auto response = ParseEnrolmentResponse(kEnrolled);
  BOOST_REQUIRE_MESSAGE(response.has_value(), ErrorOf(response));
  BOOST_TEST(response->relative_key_id == "00AA");
  BOOST_TEST(response->lifetime.count() == 3600);
  BOOST_TEST(*response->enrolee_id == "//sp.example.com/cse1/Cae1");
  BOOST_REQUIRE(response->mafs.size() == 2u);
  const MafInstructions& first = response->mafs[0];
  BOOST_TEST(first.fqdn.text() == "maf.example.com");
  BOOST_TEST((first.credential_type == MafCredentialType::kSymmetricKey));
  BOOST_TEST(first.key_retrieval == "https://[::1]/kr");
  BOOST_TEST(*first.km_id_retrieval == "coaps://127.0.0.1:5684/km");
  const MafInstructions& second = response->mafs[1];
  BOOST_TEST((second.credential_type == MafCredentialType::kCertificate));
  BOOST_TEST(!second.km_id_retrieval.has_value());
  BOOST_REQUIRE(second.trust_anchors.size() == 2u);
  BOOST_TEST(second.trust_anchors[0] == std::string("\0\1\2\3", 4));
  BOOST_TEST(second.trust_anchors[1] == "\xFF");
  BOOST_TEST(Write(*response) == kEnrolled);
}

BOOST_AUTO_TEST_CASE(enrolment_response_is_refused) {
  const std::string registration = R"("keyRegistration":"coaps://127.0.0.1:5684/kr")";
  CheckRows(
      kEnrolled,
      {{"relativeKeyID", "x", Error::kMissingMember},
       {"00AA", "", Error::kEmpty},
       {"00AA", "0@A", Error::kBadCharacter},
       {"00AA", std::string(95, 'A'), Error::kTooLong},
       {"3600", "0", Error::kOutOfRange},
       {"3600", "-1", Error::kOutOfRange},
       {"3600", "315619201", Error::kOutOfRange},
       {"3600", "1.5", Error::kWrongType},
       {R"("lifetime":3600,)", "", Error::kMissingMember},
       {R"("//sp.example.com/cse1/Cae1")", "null", Error{0}},
       {"//sp.example.com/cse1/Cae1", "/cse1", Error::kBadForm},
       {R"("mafs")", R"("other")", Error::kMissingMember},
       {R"("mafs":[)", R"("mafs":[1,)", Error::kWrongType},
       {"maf2.example.com", "MAF.example.com", Error::kBadForm},  // twice, without case
       {"maf2.example.com", std::string(60, 'a') + "." + std::string(40, 'a'), Error::kTooLong},
       {"maf.example.com", "maf..com", Error::kBadForm},
       {"symmetricKey", "key", Error::kOutOfRange},
       {registration, R"("keyRegistration":"")", Error::kEmpty},
       {registration, R"("keyRegistration":"coap://127.0.0.1/kr")", Error::kBadForm},
       {registration, R"("keyRegistration":"http://127.0.0.1/kr")", Error::kBadForm},
       {registration, R"("keyRegistration":"coaps://a b")", Error::kBadCharacter},
       {registration, R"("keyRegistration":"coaps://)" + std::string(kMaxUriLength, 'a') + "\"",
        Error::kTooLong},
       {registration, R"("keyRegistration":7)", Error::kWrongType},
       // A symmetric key without the KmId Retrieval URI is of no use (the seed's 8.x.2).
       {"kmIdRetrieval", "x", Error::kMissingMember},
       {"AAECAw==", "AAECAw=", Error::kBadBase64},
       {"AAECAw==", "AAECAx==", Error::kBadBase64},
       {"AAECAw==", "AAEC*w==", Error::kBadBase64},
       {"AAECAw==", "A===", Error::kBadBase64},
       {"AAECAw==", "", Error::kBadBase64},
       {"AAECAw==", std::string(4 * (kMaxCertificateLength / 3 + 2), 'A'), Error::kTooLong},
       {R"("/w==")", "7", Error::kWrongType},
       {R"(["AAECAw==","/w=="])", "{}", Error::kWrongType},
       {R"("/w==")", R"("/w==","/w==","/w==","/w==","/w==","/w==","/w==","/w==")",
        Error::kTooLong}},
      ParseEnrolmentResponse);
}

const std::string kFetched = R"({"status":true,"credential":")" + kKey +
                             R"(","enroleeID":"//sp.example.com/Sx","enroleeType":"CSE",)" +
                             R"("lifetime":60})";

BOOST_AUTO_TEST_CASE(fetched_credential) {
  const auto fetched = ParseFetchedCredential(kFetched);
  BOOST_REQUIRE_MESSAGE(fetched.has_value(), ErrorOf(fetched));
  BOOST_TEST(fetched->credential.Equals(std::vector<std::uint8_t>(32, 7)));
  BOOST_TEST(*fetched->enrolee_id == "//sp.example.com/Sx");
  BOOST_TEST((fetched->enrolee_type == EntityKind::kCse));
  BOOST_TEST(fetched->lifetime.count() == 60);
  BOOST_TEST(Write(*fetched) == kFetched);
  CheckRows(kFetched,
            {{"true", "false", Error::kStatusNotOk},
             {"true", "\"true\"", Error::kWrongType},
             {R"("status":true,)", "", Error::kMissingMember},
             {kKey, "AA==", Error::kBadKeyLength},
             {kKey, Secret::Random(33)->ToBase64(), Error::kBadKeyLength},
             {kKey, "x", Error::kBadBase64},
             {"credential", "x", Error::kMissingMember},
             {"enroleeID", "x", Error::kBadForm},
             {"enroleeType", "x", Error::kBadForm},
             {R"("CSE")", R"("MAF")", Error::kOutOfRange},
             {"//sp.example.com/Sx", "Sx", Error::kBadForm},
             {R"("CSE")", R"("AE")", Error{0}},  // "//fqdn/Sx" may name either kind
             {"60", "0", Error::kOutOfRange},
             {"lifetime", "x", Error::kMissingMember}},
            ParseFetchedCredential);
  const auto anonymous =
      ParseFetchedCredential(R"({"status":true,"credential":")" + kKey + R"(","lifetime":60})");
  BOOST_REQUIRE(anonymous.has_value());
  BOOST_TEST(!anonymous->enrolee_id.has_value());
}

BOOST_AUTO_TEST_CASE(fetch_failure) {
  const std::string good = R"({"status":false,"errorString":"no such key"})";
  BOOST_TEST(Write(*ParseFetchFailure(good)) == good);
  CheckRows(good,
            {{"false", "true", Error::kBadForm},
             {"errorString", "x", Error::kMissingMember},
             {"no such key", std::string(kMaxErrorString + 1, 'x'), Error::kTooLong}},
            ParseFetchFailure);
}

BOOST_AUTO_TEST_CASE(the_path_of_a_fetch) {
  const auto ke_id = *KeId::Parse("00AA@" + kMef);
  const std::string path = FetchCredentialsPath(ke_id, Suid::kRspfMaf);
  BOOST_TEST(path == "fetchCredentials/00AA@mef.example.com/21");
  const auto target = ParseFetchCredentialsPath(path);
  BOOST_REQUIRE(target.has_value());
  BOOST_TEST((target->ke_id == ke_id));
  BOOST_TEST((target->suid == Suid::kRspfMaf));
  const std::vector<Refusal> rows = {
      {"", Error::kBadForm},
      {"fetchCredentials", Error::kBadForm},
      {"fetchCredentials/", Error::kBadForm},
      {"fetchCredentialsX/00AA@m/21", Error::kBadForm},
      {"/fetchCredentials/00AA@m/21", Error::kBadForm},
      {"fetchCredentials/00AA@m", Error::kBadForm},
      {"fetchCredentials/00AA/21", Error::kBadForm},
      {"fetchCredentials//21", Error::kEmpty},
      {"fetchCredentials/00AA@m/", Error::kOutOfRange},
      {"fetchCredentials/00AA@m/021", Error::kOutOfRange},
      {"fetchCredentials/00AA@m/+21", Error::kOutOfRange},
      {"fetchCredentials/00AA@m/21/", Error::kOutOfRange},
      {"fetchCredentials/00AA@m/32", Error::kOutOfRange},
      {"fetchCredentials/00AA@m/11", Error::kOutOfRange},
      {"fetchCredentials/00AA@m/99999999999", Error::kOutOfRange},
  };
  for (const Refusal& row : rows) {
    BOOST_TEST_INFO(row.text);
    BOOST_TEST(ErrorOf(ParseFetchCredentialsPath(row.text)) == Text(row.error));
  }
}

BOOST_AUTO_TEST_CASE(km_id_retrieval) {
  const std::string good =
      R"({"status":"OK","kmId":"e1@maf.example.com","expirationTime":"20300101T000000"})";
  BOOST_TEST(maf::Write(*maf::ParseKmIdRetrievalResponse(good)) == good);
  CheckRows(good,
            {{"OK", "no", Error::kStatusNotOk},
             {R"("status":"OK",)", "", Error::kMissingMember},
             {"kmId", "x", Error::kMissingMember},
             {"e1@maf", "maf", Error::kBadForm},
             {R"("20300101T000000")", "null", Error{0}},
             {"20300101T", "2030", Error::kBadTime}},
            maf::ParseKmIdRetrievalResponse);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m::mef
