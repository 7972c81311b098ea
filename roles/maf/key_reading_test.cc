// SPDX-License-Identifier: GPL-3.0-or-later
//
// What readers of a SqliteKeyStore see while others write.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>

#include "roles/maf/sqlite_key_store.h"
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
  const auto has = [&](const char* id) { return store->Find(id).value().has_value(); };
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
