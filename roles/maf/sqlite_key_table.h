// SPDX-License-Identifier: GPL-3.0-or-later
//
// SqliteKeyTable: the keys of a SQLite store (sqlite_schema.h) through one connection, its
// statements kept. Keys are sealed under the store key (roles/key-store/sealed_key.h). The
// transaction is the caller's.
//
// A RelativeKcId whose key has gone is remembered for 90 days, so that it isn't used again while
// anyone may still hold the old key under it. (A random one has 128 bits; only an exported one can
// come again, from the same session.)
//
// Threads: one at a time.
#ifndef SAEF_ROLES_MAF_SQLITE_KEY_TABLE_H_
#define SAEF_ROLES_MAF_SQLITE_KEY_TABLE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include "onem2m/fqdn.h"
#include "roles/key-store/sealed_key.h"
#include "roles/key-store/sqlite.h"
#include "roles/maf/key_store.h"
#include "roles/maf/recent_rows.h"

namespace saef::maf {

namespace sqlite = key_store::sqlite;

class SqliteKeyTable : public KeyTable {
 public:
  static constexpr std::chrono::hours kRemembered{90 * 24};

  // All of these must outlive it.
  SqliteKeyTable(sqlite3* database, const onem2m::Secret& store_key, const onem2m::Fqdn& fqdn);

  Result<void> Insert(const KeyRecord& record, onem2m::Time now,
                      std::size_t max_per_source) override;
  Result<void> Read(std::string_view relative_id, const Reader& reader) override;
  // The same, where the store is in this state (ReadSnapshot::state), of which `recent` keeps what
  // is read, and may know it already.
  Result<void> Read(std::string_view relative_id, const Reader& reader, RecentRows& recent,
                    std::uint64_t state);
  Result<std::size_t> ReplaceTargets(std::string_view relative_id,
                                     const std::vector<std::string>& targets) override;
  Result<std::size_t> Remove(std::string_view relative_id, onem2m::Time now) override;
  // How many there are.
  Result<std::size_t> Count();
  // Adds the RelativeKcIds of at most `most` keys that expired at `now` or before, which it
  // removes, and their number.
  Result<std::size_t> RemoveExpired(onem2m::Time now, std::int64_t most,
                                    std::vector<std::string>& removed);

 private:
  // Within the call; not at all where there is none.
  using RowReader = std::function<Result<void>(const KeyRow& row)>;
  Result<void> ReadRow(std::string_view relative_id, const RowReader& reader);
  Result<void> Show(std::string_view relative_id, const KeyRow& row, const Reader& reader) const;
  Result<void> MayInsert(const KeyRecord& record, onem2m::Time now, std::size_t max_per_source);
  Result<std::size_t*> KeysOf(const KeyRecord& record, onem2m::Time now);
  Result<std::size_t> CountKeysOf(const KeyRecord& record, onem2m::Time now);
  key_store::AuthenticatedFields FieldsOf(std::string_view relative_id, const KeyView& key,
                                          std::string_view joined_targets) const;
  key_store::AuthenticatedFields FieldsOf(const KeyRecord& record,
                                          std::string_view joined_targets) const;

  sqlite3* const database_;
  const onem2m::Secret& store_key_;
  const onem2m::Fqdn& fqdn_;
  sqlite::Statement find_;
  sqlite::Statement used_;
  sqlite::Statement insert_;
  sqlite::Statement count_;
  sqlite::Statement version_;
  sqlite::Statement replace_;
  sqlite::Statement remember_;
  sqlite::Statement remove_;
  sqlite::Statement remember_expired_;
  sqlite::Statement forget_;
  sqlite::Statement remove_expired_;
  // By source: it has at most so many living keys, for nothing is taken off when a key goes. Holds
  // while no other connection has written.
  std::unordered_map<std::string, std::size_t> at_most_;
  std::int64_t at_version_ = -1;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_SQLITE_KEY_TABLE_H_
