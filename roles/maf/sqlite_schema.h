// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables of the MAF's store (roles/key-store/store_file.h).
#ifndef SAEF_ROLES_MAF_SQLITE_SCHEMA_H_
#define SAEF_ROLES_MAF_SQLITE_SCHEMA_H_

#include <string>
#include <variant>

#include "onem2m/fqdn.h"
#include "onem2m/secret.h"
#include "roles/key-store/store_file.h"

namespace saef::maf {

using key_store::kBusyTimeout;

// An open, checked store with our tables of version `version`; or a sentence.
std::variant<key_store::sqlite::Database, std::string> OpenStore(const std::string& path,
                                                                 const onem2m::Secret& store_key,
                                                                 const onem2m::Fqdn& fqdn,
                                                                 int version);

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_SQLITE_SCHEMA_H_
