// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/recent_rows.h"

#include <functional>

namespace saef::maf {

namespace {

struct Hash {
  explicit Hash(std::string_view relative_id)
      : Hash(std::uint64_t{std::hash<std::string_view>()(relative_id)}) {}
  explicit Hash(std::uint64_t hash)
      : place(hash % RecentRows::kPlaces), part(static_cast<std::uint32_t>(hash >> 32)) {}
  const std::size_t place;
  const std::uint32_t part;
};

}  // namespace

const KeyRow* RecentRows::Find(std::string_view relative_id, std::uint64_t state) const {
  const Hash hash(relative_id);
  if (places_.empty() || wanted_[hash.place] != hash.part) return nullptr;
  const Place& place = places_[hash.place];
  return place.state == state && place.relative_id == relative_id ? &place.row : nullptr;
}

void RecentRows::Put(std::string_view relative_id, const KeyRow& row, std::uint64_t state) {
  const Hash hash(relative_id);
  if (wanted_[hash.place] != hash.part) {
    wanted_[hash.place] = hash.part;
    return;
  }
  if (places_.empty()) places_.resize(kPlaces);
  Place& place = places_[hash.place];
  const std::string_view source_id = row.source ? row.source->id : std::string_view();
  place.state = 0;  // until all of it is here, should memory run out on the way
  place.octets.clear();
  // So that it stays where it is while it grows.
  place.octets.reserve(relative_id.size() + row.source_km_id.size() + source_id.size() +
                       row.targets.size() + row.sealed.size());
  const auto keep = [&octets = place.octets](const void* data, std::size_t size) {
    const std::size_t begin = octets.size();
    if (size != 0) octets.append(static_cast<const char*>(data), size);
    return octets.data() + begin;
  };
  const auto keep_text = [&keep](std::string_view text) {
    return std::string_view(keep(text.data(), text.size()), text.size());
  };
  place.relative_id = keep_text(relative_id);
  place.row = row;
  place.row.source_km_id = keep_text(row.source_km_id);
  if (row.source) place.row.source->id = keep_text(source_id);
  place.row.targets = keep_text(row.targets);
  place.row.sealed = {
      reinterpret_cast<const std::uint8_t*>(keep(row.sealed.data(), row.sealed.size())),
      row.sealed.size()};
  place.state = state;
}

}  // namespace saef::maf
