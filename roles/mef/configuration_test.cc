// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/mef/configuration.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "onem2m/test_folder.h"
#include "roles/mef/enrolment_store.h"

namespace saef::mef {
namespace {

struct MefFolder : onem2m::TestFolder {
  MefFolder() {
    Write("key", std::string(64, 'a'), 0600);
    Write("short", std::string(32, 'a'), 0600);
    Write("open", std::string(64, 'a'), 0644);
  }
  std::string Fault(const std::string& json) const {
    const auto read = ReadConfiguration(Write("mef.json", json, 0644));
    const auto* const error = std::get_if<std::string>(&read);
    return error != nullptr ? *error : std::string();
  }
  std::unique_ptr<EnrolmentStore> OpenStore(std::uint8_t key = 1) const {
    auto opened = EnrolmentStore::Open(Path("store"),
                                       *onem2m::Secret::Copy(std::vector<std::uint8_t>(32, key)),
                                       *onem2m::Fqdn::Parse("mef.example.com"));
    auto* const store = std::get_if<std::unique_ptr<EnrolmentStore>>(&opened);
    return store != nullptr ? std::move(*store) : nullptr;
  }
};

const std::string kGoodMef = R"({"fqdn": "mef.example.com", "listen": ["coaps://127.0.0.1:0"],
 "store": "store", "storeKeyFile": "key",
 "enrolees": [
  {"kpmId": "ae1@mef.example.com", "kpmFile": "key", "entityId": "//sp.example.com/cse1/Cae1",
   "entityType": "AE",
   "mafs": [{"fqdn": "maf.example.com", "keyRegistration": "coaps://127.0.0.1/kr",
     "keyRetrieval": "coaps://127.0.0.1/kr", "kmIdRetrieval": "coaps://127.0.0.1/km"}]}],
 "targets": [{"fqdn": "maf.example.com", "kmId": "maf@mef.example.com", "kmFile": "key"}]})";

EnrolmentRecord RecordOf(int number, onem2m::Time expires) {
  return {"K" + std::to_string(number) + "@mef.example.com",
          *onem2m::Secret::Copy(std::vector<std::uint8_t>(32, 9)), "10-ae1", expires};
}

BOOST_AUTO_TEST_SUITE(mef)

BOOST_FIXTURE_TEST_CASE(each_error_says_where, MefFolder) {
  BOOST_TEST(Fault(kGoodMef) == "");
  const std::vector<std::array<std::string, 3>> rows = {
      {"\"mef.example.com\"", "\"MEF.example.com\"", "/fqdn"},
      {"coaps://127.0.0.1:0", "coap://127.0.0.1:0", "/listen/0"},
      {"coaps://127.0.0.1:0", "coaps://127.0.0.1:0/en", "/listen/0"},
      {"\"storeKeyFile\": \"key\"", "\"storeKeyFile\": \"short\"", "/storeKeyFile"},
      {"\"kpmFile\": \"key\"", "\"kpmFile\": \"open\"", "chmod 600"},
      {"\"kpmFile\": \"key\", ", "", "/enrolees/0"},
      {"\"kpmFile\": \"key\"", "\"kpmFile\": \"key\", \"certificateId\": \"31-x\"", "/enrolees/0"},
      {R"("kpmId": "ae1@mef.example.com", "kpmFile": "key")", R"("certificateId": "11-a@maf")",
       "/enrolees/0/certificateId"},
      {R"("kpmId": "ae1@mef.example.com", "kpmFile": "key")", R"("certificateId": "31-x")",
       "/certificate: is missing"},
      {"\"AE\"", "\"CSE\"", "/enrolees/0/entityId"},
      {R"("keyRetrieval": "coaps://127.0.0.1/kr")", R"("keyRetrieval": "http://127.0.0.1/kr")",
       "/enrolees/0/mafs/0/keyRetrieval"},
      {R"(, "kmIdRetrieval": "coaps://127.0.0.1/km")", "", "needs kmIdRetrieval"},
      {R"("kmId": "maf@mef.example.com", "kmFile": "key")", R"("kmId": "maf@mef.example.com")",
       "/targets/0"},
      {R"(, "kmId": "maf@mef.example.com", "kmFile": "key")", "", "/certificate: is missing"},
      {R"({"fqdn": "maf.example.com", "kmId")", R"({"kmId")", "/targets/0"},
      {"maf@mef.example.com", "ae1@mef.example.com", "have the psk_identity"},
  };
  for (const auto& [from, to, part] : rows) {
    std::string json = kGoodMef;
    const auto at = json.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
    json.replace(at, from.size(), to);
    BOOST_TEST(Fault(json).find(part) != std::string::npos, to + ": " + Fault(json));
  }
}

BOOST_FIXTURE_TEST_CASE(threads_and_bounds_of_the_servers, MefFolder) {
  const auto with = [](const std::string& members) {
    std::string json = kGoodMef;
    return json.insert(1, members);
  };
  const std::string bounds =
      R"("threads": 2, "limits": {"maxSessions": 40, "maxHandshakesPerSource": 10}, )";
  const auto read = ReadConfiguration(Write("mef.json", with(bounds), 0644));
  BOOST_REQUIRE(std::holds_alternative<Configuration>(read));
  const bindings::ServerLimits& server = std::get<Configuration>(read).server;
  BOOST_TEST(server.threads == 2u);
  BOOST_TEST(server.max_sessions == 40u);
  BOOST_TEST(server.max_sessions_per_source == 0u);
  BOOST_TEST(server.max_handshakes_per_source == 10u);
  BOOST_TEST(Fault(with(R"("threads": 65, )")).find("/threads") != std::string::npos);
  BOOST_TEST(Fault(with(R"("limits": {"maxSessions": 0}, )")).find("/limits/maxSessions") !=
             std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(an_enrolee_has_something_to_enrol_for, MefFolder) {
  std::string json = kGoodMef;
  const auto begin = json.find(",\n   \"mafs\"");
  const auto end = json.find("}],\n \"targets\"");
  BOOST_REQUIRE((begin != std::string::npos && end != std::string::npos && begin < end));
  json.erase(begin, end - begin);
  BOOST_TEST(Fault(json).find("/enrolees/0: needs mafs or kpsaTargets") != std::string::npos,
             Fault(json));
  json.insert(begin, R"(, "kpsaTargets": ["//sp.example.com/cse1"])");
  BOOST_TEST(Fault(json) == "");
}

BOOST_FIXTURE_TEST_CASE(enrolments_are_kept_sealed, MefFolder) {
  const auto now = onem2m::Now();
  {
    const auto store = OpenStore();
    BOOST_REQUIRE(store != nullptr);
    BOOST_TEST(store->Insert(RecordOf(1, now + std::chrono::hours(1))).has_value());
    BOOST_TEST((store->Insert(RecordOf(1, now)).error() == key_store::Error::kIdentifierUsed));
  }
  BOOST_TEST((OpenStore(2) == nullptr));  // another store key
  const auto store = OpenStore();
  BOOST_REQUIRE(store != nullptr);
  const auto found = store->Find("K1@mef.example.com");
  BOOST_REQUIRE((found.has_value() && found->has_value()));
  BOOST_TEST((*found)->ke.Equals(std::vector<std::uint8_t>(32, 9)));
  BOOST_TEST((*found)->enrolee == "10-ae1");
  // Neither Ke nor who it is for can be changed in the file.
  sqlite3* raw = nullptr;
  BOOST_REQUIRE(sqlite3_open(Path("store").c_str(), &raw) == SQLITE_OK);
  const key_store::sqlite::Database database(raw);
  BOOST_REQUIRE(
      key_store::sqlite::Execute(raw, "UPDATE enrolments SET enrolee = '10-x'").has_value());
  BOOST_TEST((store->Find("K1@mef.example.com").error() == key_store::Error::kDamaged));
}

BOOST_FIXTURE_TEST_CASE(old_enrolments_go, MefFolder) {
  const auto now = onem2m::Now();
  const auto store = OpenStore();
  BOOST_REQUIRE(store != nullptr);
  const int most = EnrolmentStore::kMaxPerEnrolee;
  for (int i = 0; i <= most; ++i) {
    BOOST_REQUIRE(store->Insert(RecordOf(i, now + std::chrono::seconds(100 + i))).has_value());
  }
  BOOST_TEST(!store->Find("K0@mef.example.com")->has_value());
  BOOST_TEST(store->Find("K1@mef.example.com")->has_value());
  BOOST_TEST(*store->RemoveExpired(now + std::chrono::seconds(102)) == 2u);
  BOOST_TEST(!store->Find("K2@mef.example.com")->has_value());
  BOOST_TEST(store->Find("K3@mef.example.com")->has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::mef
