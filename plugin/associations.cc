// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/associations.h"

#include <algorithm>
#include <utility>

namespace saef::plugin {
namespace {

// RelativeKcId compares without case, so identities that differ in it name one key.
std::string FoldName(std::string_view name) {
  std::string folded(name);
  for (char& c : folded) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return folded;
}

template <typename Map, typename Key>
void EraseValue(Map& map, const Key& key, saef_association association) {
  const auto [first, last] = map.equal_range(key);
  const auto found =
      std::find_if(first, last, [&](const auto& entry) { return entry.second == association; });
  if (found != last) map.erase(found);
}

}  // namespace

saef_association Associations::Open(std::string_view identity, KeyFacts facts) {
  const WriterLock lock(mutex_);
  if (table_.size() >= max_) return SAEF_NO_ASSOCIATION;
  const saef_association id = next_++;
  const TimePoint expires = facts.expires;
  const std::shared_ptr<const Source> source = facts.source;
  const std::string name = FoldName(identity);
  table_.emplace(id, Association{std::string(identity), std::move(facts), false});
  try {
    // So that EndByIdentity needs no memory. By doubling: reserve() takes it to the letter, and
    // would move to a larger place with each association.
    if (taken_back_.capacity() < table_.size()) taken_back_.reserve(2 * table_.size());
    by_identity_.emplace(name, id);
    ends_.emplace(expires, id);
    if (source->ae() != nullptr) Secure(*source->ae());
    if (source->allowed() != nullptr) {
      for (const onem2m::AeId& ae : *source->allowed()) Secure(ae);
    }
  } catch (...) {
    EraseValue(by_identity_, std::string_view(name), id);
    EraseValue(ends_, expires, id);
    table_.erase(id);
    throw;
  }
  return id;
}

std::optional<Associations::View> Associations::Find(saef_association association,
                                                     TimePoint now) const {
  const ReaderLock lock(mutex_);
  const auto it = table_.find(association);
  if (it == table_.end()) return std::nullopt;
  const Association& found = it->second;
  View view;
  view.ended = found.ended || now >= found.facts.expires;
  view.expires = found.facts.expires;
  view.source = found.facts.source;
  if (view.source->is_unresolved()) {
    const auto assigned = assigned_.find(std::string_view(view.source->credential_id));
    if (assigned != assigned_.end()) view.assigned = assigned->second;
  }
  return view;
}

bool Associations::Close(saef_association association) {
  const WriterLock lock(mutex_);
  const auto it = table_.find(association);
  if (it == table_.end()) return false;
  const std::string name = FoldName(it->second.identity);
  EraseValue(by_identity_, std::string_view(name), association);
  EraseValue(ends_, it->second.facts.expires, association);
  std::erase(taken_back_, association);
  table_.erase(it);
  return true;
}

Associations::Assigned Associations::Assign(saef_association association, const onem2m::AeId& ae,
                                            TimePoint now) {
  const WriterLock lock(mutex_);
  const auto it = table_.find(association);
  if (it == table_.end()) return Assigned::kNoSuchAssociation;
  const Source& source = *it->second.facts.source;
  if (it->second.ended || now >= it->second.facts.expires) return Assigned::kDenied;
  if (source.cse() != nullptr) return Assigned::kDenied;
  if (source.ae() != nullptr) return *source.ae() == ae ? Assigned::kDone : Assigned::kDenied;
  if (source.allowed() != nullptr) {
    const Source::AeList& allowed = *source.allowed();
    const bool listed = std::find(allowed.begin(), allowed.end(), ae) != allowed.end();
    return listed ? Assigned::kDone : Assigned::kDenied;
  }
  const std::string text = ae.Absolute();
  const auto known = assigned_.find(std::string_view(source.credential_id));
  if (known != assigned_.end()) {
    return *known->second == ae ? Assigned::kDone : Assigned::kDenied;
  }
  // Another credential's: assigned to that, or known to be the entity behind it.
  if (credential_of_.contains(std::string_view(text))) return Assigned::kDenied;
  if (secured_.contains(std::string_view(text))) return Assigned::kDenied;
  if (assigned_.size() >= max_) return Assigned::kLimit;
  credential_of_.emplace(text, source.credential_id);
  try {
    assigned_.emplace(source.credential_id, std::make_shared<const onem2m::AeId>(ae));
    Secure(ae);
  } catch (...) {
    assigned_.erase(source.credential_id);
    credential_of_.erase(text);
    throw;
  }
  return Assigned::kDone;
}

void Associations::Withdraw(const onem2m::AeId& ae) {
  const std::string text = ae.Absolute();
  const WriterLock lock(mutex_);
  secured_.erase(text);
  const auto it = credential_of_.find(std::string_view(text));
  if (it == credential_of_.end()) return;
  assigned_.erase(it->second);
  credential_of_.erase(it);
}

bool Associations::IsAssignedToAnother(const onem2m::AeId& ae,
                                       std::string_view credential_id) const {
  const std::string text = ae.Absolute();
  const ReaderLock lock(mutex_);
  const auto it = credential_of_.find(std::string_view(text));
  if (it != credential_of_.end()) return it->second != credential_id;
  return secured_.contains(std::string_view(text));
}

bool Associations::IsSecured(const onem2m::AeId& ae) const {
  const std::string text = ae.Absolute();
  const ReaderLock lock(mutex_);
  return secured_.contains(std::string_view(text));
}

void Associations::Secure(const onem2m::AeId& ae) {
  if (secured_.size() < max_) secured_.emplace(ae.Absolute(), true);
}

void Associations::EndByIdentity(std::string_view identity) { End(identity, true); }

void Associations::EndByKey(std::string_view identity) { End(identity, false); }

void Associations::End(std::string_view identity, bool as_sent) {
  const std::string name = FoldName(identity);
  const WriterLock lock(mutex_);
  const auto [first, last] = by_identity_.equal_range(std::string_view(name));
  for (auto it = first; it != last; ++it) {
    Association& association = table_.at(it->second);
    if (association.ended || (as_sent && association.identity != identity)) continue;
    association.ended = true;
    EraseValue(ends_, association.facts.expires, it->second);
    taken_back_.push_back(it->second);
  }
}

bool Associations::RestsOn(std::string_view identity) const {
  const std::string name = FoldName(identity);
  const ReaderLock lock(mutex_);
  const auto [first, last] = by_identity_.equal_range(std::string_view(name));
  for (auto it = first; it != last; ++it) {
    if (!table_.at(it->second).ended) return true;
  }
  return false;
}

std::vector<saef_association> Associations::TakeEnded(TimePoint now) {
  std::vector<saef_association> ended;
  const WriterLock lock(mutex_);
  ended.reserve(taken_back_.size() +
                static_cast<std::size_t>(std::distance(ends_.begin(), ends_.upper_bound(now))));
  ended.assign(taken_back_.begin(), taken_back_.end());
  taken_back_.clear();
  while (!ends_.empty() && ends_.begin()->first <= now) {
    const saef_association id = ends_.begin()->second;
    table_.at(id).ended = true;
    ended.push_back(id);
    ends_.erase(ends_.begin());
  }
  return ended;
}

TimePoint Associations::next_end() const {
  const ReaderLock lock(mutex_);
  return ends_.empty() ? kNever : ends_.begin()->first;
}

std::size_t Associations::size() const {
  const ReaderLock lock(mutex_);
  return table_.size();
}

}  // namespace saef::plugin
