// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyStore: where a MAF keeps the keys it distributes. What a call has answered is stored: it
// outlives a crash at any later moment. An interface, so that many MAF processes can share a store
// of another make; sqlite_key_store.h is the embedded one.
//
// Threads: any. Calls may wait for the disk, so they aren't made on a server's thread.
#ifndef SAEF_ROLES_MAF_KEY_STORE_H_
#define SAEF_ROLES_MAF_KEY_STORE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/secret.h"
#include "onem2m/suid.h"
#include "onem2m/timestamp.h"
#include "roles/maf/client_table.h"
#include "roles/maf/error.h"

namespace saef::maf {

// A registered key (TS-0003 8.x.5 steps 6, 7, 10).
struct KeyRecord {
  std::string relative_id;  // RelativeKcId, canonical: upper case
  onem2m::Secret key;       // Kc, 16 to 64 octets
  onem2m::Suid suid = onem2m::Suid::kMafSaef;
  std::string source_km_id;      // the Source End-Point's Client::Name()
  std::optional<Entity> source;  // as the MAF knew it at registration
  std::vector<std::string> targets;
  onem2m::Time expires{};
};

class KeyStore {
 public:
  virtual ~KeyStore() = default;

  // kIdentifierUsed where the RelativeKcId is another key's or was one's (8.x.5 step 8:
  // "previously-unused"); kTooManyKeys where the source has `max_per_source` keys that live at
  // `now`.
  virtual Result<void> Insert(const KeyRecord& record, onem2m::Time now,
                              std::size_t max_per_source) = 0;
  // By canonical RelativeKcId, expired ones included; nullopt: there is none.
  virtual Result<std::optional<KeyRecord>> Find(std::string_view relative_id) = 0;
  // How many keys that were: 0 or 1.
  virtual Result<std::size_t> ReplaceTargets(std::string_view relative_id,
                                             const std::vector<std::string>& targets) = 0;
  virtual Result<std::size_t> Remove(std::string_view relative_id, onem2m::Time now) = 0;
  // How many there are, expired ones included. May take a while where there are many.
  virtual Result<std::size_t> Count() = 0;
  // Removes what expired at `now` or before; the RelativeKcIds of those.
  virtual Result<std::vector<std::string>> RemoveExpired(onem2m::Time now) = 0;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_KEY_STORE_H_
