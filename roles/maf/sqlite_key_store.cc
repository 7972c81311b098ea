// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/sqlite_key_store.h"

#include <atomic>
#include <future>
#include <utility>

#include "roles/maf/sqlite_schema.h"

namespace saef::maf {
namespace {

// So many rows go in one work of the sweep, that others don't wait for long.
constexpr std::int64_t kSweepBatch = 500;

// Threads get numbers in turn, so that as many as there are readers have one each.
std::size_t NumberOfThisThread() {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t number = threads.fetch_add(1, std::memory_order_relaxed);
  return number;
}

}  // namespace

std::variant<std::unique_ptr<SqliteKeyStore>, std::string> SqliteKeyStore::Open(
    const std::string& path, onem2m::Secret store_key, const onem2m::Fqdn& fqdn) {
  auto opened = OpenStore(path, store_key, fqdn, kSchemaVersion);
  if (auto* error = std::get_if<std::string>(&opened)) {
    return std::move(*error);
  }
  std::vector<sqlite::Database> readers;
  // One more, for what takes long.
  for (std::size_t i = 0; i < kReaders + 1; ++i) {
    auto reader = key_store::OpenReader(path);
    if (auto* error = std::get_if<std::string>(&reader)) {
      return std::move(*error);
    }
    readers.push_back(std::move(std::get<sqlite::Database>(reader)));
  }
  return std::unique_ptr<SqliteKeyStore>(
      new SqliteKeyStore(std::move(std::get<sqlite::Database>(opened)), std::move(readers),
                         std::move(store_key), fqdn));
}

SqliteKeyStore::SqliteKeyStore(sqlite::Database writer, std::vector<sqlite::Database> readers,
                               onem2m::Secret store_key, onem2m::Fqdn fqdn)
    : store_key_(std::move(store_key)),
      fqdn_(std::move(fqdn)),
      writer_(std::move(writer)),
      keys_(writer_.get(), store_key_, fqdn_),
      commits_(writer_.get()) {
  for (sqlite::Database& reader : readers) {
    readers_.push_back(std::make_unique<Connection>(std::move(reader), store_key_, fqdn_));
  }
}

SqliteKeyStore::Connection& SqliteKeyStore::ReaderOfThisThread() {
  return *readers_[NumberOfThisThread() % kReaders];
}

Result<void> SqliteKeyStore::Read(std::string_view relative_id, const Reader& reader) {
  Connection& connection = ReaderOfThisThread();
  const MutexLock lock(connection.mutex);
  if (connection.read_often == 0) return connection.keys.Read(relative_id, reader);
  if (const auto renewed = connection.snapshot.Renew(); !renewed) return renewed.error();
  return connection.keys.Read(relative_id, reader, connection.recent, connection.snapshot.state());
}

void SqliteKeyStore::BeginReads() {
  Connection& reader = ReaderOfThisThread();
  const MutexLock lock(reader.mutex);
  ++reader.read_often;
}

// Also where another thread goes on reading: it begins anew.
void SqliteKeyStore::EndReads() {
  Connection& reader = ReaderOfThisThread();
  const MutexLock lock(reader.mutex);
  --reader.read_often;
  reader.snapshot.End();
}

// What is committed when the work runs is what those have written whose Done was called; what its
// own transaction holds as yet, a reader doesn't see.
Result<std::size_t> SqliteKeyStore::Count(const std::function<void()>& at) {
  Connection& reader = *readers_.back();
  std::promise<Result<void>> promise;
  auto begun = promise.get_future();
  Result<void> renewed;
  commits_.Add(
      [&] {
        const MutexLock lock(reader.mutex);
        renewed = reader.snapshot.Renew();
        // The transaction begins with the first read.
        sqlite::Statement read(reader.database.get(), "SELECT 1 FROM keys LIMIT 1");
        if (const auto row = read.Step(); renewed && !row) renewed = row.error();
        if (renewed) at();
        return false;
      },
      [&promise](const Result<void>& result) { promise.set_value(result); });
  const auto done = begun.get();
  const MutexLock lock(reader.mutex);
  auto counted = done && renewed ? reader.keys.Count()
                                 : Result<std::size_t>(done ? renewed.error() : done.error());
  reader.snapshot.End();
  return counted;
}

void SqliteKeyStore::Write(Work work, Done done) {
  commits_.Add([this, work = std::move(work)] { return work(keys_); }, std::move(done));
}

Result<std::vector<std::string>> SqliteKeyStore::RemoveExpired(onem2m::Time now) {
  std::vector<std::string> removed;
  for (;;) {
    std::vector<std::string> batch;
    Result<std::size_t> done = std::size_t{0};
    std::promise<Result<void>> promise;
    auto committed = promise.get_future();
    commits_.Add(
        [this, now, &batch, &done] {
          batch.clear();
          const int before = sqlite3_total_changes(writer_.get());
          done = keys_.RemoveExpired(now, kSweepBatch, batch);
          return done && sqlite3_total_changes(writer_.get()) != before;
        },
        [&promise](const Result<void>& result) { promise.set_value(result); });
    if (const auto result = committed.get(); !result) return result.error();
    if (!done) return done.error();
    removed.insert(removed.end(), std::make_move_iterator(batch.begin()),
                   std::make_move_iterator(batch.end()));
    if (*done < static_cast<std::size_t>(kSweepBatch)) return removed;
  }
}

}  // namespace saef::maf
