// SPDX-License-Identifier: GPL-3.0-or-later
//
// RecentRows: keys that were read lately, as they lie in the store, sealed: who asks for one of
// them again needs no look into the database, which is large beside all else that a Key Retrieval
// takes and pushes that out of the processor's caches. A row counts for one state of the store, so
// from anybody's next commit on none does.
//
// Threads: one at a time.
#ifndef SAEF_ROLES_MAF_RECENT_ROWS_H_
#define SAEF_ROLES_MAF_RECENT_ROWS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/suid.h"
#include "onem2m/timestamp.h"
#include "roles/maf/key_store.h"

namespace saef::maf {

// A row of the table "keys" (sqlite_schema.h) but for its RelativeKcId.
struct KeyRow {
  onem2m::Suid suid = onem2m::Suid::kMafSaef;
  std::string_view source_km_id{};
  std::optional<KeyView::Source> source{};
  std::string_view targets{};  // joined
  onem2m::Time expires{};
  std::span<const std::uint8_t> sealed{};
};

class RecentRows {
 public:
  // For so many rows there is a place.
  static constexpr std::size_t kPlaces = 4096;

  // The row that was put for this RelativeKcId in this state; null: there is none (any more). Until
  // the next Put.
  const KeyRow* Find(std::string_view relative_id, std::uint64_t state) const;
  // Copies it, if it was the last that was put where it belongs, in whatever state: of many keys
  // that nobody asks for twice soon, copies would be in vain. `state` is not 0.
  void Put(std::string_view relative_id, const KeyRow& row, std::uint64_t state);

 private:
  struct Place {
    std::uint64_t state = 0;
    std::string octets;  // all that the views below are of
    std::string_view relative_id;
    KeyRow row;
  };

  // By place, a part of the hash of who wanted it last: small enough to stay in a cache.
  std::array<std::uint32_t, kPlaces> wanted_{};
  std::vector<Place> places_;  // none until the first that gets one
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_RECENT_ROWS_H_
