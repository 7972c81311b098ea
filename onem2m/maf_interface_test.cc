// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/maf_interface.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "onem2m/test_util.h"

namespace saef::onem2m::maf {
namespace {

// `count` different targets, as the inside of a JSON array.
std::string Targets(std::size_t count) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i) {
    list +=
        (i == 0 ? "\"//sp.example.com/cse" : ",\"//sp.example.com/cse") + std::to_string(i) + "\"";
  }
  return list;
}

std::string Key(std::size_t size) { return Secret::Random(size)->ToBase64(); }

Secret KeyOf(std::uint8_t fill) {
  const std::vector<std::uint8_t> bytes(32, fill);
  return Secret::Copy(bytes).value();
}

// Members by name, to be replaced or dropped one at a time.
struct Members {
  std::vector<std::pair<std::string, std::string>> list;

  // `value` is JSON text; "" drops the member.
  std::string With(const std::string& name, const std::string& value) const {
    std::string text;
    bool found = false;
    for (const auto& [key, old] : list) {
      found = found || key == name;
      const std::string& now = key == name ? value : old;
      if (!now.empty()) text += (text.empty() ? "\"" : ",\"") + key + "\":" + now;
    }
    if (!found && !value.empty()) text += (text.empty() ? "\"" : ",\"") + name + "\":" + value;
    return "{" + text + "}";
  }
  std::string Whole() const { return With("", ""); }
};

// Member, JSON text put in its place, error; kFine: accepted.
constexpr Error kFine = Error{0};
struct Row {
  std::string member, value;
  Error error;
};

template <typename Parse>
void Check(const Members& members, const std::vector<Row>& rows, Parse parse) {
  for (const Row& row : rows) {
    BOOST_TEST_INFO(Visible(row.member + ": " + row.value));
    BOOST_TEST(ErrorOf(parse(members.With(row.member, row.value))) ==
               (row.error == kFine ? "" : Text(row.error)));
  }
}

// What every parser refuses, whatever it wants.
template <typename Parse>
void CheckHostile(const Members& members, Parse parse) {
  const std::string whole = members.Whole();
  const std::vector<Refusal> rows = {
      {"", Error::kBadJson},
      {"[]", Error::kWrongType},
      {"null", Error::kWrongType},
      {"1", Error::kWrongType},
      {"\"x\"", Error::kWrongType},
      {"{}", Error::kMissingMember},
      {whole + "x", Error::kBadJson},
      {whole + std::string(1, '\0'), Error::kBadJson},
      {whole.substr(0, whole.size() - 1), Error::kBadJson},
      {"\xFF" + whole, Error::kBadJson},
      {std::string(33, '[') + std::string(33, ']'), Error::kBadJson},
      {std::string(60000, '['), Error::kBadJson},
      {whole + std::string(kMaxContentLength, ' '), Error::kTooLong},
  };
  for (const Refusal& row : rows) {
    BOOST_TEST_INFO(Visible(row.text));
    BOOST_TEST(ErrorOf(parse(row.text)) == Text(row.error));
  }
  BOOST_TEST(ErrorOf(parse(whole)) == "");
  for (const auto& [name, value] : members.list) {
    const std::string twice =
        whole.substr(0, whole.size() - 1) + ",\"" + name + "\":" + value + "}";
    BOOST_TEST(ErrorOf(parse(twice)) == Text(Error::kBadJson));
  }
  // V3.18 has members that we don't know.
  BOOST_TEST(ErrorOf(parse(members.With("labels", "[\"x\",{\"y\":null}]"))) == "");
}

const std::vector<Row> kSuidRows = {
    {"suid", "", Error::kMissingMember},
    {"suid", "null", Error::kWrongType},
    {"suid", "\"32\"", Error::kWrongType},
    {"suid", "32.0", Error::kWrongType},
    {"suid", "[32]", Error::kWrongType},
    {"suid", "true", Error::kWrongType},
    {"suid", "31", Error::kOutOfRange},
    {"suid", "36", Error::kOutOfRange},
    {"suid", "0", Error::kOutOfRange},
    {"suid", "-32", Error::kOutOfRange},
    {"suid", "12", Error::kOutOfRange},
    {"suid", "21", Error::kOutOfRange},
    {"suid", "40", Error::kOutOfRange},
    {"suid", "4294967328", Error::kOutOfRange},
    {"suid", "33", kFine},
    {"suid", "34", kFine},
    {"suid", "35", kFine},
    {"suid", "18446744073709551615", Error::kOutOfRange},
};

// For SUID 32.
const std::vector<Row> kTargetRows = {
    {"targetIDs", "", Error::kMissingMember},
    {"targetIDs", "null", Error::kWrongType},
    {"targetIDs", "\"//sp.example.com/cse1\"", Error::kWrongType},
    {"targetIDs", "{\"0\":\"//sp.example.com/cse1\"}", Error::kWrongType},
    {"targetIDs", "[1]", Error::kWrongType},
    {"targetIDs", "[null]", Error::kWrongType},
    {"targetIDs", "[[\"//sp.example.com/cse1\"]]", Error::kWrongType},
    {"targetIDs", "[]", Error::kTargetCount},
    {"targetIDs", "[" + Targets(2) + "]", Error::kTargetCount},
    {"targetIDs", "[" + Targets(256) + "]", Error::kTargetCount},
    {"targetIDs", "[" + Targets(257) + "]", Error::kTargetCount},
    {"targetIDs", "[\"//sp.example.com/cse1\",\"//SP.example.com/cse1\"]", Error::kBadForm},
    {"targetIDs", "[\"\"]", Error::kEmpty},
    {"targetIDs", "[\"/cse1\"]", Error::kBadForm},
    {"targetIDs", "[\"cse1\"]", Error::kBadForm},
    {"targetIDs", "[\"Cae1\"]", Error::kBadForm},
    {"targetIDs", "[\"//sp.example.com\"]", Error::kEmpty},
    {"targetIDs", "[\"//sp.example.com/cse1/x\"]", Error::kBadForm},
    {"targetIDs", "[\"//sp.example.com/cse1\\u0000\"]", Error::kBadCharacter},
    {"targetIDs", "[\"//sp.example.com/cs\\u00e9\"]", Error::kBadCharacter},
    {"targetIDs", "[\"//sp.example.com/" + std::string(10000, 'x') + "\"]", Error::kTooLong},
    {"targetIDs", "[\"//sp.example.com/cse1/Cae1\"]", kFine},
    {"targetIDs", "[\"//sp.example.com/Sae1\"]", kFine},
};

const std::vector<Row> kOptionalTimeRows = {
    {"expirationTime", "", kFine},
    {"expirationTime", "null", kFine},
    {"expirationTime", "1700000000", Error::kWrongType},
    {"expirationTime", "\"\"", Error::kBadTime},
    {"expirationTime", "\"2030-01-01\"", Error::kBadTime},
    {"expirationTime", "\"20300101T000000\\u0000\"", Error::kBadTime},
    {"expirationTime", "\"20300101T000000,5\"", kFine},
};

std::vector<Row> KeyRows() {
  return {{"keyValue", "1", Error::kWrongType},
          {"keyValue", "[]", Error::kWrongType},
          {"keyValue", "\"\"", Error::kBadBase64},
          {"keyValue", "\"not base64!\"", Error::kBadBase64},
          {"keyValue", "\"" + Key(32) + "\\n\"", Error::kBadBase64},
          {"keyValue", "\"" + Key(32) + "\\u0000\"", Error::kBadBase64},
          {"keyValue", "\"" + Key(1) + "\"", Error::kBadKeyLength},
          {"keyValue", "\"" + Key(15) + "\"", Error::kBadKeyLength},
          {"keyValue", "\"" + Key(16) + "\"", kFine},
          {"keyValue", "\"" + Key(64) + "\"", kFine},
          {"keyValue", "\"" + Key(65) + "\"", Error::kBadKeyLength},
          {"keyValue", "\"" + Key(1024) + "\"", Error::kBadKeyLength},
          {"keyValue", "\"" + std::string(10 * 1024, 'A') + "\"", Error::kTooLong}};
}

BOOST_AUTO_TEST_SUITE(maf_interface)

const Members kRequest = {{{"suid", "32"},
                           {"targetIDs", R"(["//sp.example.com/cse1"])"},
                           {"keyValue", R"("AAECAwQFBgcICQoLDA0ODw==")"},
                           {"expirationTime", R"("20300101T000000")"}}};

BOOST_AUTO_TEST_CASE(registration_request_is_read) {
  const auto request = ParseKeyRegistrationRequest(kRequest.Whole());
  BOOST_TEST_REQUIRE(ErrorOf(request) == "");
  BOOST_TEST((request->suid == Suid::kMafSaef));
  BOOST_TEST((request->target_ids == std::vector<std::string>{"//sp.example.com/cse1"}));
  BOOST_TEST(request->key.value().ToHex() == "000102030405060708090A0B0C0D0E0F");
  BOOST_TEST(FormatTimestamp(request->expiration_time.value()) == "20300101T000000");
  BOOST_TEST(Write(*request) == kRequest.Whole());
  const auto least =
      ParseKeyRegistrationRequest(R"({"suid":35,"targetIDs":["//A.b/C","//a.b/c"]})");
  BOOST_TEST_REQUIRE(ErrorOf(least) == "");
  BOOST_TEST(!least->key.has_value());
  BOOST_TEST(!least->expiration_time.has_value());
  BOOST_TEST(Write(*least) == R"({"suid":35,"targetIDs":["//a.b/C","//a.b/c"]})");
}

BOOST_AUTO_TEST_CASE(registration_request_is_refused) {
  CheckHostile(kRequest, ParseKeyRegistrationRequest);
  Check(kRequest, kSuidRows, ParseKeyRegistrationRequest);
  Check(kRequest, kTargetRows, ParseKeyRegistrationRequest);
  Check(kRequest, kOptionalTimeRows, ParseKeyRegistrationRequest);
  Check(kRequest, KeyRows(), ParseKeyRegistrationRequest);
  Check(kRequest, {{"keyValue", "", kFine}, {"keyValue", "null", kFine}},
        ParseKeyRegistrationRequest);
}

// TS-0003 8.x.5 step 3.
BOOST_AUTO_TEST_CASE(each_suid_has_its_number_of_targets) {
  for (const int suid : {32, 33, 34, 35}) {
    for (const std::size_t count : {0, 1, 2, 256, 257}) {
      const std::string text =
          "{\"suid\":" + std::to_string(suid) + ",\"targetIDs\":[" + Targets(count) + "]}";
      const bool good = suid <= 33 ? count == 1 : count >= 1 && count <= 256;
      BOOST_TEST_INFO(suid << " with " << count);
      BOOST_TEST(ErrorOf(ParseKeyRegistrationRequest(text)) ==
                 (good ? "" : Text(Error::kTargetCount)));
    }
  }
}

const Members kRegistered = {{{"relativeKeyID", "\"00112233445566778899AABBCCDDEEFF\""},
                              {"expirationTime", R"("20300101T000000")"},
                              {"suid", "32"},
                              {"targetIDs", R"(["//sp.example.com/cse1"])"},
                              {"sourceID", R"("//sp.example.com/cse1/Cae1")"}}};

BOOST_AUTO_TEST_CASE(registration_response_is_read) {
  const auto response = ParseKeyRegistrationResponse(kRegistered.Whole());
  BOOST_TEST_REQUIRE(ErrorOf(response) == "");
  BOOST_TEST(response->relative_key_id == "00112233445566778899AABBCCDDEEFF");
  BOOST_TEST(FormatTimestamp(response->expiration_time) == "20300101T000000");
  BOOST_TEST((response->suid == Suid::kMafSaef));
  BOOST_TEST((response->target_ids == std::vector<std::string>{"//sp.example.com/cse1"}));
  BOOST_TEST((response->source_id == "//sp.example.com/cse1/Cae1"));
  BOOST_TEST(Write(*response) == kRegistered.Whole());
  const std::string without = kRegistered.With("sourceID", "");
  BOOST_TEST(Write(*ParseKeyRegistrationResponse(without)) == without);
}

BOOST_AUTO_TEST_CASE(registration_response_is_refused) {
  CheckHostile(kRegistered, ParseKeyRegistrationResponse);
  Check(kRegistered, kSuidRows, ParseKeyRegistrationResponse);
  Check(kRegistered, kTargetRows, ParseKeyRegistrationResponse);
  Check(kRegistered,
        {{"relativeKeyID", "", Error::kMissingMember},
         {"relativeKeyID", "null", Error::kWrongType},
         {"relativeKeyID", "7", Error::kWrongType},
         {"relativeKeyID", "\"\"", Error::kEmpty},
         {"relativeKeyID", "\"a@b\"", Error::kBadCharacter},
         {"relativeKeyID", "\"a b\"", Error::kBadCharacter},
         {"relativeKeyID", "\"a\\u0000\"", Error::kBadCharacter},
         {"relativeKeyID", "\"" + std::string(94, 'x') + "\"", kFine},
         {"relativeKeyID", "\"" + std::string(95, 'x') + "\"", Error::kTooLong},
         {"expirationTime", "", Error::kMissingMember},
         {"expirationTime", "null", Error::kWrongType},
         {"expirationTime", "\"20301301T000000\"", Error::kBadTime},
         {"sourceID", "", kFine},
         {"sourceID", "null", kFine},
         {"sourceID", "1", Error::kWrongType},
         {"sourceID", "\"\"", Error::kEmpty},
         {"sourceID", "\"Cae1\"", Error::kBadForm},
         {"sourceID", "\"//sp.example.com/cse9\"", kFine}},
        ParseKeyRegistrationResponse);
}

const Members kRetrieved = {{{"status", "\"OK\""},
                             {"keyValue", R"("AAECAwQFBgcICQoLDA0ODw==")"},
                             {"sourceID", R"("//sp.example.com/cse1/Cae1")"},
                             {"sourceType", "\"AE\""},
                             {"credentialID", R"("11-ae1@maf.example.com")"},
                             {"suid", "32"},
                             {"lifetime", "3600"},
                             {"expirationTime", R"("20300101T000000")"}}};

BOOST_AUTO_TEST_CASE(retrieval_response_is_read) {
  const auto response = ParseKeyRetrievalResponse(kRetrieved.Whole());
  BOOST_TEST_REQUIRE(ErrorOf(response) == "");
  BOOST_TEST(response->key.ToHex() == "000102030405060708090A0B0C0D0E0F");
  BOOST_TEST((response->source_id == "//sp.example.com/cse1/Cae1"));
  BOOST_TEST((response->source_type == EntityKind::kAe));
  BOOST_TEST(response->credential_id.value().text() == "11-ae1@maf.example.com");
  BOOST_TEST((response->suid == Suid::kMafSaef));
  BOOST_TEST(response->lifetime.count() == 3600);
  BOOST_TEST(FormatTimestamp(response->expiration_time.value()) == "20300101T000000");
  BOOST_TEST(Write(*response) == kRetrieved.Whole());
}

BOOST_AUTO_TEST_CASE(retrieval_response_round_trips_without_what_is_optional) {
  KeyRetrievalResponse response;
  response.key = KeyOf(7);
  response.credential_id = *CredentialId::Parse("11-x@maf.example.com");
  response.lifetime = std::chrono::seconds(1);
  const auto read = ParseKeyRetrievalResponse(Write(response));
  BOOST_TEST_REQUIRE(ErrorOf(read) == "");
  BOOST_TEST(read->key.Equals(response.key.bytes()));
  BOOST_TEST(!read->source_id.has_value());
  BOOST_TEST(!read->source_type.has_value());
  BOOST_TEST(!read->expiration_time.has_value());
  response.credential_id.reset();
  response.source_id = "//sp.example.com/Sx";
  response.source_type = EntityKind::kCse;
  const auto other = ParseKeyRetrievalResponse(Write(response));
  BOOST_TEST_REQUIRE(ErrorOf(other) == "");
  BOOST_TEST((other->source_type == EntityKind::kCse));
  BOOST_TEST(!other->credential_id.has_value());
}

BOOST_AUTO_TEST_CASE(retrieval_response_is_refused) {
  CheckHostile(kRetrieved, ParseKeyRetrievalResponse);
  Check(kRetrieved, kSuidRows, ParseKeyRetrievalResponse);
  Check(kRetrieved, kOptionalTimeRows, ParseKeyRetrievalResponse);
  Check(kRetrieved, KeyRows(), ParseKeyRetrievalResponse);
  Check(kRetrieved,
        {{"status", "", Error::kMissingMember},
         {"status", "null", Error::kWrongType},
         {"status", "2000", Error::kWrongType},
         {"status", "true", Error::kWrongType},
         {"status", "\"\"", Error::kStatusNotOk},
         {"status", "\"ok\"", Error::kStatusNotOk},
         {"status", "\"OK\\u0000\"", Error::kStatusNotOk},
         {"status", "\"DENIED\"", Error::kStatusNotOk},
         {"keyValue", "", Error::kMissingMember},
         {"keyValue", "null", Error::kWrongType},
         {"lifetime", "", Error::kMissingMember},
         {"lifetime", "null", Error::kWrongType},
         {"lifetime", "\"3600\"", Error::kWrongType},
         {"lifetime", "1.5", Error::kWrongType},
         {"lifetime", "1e3", Error::kWrongType},
         {"lifetime", "0", Error::kOutOfRange},
         {"lifetime", "-1", Error::kOutOfRange},
         {"lifetime", "-9223372036854775808", Error::kOutOfRange},
         {"lifetime", "1", kFine},
         {"lifetime", "315619200", kFine},
         {"lifetime", "315619201", Error::kOutOfRange},
         {"lifetime", "9223372036854775807", Error::kOutOfRange},
         {"lifetime", "18446744073709551615", Error::kOutOfRange},
         {"lifetime", "1e30", Error::kWrongType},
         {"lifetime", "1e999", Error::kBadJson}},
        ParseKeyRetrievalResponse);
}

BOOST_AUTO_TEST_CASE(retrieval_response_must_say_whose_key_it_is) {
  Check(kRetrieved,
        {{"sourceType", "", Error::kMissingMember},
         {"sourceType", "null", Error::kMissingMember},
         {"sourceType", "\"ae\"", Error::kOutOfRange},
         {"sourceType", "\"\"", Error::kOutOfRange},
         {"sourceType", "2", Error::kWrongType},
         {"sourceType", "\"CSE\"", Error::kBadForm},  // of //sp.example.com/cse1/Cae1
         {"sourceID", "", Error::kBadForm},           // a kind, but of nobody
         {"sourceID", "null", Error::kBadForm},
         {"sourceID", "\"\"", Error::kEmpty},
         {"sourceID", "\"Cae1\"", Error::kBadForm},
         {"sourceID", "\"/cse1/Cae1\"", Error::kBadForm},
         {"sourceID", "\"//sp.example.com/cse1\"", Error::kBadForm},  // of an AE
         {"sourceID", "\"//sp.example.com/cse1/Cae1\\u0000\"", Error::kBadCharacter},
         {"sourceID", "[]", Error::kWrongType},
         {"credentialID", "", kFine},
         {"credentialID", "null", kFine},
         {"credentialID", "\"\"", Error::kEmpty},
         {"credentialID", "\"99-x\"", Error::kOutOfRange},
         {"credentialID", "\"11-x\"", Error::kBadForm},
         {"credentialID", "7", Error::kWrongType}},
        ParseKeyRetrievalResponse);
  const Members nobody = {{{"status", "\"OK\""},
                           {"keyValue", R"("AAECAwQFBgcICQoLDA0ODw==")"},
                           {"suid", "32"},
                           {"lifetime", "3600"}}};
  Check(nobody,
        {{"", "", Error::kMissingMember},
         {"credentialID", "\"11-x@maf.example.com\"", kFine},
         {"sourceID", "\"//sp.example.com/Sx\"", Error::kMissingMember}},
        ParseKeyRetrievalResponse);
}

BOOST_AUTO_TEST_CASE(target_list_update) {
  const Members update = {{{"targetIDs", R"(["//sp.example.com/cse1","//sp.example.com/Sx"])"}}};
  const auto read = ParseTargetListUpdate(update.Whole());
  BOOST_TEST_REQUIRE(ErrorOf(read) == "");
  BOOST_TEST(read->target_ids.size() == 2U);
  BOOST_TEST(Write(*read) == update.Whole());
  CheckHostile(update, ParseTargetListUpdate);
  Check(update,
        {{"targetIDs", "[]", Error::kTargetCount},
         {"targetIDs", "[" + Targets(256) + "]", kFine},
         {"targetIDs", "[" + Targets(257) + "]", Error::kTargetCount},
         {"targetIDs", "7", Error::kWrongType},
         {"targetIDs", "[7]", Error::kWrongType},
         {"targetIDs", "[\"/cse1\"]", Error::kBadForm}},
        ParseTargetListUpdate);
}

BOOST_AUTO_TEST_CASE(what_json_escapes_is_escaped) {
  BOOST_TEST(Write(TargetListUpdate{{"a\"b", "c\\d", "\x01", "\xc3\xa9", "\x7f"}}) ==
             "{\"targetIDs\":[\"a\\\"b\",\"c\\\\d\",\"\\u0001\",\"\xc3\xa9\",\"\x7f\"]}");
}

// A string that grew would have left the key behind in memory that was given back.
BOOST_AUTO_TEST_CASE(a_key_is_written_into_room_that_was_there_before) {
  KeyRegistrationRequest request;
  request.key = KeyOf(1);
  request.target_ids.assign(3, std::string(5000, '\x01'));  // six octets each as JSON
  const std::string text = Write(request);
  BOOST_TEST(text.size() > 90000U);
  BOOST_TEST(text.capacity() < text.size() + 3000);  // growth by doubling would pass that
  KeyRetrievalResponse response;
  response.key = KeyOf(2);
  response.source_id = std::string(5000, '\x01');
  const std::string answer = Write(response);
  BOOST_TEST(answer.size() > 30000U);
  BOOST_TEST(answer.capacity() < answer.size() + 3000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m::maf
