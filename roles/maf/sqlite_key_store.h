// SPDX-License-Identifier: GPL-3.0-or-later
//
// SqliteKeyStore: the embedded KeyStore, one SQLite file. Write-ahead log with synchronous=FULL, so
// that what was answered survives kill -9 and power loss; keys sealed under the store key
// (sealed_key.h); checked for damage when it is opened; several processes may share it.
//
// A RelativeKcId whose key has gone is remembered for 90 days, so that it isn't used again while
// anyone may still hold the old key under it. (A random one has 128 bits; only an exported one can
// come again, from the same session.)
#ifndef SAEF_ROLES_MAF_SQLITE_KEY_STORE_H_
#define SAEF_ROLES_MAF_SQLITE_KEY_STORE_H_

#include <chrono>
#include <memory>
#include <string>
#include <variant>

#include "onem2m/fqdn.h"
#include "onem2m/thread_annotations.h"
#include "roles/key-store/sealed_key.h"
#include "roles/key-store/sqlite.h"
#include "roles/maf/key_store.h"

namespace saef::maf {

namespace sqlite = key_store::sqlite;

class SqliteKeyStore : public KeyStore {
 public:
  static constexpr int kSchemaVersion = 1;
  static constexpr std::chrono::hours kRemembered{90 * 24};

  // Opens the store, or makes it (mode 0600). Or a sentence: not ours, damaged, of a newer version,
  // of another MAF, another store key.
  static std::variant<std::unique_ptr<SqliteKeyStore>, std::string> Open(const std::string& path,
                                                                         onem2m::Secret store_key,
                                                                         const onem2m::Fqdn& fqdn);

  Result<void> Insert(const KeyRecord& record, onem2m::Time now,
                      std::size_t max_per_source) override SAEF_EXCLUDES(mutex_);
  Result<std::optional<KeyRecord>> Find(std::string_view relative_id) override
      SAEF_EXCLUDES(mutex_);
  Result<std::size_t> ReplaceTargets(std::string_view relative_id,
                                     const std::vector<std::string>& targets) override
      SAEF_EXCLUDES(mutex_);
  Result<std::size_t> Remove(std::string_view relative_id, onem2m::Time now) override
      SAEF_EXCLUDES(mutex_);
  Result<std::size_t> Count() override SAEF_EXCLUDES(mutex_);
  Result<std::vector<std::string>> RemoveExpired(onem2m::Time now) override SAEF_EXCLUDES(mutex_);

 private:
  SqliteKeyStore(key_store::sqlite::Database database, onem2m::Secret store_key, onem2m::Fqdn fqdn)
      : database_(std::move(database)), store_key_(std::move(store_key)), fqdn_(std::move(fqdn)) {}

  Result<std::optional<KeyRecord>> Read(std::string_view relative_id) SAEF_REQUIRES(mutex_);
  Result<void> MayInsert(const KeyRecord& record, onem2m::Time now, std::size_t max_per_source)
      SAEF_REQUIRES(mutex_);
  key_store::AuthenticatedFields FieldsOf(const KeyRecord& record) const;

  Mutex mutex_;
  const key_store::sqlite::Database database_ SAEF_PT_GUARDED_BY(mutex_);
  const onem2m::Secret store_key_;
  const onem2m::Fqdn fqdn_;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_SQLITE_KEY_STORE_H_
