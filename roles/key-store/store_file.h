// SPDX-License-Identifier: GPL-3.0-or-later
//
// A party's store: one SQLite file with mode 0600, write-ahead log with synchronous=FULL, so that
// what was answered survives kill -9 and power loss; checked for damage when it is opened; tied to
// the party's FQDN and to its store key; several processes may share it.
#ifndef SAEF_ROLES_KEY_STORE_STORE_FILE_H_
#define SAEF_ROLES_KEY_STORE_STORE_FILE_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "onem2m/fqdn.h"
#include "onem2m/secret.h"
#include "roles/key-store/sqlite.h"

namespace saef::key_store {

// How long a call waits for another process that is writing.
inline constexpr std::chrono::milliseconds kBusyTimeout{5000};

// Whose store it is, and what it holds.
struct StoreKind {
  std::string_view party;       // "MAF"
  std::int64_t application_id;  // SQLite's mark of whose file it is
  int version;                  // of the tables
  const char* tables;           // statements that make them
};

// An open, checked store, made where there was none; or a sentence: not ours, damaged, of another
// version, of another party, another store key.
std::variant<sqlite::Database, std::string> OpenStore(const std::string& path,
                                                      const onem2m::Secret& store_key,
                                                      const onem2m::Fqdn& fqdn,
                                                      const StoreKind& kind);

// Another connection to a store that OpenStore has opened in this process: for reading alone. With
// a write-ahead log it doesn't meet writers; another process that opens the store after a crash, or
// is the last to close it, keeps it out for kReaderTimeout at most. Or a sentence.
inline constexpr std::chrono::milliseconds kReaderTimeout{100};
std::variant<sqlite::Database, std::string> OpenReader(const std::string& path);

}  // namespace saef::key_store

#endif  // SAEF_ROLES_KEY_STORE_STORE_FILE_H_
