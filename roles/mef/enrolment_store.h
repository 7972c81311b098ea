// SPDX-License-Identifier: GPL-3.0-or-later
//
// EnrolmentStore: where the MEF keeps each Ke under its KeId (TS-0003 8.3.2.1, Enrolment Key
// Generation), sealed under the store key (roles/key-store/sealed_key.h). What a call has answered
// is stored: it outlives a crash at any later moment.
//
// Threads: any; calls may wait for the disk.
#ifndef SAEF_ROLES_MEF_ENROLMENT_STORE_H_
#define SAEF_ROLES_MEF_ENROLMENT_STORE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "onem2m/fqdn.h"
#include "onem2m/secret.h"
#include "onem2m/thread_annotations.h"
#include "onem2m/timestamp.h"
#include "roles/key-store/error.h"
#include "roles/key-store/sealed_key.h"
#include "roles/key-store/sqlite.h"

namespace saef::mef {

struct EnrolmentRecord {
  std::string ke_id;  // canonical
  onem2m::Secret ke;
  std::string enrolee;  // Enrolee::name
  onem2m::Time expires{};
};

class EnrolmentStore {
 public:
  // Of one enrolee; the oldest go. An enrolee renews, and may have several MAFs.
  static constexpr int kMaxPerEnrolee = 32;

  // Opens the store, or makes it. Or a sentence.
  static std::variant<std::unique_ptr<EnrolmentStore>, std::string> Open(const std::string& path,
                                                                         onem2m::Secret store_key,
                                                                         const onem2m::Fqdn& fqdn);

  // kIdentifierUsed where there is such a KeId.
  key_store::Result<void> Insert(const EnrolmentRecord& record) SAEF_EXCLUDES(mutex_);
  // By canonical KeId, expired ones included; nullopt: there is none. kDamaged.
  key_store::Result<std::optional<EnrolmentRecord>> Find(std::string_view ke_id)
      SAEF_EXCLUDES(mutex_);
  // Removes what expired at `now` or before; how many that were.
  key_store::Result<std::size_t> RemoveExpired(onem2m::Time now) SAEF_EXCLUDES(mutex_);

 private:
  EnrolmentStore(key_store::sqlite::Database database, onem2m::Secret store_key, onem2m::Fqdn fqdn)
      : database_(std::move(database)), store_key_(std::move(store_key)), fqdn_(std::move(fqdn)) {}
  key_store::AuthenticatedFields FieldsOf(const EnrolmentRecord& record) const;

  Mutex mutex_;
  const key_store::sqlite::Database database_ SAEF_PT_GUARDED_BY(mutex_);
  const onem2m::Secret store_key_;
  const onem2m::Fqdn fqdn_;
};

}  // namespace saef::mef

#endif  // SAEF_ROLES_MEF_ENROLMENT_STORE_H_
