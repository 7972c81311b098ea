// SPDX-License-Identifier: GPL-3.0-or-later
//
// A thin skin over SQLite's C interface: a connection, a prepared statement, a transaction, each
// released when it goes. Threads: one at a time for a connection and its statements.
#ifndef SAEF_ROLES_KEY_STORE_SQLITE_H_
#define SAEF_ROLES_KEY_STORE_SQLITE_H_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "roles/key-store/error.h"

namespace saef::key_store::sqlite {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, Close>;

// kBusy or kStore, from SQLite's own code.
Error ToError(int code);
// Runs statements that give no rows and take no values.
Result<void> Execute(sqlite3* database, const char* statements);

class Statement {
 public:
  // A statement that SQLite can't compile leaves an empty one, whose steps fail.
  Statement(sqlite3* database, std::string_view text);

  // Values for ?1, ?2 …; text and blobs must live until the last step.
  Statement& Bind(int index, std::string_view text);
  Statement& Bind(int index, std::span<const std::uint8_t> blob);
  Statement& Bind(int index, std::int64_t number);
  Statement& BindNull(int index);

  // True: there is a row. False: there is no (further) row, the statement is done.
  Result<bool> Step();
  // Ends it and forgets the values, for another time: until then a statement that gives rows keeps
  // the store's state of its first step, and with it the log that it stands in.
  void Reset();

  // Of the row; the views live until the next step.
  bool IsNull(int column) const;
  std::string_view Text(int column) const;
  std::span<const std::uint8_t> Blob(int column) const;
  std::int64_t Number(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int compiled_ = SQLITE_OK;
  int error_ = SQLITE_OK;  // the first that was met
};

// A use of a statement that is kept for many: Reset when it goes.
class StatementUse {
 public:
  explicit StatementUse(Statement& statement) : statement_(statement) {}
  ~StatementUse() { statement_.Reset(); }
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;
  Statement* operator->() const { return &statement_; }
  Statement& operator*() const { return statement_; }

 private:
  Statement& statement_;
};

// Takes the write lock at once, so that what is read in it still holds when it is written. Rolled
// back unless committed.
class Transaction {
 public:
  explicit Transaction(sqlite3* database) : database_(database) {}
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Result<void> Begin();
  Result<void> Commit();

 private:
  sqlite3* database_;
  bool open_ = false;
};

}  // namespace saef::key_store::sqlite

#endif  // SAEF_ROLES_KEY_STORE_SQLITE_H_
