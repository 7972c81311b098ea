// SPDX-License-Identifier: GPL-3.0-or-later
//
// Identities: the entities that the configuration names for Credential-IDs (TS-0003 8.2.1:
// "securely configured by the M2M Service Provider"), and what is taken thereby. Made once, then
// only read: any thread, no lock. Times are arguments.
#ifndef SAEF_PLUGIN_IDENTITIES_H_
#define SAEF_PLUGIN_IDENTITIES_H_

#include <string>
#include <string_view>
#include <vector>

#include "onem2m/credential_id.h"
#include "onem2m/entity_identifier.h"
#include "plugin/clock.h"
#include "plugin/identity_configuration.h"
#include "plugin/key_record.h"
#include "plugin/keyed_hash.h"

namespace saef::plugin {

class Identities {
 public:
  struct Entry {
    onem2m::CredentialId credential_id;
    Source::Entity entity;
    TimePoint expires;  // kNever for none
  };

  // Both moments are the same one, for the expiration times.
  Identities(const std::vector<ConfiguredIdentity>& configured, TimePoint now,
             onem2m::Time calendar_now);

  // Null where there is none. It may have expired: then nothing may rest on it, and the credential
  // isn't simply unresolved.
  const Entry* Find(std::string_view credential_id) const;
  // Is this AE-ID one of a configured credential's?
  bool IsOwned(const onem2m::AeId& ae) const;
  // Is this AE-ID one of other credentials' than this one, and not of this one?
  bool IsAnothers(const onem2m::AeId& ae, std::string_view credential_id) const;
  const std::vector<Entry>& all() const noexcept { return entries_; }

 private:
  void Take(const onem2m::AeId& ae, std::string_view key);

  std::vector<Entry> entries_;
  TextMap<std::size_t> by_credential_;  // by CredentialKey
  TextMultimap<std::string> owners_;    // Absolute AE-ID → CredentialKey
};

// For tables: key identifiers within a Credential-ID compare without case (TS-0003 10.6). Of what
// is no Credential-ID, the text itself.
std::string CredentialKey(std::string_view credential_id);

// The moment on the plugin's clock at which `expires` comes; kNever for none.
TimePoint OnTheClock(const std::optional<onem2m::Time>& expires, TimePoint now,
                     onem2m::Time calendar_now);

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_IDENTITIES_H_
