// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/association_table.h"

#include <algorithm>
#include <utility>

#include "onem2m/ascii.h"
#include "plugin/octets16.h"
#include "plugin/quick_hash.h"

namespace saef::plugin {
namespace {

// A psk_identity has 128 octets at most (RFC 4279 5.3); names of other credentials may have more.
constexpr std::size_t kPiece = 128;

constexpr std::size_t kFewBuckets = 64;

}  // namespace

AssociationTable::AssociationTable(std::size_t max, std::uint64_t last_uses)
    : max_(std::min(max, std::size_t{1} << 31)),
      uses_one_(std::bit_ceil(std::max<std::uint64_t>(max_, 1))),
      last_uses_(last_uses) {}

// RelativeKcId compares without case, so identities that differ in it name one key. Quickly
// (quick_hash.h): there is an association only where a MAF, an MEF, the configuration or a trust
// anchor has given the name. Never 0.
[[gnu::noinline]] std::uint32_t AssociationTable::HashOf(std::string_view identity) noexcept {
  std::array<char, kPiece> folded;
  std::uint64_t hash = 0;
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
  return static_cast<std::uint32_t>(hash) | 1U << 31;
}

bool AssociationTable::IsSame(std::string_view one, std::string_view other) noexcept {
  return one == other || onem2m::ascii::EqualsWithoutCase(one, other);
}

AssociationTable::Association* AssociationTable::Open(std::string_view identity,
                                                      PackedFacts&& facts) {
  if (free_ == kNone) [[unlikely]] {
    MakePlace();
    if (free_ == kNone) return nullptr;
  }
  const Number number = free_;
  Association& opened = at(number);
  if (identity.size() > opened.short_identity.size()) {
    opened.long_identity = std::make_unique<char[]>(identity.size());
  }
  std::copy(identity.begin(), identity.end(),
            opened.long_identity ? opened.long_identity.get() : opened.short_identity.data());
  opened.identity_length = static_cast<std::uint32_t>(identity.size());
  opened.hash = facts.name_hash();
  if (opened.hash == 0) [[unlikely]] {
    opened.hash = HashOf(identity);
    facts.SetNameHash(opened.hash);
  }
  free_ = opened.next;
  ++size_;
  opened.facts = std::move(facts);
  Link(number);
  dues_.Push({opened.facts.expires(), number}, DuesKeeper{*this});
  return &opened;
}

void AssociationTable::Close(Association& association) noexcept {
  const Number number = NumberOf(association);
  SetNotDue(association);
  Unlink(association);
  --size_;
  association.facts = {};
  association.source.reset();
  association.long_identity.reset();
  association.ended = false;
  if (association.id > UINT64_MAX - uses_one_) return;  // it was its last
  association.id += uses_one_;
  association.next = free_;
  free_ = number;
}

// Where numbers are left, one more place is free then.
[[gnu::cold, gnu::noinline]] void AssociationTable::MakePlace() {
  if (place_count_ >= max_) return;
  if (place_count_ == blocks_.size() * kInBlock) Enlarge();
  const auto number = static_cast<Number>(place_count_++);
  Association& made = at(number);
  made.id = (last_uses_ + 1) * uses_one_ + number;
  made.next = free_;
  free_ = number;
}

void AssociationTable::Enlarge() {
  const std::size_t places = (blocks_.size() + 1) * kInBlock;
  if (dues_.room() < places) dues_.Reserve(2 * places);
  if (blocks_.capacity() == blocks_.size()) blocks_.reserve(2 * blocks_.size() + 1);
  auto block = std::make_unique<Block>();
  if (places > buckets_.size()) {
    buckets_ = std::vector<Number>(std::max(2 * buckets_.size(), kFewBuckets), kNone);
    for (Number number = 0; number < place_count_; ++number) {
      if (at(number).facts) Link(number);
    }
  }
  blocks_.push_back(std::move(block));
}

inline void AssociationTable::Link(Number number) noexcept {
  Association& linked = at(number);
  Number& first = BucketOf(linked.hash);
  linked.next = first;
  linked.before = kNone;
  if (first != kNone) at(first).before = number;
  first = number;
}

inline void AssociationTable::Unlink(const Association& association) noexcept {
  Number& to_it =
      association.before == kNone ? BucketOf(association.hash) : at(association.before).next;
  to_it = association.next;
  if (association.next != kNone) at(association.next).before = association.before;
}

// ---- When they are due

void AssociationTable::SetDue(Association& association, TimePoint due) noexcept {
  SetNotDue(association);
  dues_.Push({due, NumberOf(association)}, DuesKeeper{*this});
}

void AssociationTable::SetNotDue(Association& association) noexcept {
  if (association.place_in_dues == kNone) return;
  dues_.Remove(association.place_in_dues, DuesKeeper{*this});
  association.place_in_dues = kNone;
}

}  // namespace saef::plugin
