// SPDX-License-Identifier: GPL-3.0-or-later
//
// Associations: which entity is behind which established session (TS-0003 8.2.2.3 step 12), until
// the session or Kc ends; and, for sources of which only a Credential-ID is known, the AE-ID that
// the host assigned to it (TS-0003 8.2.1).
//
// An association has ended when its time is over or its key was taken back; it stays, without
// counting, until Close. Identifiers never come again.
//
// Threads: any. Times are arguments.
#ifndef SAEF_PLUGIN_ASSOCIATIONS_H_
#define SAEF_PLUGIN_ASSOCIATIONS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/entity_identifier.h"
#include "onem2m/thread_annotations.h"
#include "plugin/association_table.h"
#include "plugin/clock.h"
#include "plugin/key_record.h"
#include "plugin/keyed_hash.h"
#include "plugin/packed_facts.h"
#include "saef/plugin.h"

namespace saef::plugin {

class Associations {
 public:
  // What is behind one association now.
  struct View {
    bool ended = false;
    TimePoint expires{};
    std::shared_ptr<const Source> source;
    std::shared_ptr<const onem2m::AeId> assigned;  // of a source with only a Credential-ID

    const onem2m::AeId* ae() const noexcept { return assigned ? assigned.get() : source->ae(); }
    // The AE-IDs that the entity may have: none, one, or those of a list.
    std::span<const onem2m::AeId> aes() const noexcept {
      if (source->allowed() != nullptr) return *source->allowed();
      return ae() != nullptr ? std::span(ae(), 1) : std::span<const onem2m::AeId>();
    }
  };
  enum class Assigned { kDone, kDenied, kNoSuchAssociation, kLimit };

  explicit Associations(std::size_t max) : max_(max), table_(max), secured_mark_(NextMark()) {}

  // `identity` as sent. SAEF_NO_ASSOCIATION where the bound is reached. Throws std::bad_alloc.
  saef_association Open(std::string_view identity, PackedFacts&& facts);
  // Throws std::bad_alloc, when it is asked for the first time.
  std::optional<View> Find(saef_association association, TimePoint now) const;
  bool Close(saef_association association);

  Assigned Assign(saef_association association, const onem2m::AeId& ae, TimePoint now);
  void Withdraw(const onem2m::AeId& ae);
  // Does this AE-ID belong to another credential than this one: was it assigned to that, or has it
  // spoken through an association whose source has it?
  bool IsAssignedToAnother(const onem2m::AeId& ae, std::string_view credential_id) const;
  // Has this AE spoken through an association since it was last withdrawn? Then it isn't believed
  // without one. At most as many as associations are remembered, the first ones.
  bool IsSecured(const onem2m::AeId& ae) const;

  // The MAF doesn't know this identity any more (as sent). One that differs in case alone may be
  // another's to a MAF that tells them apart.
  void EndByIdentity(std::string_view identity);
  // The MAF has taken back the key that it had given for this identity: whatever its case.
  void EndByKey(std::string_view identity);
  // Does one that hasn't ended rest on the key of this identity, in whatever case?
  bool RestsOn(std::string_view identity) const;
  // Those that have ended since the last call, once each.
  std::vector<saef_association> TakeEnded(TimePoint now);
  TimePoint next_end() const;  // kNever for none
  std::size_t size() const;

 private:
  using Association = AssociationTable::Association;

  void End(std::string_view identity, bool as_sent);
  void Secure(std::string_view ae) SAEF_REQUIRES(mutex_);
  void SecureAll(Association& opened) SAEF_REQUIRES(mutex_);
  View ViewOf(const Association& association, TimePoint now) const SAEF_REQUIRES(mutex_);
  // Makes its source where there is none yet.
  static const Source& SourceOf(const Association& association);

  const std::size_t max_;
  mutable Mutex mutex_;
  AssociationTable table_ SAEF_GUARDED_BY(mutex_);
  // Credential-ID → AE-ID, and back.
  TextMap<std::shared_ptr<const onem2m::AeId>> assigned_ SAEF_GUARDED_BY(mutex_);
  TextMap<std::string> credential_of_ SAEF_GUARDED_BY(mutex_);
  TextMap<bool> secured_ SAEF_GUARDED_BY(mutex_);
  // On facts whose AEs have been put there since the last Withdraw. No two Associations have one
  // that is alike.
  static std::uint64_t NextMark() noexcept;
  std::uint64_t secured_mark_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_ASSOCIATIONS_H_
