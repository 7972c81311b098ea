// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables of SqliteKeyStore, and opening a file that has them.
#ifndef SAEF_ROLES_MAF_SQLITE_SCHEMA_H_
#define SAEF_ROLES_MAF_SQLITE_SCHEMA_H_

#include <chrono>
#include <string>
#include <variant>

#include "onem2m/fqdn.h"
#include "onem2m/secret.h"
#include "roles/maf/sqlite.h"

namespace saef::maf {

// How long a call waits for another process that is writing.
inline constexpr std::chrono::milliseconds kBusyTimeout{5000};

// An open, checked store with our tables of version `version`; or a sentence.
std::variant<sqlite::Database, std::string> OpenStore(const std::string& path,
                                                      const onem2m::Secret& store_key,
                                                      const onem2m::Fqdn& fqdn, int version);

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_SQLITE_SCHEMA_H_
