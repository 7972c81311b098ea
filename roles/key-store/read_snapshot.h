// SPDX-License-Identifier: GPL-3.0-or-later
//
// ReadSnapshot: many reads through one connection in one transaction, and still each of them sees
// what was committed last, by whatever process. To begin and end a transaction takes longer than to
// read a key.
//
// The write-ahead log has an index in memory that all connections share, and its header is another
// after every commit, before that commit is told to be done (SQLite, "WAL-mode File Format", 2.2):
// by it SQLite itself, when a transaction begins, sees whether what it knows is still so. Here it
// is asked before each read; where it is what it was before the transaction began, a new one would
// see nothing else.
//
// An open transaction keeps the log from being started anew, so End it soon.
//
// Threads: one at a time, as for the connection.
#ifndef SAEF_ROLES_KEY_STORE_READ_SNAPSHOT_H_
#define SAEF_ROLES_KEY_STORE_READ_SNAPSHOT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "roles/key-store/sqlite.h"

namespace saef::key_store {

class ReadSnapshot {
 public:
  // The connection's only user besides is who reads; it must outlive this, and no transaction may
  // be open. One without a write-ahead log in shared memory gets a transaction for each read.
  explicit ReadSnapshot(sqlite3* database);
  ~ReadSnapshot();
  ReadSnapshot(const ReadSnapshot&) = delete;
  ReadSnapshot& operator=(const ReadSnapshot&) = delete;

  // Before each read: what it reads then is what was committed last when this was called, or later.
  // kBusy, kStore: there is no transaction, and each read has its own.
  Result<void> Renew();
  // Where there is a transaction, it ends.
  void End();

  // After Renew, not 0: what is then read is what it was when this was the same, through this
  // connection and whatever transaction.
  std::uint64_t state() const { return state_; }

  // Transactions that were begun.
  std::uint64_t begun() const { return begun_; }

 private:
  // The first copy of the index's header: version, change counter, page size, frames, checksums.
  static constexpr std::size_t kHeaderWords = 6;
  using Header = std::array<std::uint64_t, kHeaderWords>;

  const std::uint64_t* FindHeader();
  std::optional<Header> ReadHeader() const;

  sqlite3* const database_;
  sqlite::Statement begin_;
  sqlite::Statement commit_;
  const std::uint64_t* const header_;  // null: there is none
  std::optional<Header> at_;           // of before the open transaction; none: it isn't to be kept
  std::optional<Header> last_;         // at_ of the last transaction that had one
  std::uint64_t state_ = 0;
  std::uint64_t begun_ = 0;
};

}  // namespace saef::key_store

#endif  // SAEF_ROLES_KEY_STORE_READ_SNAPSHOT_H_
