// SPDX-License-Identifier: GPL-3.0-or-later
//
// RowsDatabase: for tests of GroupCommit: a database on disk with a table of rows, and works that
// are to go into one group. Threads: one.
#ifndef SAEF_ROLES_KEY_STORE_ROWS_DATABASE_H_
#define SAEF_ROLES_KEY_STORE_ROWS_DATABASE_H_

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <future>
#include <memory>
#include <vector>

#include "onem2m/test_folder.h"
#include "roles/key-store/group_commit.h"

namespace saef::key_store {

using Outcomes = std::vector<std::future<Result<void>>>;

struct RowsDatabase : onem2m::TestFolder {
  RowsDatabase() {
    sqlite3* raw = nullptr;
    BOOST_REQUIRE(sqlite3_open(Path("s").c_str(), &raw) == SQLITE_OK);
    database.reset(raw);
    Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE rows(id INTEGER PRIMARY KEY, content BLOB)");
    commits = std::make_unique<GroupCommit>(raw);
  }

  void Run(const char* statements) { BOOST_REQUIRE(sqlite::Execute(database.get(), statements)); }

  // Writes a row of so many octets.
  bool InsertRow(int id, int octets) {
    sqlite::Statement insert(database.get(), "INSERT INTO rows VALUES(?1, zeroblob(?2))");
    return insert.Bind(1, std::int64_t{id}).Bind(2, std::int64_t{octets}).Step().has_value();
  }
  std::future<Result<void>> Add(GroupCommit::Work work) {
    const auto promise = std::make_shared<std::promise<Result<void>>>();
    commits->Add(std::move(work),
                 [promise](const Result<void>& committed) { promise->set_value(committed); });
    return promise->get_future();
  }
  // All of these go into one group, since the thread is busy until the last one has come.
  void AddGroup(const std::vector<GroupCommit::Work>& works, Outcomes& outcomes) {
    std::promise<void> started;
    std::promise<void> gathered;
    auto busy = Add([&started, &gathered] {
      started.set_value();
      gathered.get_future().wait();
      return false;
    });
    started.get_future().wait();
    for (const auto& work : works) outcomes.push_back(Add(work));
    gathered.set_value();
    BOOST_TEST(busy.get().has_value());
  }
  // The rows that are there, as another connection sees them.
  std::vector<int> Rows() {
    sqlite3* raw = nullptr;
    BOOST_REQUIRE(sqlite3_open(Path("s").c_str(), &raw) == SQLITE_OK);
    const sqlite::Database reader(raw);
    sqlite::Statement select(raw, "SELECT id FROM rows ORDER BY id");
    std::vector<int> rows;
    while (*select.Step()) rows.push_back(static_cast<int>(select.Number(0)));
    return rows;
  }

  sqlite::Database database;
  std::unique_ptr<GroupCommit> commits;
};

}  // namespace saef::key_store

#endif  // SAEF_ROLES_KEY_STORE_ROWS_DATABASE_H_
