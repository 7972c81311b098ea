// SPDX-License-Identifier: GPL-3.0-or-later
//
// EnrolledStore: the Master Credentials that came from a MEF (TS-0003 8.x.3 step 4: "the MAF shall
// store the parameters"): KmId, Km sealed under the store key, and when they end. In the MAF's own
// store file, in a table of its own. Several processes may share it.
//
// Find never waits for a writer: it has a connection of its own, and with a write-ahead log readers
// and writers don't meet. So a server's thread may call it.
//
// Threads: any.
#ifndef SAEF_ROLES_MAF_ENROLLED_STORE_H_
#define SAEF_ROLES_MAF_ENROLLED_STORE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "onem2m/fqdn.h"
#include "onem2m/secret.h"
#include "onem2m/thread_annotations.h"
#include "onem2m/timestamp.h"
#include "roles/key-store/sealed_key.h"
#include "roles/key-store/sqlite.h"
#include "roles/maf/error.h"

namespace saef::maf {

struct EnrolledRecord {
  std::string km_id;  // canonical
  std::string ke_id;  // canonical: of the enrolment that Km comes from
  onem2m::Secret km;
  onem2m::Time expires{};
};

class EnrolledStore {
 public:
  // The store at `path` has been opened before (SqliteKeyStore), or is made. Or a sentence.
  static std::variant<std::unique_ptr<EnrolledStore>, std::string> Open(const std::string& path,
                                                                        onem2m::Secret store_key,
                                                                        const onem2m::Fqdn& fqdn);

  // In place of what this KmId had. May wait for the disk.
  Result<void> Assign(const EnrolledRecord& record) SAEF_EXCLUDES(writing_);
  // By canonical KmId, expired ones included; nullopt: there is none. kDamaged.
  Result<std::optional<EnrolledRecord>> Find(std::string_view km_id) SAEF_EXCLUDES(reading_);

 private:
  EnrolledStore(key_store::sqlite::Database writer, key_store::sqlite::Database reader,
                onem2m::Secret store_key, onem2m::Fqdn fqdn)
      : writer_(std::move(writer)),
        reader_(std::move(reader)),
        store_key_(std::move(store_key)),
        fqdn_(std::move(fqdn)) {}
  key_store::AuthenticatedFields FieldsOf(const EnrolledRecord& record) const;

  Mutex writing_;
  Mutex reading_;
  const key_store::sqlite::Database writer_ SAEF_PT_GUARDED_BY(writing_);
  const key_store::sqlite::Database reader_ SAEF_PT_GUARDED_BY(reading_);
  const onem2m::Secret store_key_;
  const onem2m::Fqdn fqdn_;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_ENROLLED_STORE_H_
