// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/sqlite_key_store.h"

#include <utility>

#include "roles/maf/sqlite_schema.h"

namespace saef::maf {

using key_store::AuthenticatedFields;
using key_store::Seal;
using key_store::Unseal;

namespace {

// So many rows go in one transaction of the sweep, that others don't wait for long.
constexpr std::int64_t kSweepBatch = 500;

std::int64_t Seconds(onem2m::Time time) { return time.time_since_epoch().count(); }

// Identifiers have no white space in them (onem2m/entity_identifier.h).
std::string Join(const std::vector<std::string>& targets) {
  std::string text;
  for (const std::string& target : targets) {
    text += target + '\n';
  }
  return text;
}

std::vector<std::string> Split(std::string_view text) {
  std::vector<std::string> targets;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    targets.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return targets;
}

std::int64_t KindNumber(onem2m::EntityKind kind) {
  return kind == onem2m::EntityKind::kCse ? 2 : 1;
}

// Everything of a row but its key.
Result<KeyRecord> ReadFields(const sqlite::Statement& row) {
  KeyRecord record;
  record.relative_id = row.Text(0);
  const auto suid = onem2m::ToSuid(row.Number(1));
  if (!suid) {
    return Error::kDamaged;
  }
  record.suid = *suid;
  record.source_km_id = row.Text(2);
  if (!row.IsNull(3)) {
    record.source = Entity{std::string(row.Text(3)),
                           row.Number(4) == 2 ? onem2m::EntityKind::kCse : onem2m::EntityKind::kAe};
  }
  record.targets = Split(row.Text(5));
  record.expires = onem2m::Time(std::chrono::seconds(row.Number(6)));
  return record;
}

}  // namespace

std::variant<std::unique_ptr<SqliteKeyStore>, std::string> SqliteKeyStore::Open(
    const std::string& path, onem2m::Secret store_key, const onem2m::Fqdn& fqdn) {
  auto opened = OpenStore(path, store_key, fqdn, kSchemaVersion);
  if (auto* error = std::get_if<std::string>(&opened)) {
    return std::move(*error);
  }
  return std::unique_ptr<SqliteKeyStore>(new SqliteKeyStore(
      std::move(std::get<sqlite::Database>(opened)), std::move(store_key), fqdn));
}

AuthenticatedFields SqliteKeyStore::FieldsOf(const KeyRecord& record) const {
  AuthenticatedFields fields("saef MAF key 1");
  fields.Add(fqdn_.text())
      .Add(record.relative_id)
      .Add(std::to_string(static_cast<int>(record.suid)))
      .Add(record.source_km_id)
      .Add(record.source ? std::to_string(KindNumber(record.source->kind)) : "0")
      .Add(record.source ? record.source->id : "")
      .Add(Join(record.targets))
      .Add(std::to_string(Seconds(record.expires)));
  return fields;
}

Result<void> SqliteKeyStore::Insert(const KeyRecord& record, onem2m::Time now,
                                    std::size_t max_per_source) {
  const auto sealed = Seal(store_key_, record.key, FieldsOf(record));
  if (!sealed) {
    return sealed.error();
  }
  const MutexLock lock(mutex_);
  sqlite::Transaction transaction(database_.get());
  if (const auto begun = transaction.Begin(); !begun) {
    return begun.error();
  }
  if (const auto may = MayInsert(record, now, max_per_source); !may) {
    return may.error();
  }
  const std::string targets = Join(record.targets);
  sqlite::Statement insert(
      database_.get(),
      "INSERT INTO keys(relative_id, suid, source_km_id, source_id, source_kind, targets, expires,"
      " sealed) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  insert.Bind(1, record.relative_id)
      .Bind(2, static_cast<std::int64_t>(record.suid))
      .Bind(3, record.source_km_id)
      .Bind(6, targets)
      .Bind(7, Seconds(record.expires))
      .Bind(8, *sealed);
  if (record.source) {
    insert.Bind(4, record.source->id).Bind(5, KindNumber(record.source->kind));
  }
  if (const auto done = insert.Step(); !done) {
    return done.error();
  }
  return transaction.Commit();
}

Result<void> SqliteKeyStore::MayInsert(const KeyRecord& record, onem2m::Time now,
                                       std::size_t max_per_source) {
  sqlite::Statement used(database_.get(),
                         "SELECT 1 FROM keys WHERE relative_id = ?1"
                         " UNION ALL SELECT 1 FROM spent WHERE relative_id = ?1");
  const auto found = used.Bind(1, record.relative_id).Step();
  if (!found) {
    return found.error();
  }
  if (*found) {
    return Error::kIdentifierUsed;
  }
  sqlite::Statement count(database_.get(),
                          "SELECT COUNT(*) FROM keys WHERE source_km_id = ?1 AND expires > ?2");
  const auto row = count.Bind(1, record.source_km_id).Bind(2, Seconds(now)).Step();
  if (!row) {
    return row.error();
  }
  if (static_cast<std::size_t>(count.Number(0)) >= max_per_source) {
    return Error::kTooManyKeys;
  }
  return {};
}

Result<std::optional<KeyRecord>> SqliteKeyStore::Find(std::string_view relative_id) {
  const MutexLock lock(mutex_);
  return Read(relative_id);
}

Result<std::optional<KeyRecord>> SqliteKeyStore::Read(std::string_view relative_id) {
  sqlite::Statement select(
      database_.get(),
      "SELECT relative_id, suid, source_km_id, source_id, source_kind, targets,"
      " expires, sealed FROM keys WHERE relative_id = ?1");
  const auto row = select.Bind(1, relative_id).Step();
  if (!row) {
    return row.error();
  }
  if (!*row) {
    return std::optional<KeyRecord>();
  }
  auto record = ReadFields(select);
  if (!record) {
    return record.error();
  }
  auto key = Unseal(store_key_, select.Blob(7), FieldsOf(*record));
  if (!key) {
    return key.error();
  }
  record->key = std::move(*key);
  return std::optional<KeyRecord>(std::move(*record));
}

Result<std::size_t> SqliteKeyStore::ReplaceTargets(std::string_view relative_id,
                                                   const std::vector<std::string>& targets) {
  const MutexLock lock(mutex_);
  sqlite::Transaction transaction(database_.get());
  if (const auto begun = transaction.Begin(); !begun) {
    return begun.error();
  }
  auto record = Read(relative_id);
  if (!record) {
    return record.error();
  }
  if (!*record) {
    return std::size_t{0};
  }
  (*record)->targets = targets;
  const auto sealed = Seal(store_key_, (*record)->key, FieldsOf(**record));
  if (!sealed) {
    return sealed.error();
  }
  const std::string joined = Join(targets);
  sqlite::Statement update(database_.get(),
                           "UPDATE keys SET targets = ?2, sealed = ?3 WHERE relative_id = ?1");
  if (const auto done = update.Bind(1, relative_id).Bind(2, joined).Bind(3, *sealed).Step();
      !done) {
    return done.error();
  }
  if (const auto committed = transaction.Commit(); !committed) {
    return committed.error();
  }
  return std::size_t{1};
}

Result<std::size_t> SqliteKeyStore::Remove(std::string_view relative_id, onem2m::Time now) {
  const MutexLock lock(mutex_);
  sqlite::Transaction transaction(database_.get());
  if (const auto begun = transaction.Begin(); !begun) {
    return begun.error();
  }
  sqlite::Statement remember(database_.get(),
                             "INSERT OR IGNORE INTO spent(relative_id, forget_at)"
                             " SELECT relative_id, ?2 FROM keys WHERE relative_id = ?1");
  sqlite::Statement remove(database_.get(), "DELETE FROM keys WHERE relative_id = ?1");
  for (auto* statement : {&remember.Bind(2, Seconds(now + kRemembered)), &remove}) {
    if (const auto done = statement->Bind(1, relative_id).Step(); !done) {
      return done.error();
    }
  }
  const auto removed = static_cast<std::size_t>(sqlite3_changes(database_.get()));
  if (const auto committed = transaction.Commit(); !committed) {
    return committed.error();
  }
  return removed;
}

Result<std::size_t> SqliteKeyStore::Count() {
  const MutexLock lock(mutex_);
  sqlite::Statement count(database_.get(), "SELECT COUNT(*) FROM keys");
  const auto row = count.Step();
  if (!row) {
    return row.error();
  }
  return static_cast<std::size_t>(count.Number(0));
}

Result<std::vector<std::string>> SqliteKeyStore::RemoveExpired(onem2m::Time now) {
  std::vector<std::string> removed;
  for (;;) {
    const MutexLock lock(mutex_);
    sqlite::Transaction transaction(database_.get());
    if (const auto begun = transaction.Begin(); !begun) {
      return begun.error();
    }
    sqlite::Statement remember(
        database_.get(),
        "INSERT OR IGNORE INTO spent(relative_id, forget_at) SELECT relative_id, ?2 FROM keys"
        " WHERE expires <= ?1 ORDER BY expires, relative_id LIMIT ?3");
    sqlite::Statement forget(database_.get(), "DELETE FROM spent WHERE forget_at <= ?1");
    sqlite::Statement remove(database_.get(),
                             "DELETE FROM keys WHERE relative_id IN (SELECT relative_id FROM keys"
                             " WHERE expires <= ?1 ORDER BY expires, relative_id LIMIT ?2)"
                             " RETURNING relative_id");
    remember.Bind(2, Seconds(now + kRemembered)).Bind(3, kSweepBatch);
    for (auto* statement : {&remember, &forget}) {
      if (const auto done = statement->Bind(1, Seconds(now)).Step(); !done) {
        return done.error();
      }
    }
    const std::size_t before = removed.size();
    remove.Bind(1, Seconds(now)).Bind(2, kSweepBatch);
    for (;;) {
      const auto row = remove.Step();
      if (!row) {
        return row.error();
      }
      if (!*row) {
        break;
      }
      removed.emplace_back(remove.Text(0));
    }
    if (const auto committed = transaction.Commit(); !committed) {
      return committed.error();
    }
    if (removed.size() - before < static_cast<std::size_t>(kSweepBatch)) {
      return removed;
    }
  }
}

}  // namespace saef::maf
