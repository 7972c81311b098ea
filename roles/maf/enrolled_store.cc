// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/enrolled_store.h"

#include <utility>

#include "roles/maf/sqlite_key_store.h"
#include "roles/maf/sqlite_schema.h"

namespace saef::maf {
namespace {

using key_store::sqlite::Database;
using key_store::sqlite::Statement;

// A table that older programs don't know doesn't disturb them, so the version of the store stays.
constexpr const char* kEnrolledTable = R"(
  CREATE TABLE IF NOT EXISTS enrolled(
    km_id TEXT PRIMARY KEY,
    ke_id TEXT NOT NULL,
    expires INTEGER NOT NULL,
    sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
)";

std::int64_t SecondsSinceEpoch(onem2m::Time time) { return time.time_since_epoch().count(); }

}  // namespace

std::variant<std::unique_ptr<EnrolledStore>, std::string> EnrolledStore::Open(
    const std::string& path, onem2m::Secret store_key, const onem2m::Fqdn& fqdn) {
  auto writer = OpenStore(path, store_key, fqdn, SqliteKeyStore::kSchemaVersion);
  if (auto* const error = std::get_if<std::string>(&writer)) return std::move(*error);
  auto& database = std::get<Database>(writer);
  if (const auto made = key_store::sqlite::Execute(database.get(), kEnrolledTable); !made) {
    return path + " can't keep enrolled clients: " + made.error().message();
  }
  auto reader = OpenStore(path, store_key, fqdn, SqliteKeyStore::kSchemaVersion);
  if (auto* const error = std::get_if<std::string>(&reader)) return std::move(*error);
  return std::unique_ptr<EnrolledStore>(new EnrolledStore(
      std::move(database), std::get<Database>(std::move(reader)), std::move(store_key), fqdn));
}

key_store::AuthenticatedFields EnrolledStore::FieldsOf(const EnrolledRecord& record) const {
  key_store::AuthenticatedFields fields("saef MAF enrolled client 1");
  fields.Add(fqdn_.text())
      .Add(record.km_id)
      .Add(record.ke_id)
      .Add(std::to_string(SecondsSinceEpoch(record.expires)));
  return fields;
}

Result<void> EnrolledStore::Assign(const EnrolledRecord& record) {
  const auto sealed = key_store::Seal(store_key_, record.km, FieldsOf(record));
  if (!sealed) return sealed.error();
  const MutexLock lock(writing_);
  Statement insert(writer_.get(),
                   "INSERT OR REPLACE INTO enrolled(km_id, ke_id, expires, sealed)"
                   " VALUES(?1, ?2, ?3, ?4)");
  insert.Bind(1, record.km_id).Bind(2, record.ke_id).Bind(3, SecondsSinceEpoch(record.expires));
  if (const auto done = insert.Bind(4, *sealed).Step(); !done) return done.error();
  return {};
}

Result<std::optional<EnrolledRecord>> EnrolledStore::Find(std::string_view km_id) {
  const MutexLock lock(reading_);
  Statement select(reader_.get(),
                   "SELECT km_id, ke_id, expires, sealed FROM enrolled WHERE km_id = ?1");
  const auto row = select.Bind(1, km_id).Step();
  if (!row) return row.error();
  if (!*row) return std::optional<EnrolledRecord>();
  EnrolledRecord record;
  record.km_id = select.Text(0);
  record.ke_id = select.Text(1);
  record.expires = onem2m::Time(std::chrono::seconds(select.Number(2)));
  auto km = key_store::Unseal(store_key_, select.Blob(3), FieldsOf(record));
  if (!km) return km.error();
  record.km = std::move(*km);
  return std::optional<EnrolledRecord>(std::move(record));
}

}  // namespace saef::maf
