// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/sqlite_schema.h"

namespace saef::maf {
namespace {

// "saef" as SQLite's mark of whose file it is.
constexpr std::int64_t kMafApplicationId = 0x73616566;

constexpr const char* kMafTables = R"(
  CREATE TABLE keys(
    relative_id TEXT PRIMARY KEY,
    suid INTEGER NOT NULL,
    source_km_id TEXT NOT NULL,
    source_id TEXT,
    source_kind INTEGER,
    targets TEXT NOT NULL,
    expires INTEGER NOT NULL,
    sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX keys_by_source ON keys(source_km_id, expires);
  CREATE INDEX keys_by_expiry ON keys(expires);
  CREATE TABLE spent(
    relative_id TEXT PRIMARY KEY,
    forget_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX spent_by_time ON spent(forget_at);
)";

}  // namespace

std::variant<key_store::sqlite::Database, std::string> OpenStore(const std::string& path,
                                                                 const onem2m::Secret& store_key,
                                                                 const onem2m::Fqdn& fqdn,
                                                                 int version) {
  return key_store::OpenStore(path, store_key, fqdn,
                              {"MAF", kMafApplicationId, version, kMafTables});
}

}  // namespace saef::maf
