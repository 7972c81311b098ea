// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/refusals.h"

namespace saef::plugin {

void Refusals::Remember(std::string_view identity, std::int32_t outcome, TimePoint now) {
  if (limits_.duration.count() == 0) return;
  const MutexLock lock(mutex_);
  if (const auto it = table_.find(identity); it != table_.end()) {
    it->second.outcome = outcome;
    it->second.until = now + limits_.duration;
    order_.splice(order_.end(), order_, it->second.place);
    return;
  }
  while (!order_.empty()) {
    const auto oldest = table_.find(std::string_view(order_.front()));
    if (table_.size() < limits_.max_refusals && oldest->second.until > now) break;
    table_.erase(oldest);
    order_.pop_front();
  }
  std::list<std::string> place;
  place.emplace_back(identity);
  table_.emplace(std::string(identity), Refusal{outcome, now + limits_.duration, place.begin()});
  order_.splice(order_.end(), place);
}

std::optional<std::int32_t> Refusals::Find(std::string_view identity, TimePoint now) const {
  const MutexLock lock(mutex_);
  const auto it = table_.find(identity);
  if (it == table_.end() || it->second.until <= now) return std::nullopt;
  return it->second.outcome;
}

void Refusals::Forget(std::string_view identity) {
  const MutexLock lock(mutex_);
  const auto it = table_.find(identity);
  if (it == table_.end()) return;
  order_.erase(it->second.place);
  table_.erase(it);
}

std::size_t Refusals::size() const {
  const MutexLock lock(mutex_);
  return table_.size();
}

}  // namespace saef::plugin
