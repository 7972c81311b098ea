// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/mef/enrolment_store.h"

#include <utility>

#include "roles/key-store/store_file.h"

namespace saef::mef {
namespace {

using key_store::Error;
using key_store::Result;
using key_store::sqlite::Statement;
using key_store::sqlite::Transaction;

// "seme" as SQLite's mark of whose file it is.
constexpr key_store::StoreKind kMefStore{"MEF", 0x73656d65, 1, R"(
  CREATE TABLE enrolments(
    ke_id TEXT PRIMARY KEY,
    enrolee TEXT NOT NULL,
    expires INTEGER NOT NULL,
    sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX enrolments_by_enrolee ON enrolments(enrolee, expires);
  CREATE INDEX enrolments_by_expiry ON enrolments(expires);
)"};

std::int64_t SecondsOf(onem2m::Time time) { return time.time_since_epoch().count(); }

}  // namespace

std::variant<std::unique_ptr<EnrolmentStore>, std::string> EnrolmentStore::Open(
    const std::string& path, onem2m::Secret store_key, const onem2m::Fqdn& fqdn) {
  auto opened = key_store::OpenStore(path, store_key, fqdn, kMefStore);
  if (auto* const error = std::get_if<std::string>(&opened)) return std::move(*error);
  return std::unique_ptr<EnrolmentStore>(new EnrolmentStore(
      std::move(std::get<key_store::sqlite::Database>(opened)), std::move(store_key), fqdn));
}

key_store::AuthenticatedFields EnrolmentStore::FieldsOf(const EnrolmentRecord& record) const {
  key_store::AuthenticatedFields fields("saef MEF enrolment 1");
  fields.Add(fqdn_.text())
      .Add(record.ke_id)
      .Add(record.enrolee)
      .Add(std::to_string(SecondsOf(record.expires)));
  return fields;
}

Result<void> EnrolmentStore::Insert(const EnrolmentRecord& record) {
  const auto sealed = key_store::Seal(store_key_, record.ke, FieldsOf(record));
  if (!sealed) return sealed.error();
  const MutexLock lock(mutex_);
  Transaction transaction(database_.get());
  if (const auto begun = transaction.Begin(); !begun) return begun.error();
  Statement used(database_.get(), "SELECT 1 FROM enrolments WHERE ke_id = ?1");
  const auto found = used.Bind(1, record.ke_id).Step();
  if (!found) return found.error();
  if (*found) return Error::kIdentifierUsed;
  Statement insert(database_.get(),
                   "INSERT INTO enrolments(ke_id, enrolee, expires, sealed) VALUES(?1,?2,?3,?4)");
  insert.Bind(1, record.ke_id).Bind(2, record.enrolee).Bind(3, SecondsOf(record.expires));
  if (const auto done = insert.Bind(4, *sealed).Step(); !done) return done.error();
  Statement bound(database_.get(),
                  "DELETE FROM enrolments WHERE enrolee = ?1 AND ke_id <> ?2 AND ke_id NOT IN"
                  " (SELECT ke_id FROM enrolments WHERE enrolee = ?1 AND ke_id <> ?2"
                  "  ORDER BY expires DESC LIMIT ?3)");
  bound.Bind(1, record.enrolee).Bind(2, record.ke_id).Bind(3, std::int64_t{kMaxPerEnrolee - 1});
  if (const auto done = bound.Step(); !done) return done.error();
  return transaction.Commit();
}

Result<std::optional<EnrolmentRecord>> EnrolmentStore::Find(std::string_view ke_id) {
  const MutexLock lock(mutex_);
  Statement select(database_.get(),
                   "SELECT ke_id, enrolee, expires, sealed FROM enrolments WHERE ke_id = ?1");
  const auto row = select.Bind(1, ke_id).Step();
  if (!row) return row.error();
  if (!*row) return std::optional<EnrolmentRecord>();
  EnrolmentRecord record;
  record.ke_id = select.Text(0);
  record.enrolee = select.Text(1);
  record.expires = onem2m::Time(std::chrono::seconds(select.Number(2)));
  auto ke = key_store::Unseal(store_key_, select.Blob(3), FieldsOf(record));
  if (!ke) return ke.error();
  record.ke = std::move(*ke);
  return std::optional<EnrolmentRecord>(std::move(record));
}

Result<std::size_t> EnrolmentStore::RemoveExpired(onem2m::Time now) {
  const MutexLock lock(mutex_);
  Statement remove(database_.get(), "DELETE FROM enrolments WHERE expires <= ?1");
  if (const auto done = remove.Bind(1, SecondsOf(now)).Step(); !done) return done.error();
  return static_cast<std::size_t>(sqlite3_changes(database_.get()));
}

}  // namespace saef::mef
