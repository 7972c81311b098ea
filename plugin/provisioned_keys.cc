// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/provisioned_keys.h"

#include <cstring>
#include <utility>

namespace saef::plugin {

ProvisionedKeys::Found ProvisionedKeys::Copy(const PskIdentity& identity, TimePoint now,
                                             std::uint8_t* key,
                                             std::size_t* length) const noexcept {
  if (!has_any()) return Found::kMissing;
  const ReaderLock lock(mutex_);
  const auto it = table_.find(identity.canonical());
  if (it == table_.end()) return Found::kMissing;
  const Entry& entry = it->second;
  if (now >= entry.facts.expires()) return Found::kExpired;
  if (key == nullptr) return Found::kHit;
  const std::size_t room = *length;
  *length = entry.key.size();
  if (*length > room) return Found::kTooSmall;
  std::memcpy(key, entry.key.data(), *length);
  return Found::kHit;
}

ProvisionedKeys::Found ProvisionedKeys::Find(const PskIdentity& identity, TimePoint now,
                                             PackedFacts& facts) const {
  if (!has_any()) return Found::kMissing;
  const ReaderLock lock(mutex_);
  const auto it = table_.find(identity.canonical());
  if (it == table_.end()) return Found::kMissing;
  if (now >= it->second.facts.expires()) return Found::kExpired;
  facts = it->second.facts;
  return Found::kHit;
}

void ProvisionedKeys::Insert(const onem2m::KpsaId& kpsa_id, KeyRecord record) {
  std::string canonical = kpsa_id.Canonical();
  Entry entry{std::move(record.key), record.facts};
  const WriterLock lock(mutex_);
  table_.insert_or_assign(std::move(canonical), std::move(entry));
  has_any_.store(true, std::memory_order_release);
}

bool ProvisionedKeys::Remove(const onem2m::KpsaId& kpsa_id) {
  const std::string canonical = kpsa_id.Canonical();
  const WriterLock lock(mutex_);
  return table_.erase(canonical) == 1;
}

std::size_t ProvisionedKeys::size() const {
  const ReaderLock lock(mutex_);
  return table_.size();
}

}  // namespace saef::plugin
