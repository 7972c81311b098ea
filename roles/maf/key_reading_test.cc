// SPDX-License-Identifier: GPL-3.0-or-later
//
// What readers of a SqliteKeyStore see while others write.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "roles/key-store/sealed_key.h"
#include "roles/maf/recent_rows.h"
#include "roles/maf/sqlite_key_store.h"
#include "roles/maf/sqlite_key_table.h"
#include "roles/maf/sqlite_schema.h"
#include "roles/maf/testing.h"
#include "roles/maf/waiting_store.h"

namespace saef::maf {
namespace {

using onem2m::TestFolder;
using testing::kNow;
using testing::WaitingStore;

constexpr std::size_t kEnough = 1000;

KeyRecord KeyCalled(const std::string& relative_id) {
  KeyRecord record;
  record.relative_id = relative_id;
  record.key = testing::Key(3);
  record.source_km_id = "AE1@maf.example.com";
  record.targets = {testing::kCse1};
  record.expires = kNow + std::chrono::hours(1);
  return record;
}

BOOST_AUTO_TEST_SUITE(key_reading)

// Among reads that share what it takes to begin one, too.
BOOST_FIXTURE_TEST_CASE(a_key_that_was_removed_is_not_found_again, TestFolder) {
  const auto store = WaitingStore::Open(Path("s"));
  const auto other = WaitingStore::Open(Path("s"));
  BOOST_REQUIRE(store->Insert(KeyCalled("A1"), kNow, kEnough).has_value());
  BOOST_REQUIRE(store->Insert(KeyCalled("A2"), kNow, kEnough).has_value());
  // Often enough that it would be kept.
  const auto has = [&](const char* id) {
    const bool at_first = store->Find(id).value().has_value();
    for (int i = 0; i < 3; ++i) BOOST_TEST(store->Find(id).value().has_value() == at_first);
    return at_first;
  };
  store->store().BeginReads();
  BOOST_TEST(has("A1"));
  BOOST_TEST(has("A2"));
  BOOST_TEST(store->Remove("A1", kNow).value() == 1u);
  BOOST_TEST(!has("A1"));
  // By whoever else has the file open.
  BOOST_TEST(other->Remove("A2", kNow).value() == 1u);
  BOOST_TEST(!has("A2"));
  BOOST_REQUIRE(other->Insert(KeyCalled("A3"), kNow, kEnough).has_value());
  BOOST_TEST(has("A3"));
  store->store().EndReads();
  BOOST_TEST(has("A3"));
}

BOOST_FIXTURE_TEST_CASE(a_list_of_targets_that_was_replaced_is_the_new_one, TestFolder) {
  const auto store = WaitingStore::Open(Path("s"));
  BOOST_REQUIRE(store->Insert(KeyCalled("A1"), kNow, kEnough).has_value());
  for (const std::vector<std::string>& targets :
       {std::vector<std::string>{"//cse2.example.com/cse2"}, std::vector<std::string>{}}) {
    store->store().BeginReads();
    for (int i = 0; i < 4; ++i) BOOST_TEST(store->Find("A1").value()->targets != targets);
    BOOST_REQUIRE(store->ReplaceTargets("A1", targets).value() == 1u);
    for (int i = 0; i < 4; ++i) BOOST_TEST(store->Find("A1").value()->targets == targets);
    store->store().EndReads();
  }
}

// The database isn't asked again for what is known of the store's state, and for no longer.
BOOST_FIXTURE_TEST_CASE(what_was_read_is_kept_for_a_state, TestFolder) {
  const auto fqdn = *onem2m::Fqdn::Parse("maf.example.com");
  const auto store_key = testing::Key(9, key_store::kStoreKeySize);
  const auto database = std::get<sqlite::Database>(
      OpenStore(Path("s"), store_key, fqdn, SqliteKeyStore::kSchemaVersion));
  SqliteKeyTable keys(database.get(), store_key, fqdn);
  BOOST_REQUIRE(keys.Insert(KeyCalled("A1"), kNow, kEnough).has_value());
  RecentRows recent;
  const auto found = [&](std::uint64_t state) {
    int shown = 0;
    const auto reader = [&shown](const KeyView& key) {
      ++shown;
      BOOST_TEST(key.key.ToHex() == testing::Key(3).ToHex());
      BOOST_TEST(key.targets.size() == 1u);
    };
    BOOST_REQUIRE(keys.Read("A1", reader, recent, state).has_value());
    return shown;
  };
  BOOST_TEST(found(1) == 1);
  BOOST_TEST(found(1) == 1);
  BOOST_REQUIRE(keys.Remove("A1", kNow).value() == 1u);
  BOOST_TEST(found(1) == 1);
  BOOST_TEST(found(2) == 0);
}

// Which keys are in the number is known, also where others are being written.
BOOST_FIXTURE_TEST_CASE(counts_those_that_were_told_as_done, TestFolder) {
  constexpr int kKeys = 300;
  constexpr int kCounts = 20;
  const auto store = WaitingStore::Open(Path("s"));
  std::atomic<int> done{0};
  for (int i = 0; i < kKeys; ++i) {
    store->store().Write(
        [i](KeyTable& keys) {
          return keys.Insert(KeyCalled("A" + std::to_string(i)), kNow, kEnough).has_value();
        },
        [&done](const Result<void>& committed) { done += committed ? 1 : 0; });
  }
  for (int i = 0; i < kCounts; ++i) {
    int then = -1;
    const auto count = store->store().Count([&] { then = done; });
    BOOST_TEST(count.value() == static_cast<std::size_t>(then));
  }
  BOOST_TEST(store->Write<void>([](KeyTable&) { return Result<void>(); }).has_value());
  BOOST_TEST(done == kKeys);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::maf
