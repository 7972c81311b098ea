// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/identities.h"

#include <optional>

#include "onem2m/key_identifier.h"

namespace saef::plugin {

std::string CredentialKey(std::string_view credential_id) {
  const auto parsed = onem2m::CredentialId::Parse(credential_id);
  if (!parsed) return std::string(credential_id);
  switch (parsed->type()) {
    case onem2m::CredentialType::kKpmId:
    case onem2m::CredentialType::kKmId:
    case onem2m::CredentialType::kKpsaIdOrKcId:
      if (const auto key = onem2m::KeyIdentifier::Parse(parsed->value())) {
        return std::to_string(static_cast<int>(parsed->type())) + "-" + key->Canonical();
      }
      break;
    default:
      break;
  }
  return parsed->text();
}

TimePoint OnTheClock(const std::optional<onem2m::Time>& expires, TimePoint now,
                     onem2m::Time calendar_now) {
  // The clock counts nanoseconds; what lies further off is never, or long past.
  constexpr std::chrono::seconds kFar = std::chrono::years(100);
  if (!expires || *expires - calendar_now >= kFar) return kNever;
  if (*expires <= calendar_now) return now;
  return now + (*expires - calendar_now);
}

Identities::Identities(const std::vector<ConfiguredIdentity>& configured, TimePoint now,
                       onem2m::Time calendar_now) {
  for (const ConfiguredIdentity& identity : configured) {
    const std::string key = CredentialKey(identity.credential_id.text());
    by_credential_.emplace(key, entries_.size());
    entries_.push_back(
        {identity.credential_id, identity.entity, OnTheClock(identity.expires, now, calendar_now)});
    if (const auto* const ae = std::get_if<onem2m::AeId>(&identity.entity)) Take(*ae, key);
    if (const auto* const list = std::get_if<Source::AeList>(&identity.entity)) {
      for (const onem2m::AeId& ae : *list) Take(ae, key);
    }
  }
}

void Identities::Take(const onem2m::AeId& ae, std::string_view key) {
  owners_.emplace(ae.Absolute(), std::string(key));
}

const Identities::Entry* Identities::Find(std::string_view credential_id) const {
  const auto it = by_credential_.find(std::string_view(CredentialKey(credential_id)));
  return it == by_credential_.end() ? nullptr : &entries_[it->second];
}

bool Identities::IsOwned(const onem2m::AeId& ae) const {
  return !owners_.empty() && owners_.contains(std::string_view(ae.Absolute()));
}

bool Identities::IsAnothers(const onem2m::AeId& ae, std::string_view credential_id) const {
  if (owners_.empty()) return false;
  const std::string& absolute = ae.Absolute();
  const auto [first, last] = owners_.equal_range(std::string_view(absolute));
  if (first == last) return false;
  const std::string key = CredentialKey(credential_id);
  for (auto it = first; it != last; ++it) {
    if (it->second == key) return false;
  }
  return true;
}

}  // namespace saef::plugin
