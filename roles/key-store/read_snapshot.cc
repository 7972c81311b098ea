// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/key-store/read_snapshot.h"

namespace saef::key_store {
namespace {

constexpr int kRegionSize = 32768;  // of the index, of which the header is the first part
constexpr std::uint32_t kIndexVersion = 3007000;  // the one whose form is known here

// The index is opened with the first read.
bool HasWriteAheadLog(sqlite3* database) {
  sqlite::Statement mode(database, "PRAGMA journal_mode");
  const auto row = mode.Step();
  if (!row || !*row || mode.Text(0) != "wal") {
    return false;
  }
  sqlite::Statement read(database, "SELECT COUNT(*) FROM sqlite_schema");
  return read.Step().has_value();
}

}  // namespace

ReadSnapshot::ReadSnapshot(sqlite3* database)
    : database_(database),
      begin_(database, "BEGIN"),
      commit_(database, "COMMIT"),
      header_(FindHeader()) {}

ReadSnapshot::~ReadSnapshot() { End(); }

// SQLite's own mapping, which stays where it is as long as the connection.
const std::uint64_t* ReadSnapshot::FindHeader() {
  sqlite3_file* file = nullptr;
  if (!HasWriteAheadLog(database_) ||
      sqlite3_file_control(database_, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
      file == nullptr || file->pMethods == nullptr || file->pMethods->iVersion < 2) {
    return nullptr;
  }
  void volatile* region = nullptr;
  if (file->pMethods->xShmMap(file, 0, kRegionSize, 0, &region) != SQLITE_OK) {
    return nullptr;
  }
  return static_cast<const std::uint64_t*>(const_cast<const void*>(region));
}

// Writers are other connections, other processes too. Of a header that is just being written a part
// may be old: it is none that there ever is again, and the next Renew sees that.
std::optional<ReadSnapshot::Header> ReadSnapshot::ReadHeader() const {
  if (header_ == nullptr) {
    return std::nullopt;
  }
  Header header;
  for (std::size_t i = 0; i < kHeaderWords; ++i) {
    header[i] = __atomic_load_n(header_ + i, __ATOMIC_ACQUIRE);
  }
  if (static_cast<std::uint32_t>(header[0]) != kIndexVersion) {
    return std::nullopt;
  }
  return header;
}

Result<void> ReadSnapshot::Renew() {
  const auto header = ReadHeader();
  // A failed read may have ended the transaction.
  if (header && at_ == header && sqlite3_get_autocommit(database_) == 0) {
    return {};
  }
  End();
  const sqlite::StatementUse begin(begin_);
  if (const auto done = begin->Step(); !done) {
    return done.error();
  }
  ++begun_;
  at_ = header;
  if (!header || header != last_) ++state_;
  last_ = header;
  return {};
}

void ReadSnapshot::End() {
  at_.reset();
  if (sqlite3_get_autocommit(database_) != 0) {
    return;
  }
  const sqlite::StatementUse commit(commit_);
  if (!commit->Step()) {
    // Nothing was written; and where there is no transaction any more, that is what was wanted.
    static_cast<void>(sqlite::Execute(database_, "ROLLBACK"));
  }
}

}  // namespace saef::key_store
