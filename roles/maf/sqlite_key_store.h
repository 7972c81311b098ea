// SPDX-License-Identifier: GPL-3.0-or-later
//
// SqliteKeyStore: the embedded KeyStore, one SQLite file. Write-ahead log with synchronous=FULL, so
// that what was answered survives kill -9 and power loss; keys sealed under the store key
// (sealed_key.h); checked for damage when it is opened; several processes may share it.
//
// One connection writes, on a thread of its own that makes many writes durable at once
// (roles/key-store/group_commit.h); others read, so that servers' threads neither wait for it nor
// for each other.
#ifndef SAEF_ROLES_MAF_SQLITE_KEY_STORE_H_
#define SAEF_ROLES_MAF_SQLITE_KEY_STORE_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "onem2m/fqdn.h"
#include "onem2m/thread_annotations.h"
#include "roles/key-store/group_commit.h"
#include "roles/key-store/read_snapshot.h"
#include "roles/key-store/sqlite.h"
#include "roles/maf/key_store.h"
#include "roles/maf/recent_rows.h"
#include "roles/maf/sqlite_key_table.h"

namespace saef::maf {

class SqliteKeyStore : public KeyStore {
 public:
  static constexpr int kSchemaVersion = 1;
  static constexpr std::chrono::hours kRemembered = SqliteKeyTable::kRemembered;
  // Connections for reading: more threads than that share them.
  static constexpr std::size_t kReaders = 4;

  // Opens the store, or makes it (mode 0600). Or a sentence: not ours, damaged, of a newer version,
  // of another MAF, another store key.
  static std::variant<std::unique_ptr<SqliteKeyStore>, std::string> Open(const std::string& path,
                                                                         onem2m::Secret store_key,
                                                                         const onem2m::Fqdn& fqdn);

  Result<void> Read(std::string_view relative_id, const Reader& reader) override;
  void BeginReads() override;
  void EndReads() override;
  Result<std::size_t> Count(const std::function<void()>& at) override;
  void Write(Work work, Done done) override;
  Result<std::vector<std::string>> RemoveExpired(onem2m::Time now) override;

  // How its writes are grouped, for statistics.
  const key_store::GroupCommit& commits() const { return commits_; }

 private:
  struct Connection {
    explicit Connection(sqlite::Database opened, const onem2m::Secret& store_key,
                        const onem2m::Fqdn& fqdn)
        : database(std::move(opened)),
          keys(database.get(), store_key, fqdn),
          snapshot(database.get()) {}
    Mutex mutex;
    const sqlite::Database database;
    SqliteKeyTable keys SAEF_GUARDED_BY(mutex);
    key_store::ReadSnapshot snapshot SAEF_GUARDED_BY(mutex);
    RecentRows recent SAEF_GUARDED_BY(mutex);
    std::size_t read_often SAEF_GUARDED_BY(mutex) = 0;  // by so many threads
  };
  Connection& ReaderOfThisThread();

  SqliteKeyStore(sqlite::Database writer, std::vector<sqlite::Database> readers,
                 onem2m::Secret store_key, onem2m::Fqdn fqdn);

  const onem2m::Secret store_key_;
  const onem2m::Fqdn fqdn_;
  std::vector<std::unique_ptr<Connection>> readers_;
  const sqlite::Database writer_;
  SqliteKeyTable keys_;  // on the thread of commits_ alone
  key_store::GroupCommit commits_;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_SQLITE_KEY_STORE_H_
