// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/associations.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace saef::plugin {
namespace {

// In front of all ends, of which there are none before the clock's own beginning.
constexpr TimePoint kAtOnce = TimePoint::min();

}  // namespace

saef_association Associations::Open(std::string_view identity, PackedFacts&& facts) {
  const MutexLock lock(mutex_);
  Association* const opened = table_.Open(identity, std::move(facts));
  if (opened == nullptr) return SAEF_NO_ASSOCIATION;
  if (opened->facts.mark() != secured_mark_) [[unlikely]]
    SecureAll(*opened);
  return opened->id;
}

// Closes it where there is no memory.
[[gnu::cold, gnu::noinline]] void Associations::SecureAll(Association& opened) {
  try {
    opened.facts.VisitAes([this](std::string_view ae)
                              SAEF_NO_THREAD_SAFETY_ANALYSIS { Secure(ae); });
  } catch (...) {
    table_.Close(opened);
    throw;
  }
  opened.facts.SetMark(secured_mark_);
}

std::uint64_t Associations::NextMark() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

std::optional<Associations::View> Associations::Find(saef_association association,
                                                     TimePoint now) const {
  const MutexLock lock(mutex_);
  const Association* const found = table_.Find(association);
  if (found == nullptr) return std::nullopt;
  SourceOf(*found);
  return ViewOf(*found, now);
}

const Source& Associations::SourceOf(const Association& association) {
  if (!association.source) association.source = association.facts.MakeSource();
  return *association.source;
}

Associations::View Associations::ViewOf(const Association& association, TimePoint now) const {
  View view;
  view.ended = association.ended || now >= association.facts.expires();
  view.expires = association.facts.expires();
  view.source = association.source;
  if (view.source->is_unresolved()) {
    const auto assigned = assigned_.find(std::string_view(view.source->credential_id));
    if (assigned != assigned_.end()) view.assigned = assigned->second;
  }
  return view;
}

bool Associations::Close(saef_association association) {
  const MutexLock lock(mutex_);
  Association* const found = table_.Find(association);
  if (found == nullptr) return false;
  table_.Close(*found);
  return true;
}

Associations::Assigned Associations::Assign(saef_association association, const onem2m::AeId& ae,
                                            TimePoint now) {
  const MutexLock lock(mutex_);
  Association* const found = table_.Find(association);
  if (found == nullptr) return Assigned::kNoSuchAssociation;
  const Source& source = SourceOf(*found);
  if (found->ended || now >= found->facts.expires()) return Assigned::kDenied;
  if (source.cse() != nullptr) return Assigned::kDenied;
  if (source.ae() != nullptr) return *source.ae() == ae ? Assigned::kDone : Assigned::kDenied;
  if (source.allowed() != nullptr) {
    const Source::AeList& allowed = *source.allowed();
    const bool listed = std::find(allowed.begin(), allowed.end(), ae) != allowed.end();
    return listed ? Assigned::kDone : Assigned::kDenied;
  }
  const std::string& text = ae.Absolute();
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
    Secure(text);
  } catch (...) {
    assigned_.erase(source.credential_id);
    credential_of_.erase(text);
    throw;
  }
  return Assigned::kDone;
}

void Associations::Withdraw(const onem2m::AeId& ae) {
  const std::string& text = ae.Absolute();
  const MutexLock lock(mutex_);
  secured_.erase(text);
  secured_mark_ = NextMark();
  const auto it = credential_of_.find(std::string_view(text));
  if (it == credential_of_.end()) return;
  assigned_.erase(it->second);
  credential_of_.erase(it);
}

bool Associations::IsAssignedToAnother(const onem2m::AeId& ae,
                                       std::string_view credential_id) const {
  const std::string& text = ae.Absolute();
  const MutexLock lock(mutex_);
  const auto it = credential_of_.find(std::string_view(text));
  if (it != credential_of_.end()) return it->second != credential_id;
  return secured_.contains(std::string_view(text));
}

bool Associations::IsSecured(const onem2m::AeId& ae) const {
  const std::string& text = ae.Absolute();
  const MutexLock lock(mutex_);
  return secured_.contains(std::string_view(text));
}

void Associations::Secure(std::string_view ae) {
  if (secured_.size() < max_ && !secured_.contains(ae)) secured_.emplace(ae, true);
}

void Associations::EndByIdentity(std::string_view identity) { End(identity, true); }

void Associations::EndByKey(std::string_view identity) { End(identity, false); }

void Associations::End(std::string_view identity, bool as_sent) {
  const MutexLock lock(mutex_);
  table_.VisitNamed(identity, [&](Association& found) SAEF_NO_THREAD_SAFETY_ANALYSIS {
    if (found.ended || (as_sent && found.identity() != identity)) return;
    found.ended = true;
    table_.SetDue(found, kAtOnce);
  });
}

bool Associations::RestsOn(std::string_view identity) const {
  const MutexLock lock(mutex_);
  bool rests = false;
  table_.VisitNamed(identity, [&rests](const Association& found) { rests |= !found.ended; });
  return rests;
}

std::vector<saef_association> Associations::TakeEnded(TimePoint now) {
  std::vector<saef_association> ended;
  const MutexLock lock(mutex_);
  std::size_t left = table_.CountDue(now);
  ended.reserve(left);
  for (; left > 0; --left) {
    Association& due = *table_.next_due();
    ended.push_back(due.id);
    due.ended = true;
    table_.SetNotDue(due);
  }
  return ended;
}

TimePoint Associations::next_end() const {
  const MutexLock lock(mutex_);
  return table_.next_due_time();
}

std::size_t Associations::size() const {
  const MutexLock lock(mutex_);
  return table_.size();
}

}  // namespace saef::plugin
