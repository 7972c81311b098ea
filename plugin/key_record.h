// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyRecord: what a MAF's answer to a Key Retrieval comes to (TS-0003 8.x.6 steps 5 and 6), or what
// was provisioned (8.2.2.1): Kc or Kpsa, whose it is, and when it ends.
#ifndef SAEF_PLUGIN_KEY_RECORD_H_
#define SAEF_PLUGIN_KEY_RECORD_H_

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "onem2m/entity_identifier.h"
#include "onem2m/secret.h"
#include "onem2m/suid.h"
#include "plugin/clock.h"

namespace saef::plugin {

// Who is behind a key (TS-0003 8.2.2.3 step 12). Never changed once made; shared by the cache and
// the associations.
struct Source {
  // The AE-IDs that one entity may have (TS-0003 8.2.1: device and Node-ID certificates only).
  using AeList = std::vector<onem2m::AeId>;
  // Absolute AE-ID, Absolute CSE-ID, a list of allowed Absolute AE-IDs, or nothing while only the
  // Credential-ID is known.
  using Entity = std::variant<std::monostate, onem2m::AeId, onem2m::CseId, AeList>;

  Entity entity;
  std::string credential_id;  // may be empty where `entity` is known
  onem2m::Suid suid = onem2m::Suid::kMafSaef;

  const onem2m::AeId* ae() const noexcept { return std::get_if<onem2m::AeId>(&entity); }
  const onem2m::CseId* cse() const noexcept { return std::get_if<onem2m::CseId>(&entity); }
  const AeList* allowed() const noexcept { return std::get_if<AeList>(&entity); }
  bool is_unresolved() const noexcept { return std::holds_alternative<std::monostate>(entity); }
  std::string entity_id() const {
    if (ae() != nullptr) return ae()->Absolute();
    return cse() != nullptr ? cse()->Absolute() : std::string();
  }
};

// What is known of a key without the key.
struct KeyFacts {
  std::shared_ptr<const Source> source;
  TimePoint expires{};  // end of the key's lifetime; kNever for none
};

struct KeyRecord {
  onem2m::Secret key;
  KeyFacts facts;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_KEY_RECORD_H_
