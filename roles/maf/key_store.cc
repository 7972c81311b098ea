// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/key_store.h"

#include <utility>

namespace saef::maf {

Result<std::optional<KeyRecord>> KeyReader::Find(std::string_view relative_id) {
  std::optional<KeyRecord> record;
  bool cloned = true;
  const auto copy = [&](const KeyView& key) {
    auto clone = key.key.Clone();
    cloned = clone.has_value();
    if (!cloned) return;
    record.emplace();
    record->relative_id = relative_id;
    record->key = std::move(*clone);
    record->suid = key.suid;
    record->source_km_id = key.source_km_id;
    if (key.source) record->source = Entity{std::string(key.source->id), key.source->kind};
    record->targets.assign(key.targets.begin(), key.targets.end());
    record->expires = key.expires;
  };
  const auto read = Read(relative_id, std::ref(copy));
  if (!read) {
    return read.error();
  }
  if (!cloned) {
    return Error::kCryptography;
  }
  return record;
}

}  // namespace saef::maf
