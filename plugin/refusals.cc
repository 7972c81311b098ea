// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/refusals.h"

#include "plugin/keyed_hash.h"

namespace saef::plugin {
namespace {

std::uint64_t HashOf(std::string_view identity) { return KeyedHash()(identity); }

}  // namespace

void Refusals::Remember(std::string_view identity, std::int32_t outcome, TimePoint now) {
  if (limits_.duration.count() == 0) return;
  const Refusal refusal{HashOf(identity), outcome, now + limits_.duration};
  const MutexLock lock(mutex_);
  if (const auto it = table_.find(refusal.identity); it != table_.end()) {
    *it->second = refusal;
    order_.splice(order_.end(), order_, it->second);
    return;
  }
  while (!order_.empty()) {
    if (order_.size() < limits_.max_refusals && order_.front().until > now) break;
    table_.erase(order_.front().identity);
    order_.pop_front();
  }
  Order place{refusal};
  table_.emplace(refusal.identity, place.begin());
  order_.splice(order_.end(), place);
}

std::optional<std::int32_t> Refusals::Find(std::string_view identity, TimePoint now) const {
  const std::uint64_t hash = HashOf(identity);
  const MutexLock lock(mutex_);
  const auto it = table_.find(hash);
  if (it == table_.end() || it->second->until <= now) return std::nullopt;
  return it->second->outcome;
}

void Refusals::Forget(std::string_view identity) {
  const std::uint64_t hash = HashOf(identity);
  const MutexLock lock(mutex_);
  const auto it = table_.find(hash);
  if (it == table_.end()) return;
  order_.erase(it->second);
  table_.erase(it);
}

std::size_t Refusals::size() const {
  const MutexLock lock(mutex_);
  return table_.size();
}

}  // namespace saef::plugin
