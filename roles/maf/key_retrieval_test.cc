// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/key_retrieval.h"

#include <boost/test/unit_test.hpp>

#include "onem2m/maf_interface.h"
#include "roles/maf/testing.h"
#include "roles/maf/waiting_store.h"

namespace saef::maf {
namespace {

using onem2m::ResponsePrimitive;
using Query = std::vector<std::pair<std::string, std::string>>;

using testing::kNow;
const std::string kId = "0123456789ABCDEF0123456789ABCDEF";
const std::string kKcId = kId + "@maf.example.com";

struct Shelf : onem2m::TestFolder {
  int errors = 0;
  Shelf() { Put(kId, "AE1@maf.example.com", Entity{testing::kAe1, onem2m::EntityKind::kAe}); }

  void Put(const std::string& id, const std::string& km_id, std::optional<Entity> source) {
    KeyRecord record;
    record.relative_id = id;
    record.key = testing::Key(3);
    record.source_km_id = km_id;
    record.source = std::move(source);
    record.targets = {testing::kCse1};
    record.expires = kNow + std::chrono::seconds(100);
    BOOST_REQUIRE(store->Insert(record, kNow, 100).has_value());
  }
  ResponsePrimitive Get(const Query& query, const std::string& id = kId,
                        const char* who = "cse1@maf.example.com", onem2m::Time now = kNow) {
    onem2m::RequestPrimitive request;
    request.request_identifier = "r1";
    request.query = query;
    return retrieval.Retrieve(request, id, *clients.Find(who), *store, now);
  }
  int Status(const Query& query, const std::string& id = kId,
             const char* who = "cse1@maf.example.com", onem2m::Time now = kNow) {
    return onem2m::Number(Get(query, id, who, now).status);
  }

  onem2m::Fqdn fqdn = testing::MafFqdn();
  ClientTable clients = testing::Clients();
  std::unique_ptr<testing::WaitingStore> store = testing::WaitingStore::Open(Path("s"));
  bindings::Log log = testing::CountErrors(errors);
  KeyRetrieval retrieval{fqdn, clients, log};
};

const Query kGood = {{"suid", "32"}, {"kcid", kKcId}};

BOOST_AUTO_TEST_SUITE(key_retrieval)

BOOST_FIXTURE_TEST_CASE(the_target_gets_the_key, Shelf) {
  const ResponsePrimitive response =
      Get(kGood, kId, "cse1@maf.example.com", kNow + std::chrono::seconds(30));
  BOOST_REQUIRE(onem2m::Number(response.status) == 2000);
  BOOST_TEST(response.request_identifier == "r1");
  const auto answer = onem2m::maf::ParseKeyRetrievalResponse(response.content);
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST(answer->key.Equals(testing::Key(3).bytes()));
  BOOST_TEST(*answer->source_id == testing::kAe1);
  BOOST_TEST((*answer->source_type == onem2m::EntityKind::kAe));
  BOOST_TEST(answer->credential_id->text() == "11-ae1@maf.example.com");
  BOOST_TEST((answer->suid == onem2m::Suid::kMafSaef));
  BOOST_TEST(answer->lifetime.count() == 70);
  BOOST_TEST((*answer->expiration_time == kNow + std::chrono::seconds(100)));
}

BOOST_FIXTURE_TEST_CASE(a_source_without_identity_has_a_credential_id, Shelf) {
  const std::string id(32, 'B');
  Put(id, "ANONYMOUS@maf.example.com", std::nullopt);
  const auto answer = onem2m::maf::ParseKeyRetrievalResponse(
      Get({{"suid", "32"}, {"kcid", id + "@maf.example.com"}}, id).content);
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST(!answer->source_id);
  BOOST_TEST(answer->credential_id->text() == "11-anonymous@maf.example.com");
}

BOOST_FIXTURE_TEST_CASE(a_csesource_is_told_as_one, Shelf) {
  const std::string id(32, 'C');
  Put(id, "CSE2@maf.example.com", Entity{testing::kCse2, onem2m::EntityKind::kCse});
  const auto answer = onem2m::maf::ParseKeyRetrievalResponse(
      Get({{"suid", "32"}, {"kcid", id + "@maf.example.com"}}, id).content);
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST((*answer->source_type == onem2m::EntityKind::kCse));
}

BOOST_FIXTURE_TEST_CASE(who_is_refused_learns_nothing, Shelf) {
  const ResponsePrimitive wrong_usage = Get({{"suid", "33"}, {"kcid", kKcId}});
  const ResponsePrimitive wrong_target = Get(kGood, kId, "cse2@maf.example.com");
  const ResponsePrimitive wrong_both =
      Get({{"suid", "34"}, {"kcid", kKcId}}, kId, "cse2@maf.example.com");
  const ResponsePrimitive no_entity = Get(kGood, kId, "anonymous@maf.example.com");
  const ResponsePrimitive source = Get(kGood, kId, "ae1@maf.example.com");
  for (const auto* response : {&wrong_usage, &wrong_target, &wrong_both, &no_entity, &source}) {
    BOOST_TEST(onem2m::Number(response->status) == 4103);
    BOOST_TEST(response->content.empty());
  }
}

BOOST_FIXTURE_TEST_CASE(what_is_not_there_is_not_found, Shelf) {
  const std::string other(32, 'B');
  BOOST_TEST(Status({{"suid", "32"}, {"kcid", other + "@maf.example.com"}}, other) == 4004);
  BOOST_TEST(Status(kGood, kId, "cse1@maf.example.com", kNow + std::chrono::seconds(99)) == 2000);
  BOOST_TEST(Status(kGood, kId, "cse1@maf.example.com", kNow + std::chrono::seconds(100)) == 4004);
  // The same for a stranger.
  BOOST_TEST(Status({{"suid", "32"}, {"kcid", other + "@maf.example.com"}}, other,
                    "cse2@maf.example.com") == 4004);
}

BOOST_FIXTURE_TEST_CASE(a_source_that_is_no_client_any_more_has_no_keys, Shelf) {
  const std::string gone(32, 'B');
  Put(gone, "GONE@maf.example.com", Entity{testing::kAe1, onem2m::EntityKind::kAe});
  BOOST_TEST(Status({{"suid", "32"}, {"kcid", gone + "@maf.example.com"}}, gone) == 4004);
  const std::string renamed(32, 'C');
  Put(renamed, "AE1@maf.example.com",
      Entity{"//sp.example.com/cse1/Cold", onem2m::EntityKind::kAe});
  BOOST_TEST(Status({{"suid", "32"}, {"kcid", renamed + "@maf.example.com"}}, renamed) == 4004);
}

BOOST_FIXTURE_TEST_CASE(a_damaged_row_is_an_error_and_logged, Shelf) {
  sqlite3* raw = nullptr;
  BOOST_REQUIRE(sqlite3_open(Path("s").c_str(), &raw) == SQLITE_OK);
  const sqlite::Database database(raw);
  BOOST_REQUIRE(sqlite::Execute(raw, "UPDATE keys SET expires = expires + 1").has_value());
  BOOST_TEST(Status(kGood) == 5000);
  BOOST_TEST(errors == 1);
}

BOOST_FIXTURE_TEST_CASE(parameters, Shelf) {
  const Query bad[] = {
      {},
      {{"suid", "32"}},
      {{"kcid", kKcId}},
      {{"suid", ""}, {"kcid", kKcId}},
      {{"suid", "x"}, {"kcid", kKcId}},
      {{"suid", "32x"}, {"kcid", kKcId}},
      {{"suid", " 32"}, {"kcid", kKcId}},
      {{"suid", "99"}, {"kcid", kKcId}},
      {{"suid", "99999999999999999999"}, {"kcid", kKcId}},
      {{"suid", "32"}, {"suid", "32"}, {"kcid", kKcId}},
      {{"suid", "32"}, {"kcid", kKcId}, {"kcid", kKcId}},
      {{"suid", "32"}, {"kcid", kKcId}, {"x", ""}},
      {{"suid", "32"}, {"kcid", ""}},
      {{"suid", "32"}, {"kcid", kId}},
      {{"suid", "32"}, {"kcid", kId + "@maf2.example.com"}},
      {{"suid", "32"}, {"kcid", "1" + kKcId}},
      {{"suid", "32"}, {"kcid", std::string(32, 'B') + "@maf.example.com"}},
      {{"suid", "32"}, {"kcid", std::string(300, 'B') + "@maf.example.com"}},
  };
  for (const Query& query : bad) {
    BOOST_TEST(Status(query) == 4000);
  }
  BOOST_TEST(Status({{"suid", "32"},
                     {"kcid", "0123456789abcdef0123456789abcdef@MAF.example.com"}}) == 2000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::maf
