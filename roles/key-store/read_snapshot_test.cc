// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/key-store/read_snapshot.h"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "onem2m/test_folder.h"
#include "roles/key-store/sealed_key.h"
#include "roles/key-store/store_file.h"

namespace saef::key_store {
namespace {

constexpr StoreKind kCounting{"test", 1, 1,
                              "CREATE TABLE counter(value INTEGER NOT NULL) STRICT;"
                              "INSERT INTO counter(value) VALUES(0);"};

// A store with one number in it.
struct Store : onem2m::TestFolder {
  const std::string path = Path("s");
  sqlite::Database writer = Open();
  sqlite::Database reader = std::get<sqlite::Database>(OpenReader(path));

  sqlite::Database Open() const {
    const std::string octets(kStoreKeySize, 'k');
    const auto key =
        onem2m::Secret::Copy({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
    return std::get<sqlite::Database>(
        OpenStore(path, *key, *onem2m::Fqdn::Parse("maf.example.com"), kCounting));
  }
  static bool Increment(sqlite3* database) {
    return sqlite::Execute(database, "UPDATE counter SET value = value + 1").has_value();
  }
  // -1: it can't be read.
  static std::int64_t Read(sqlite::Statement& select) {
    const sqlite::StatementUse use(select);
    const auto row = use->Step();
    return row && *row ? use->Number(0) : -1;
  }
  // Can the log be written back and started anew?
  bool StartsLogAnew() {
    sqlite::Statement checkpoint(writer.get(), "PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_busy_timeout(writer.get(), 0);
    const auto row = checkpoint.Step();
    return row && *row && checkpoint.Number(0) == 0;
  }
};

constexpr const char* kSelect = "SELECT value FROM counter";

BOOST_AUTO_TEST_SUITE(read_snapshot)

BOOST_FIXTURE_TEST_CASE(reads_share_a_transaction_until_somebody_commits, Store) {
  ReadSnapshot snapshot(reader.get());
  sqlite::Statement select(reader.get(), kSelect);
  for (std::uint64_t commits = 0; commits < 3; ++commits) {
    for (int i = 0; i < 5; ++i) {
      BOOST_REQUIRE(snapshot.Renew().has_value());
      BOOST_TEST(Read(select) == static_cast<std::int64_t>(commits));
    }
    BOOST_TEST(snapshot.begun() == commits + 1);
    BOOST_REQUIRE(Increment(writer.get()));
  }
}

BOOST_FIXTURE_TEST_CASE(a_state_lasts_until_somebody_commits, Store) {
  ReadSnapshot snapshot(reader.get());
  sqlite::Statement select(reader.get(), kSelect);
  std::uint64_t before = 0;
  for (int commits = 0; commits < 3; ++commits) {
    BOOST_REQUIRE(snapshot.Renew().has_value());
    const std::uint64_t state = snapshot.state();
    BOOST_TEST(state != before);
    for (int i = 0; i < 3; ++i) {
      BOOST_TEST(Read(select) == commits);
      snapshot.End();  // another transaction, the same state
      BOOST_REQUIRE(snapshot.Renew().has_value());
      BOOST_TEST(snapshot.state() == state);
    }
    before = state;
    BOOST_REQUIRE(Increment(writer.get()));
  }
  snapshot.End();
  BOOST_TEST(StartsLogAnew());
  BOOST_REQUIRE(Increment(writer.get()));
  BOOST_REQUIRE(snapshot.Renew().has_value());
  BOOST_TEST(snapshot.state() != before);
  BOOST_TEST(Read(select) == 4);
}

BOOST_FIXTURE_TEST_CASE(another_process_commits, Store) {
  ReadSnapshot snapshot(reader.get());
  sqlite::Statement select(reader.get(), kSelect);
  BOOST_REQUIRE(snapshot.Renew().has_value());
  BOOST_TEST(Read(select) == 0);
  const pid_t child = fork();
  if (child == 0) {
    // With a connection of its own alone.
    sqlite3* own = nullptr;
    const bool done = sqlite3_open(path.c_str(), &own) == SQLITE_OK && Increment(own);
    _exit(done ? 0 : 1);
  }
  int status = 0;
  BOOST_REQUIRE(waitpid(child, &status, 0) == child);
  BOOST_REQUIRE(status == 0);
  BOOST_REQUIRE(snapshot.Renew().has_value());
  BOOST_TEST(Read(select) == 1);
}

BOOST_FIXTURE_TEST_CASE(keeps_the_log_no_longer_than_it_is_open, Store) {
  ReadSnapshot snapshot(reader.get());
  sqlite::Statement select(reader.get(), kSelect);
  BOOST_REQUIRE(Increment(writer.get()));
  BOOST_REQUIRE(snapshot.Renew().has_value());
  BOOST_TEST(Read(select) == 1);
  BOOST_REQUIRE(Increment(writer.get()));
  BOOST_TEST(!StartsLogAnew());
  snapshot.End();
  BOOST_TEST(StartsLogAnew());
  // The log that is begun anew is known as well.
  BOOST_REQUIRE(snapshot.Renew().has_value());
  BOOST_TEST(Read(select) == 2);
  BOOST_REQUIRE(Increment(writer.get()));
  BOOST_REQUIRE(snapshot.Renew().has_value());
  BOOST_TEST(Read(select) == 3);
}

BOOST_FIXTURE_TEST_CASE(without_a_write_ahead_log_each_read_has_its_own, Store) {
  sqlite3* raw = nullptr;
  BOOST_REQUIRE(sqlite3_open(Path("other").c_str(), &raw) == SQLITE_OK);
  const sqlite::Database other(raw);
  BOOST_REQUIRE(sqlite::Execute(raw, kCounting.tables).has_value());
  ReadSnapshot snapshot(raw);
  sqlite::Statement select(raw, kSelect);
  for (std::uint64_t i = 1; i < 3; ++i) {
    BOOST_REQUIRE(snapshot.Renew().has_value());
    BOOST_TEST(Read(select) == 0);
    BOOST_TEST(snapshot.begun() == i);
    BOOST_TEST(snapshot.state() == i);
  }
}

// Whatever the writer does meanwhile: what was committed before a read began is seen by it.
BOOST_FIXTURE_TEST_CASE(never_sees_less_than_what_was_committed, Store) {
  constexpr std::int64_t kCommits = 500;
  std::atomic<std::int64_t> committed{0};
  std::atomic<bool> failed{false};
  std::thread writing([&] {
    for (std::int64_t i = 1; i <= kCommits && !failed; ++i) {
      if (!Increment(writer.get())) failed = true;
      committed = i;
    }
  });
  ReadSnapshot snapshot(reader.get());
  sqlite::Statement select(reader.get(), kSelect);
  std::int64_t reads = 0;
  std::int64_t late = 0;
  for (std::int64_t seen = 0; seen < kCommits && !failed; ++reads) {
    const std::int64_t before = committed;
    if (!snapshot.Renew()) failed = true;
    seen = Read(select);
    if (seen < before) ++late;
  }
  writing.join();
  BOOST_TEST(!failed);
  BOOST_TEST(late == 0);
  BOOST_TEST(reads > 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::key_store
