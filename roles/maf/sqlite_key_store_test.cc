// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/sqlite_key_store.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <iostream>
#include <latch>
#include <memory>
#include <mutex>
#include <semaphore>
#include <thread>

#include "roles/maf/testing.h"
#include "roles/maf/waiting_store.h"

namespace saef::maf {
namespace {

using onem2m::TestFolder;
using testing::Key;

using testing::kNow;
constexpr std::size_t kMany = 1000;

std::unique_ptr<testing::WaitingStore> Open(const std::string& path) {
  return testing::WaitingStore::Open(path);
}

std::string ErrorOf(const std::string& path, std::uint8_t store_key = 7,
                    const char* fqdn = "maf.example.com") {
  auto opened = SqliteKeyStore::Open(path, Key(store_key), *onem2m::Fqdn::Parse(fqdn));
  const auto* error = std::get_if<std::string>(&opened);
  return error != nullptr ? *error : "";
}

KeyRecord Record(const std::string& relative_id, std::uint8_t octet = 3) {
  KeyRecord record;
  record.relative_id = relative_id;
  record.key = Key(octet);
  record.source_km_id = "AE1@maf.example.com";
  record.source = Entity{testing::kAe1, onem2m::EntityKind::kAe};
  record.targets = {testing::kCse1};
  record.expires = kNow + std::chrono::hours(1);
  return record;
}

// Changes the file behind the store's back.
void Tamper(const std::string& path, const std::string& statement) {
  sqlite3* raw = nullptr;
  BOOST_REQUIRE(sqlite3_open(path.c_str(), &raw) == SQLITE_OK);
  const sqlite::Database database(raw);
  char* message = nullptr;
  const int code = sqlite3_exec(raw, statement.c_str(), nullptr, nullptr, &message);
  BOOST_REQUIRE_MESSAGE(code == SQLITE_OK, (message != nullptr ? message : ""));
}

BOOST_AUTO_TEST_SUITE(sqlite_key_store)

BOOST_FIXTURE_TEST_CASE(keeps_a_key_over_a_restart, TestFolder) {
  for (const bool with_source : {true, false}) {
    const std::string id = with_source ? "A1" : "A2";
    KeyRecord record = Record(id);
    record.suid = onem2m::Suid::kMafEsData;
    record.targets = {testing::kCse1, testing::kCse2};
    if (!with_source) {
      record.source.reset();
    }
    BOOST_REQUIRE(Open(Path("s"))->Insert(record, kNow, kMany).has_value());
    const auto found = Open(Path("s"))->Find(id);
    BOOST_REQUIRE(found.has_value());
    BOOST_REQUIRE(found->has_value());
    BOOST_TEST((*found)->key.Equals(record.key.bytes()));
    BOOST_TEST((*found)->relative_id == id);
    BOOST_TEST(((*found)->suid == record.suid));
    BOOST_TEST((*found)->source_km_id == record.source_km_id);
    BOOST_TEST(((*found)->source == record.source));
    BOOST_TEST((*found)->targets == record.targets);
    BOOST_TEST(((*found)->expires == record.expires));
  }
  BOOST_TEST(!Open(Path("s"))->Find("A3")->has_value());
}

BOOST_FIXTURE_TEST_CASE(is_readable_for_its_owner_only, TestFolder) {
  auto store = Open(Path("s"));
  BOOST_REQUIRE(store->Insert(Record("A1"), kNow, kMany).has_value());
  for (const char* name : {"s", "s-wal", "s-shm"}) {
    struct stat status {};
    BOOST_REQUIRE(stat(Path(name).c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 077) == 0u);
  }
}

BOOST_FIXTURE_TEST_CASE(holds_no_key_in_the_clear, TestFolder) {
  const std::string secret = "0123456789abcdef0123456789ABCDEF";
  KeyRecord record = Record("A1");
  record.key =
      *onem2m::Secret::Copy({reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size()});
  auto store = Open(Path("s"));
  BOOST_REQUIRE(store->Insert(record, kNow, kMany).has_value());
  bool seen_identifier = false;
  for (const char* name : {"s", "s-wal"}) {
    std::ifstream file(Path(name), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    BOOST_TEST(bytes.find(secret.substr(0, 8)) == std::string::npos);
    seen_identifier = seen_identifier || bytes.find("AE1@maf.example.com") != std::string::npos;
  }
  BOOST_TEST(seen_identifier);
}

BOOST_FIXTURE_TEST_CASE(an_identifier_is_used_once, TestFolder) {
  auto store = Open(Path("s"));
  BOOST_REQUIRE(store->Insert(Record("A1", 3), kNow, kMany).has_value());
  BOOST_TEST(store->Insert(Record("A1", 4), kNow, kMany).error() == Error::kIdentifierUsed);
  BOOST_TEST((*store->Find("A1"))->key.Equals(Key(3).bytes()));
  // Neither after it was removed, nor after it expired; only when nobody can know it any more.
  BOOST_TEST(*store->Remove("A1", kNow) == 1u);
  BOOST_TEST(*store->Remove("A1", kNow) == 0u);
  BOOST_TEST(store->Insert(Record("A1"), kNow, kMany).error() == Error::kIdentifierUsed);
  BOOST_REQUIRE(store->Insert(Record("A2"), kNow, kMany).has_value());
  BOOST_TEST(store->RemoveExpired(kNow + std::chrono::hours(1))->size() == 1u);
  BOOST_TEST(store->Insert(Record("A2"), kNow, kMany).error() == Error::kIdentifierUsed);
  BOOST_TEST(
      store->RemoveExpired(kNow + SqliteKeyStore::kRemembered + std::chrono::hours(2))->size() ==
      0u);
  BOOST_TEST(store->Insert(Record("A1"), kNow, kMany).has_value());
}

BOOST_FIXTURE_TEST_CASE(counts_the_living_keys_of_a_source, TestFolder) {
  auto store = Open(Path("s"));
  BOOST_REQUIRE(store->Insert(Record("A1"), kNow, 2).has_value());
  BOOST_REQUIRE(store->Insert(Record("A2"), kNow, 2).has_value());
  BOOST_TEST(store->Insert(Record("A3"), kNow, 2).error() == Error::kTooManyKeys);
  KeyRecord other = Record("A4");
  other.source_km_id = "AE2@maf.example.com";
  BOOST_TEST(store->Insert(other, kNow, 2).has_value());
  BOOST_TEST(store->Insert(Record("A3"), kNow + std::chrono::hours(1), 2).has_value());
}

BOOST_FIXTURE_TEST_CASE(removes_what_has_expired_and_nothing_else, TestFolder) {
  auto store = Open(Path("s"));
  constexpr int kKeys = 1203;  // more than two of the sweep's batches
  for (int i = 0; i < kKeys; ++i) {
    KeyRecord record = Record("A" + std::to_string(i));
    record.expires = kNow + std::chrono::seconds(i % 3 == 0 ? 20 : 10);
    BOOST_REQUIRE(store->Insert(record, kNow, 10000).has_value());
  }
  BOOST_TEST(store->RemoveExpired(kNow + std::chrono::seconds(9))->size() == 0u);
  BOOST_TEST(*store->Count() == 1203u);
  BOOST_TEST(store->RemoveExpired(kNow + std::chrono::seconds(10))->size() == 802u);
  BOOST_TEST(*store->Count() == 401u);
  BOOST_TEST(store->Find("A0")->has_value());
  BOOST_TEST(!store->Find("A1")->has_value());
}

BOOST_FIXTURE_TEST_CASE(replaces_targets, TestFolder) {
  auto store = Open(Path("s"));
  BOOST_REQUIRE(store->Insert(Record("A1"), kNow, kMany).has_value());
  BOOST_TEST(*store->ReplaceTargets("A1", {testing::kCse2, testing::kAe1}) == 1u);
  BOOST_TEST(*store->ReplaceTargets("A2", {testing::kCse2}) == 0u);
  store = Open(Path("s"));
  BOOST_TEST(((*store->Find("A1"))->targets == std::vector{testing::kCse2, testing::kAe1}));
  BOOST_TEST((*store->Find("A1"))->key.Equals(Key(3).bytes()));
}

BOOST_FIXTURE_TEST_CASE(each_changed_field_is_seen, TestFolder) {
  const std::string damages[] = {
      "sealed = zeroblob(length(sealed))",
      "sealed = substr(sealed, 1, 28)",
      "sealed = (SELECT sealed FROM keys WHERE relative_id = 'A2')",
      "suid = 33",
      "suid = 99",
      "source_km_id = 'AE2@maf.example.com'",
      "source_id = '//sp.example.com/cse1/Cadmin'",
      "source_id = NULL",
      "source_kind = 2",
      "targets = '//sp.example.com/cse2'||char(10)",
      "targets = ''",
      "expires = expires + 1",
      "relative_id = 'A3'",
  };
  for (const std::string& damage : damages) {
    const std::string path = Path("s");
    for (const char* end : {"", "-wal", "-shm"}) {
      std::filesystem::remove(path + end);
    }
    {
      auto store = Open(path);
      BOOST_REQUIRE(store->Insert(Record("A1"), kNow, kMany).has_value());
      BOOST_REQUIRE(store->Insert(Record("A2", 4), kNow, kMany).has_value());
    }
    Tamper(path, "UPDATE keys SET " + damage + " WHERE relative_id = 'A1'");
    auto store = Open(path);
    const auto found = store->Find(damage.starts_with("relative_id") ? "A3" : "A1");
    BOOST_TEST((!found && found.error() == Error::kDamaged), damage);
    BOOST_TEST(store->Find("A2")->has_value());
  }
}

BOOST_FIXTURE_TEST_CASE(refuses_a_store_that_is_not_its_own, TestFolder) {
  BOOST_REQUIRE(Open(Path("s"))->Insert(Record("A1"), kNow, kMany).has_value());
  BOOST_TEST(ErrorOf(Path("s"), 8).find("another store key") != std::string::npos);
  BOOST_TEST(ErrorOf(Path("s"), 7, "maf2.example.com").find("belongs to") != std::string::npos);
  BOOST_TEST(ErrorOf(Path("no/such/folder")).find("can't be opened") != std::string::npos);
  Write("text", "this is a text and not a store of keys, whatever one may call it");
  BOOST_TEST(ErrorOf(Path("text")).find("not a database") != std::string::npos);
  Tamper(Path("other"), "CREATE TABLE x(y)");
  BOOST_TEST(ErrorOf(Path("other")).find("another program") != std::string::npos);
  Tamper(Path("s"), "PRAGMA user_version = 2");
  BOOST_TEST(ErrorOf(Path("s")).find("version 2") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(refuses_a_damaged_file, TestFolder) {
  {
    auto store = Open(Path("s"));
    for (int i = 0; i < 200; ++i) {
      BOOST_REQUIRE(store->Insert(Record("A" + std::to_string(i)), kNow, kMany).has_value());
    }
  }
  std::fstream file(Path("s"), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096 * 3);
  file << std::string(4096, '\x5A');
  file.close();
  BOOST_TEST(ErrorOf(Path("s")).find("damaged") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(two_connections_share_it, TestFolder) {
  auto one = Open(Path("s"));
  auto two = Open(Path("s"));
  BOOST_REQUIRE(one->Insert(Record("A1"), kNow, kMany).has_value());
  BOOST_TEST(two->Find("A1")->has_value());
  BOOST_TEST(two->Insert(Record("A1"), kNow, kMany).error() == Error::kIdentifierUsed);
  BOOST_TEST(*two->Remove("A1", kNow) == 1u);
  BOOST_TEST(!one->Find("A1")->has_value());
}

// A process that stores keys and tells each one that was stored, by a line in a pipe.
class Writer {
 public:
  Writer(const std::string& path, const std::string& prefix) {
    BOOST_REQUIRE(pipe(pipe_) == 0);
    process_ = fork();
    BOOST_REQUIRE(process_ >= 0);
    if (process_ == 0) {
      close(pipe_[0]);
      Run(path, prefix);
    }
    close(pipe_[1]);
  }
  ~Writer() {
    Kill();
    close(pipe_[0]);
  }
  // The next key that was stored; empty: the process has ended.
  std::string Next() {
    std::string line;
    char c = 0;
    while (read(pipe_[0], &c, 1) == 1) {
      if (c == '\n') {
        return line;
      }
      line += c;
    }
    return {};
  }
  void Kill() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
      process_ = -1;
    }
  }

 private:
  static constexpr std::ptrdiff_t kUnderWay = 40;

  [[noreturn]] void Run(const std::string& path, const std::string& prefix) {
    auto opened = SqliteKeyStore::Open(path, Key(7), testing::MafFqdn());
    auto* store = std::get_if<std::unique_ptr<SqliteKeyStore>>(&opened);
    if (store == nullptr) {
      Die(std::get<std::string>(opened));
    }
    // Many under way, so that one transaction has several of them.
    std::counting_semaphore<kUnderWay> places(kUnderWay);
    for (int i = 0; i < 1000000; ++i) {
      places.acquire();
      const std::string id = prefix + std::to_string(i);
      const auto record = std::make_shared<KeyRecord>(Record(id, static_cast<std::uint8_t>(i)));
      (*store)->Write(
          [record](KeyTable& keys) { return keys.Insert(*record, kNow, 1000000).has_value(); },
          [this, id, &places](const Result<void>& stored) {
            Tell(id, stored);
            places.release();
          });
    }
    _exit(1);
  }

  void Tell(const std::string& id, const Result<void>& stored) {
    if (!stored) {
      Die(stored.error().message());
    }
    const std::string line = id + "\n";
    if (write(pipe_[1], line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
      _exit(1);
    }
  }

  [[noreturn]] static void Die(const std::string& reason) {
    std::cerr << "the writing process: " << reason << std::endl;
    _exit(1);
  }

  int pipe_[2] = {-1, -1};
  pid_t process_ = -1;
};

BOOST_FIXTURE_TEST_CASE(what_was_answered_survives_kill_9, TestFolder) {
  std::vector<std::pair<std::string, std::uint8_t>> answered;
  for (int round = 0; round < 8; ++round) {
    Writer writer(Path("s"), "R" + std::to_string(round) + "-");
    // Killed at another moment each time, most likely amid a transaction.
    for (int i = 0; i < 3 + 7 * round; ++i) {
      const std::string id = writer.Next();
      BOOST_REQUIRE(!id.empty());
      answered.emplace_back(id, static_cast<std::uint8_t>(i));
    }
    writer.Kill();
    for (int i = 3 + 7 * round;; ++i) {
      const std::string id = writer.Next();
      if (id.empty()) {
        break;
      }
      answered.emplace_back(id, static_cast<std::uint8_t>(i));
    }
    auto store = Open(Path("s"));
    for (const auto& [id, octet] : answered) {
      const auto found = store->Find(id);
      BOOST_REQUIRE_MESSAGE(found && *found, id);
      BOOST_REQUIRE((*found)->key.Equals(Key(octet).bytes()));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(two_processes_write_at_once, TestFolder) {
  // Both make the store at the same time, too.
  Writer one(Path("s"), "ONE-");
  Writer two(Path("s"), "TWO-");
  std::vector<std::string> answered;
  for (int i = 0; i < 30; ++i) {
    answered.push_back(one.Next());
    answered.push_back(two.Next());
  }
  one.Kill();
  two.Kill();
  auto store = Open(Path("s"));
  for (const std::string& id : answered) {
    BOOST_REQUIRE(!id.empty());
    BOOST_TEST(store->Find(id)->has_value());
  }
}

// Records for several threads and many transactions.
struct Crowd : TestFolder {
  static constexpr int kThreads = 4;
  static constexpr int kKeysOfEach = 60;

  static std::string IdOf(int thread, int key) {
    return "T" + std::to_string(thread) + "-" + std::to_string(key);
  }
  // Writes, and meanwhile reads what others write.
  static void WriteAndRead(SqliteKeyStore& store, int thread, std::latch& written,
                           std::atomic<int>& failures) {
    for (int i = 0; i < kKeysOfEach; ++i) {
      const auto record = std::make_shared<KeyRecord>(
          Record(IdOf(thread, i), static_cast<std::uint8_t>(thread * kKeysOfEach + i)));
      store.Write(
          [record](KeyTable& keys) { return keys.Insert(*record, kNow, 1000000).has_value(); },
          [record, &store, &written, &failures](const Result<void>& stored) {
            // What is told as stored is there for every reader.
            const auto found = store.Find(record->relative_id);
            if (!stored || !found || !*found) ++failures;
            written.count_down();
          });
      const auto other = store.Find(IdOf((thread + 1) % kThreads, i));
      if (!other) ++failures;
    }
  }
};

BOOST_FIXTURE_TEST_CASE(many_threads_write_and_read_at_once, Crowd) {
  std::atomic<int> failures{0};
  std::latch written(kThreads * kKeysOfEach);
  const auto store = Open(Path("s"));
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back(
          [&, thread] { WriteAndRead(store->store(), thread, written, failures); });
    }
    written.wait();
  }
  BOOST_TEST(failures == 0);
  BOOST_TEST(store->store().commits().kept() == static_cast<unsigned>(kThreads * kKeysOfEach));
  BOOST_TEST(store->store().commits().transactions() <= store->store().commits().kept());
  for (int thread = 0; thread < kThreads; ++thread) {
    for (int i = 0; i < kKeysOfEach; ++i) {
      BOOST_TEST(
          (*store->Find(IdOf(thread, i)))
              ->key.Equals(Key(static_cast<std::uint8_t>(thread * kKeysOfEach + i)).bytes()));
    }
  }
}

// A file that may grow no further: what writes beyond gets an error, as with a full disk.
void LimitFiles(rlim_t octets) {
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = std::min(octets, limit.rlim_max);
  setrlimit(RLIMIT_FSIZE, &limit);
}

// 0 where all is as it should be; else what isn't.
int FillDisk(const std::string& path) {
  constexpr int kBatch = 50;
  constexpr int kMostBatches = 1000;
  signal(SIGXFSZ, SIG_IGN);
  const auto store = Open(path);
  LimitFiles(256 * 1024);
  std::vector<std::string> stored;
  bool full = false;
  for (int batch = 0; !full; ++batch) {
    if (batch == kMostBatches) return 1;
    std::latch answered(kBatch);
    std::mutex mutex;
    for (int i = 0; i < kBatch; ++i) {
      const auto record =
          std::make_shared<KeyRecord>(Record("B" + std::to_string(batch * kBatch + i)));
      store->store().Write(
          [record](KeyTable& keys) { return keys.Insert(*record, kNow, 1000000).has_value(); },
          [&, record](const Result<void>& committed) {
            {
              const std::lock_guard lock(mutex);
              const auto found = store->Find(record->relative_id);
              if (found && *found && committed) stored.push_back(record->relative_id);
              if (!found || !*found) full = true;
            }
            answered.count_down();
          });
    }
    answered.wait();
  }
  // It reads all the while, and writes again once there is room.
  if (stored.empty() || !*store->Find(stored.front())) return 2;
  LimitFiles(RLIM_INFINITY);
  if (!store->Insert(Record("AFTERWARDS"), kNow, 1000000)) return 3;
  const auto again = Open(path);
  stored.emplace_back("AFTERWARDS");
  const bool all = std::all_of(stored.begin(), stored.end(), [&again](const std::string& id) {
    const auto found = again->Find(id);
    return found && found->has_value();
  });
  return all ? 0 : 4;
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_is_an_error_and_no_more, TestFolder) {
  const pid_t child = fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) _exit(FillDisk(Path("s")));
  int status = 0;
  BOOST_REQUIRE(waitpid(child, &status, 0) == child);
  BOOST_REQUIRE(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::maf
