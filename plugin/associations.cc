// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/associations.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <utility>

#include "onem2m/ascii.h"
#include "plugin/octets16.h"
#include "plugin/quick_hash.h"

namespace saef::plugin {
namespace {

// A psk_identity has 128 octets at most (RFC 4279 5.3); names of other credentials may have more.
constexpr std::size_t kPiece = 128;

// In front of all ends, of which there are none before the clock's own beginning.
constexpr TimePoint kAtOnce = TimePoint::min();

}  // namespace

std::size_t Associations::FoldedHash::operator()(std::string_view identity) const noexcept {
  std::array<char, kPiece> folded;
  std::size_t hash = 0;
  do {
    const std::string_view piece = identity.substr(0, kPiece);
    const std::size_t length = (piece.size() + kOctets16 - 1) / kOctets16 * kOctets16;
    std::fill_n(std::copy_n(piece.begin(), piece.size(), folded.begin()), length - piece.size(), 0);
    for (std::size_t i = 0; i < length; i += kOctets16) {
      StoreOctets16(ToUpper(LoadOctets16(folded.data() + i)), folded.data() + i);
    }
    hash = std::rotl(hash, 1) ^ QuickHash::Of(folded.data(), length);
    identity.remove_prefix(piece.size());
  } while (!identity.empty());
  return hash;
}

bool Associations::FoldedEqual::operator()(std::string_view one,
                                           std::string_view other) const noexcept {
  return onem2m::ascii::EqualsWithoutCase(one, other);
}

saef_association Associations::Open(std::string_view identity, PackedFacts facts) {
  const WriterLock lock(mutex_);
  if (table_.size() >= max_) return SAEF_NO_ASSOCIATION;
  const TimePoint expires = facts.expires();
  Association association{.id = next_, .as_sent = {}, .facts = std::move(facts), .due = expires};
  association.as_sent.assign(identity.begin(), identity.end());
  const auto added = table_.insert(std::move(association));
  const PackedFacts& known = added.first->facts;
  if (known.mark() == secured_mark_) return next_++;
  try {
    known.VisitAes([this](std::string_view ae) SAEF_NO_THREAD_SAFETY_ANALYSIS { Secure(ae); });
  } catch (...) {
    table_.erase(added.first);
    throw;
  }
  known.SetMark(secured_mark_);
  return next_++;
}

std::uint64_t Associations::NextMark() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

std::optional<Associations::View> Associations::Find(saef_association association,
                                                     TimePoint now) const {
  {
    const ReaderLock lock(mutex_);
    const auto it = table_.find(association);
    if (it == table_.end()) return std::nullopt;
    if (it->source) return ViewOf(*it, now);
  }
  const WriterLock lock(mutex_);
  const auto it = table_.find(association);
  if (it == table_.end()) return std::nullopt;
  SourceOf(*it);
  return ViewOf(*it, now);
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
  const WriterLock lock(mutex_);
  return table_.erase(association) > 0;
}

Associations::Assigned Associations::Assign(saef_association association, const onem2m::AeId& ae,
                                            TimePoint now) {
  const WriterLock lock(mutex_);
  const auto it = table_.find(association);
  if (it == table_.end()) return Assigned::kNoSuchAssociation;
  const Source& source = SourceOf(*it);
  if (it->ended || now >= it->facts.expires()) return Assigned::kDenied;
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
  const WriterLock lock(mutex_);
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
  const ReaderLock lock(mutex_);
  const auto it = credential_of_.find(std::string_view(text));
  if (it != credential_of_.end()) return it->second != credential_id;
  return secured_.contains(std::string_view(text));
}

bool Associations::IsSecured(const onem2m::AeId& ae) const {
  const std::string& text = ae.Absolute();
  const ReaderLock lock(mutex_);
  return secured_.contains(std::string_view(text));
}

void Associations::Secure(std::string_view ae) {
  if (secured_.size() < max_ && !secured_.contains(ae)) secured_.emplace(ae, true);
}

void Associations::EndByIdentity(std::string_view identity) { End(identity, true); }

void Associations::EndByKey(std::string_view identity) { End(identity, false); }

void Associations::End(std::string_view identity, bool as_sent) {
  const WriterLock lock(mutex_);
  auto& by_identity = table_.get<ByIdentity>();
  const auto [first, last] = by_identity.equal_range(identity);
  for (auto it = first; it != last; ++it) {
    if (it->ended || (as_sent && it->identity() != identity)) continue;
    by_identity.modify(it, [](Association& association) {
      association.ended = true;
      association.due = kAtOnce;
    });
  }
}

bool Associations::RestsOn(std::string_view identity) const {
  const ReaderLock lock(mutex_);
  const auto [first, last] = table_.get<ByIdentity>().equal_range(identity);
  return std::any_of(first, last, [](const Association& found) { return !found.ended; });
}

std::vector<saef_association> Associations::TakeEnded(TimePoint now) {
  std::vector<saef_association> ended;
  const WriterLock lock(mutex_);
  auto& by_due = table_.get<ByDue>();
  ended.reserve(static_cast<std::size_t>(std::distance(by_due.begin(), by_due.upper_bound(now))));
  while (!by_due.empty() && by_due.begin()->due <= now) {
    ended.push_back(by_due.begin()->id);
    by_due.modify(by_due.begin(), [](Association& association) {
      association.ended = true;
      association.due = kNever;
    });
  }
  return ended;
}

TimePoint Associations::next_end() const {
  const ReaderLock lock(mutex_);
  const auto& by_due = table_.get<ByDue>();
  return by_due.empty() ? kNever : by_due.begin()->due;
}

std::size_t Associations::size() const {
  const ReaderLock lock(mutex_);
  return table_.size();
}

}  // namespace saef::plugin
