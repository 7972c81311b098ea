// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_watch.h"

#include <algorithm>

namespace saef::plugin {

bool KeyWatch::MayBegin(TimePoint now) const {
  const MutexLock lock(mutex_);
  return by_key_.size() < max_ && now >= not_before_;
}

void KeyWatch::Add(const ObservationPtr& observation) {
  const MutexLock lock(mutex_);
  std::string key(observation->identity.canonical());
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    const ObservationPtr old = known->second;
    Erase(old);
    given_up_.push_back(old);
  }
  by_key_.emplace(std::move(key), observation);
  ends_.emplace(observation->expires, observation);
}

bool KeyWatch::Has(const ObservationPtr& observation) const {
  const MutexLock lock(mutex_);
  const auto it = by_key_.find(std::string(observation->identity.canonical()));
  return it != by_key_.end() && it->second == observation;
}

bool KeyWatch::HasKey(const PskIdentity& identity) const {
  const MutexLock lock(mutex_);
  return by_key_.contains(std::string(identity.canonical()));
}

void KeyWatch::Erase(const ObservationPtr& observation) {
  const auto it = by_key_.find(std::string(observation->identity.canonical()));
  if (it == by_key_.end() || it->second != observation) return;
  by_key_.erase(it);
  auto [first, last] = ends_.equal_range(observation->expires);
  while (first != last && first->second != observation) ++first;
  if (first != last) ends_.erase(first);
}

void KeyWatch::Remove(const ObservationPtr& observation) {
  const MutexLock lock(mutex_);
  Erase(observation);
}

void KeyWatch::Lost(const ObservationPtr& observation, TimePoint now) {
  const MutexLock lock(mutex_);
  Erase(observation);
  if (now - observation->since < kShort) not_before_ = now + kPause;
}

void KeyWatch::GiveUp(const ObservationPtr& observation) {
  const MutexLock lock(mutex_);
  Erase(observation);
  given_up_.push_back(observation);
}

std::vector<std::uint64_t> KeyWatch::TakeToCancel(TimePoint now) {
  std::vector<std::uint64_t> ids;
  const MutexLock lock(mutex_);
  while (!ends_.empty() && ends_.begin()->first <= now) {
    const ObservationPtr over = ends_.begin()->second;
    Erase(over);
    given_up_.push_back(over);
  }
  // One whose identifier isn't known yet stays until the next time.
  std::erase_if(given_up_, [&ids](const ObservationPtr& observation) {
    const std::uint64_t id = observation->id;
    if (id != 0) ids.push_back(id);
    return id != 0;
  });
  return ids;
}

std::size_t KeyWatch::size() const {
  const MutexLock lock(mutex_);
  return by_key_.size();
}

}  // namespace saef::plugin
