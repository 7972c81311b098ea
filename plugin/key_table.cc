// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_table.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "onem2m/locked_memory.h"
#include "plugin/keyed_hash.h"

namespace saef::plugin {
namespace {

constexpr std::size_t kFewestSlots = 16;
constexpr std::size_t kCell = onem2m::kMaxLockedCell;

// Slots are filled to seven eighths at most, so that a search ends soon.
bool IsCrowded(std::size_t keys, std::size_t slots) { return 8 * keys > 7 * slots; }

}  // namespace

KeyTable::~KeyTable() {
  for (const Block& block : blocks_) onem2m::FreeLocked(block.keys, kCell);
}

std::string_view KeyTable::Canonical(Number number) const noexcept {
  const Entry& of = entry(number);
  if (of.identity_length == 0) return rest(number).facts.canonical();
  return {of.identity.data(), of.identity_length};
}

std::string_view KeyTable::as_sent(Number number) const noexcept {
  const std::string_view sent = rest(number).facts.as_sent();
  return sent.empty() ? Canonical(number) : sent;
}

std::span<const std::uint8_t> KeyTable::key(Number number) const noexcept {
  const std::size_t length = entry(number).key_length;
  if (length > 0) return {ShortKey(number), length};
  return long_keys_.find(number)->second.bytes();
}

// ---- The slots ----

std::uint64_t KeyTable::HashOf(Number number) const noexcept {
  return KeyedHash{}(Canonical(number));
}

KeyTable::Number KeyTable::Find(std::uint64_t hash, std::string_view canonical) const noexcept {
  if (slots_.empty()) return kNone;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    const Slot slot = slots_[i];
    if (slot == kEmpty) return kNone;
    const Number number = slot & kNumberMask;
    if (slot != MakeSlot(hash, number)) continue;
    // It is almost certainly this one; the key comes while the identity is compared.
    __builtin_prefetch(ShortKey(number));
    if (Canonical(number) == canonical) return number;
  }
}

void KeyTable::PutInSlot(std::uint64_t hash, Number number) noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = hash & mask;
  while (slots_[i] != kEmpty) i = (i + 1) & mask;
  slots_[i] = MakeSlot(hash, number);
}

// What stands behind it moves up, as far as it may, so that no search ends too soon.
void KeyTable::ClearSlot(Number number) noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t hole = HashOf(number) & mask;
  while ((slots_[hole] & kNumberMask) != number) hole = (hole + 1) & mask;
  for (std::size_t i = (hole + 1) & mask; slots_[i] != kEmpty; i = (i + 1) & mask) {
    const std::size_t home = HashOf(slots_[i] & kNumberMask) & mask;
    if (((i - home) & mask) < ((i - hole) & mask)) continue;
    slots_[hole] = slots_[i];
    hole = i;
  }
  slots_[hole] = kEmpty;
}

void KeyTable::GrowSlots() {
  slots_ = std::vector<Slot>(std::max(kFewestSlots, 2 * slots_.size()), kEmpty);
  for (const Number number : ends_) PutInSlot(HashOf(number), number);
  prefetched_.store(slots_.data(), std::memory_order_relaxed);
  prefetched_mask_.store(slots_.size() - 1, std::memory_order_relaxed);
}

// ---- The entries ----

void KeyTable::AddBlock() {
  const std::size_t wanted = blocks_.size() + 1;
  if (blocks_.capacity() < wanted) blocks_.reserve(2 * wanted);
  if (ends_.capacity() < wanted * kBlock) ends_.reserve(2 * wanted * kBlock);
  auto content = std::make_unique<BlockContent>();
  std::uint8_t* const keys = onem2m::AllocateLocked(kCell);
  if (keys == nullptr) throw std::bad_alloc();
  const auto first = static_cast<Number>(blocks_.size() * kBlock);
  blocks_.push_back({std::move(content), keys});
  for (std::size_t i = kBlock; i > 0; --i) {
    const auto number = static_cast<Number>(first + i - 1);
    at(number).place = free_;
    free_ = number;
  }
}

void KeyTable::WipeKey(Number number) noexcept {
  if (entry(number).key_length == 0) long_keys_.erase(number);
  onem2m::Wipe({ShortKey(number), kShortKey});
}

void KeyTable::Fill(Number number, const PskIdentity& identity, TimePoint end,
                    Prepared prepared) noexcept {
  Entry& entry = at(number);
  if (rest(number).facts) WipeKey(number);
  const onem2m::Secret& key = prepared.record.key;
  entry.key_length = prepared.long_key.empty() ? static_cast<std::uint8_t>(key.size()) : 0;
  if (prepared.long_key.empty()) {
    std::memcpy(ShortKey(number), key.data(), key.size());
  } else {
    auto node = prepared.long_key.extract(prepared.long_key.begin());
    node.key() = number;
    long_keys_.insert(std::move(node));
  }
  const std::string_view canonical = identity.canonical();
  const bool fits = canonical.size() <= Entry::kRoom;
  if (fits) std::memcpy(entry.identity.data(), canonical.data(), canonical.size());
  entry.identity_length = fits ? static_cast<std::uint8_t>(canonical.size()) : 0;
  entry.end = end;
  rest_at(number).expires = prepared.record.facts.expires;
  rest_at(number).facts = std::move(prepared.facts);
  entry.used.store(false, std::memory_order_relaxed);
}

KeyTable::Prepared KeyTable::Prepare(const PskIdentity& identity, KeyRecord record) {
  const std::string_view canonical = identity.canonical();
  const bool sent_so = identity.as_sent() == canonical;
  const bool fits = canonical.size() <= Entry::kRoom;
  Prepared prepared;
  prepared.facts =
      PackedFacts(*record.facts.source, sent_so ? "" : identity.as_sent(), fits ? "" : canonical);
  if (record.key.empty() || record.key.size() > kShortKey) {
    prepared.long_key.emplace(kNone, std::move(record.key));
  }
  prepared.record = std::move(record);
  return prepared;
}

std::size_t KeyTable::Insert(std::uint64_t hash, const PskIdentity& identity, KeyRecord record,
                             TimePoint end) {
  // What can fail comes first.
  Prepared prepared = Prepare(identity, std::move(record));
  const Number known = Find(hash, identity.canonical());
  if (known != kNone) {
    Fill(known, identity, end, std::move(prepared));
    SiftUp(entry(known).place);
    SiftDown(entry(known).place);
    return 0;
  }
  const bool is_full = size() >= max_keys_;
  if (IsCrowded(size() + 1, slots_.size())) GrowSlots();
  if (free_ == kNone && !is_full) AddBlock();

  if (is_full) Erase(NextToGo());
  const Number number = free_;
  free_ = entry(number).place;
  Fill(number, identity, end, std::move(prepared));
  PutInSlot(hash, number);
  ends_.push_back(number);  // AddBlock has made room
  SiftUp(ends_.size() - 1);
  return is_full ? 1 : 0;
}

void KeyTable::Erase(Number number) noexcept {
  ClearSlot(number);
  const std::size_t place = at(number).place;
  const Number last = ends_.back();
  ends_.pop_back();
  if (last != number) {
    PlaceInEnds(place, last);
    SiftUp(place);
    SiftDown(entry(last).place);
  }
  WipeKey(number);
  rest_at(number).facts = PackedFacts();
  at(number).place = free_;
  free_ = number;
}

KeyTable::Number KeyTable::NextToGo() noexcept {
  for (;;) {
    if (hand_ >= blocks_.size() * kBlock) hand_ = 0;
    const Number number = hand_++;
    if (!rest(number).facts) continue;
    if (!entry(number).used.exchange(false, std::memory_order_relaxed)) return number;
  }
}

// ---- The order in which they end ----

void KeyTable::PlaceInEnds(std::size_t place, Number number) noexcept {
  ends_[place] = number;
  at(number).place = static_cast<Number>(place);
}

void KeyTable::SiftUp(std::size_t place) noexcept {
  const Number number = ends_[place];
  while (place > 0) {
    const std::size_t parent = (place - 1) / 2;
    if (entry(ends_[parent]).end <= entry(number).end) break;
    PlaceInEnds(place, ends_[parent]);
    place = parent;
  }
  PlaceInEnds(place, number);
}

void KeyTable::SiftDown(std::size_t place) noexcept {
  const Number number = ends_[place];
  for (;;) {
    std::size_t child = 2 * place + 1;
    if (child >= ends_.size()) break;
    if (child + 1 < ends_.size() && entry(ends_[child + 1]).end < entry(ends_[child]).end) ++child;
    if (entry(number).end <= entry(ends_[child]).end) break;
    PlaceInEnds(place, ends_[child]);
    place = child;
  }
  PlaceInEnds(place, number);
}

}  // namespace saef::plugin
