// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/sqlite_key_table.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <utility>

namespace saef::maf {

using key_store::AuthenticatedFields;
using key_store::Seal;
using key_store::Unseal;
using sqlite::StatementUse;

namespace {

std::int64_t Seconds(onem2m::Time time) { return time.time_since_epoch().count(); }

// Identifiers have no white space in them (onem2m/entity_identifier.h).
std::string Join(const std::vector<std::string>& targets) {
  std::string text;
  for (const std::string& target : targets) {
    text.append(target).push_back('\n');
  }
  return text;
}

using Targets = boost::container::small_vector<std::string_view, 4>;  // mostly it is one

Targets Split(std::string_view text) {
  Targets targets;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    targets.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return targets;
}

std::int64_t KindNumber(onem2m::EntityKind kind) {
  return kind == onem2m::EntityKind::kCse ? 2 : 1;
}

Result<KeyRow> ToRow(const sqlite::Statement& found) {
  const auto suid = onem2m::ToSuid(found.Number(0));
  if (!suid) {
    return Error::kDamaged;
  }
  KeyRow row{.suid = *suid, .source_km_id = found.Text(1)};
  if (!found.IsNull(2)) {
    row.source = KeyView::Source{
        found.Text(2), found.Number(3) == 2 ? onem2m::EntityKind::kCse : onem2m::EntityKind::kAe};
  }
  row.targets = found.Text(4);
  row.expires = onem2m::Time(std::chrono::seconds(found.Number(5)));
  row.sealed = found.Blob(6);
  return row;
}

}  // namespace

SqliteKeyTable::SqliteKeyTable(sqlite3* database, const onem2m::Secret& store_key,
                               const onem2m::Fqdn& fqdn)
    : database_(database),
      store_key_(store_key),
      fqdn_(fqdn),
      find_(database,
            "SELECT suid, source_km_id, source_id, source_kind, targets, expires, sealed"
            " FROM keys WHERE relative_id = ?1"),
      used_(database,
            "SELECT 1 FROM keys WHERE relative_id = ?1"
            " UNION ALL SELECT 1 FROM spent WHERE relative_id = ?1"),
      insert_(database,
              "INSERT INTO keys(relative_id, suid, source_km_id, source_id, source_kind, targets,"
              " expires, sealed) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      count_(database, "SELECT COUNT(*) FROM keys WHERE source_km_id = ?1 AND expires > ?2"),
      version_(database, "PRAGMA data_version"),
      replace_(database, "UPDATE keys SET targets = ?2, sealed = ?3 WHERE relative_id = ?1"),
      remember_(database,
                "INSERT OR IGNORE INTO spent(relative_id, forget_at)"
                " SELECT relative_id, ?2 FROM keys WHERE relative_id = ?1"),
      remove_(database, "DELETE FROM keys WHERE relative_id = ?1"),
      remember_expired_(
          database,
          "INSERT OR IGNORE INTO spent(relative_id, forget_at) SELECT relative_id, ?2 FROM keys"
          " WHERE expires <= ?1 ORDER BY expires, relative_id LIMIT ?3"),
      forget_(database, "DELETE FROM spent WHERE forget_at <= ?1"),
      remove_expired_(database,
                      "DELETE FROM keys WHERE relative_id IN (SELECT relative_id FROM keys"
                      " WHERE expires <= ?1 ORDER BY expires, relative_id LIMIT ?2)"
                      " RETURNING relative_id") {}

AuthenticatedFields SqliteKeyTable::FieldsOf(std::string_view relative_id, const KeyView& key,
                                             std::string_view joined_targets) const {
  AuthenticatedFields fields("saef MAF key 1");
  fields.Add(fqdn_.text())
      .Add(relative_id)
      .Add(std::to_string(static_cast<int>(key.suid)))
      .Add(key.source_km_id)
      .Add(key.source ? std::to_string(KindNumber(key.source->kind)) : "0")
      .Add(key.source ? key.source->id : "")
      .Add(joined_targets)
      .Add(std::to_string(Seconds(key.expires)));
  return fields;
}

AuthenticatedFields SqliteKeyTable::FieldsOf(const KeyRecord& record,
                                             std::string_view joined_targets) const {
  KeyView view{.key = record.key,
               .suid = record.suid,
               .source_km_id = record.source_km_id,
               .expires = record.expires};
  if (record.source) view.source = KeyView::Source{record.source->id, record.source->kind};
  return FieldsOf(record.relative_id, view, joined_targets);
}

Result<void> SqliteKeyTable::Insert(const KeyRecord& record, onem2m::Time now,
                                    std::size_t max_per_source) {
  const std::string targets = Join(record.targets);
  const auto sealed = Seal(store_key_, record.key, FieldsOf(record, targets));
  if (!sealed) {
    return sealed.error();
  }
  if (const auto may = MayInsert(record, now, max_per_source); !may) {
    return may.error();
  }
  const StatementUse insert(insert_);
  insert->Bind(1, record.relative_id)
      .Bind(2, static_cast<std::int64_t>(record.suid))
      .Bind(3, record.source_km_id)
      .Bind(6, targets)
      .Bind(7, Seconds(record.expires))
      .Bind(8, *sealed);
  if (record.source) {
    insert->Bind(4, record.source->id).Bind(5, KindNumber(record.source->kind));
  }
  if (const auto done = insert->Step(); !done) {
    return done.error();
  }
  return {};
}

Result<void> SqliteKeyTable::MayInsert(const KeyRecord& record, onem2m::Time now,
                                       std::size_t max_per_source) {
  {
    const StatementUse used(used_);
    const auto found = used->Bind(1, record.relative_id).Step();
    if (!found) {
      return found.error();
    }
    if (*found) {
      return Error::kIdentifierUsed;
    }
  }
  const auto keys = KeysOf(record, now);
  if (!keys) {
    return keys.error();
  }
  std::size_t& at_most = **keys;
  if (at_most >= max_per_source) {
    // Some of them may have gone.
    const auto counted = CountKeysOf(record, now);
    if (!counted) {
      return counted.error();
    }
    at_most = *counted;
  }
  if (at_most >= max_per_source) {
    return Error::kTooManyKeys;
  }
  ++at_most;
  return {};
}

// Counting them for each that comes would take the longer the more there are.
Result<std::size_t*> SqliteKeyTable::KeysOf(const KeyRecord& record, onem2m::Time now) {
  {
    const StatementUse version(version_);
    const auto row = version->Step();
    if (!row || !*row) {
      return row ? make_error_code(Error::kStore) : row.error();
    }
    if (version->Number(0) != at_version_) {
      at_most_.clear();
      at_version_ = version->Number(0);
    }
  }
  const auto known = at_most_.find(record.source_km_id);
  if (known != at_most_.end()) {
    return &known->second;
  }
  const auto counted = CountKeysOf(record, now);
  if (!counted) {
    return counted.error();
  }
  return &at_most_.emplace(record.source_km_id, *counted).first->second;
}

Result<std::size_t> SqliteKeyTable::CountKeysOf(const KeyRecord& record, onem2m::Time now) {
  const StatementUse count(count_);
  const auto row = count->Bind(1, record.source_km_id).Bind(2, Seconds(now)).Step();
  if (!row) {
    return row.error();
  }
  return static_cast<std::size_t>(count->Number(0));
}

Result<void> SqliteKeyTable::Read(std::string_view relative_id, const Reader& reader) {
  const auto show = [&](const KeyRow& row) { return Show(relative_id, row, reader); };
  return ReadRow(relative_id, std::ref(show));
}

Result<void> SqliteKeyTable::Read(std::string_view relative_id, const Reader& reader,
                                  RecentRows& recent, std::uint64_t state) {
  if (const KeyRow* const row = recent.Find(relative_id, state)) {
    return Show(relative_id, *row, reader);
  }
  const auto show_and_keep = [&](const KeyRow& row) {
    auto shown = Show(relative_id, row, reader);
    if (shown) {
      recent.Put(relative_id, row, state);
    }
    return shown;
  };
  return ReadRow(relative_id, std::ref(show_and_keep));
}

Result<void> SqliteKeyTable::ReadRow(std::string_view relative_id, const RowReader& reader) {
  const StatementUse find(find_);
  const auto found = find->Bind(1, relative_id).Step();
  if (!found) {
    return found.error();
  }
  if (!*found) {
    return {};
  }
  const auto row = ToRow(*find);
  if (!row) {
    return row.error();
  }
  return reader(*row);
}

Result<void> SqliteKeyTable::Show(std::string_view relative_id, const KeyRow& row,
                                  const Reader& reader) const {
  onem2m::Secret key;
  KeyView view{.key = key,
               .suid = row.suid,
               .source_km_id = row.source_km_id,
               .source = row.source,
               .expires = row.expires};
  auto unsealed = Unseal(store_key_, row.sealed, FieldsOf(relative_id, view, row.targets));
  if (!unsealed) {
    return unsealed.error();
  }
  key = std::move(*unsealed);
  const Targets targets = Split(row.targets);
  view.targets = targets;
  reader(view);
  return {};
}

Result<std::size_t> SqliteKeyTable::ReplaceTargets(std::string_view relative_id,
                                                   const std::vector<std::string>& targets) {
  auto record = Find(relative_id);
  if (!record) {
    return record.error();
  }
  if (!*record) {
    return std::size_t{0};
  }
  const std::string joined = Join(targets);
  const auto sealed = Seal(store_key_, (*record)->key, FieldsOf(**record, joined));
  if (!sealed) {
    return sealed.error();
  }
  const StatementUse replace(replace_);
  if (const auto done = replace->Bind(1, relative_id).Bind(2, joined).Bind(3, *sealed).Step();
      !done) {
    return done.error();
  }
  return std::size_t{1};
}

Result<std::size_t> SqliteKeyTable::Remove(std::string_view relative_id, onem2m::Time now) {
  const StatementUse remember(remember_);
  const StatementUse remove(remove_);
  remember->Bind(2, Seconds(now + kRemembered));
  for (auto* statement : {&*remember, &*remove}) {
    if (const auto done = statement->Bind(1, relative_id).Step(); !done) {
      return done.error();
    }
  }
  return static_cast<std::size_t>(sqlite3_changes(database_));
}

Result<std::size_t> SqliteKeyTable::Count() {
  sqlite::Statement count(database_, "SELECT COUNT(*) FROM keys");
  const auto row = count.Step();
  if (!row) {
    return row.error();
  }
  return static_cast<std::size_t>(count.Number(0));
}

Result<std::size_t> SqliteKeyTable::RemoveExpired(onem2m::Time now, std::int64_t most,
                                                  std::vector<std::string>& removed) {
  const StatementUse remember(remember_expired_);
  const StatementUse forget(forget_);
  const StatementUse remove(remove_expired_);
  remember->Bind(2, Seconds(now + kRemembered)).Bind(3, most);
  for (auto* statement : {&*remember, &*forget}) {
    if (const auto done = statement->Bind(1, Seconds(now)).Step(); !done) {
      return done.error();
    }
  }
  const std::size_t before = removed.size();
  remove->Bind(1, Seconds(now)).Bind(2, most);
  for (;;) {
    const auto row = remove->Step();
    if (!row) {
      return row.error();
    }
    if (!*row) {
      return removed.size() - before;
    }
    removed.emplace_back(remove->Text(0));
  }
}

}  // namespace saef::maf
