// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyRegistration: the MAF's side of MAF Key Registration (TS-0003 8.x.5 steps 5 to 10), of the
// update of a target list (step 7, ESData) and of de-registration (project-defined). The handshake
// (steps 1 to 4) and the end of the session (step 11) are the caller's.
//
// Threads: any; what takes `keys` waits for them, the rest doesn't.
#ifndef SAEF_ROLES_MAF_KEY_REGISTRATION_H_
#define SAEF_ROLES_MAF_KEY_REGISTRATION_H_

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bindings/log.h"
#include "bindings/session.h"
#include "onem2m/fqdn.h"
#include "onem2m/maf_interface.h"
#include "onem2m/primitive.h"
#include "roles/maf/client_table.h"
#include "roles/maf/configuration.h"
#include "roles/maf/key_store.h"

namespace saef::maf {

class KeyRegistration {
 public:
  // All of these must outlive it.
  KeyRegistration(const onem2m::Fqdn& fqdn, const Lifetime& lifetime,
                  std::size_t max_keys_per_client, const bindings::Log& log)
      : fqdn_(fqdn), lifetime_(lifetime), max_keys_per_client_(max_keys_per_client), log_(log) {}

  // What comes before storing (8.x.5 steps 5 to 7): the key that is to be registered, or a refusal.
  // `source` is who was authenticated in `session`. The request's content, which may hold Kc, is
  // wiped.
  std::variant<KeyRecord, onem2m::ResponsePrimitive> Prepare(onem2m::RequestPrimitive& request,
                                                             const Client& source,
                                                             bindings::Session& session,
                                                             onem2m::Time now) const;
  // Stores it (steps 8 to 10). The record gets another RelativeKcId where its own is taken. The
  // answer holds once what was written is durable.
  onem2m::ResponsePrimitive Register(const onem2m::RequestPrimitive& request, KeyRecord& record,
                                     KeyTable& keys, onem2m::Time now) const;
  // `relative_id` is canonical. `updater` is the key's source or a client that is configured to
  // update its target lists (8.x.5 step 7: "authorized entities"); whoever else learns nothing but
  // 4103. New targets must be some that the updater may register for; those on the list may stay.
  onem2m::ResponsePrimitive UpdateTargets(const onem2m::RequestPrimitive& request,
                                          std::string_view relative_id, const Client& updater,
                                          KeyTable& keys, onem2m::Time now) const;
  // Only the source of a key may remove it.
  onem2m::ResponsePrimitive Remove(const onem2m::RequestPrimitive& request,
                                   std::string_view relative_id, const Client& source,
                                   KeyTable& keys, onem2m::Time now) const;
  // The answer where the store has failed: the reason for the log, for the client that there is
  // one.
  onem2m::ResponsePrimitive Fail(const onem2m::RequestPrimitive& request,
                                 const boost::system::error_code& error) const;

 private:
  // A refusal: what to answer, and why, in words for the source.
  struct Refusal {
    onem2m::ResponseStatusCode status;
    std::string text;
  };
  template <typename T>
  using OrRefusal = std::variant<T, Refusal>;
  struct Key {
    std::string relative_id;  // canonical
    onem2m::Secret value;
  };

  OrRefusal<onem2m::Time> Expiration(const std::optional<onem2m::Time>& wish,
                                     onem2m::Time now) const;
  OrRefusal<Key> TakeKey(std::optional<onem2m::Secret> own, bindings::Session& session) const;
  OrRefusal<KeyRecord> MakeRecord(onem2m::RequestPrimitive& request, const Client& source,
                                  bindings::Session& session, onem2m::Time now) const;
  Result<void> Store(KeyRecord& record, KeyTable& keys, onem2m::Time now) const;
  Result<std::string> UnusedRelativeId() const;
  enum class Purpose { kUpdateTargets, kRemove };
  OrRefusal<KeyRecord> FindFor(Purpose purpose, std::string_view relative_id, const Client& client,
                               KeyTable& keys, onem2m::Time now) const;

  const onem2m::Fqdn& fqdn_;
  const Lifetime& lifetime_;
  const std::size_t max_keys_per_client_;
  const bindings::Log& log_;
};

// The canonical form of a RelativeKcId: letters in upper case (xs:hexBinary's form;
// TS-0003 10.3.5).
Result<std::string> CanonicalRelativeId(std::string_view relative_id, const onem2m::Fqdn& fqdn);

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_KEY_REGISTRATION_H_
