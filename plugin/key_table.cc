// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_table.h"

#include <cstring>
#include <memory>
#include <new>
#include <utility>

namespace saef::plugin {
namespace {

using onem2m::ReservedMemory;
using std::memory_order_relaxed;
using std::memory_order_release;

constexpr std::size_t kFewestSlots = 1024;  // a page of them
static_assert(sizeof(KeyTable::Entry) == 64);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

// Slots are filled to seven eighths at most, so that a search ends soon.
bool IsCrowded(std::size_t keys, std::size_t slots) { return 8 * keys > 7 * slots; }

}  // namespace

KeyTable::Slots::Slots(std::size_t size)
    : mask(size - 1), memory(size * sizeof(Slot), ReservedMemory::Holds::kAnything) {
  memory.Extend(size * sizeof(Slot));
  for (std::size_t i = 0; i < size; ++i) new (begin() + i) std::atomic<Slot>(kEmpty);
}

KeyTable::KeyTable(std::size_t max_keys)
    : entry_memory_(std::min(max_keys, kMostKeys) * sizeof(Entry),
                    ReservedMemory::Holds::kAnything),
      key_memory_(std::min(max_keys, kMostKeys) * sizeof(Cell), ReservedMemory::Holds::kKeys),
      max_keys_(std::min(max_keys, kMostKeys)) {
  entries_ = reinterpret_cast<Entry*>(entry_memory_.data());
  cells_ = reinterpret_cast<Cell*>(key_memory_.data());
  MakeSlots(kFewestSlots);
}

KeyTable::~KeyTable() { std::destroy_n(entries_, places_.size()); }

// ---- Looking ----

KeyTable::Number KeyTable::Find(const CachedName& name) const noexcept {
  return Search(name, [&](Number number) {
    return facts(number).canonical() == name.relative() ? number : kNone;
  });
}

std::size_t KeyTable::key_length(Number number) const noexcept {
  const std::size_t length = entry(number).about().key_length;
  return length > 0 ? length : long_keys_.find(number)->second.size();
}

[[gnu::noinline]] void KeyTable::WriteShorterKey(std::uint64_t first, std::uint64_t second,
                                                 std::uint64_t third, std::uint64_t fourth,
                                                 std::span<std::uint8_t> to) noexcept {
  std::array<std::uint64_t, 4> key = {first, second, third, fourth};
  std::memcpy(to.data(), key.data(), to.size());
  onem2m::Wipe({reinterpret_cast<std::uint8_t*>(key.data()), sizeof(key)});
}

void KeyTable::CopyWholeKey(Number number, std::span<std::uint8_t> to) const noexcept {
  if (entry(number).about().key_length == 0) {
    std::memcpy(to.data(), long_keys_.find(number)->second.data(), to.size());
    return;
  }
  WriteKey(ReadKey(number), to);
}

// ---- Names ----

namespace {

// The name of an entry, as text.
struct NameText {
  explicit NameText(const KeyTable::Entry& entry) {
    for (std::size_t w = 0; w < words.size(); ++w) {
      words[w] = entry.name[w].load(memory_order_relaxed);
    }
    about = entry.about();
  }
  std::string_view view() const {
    return {reinterpret_cast<const char*>(words.data()), about.name_length};
  }

  CachedName::Words words{};
  KeyTable::About about{};
};

}  // namespace

std::uint64_t KeyTable::HashOf(Number number) const noexcept {
  const NameText text(entry(number));
  const std::string_view relative =
      text.about.name_length > 0 ? text.view() : facts(number).canonical();
  return CachedName(relative, text.about.issuer).hash();
}

std::string KeyTable::RelativeAsSent(Number number) const {
  const PackedFacts& known = facts(number);
  if (!known.as_sent().empty()) return std::string(known.as_sent());
  if (!known.canonical().empty()) return std::string(known.canonical());
  return std::string(NameText(entry(number)).view());
}

// ---- The slots ----

void KeyTable::PutInSlot(const Slots& slots, std::uint64_t hash, Number number) noexcept {
  std::size_t i = hash & slots.mask;
  while (slots.begin()[i].load(memory_order_relaxed) != kEmpty) i = (i + 1) & slots.mask;
  slots.begin()[i].store(MakeSlot(hash, number), memory_order_release);
}

// What stands behind it moves up, as far as it may, so that no search ends too soon.
void KeyTable::ClearSlot(Number number) noexcept {
  const Slots& slots = *all_slots_.back();
  const auto number_in = [&](std::size_t i) {
    return slots.begin()[i].load(memory_order_relaxed) & kNumberMask;
  };
  std::size_t hole = HashOf(number) & slots.mask;
  while (number_in(hole) != number) hole = (hole + 1) & slots.mask;
  for (std::size_t i = (hole + 1) & slots.mask;
       slots.begin()[i].load(memory_order_relaxed) != kEmpty; i = (i + 1) & slots.mask) {
    const std::size_t home = HashOf(number_in(i)) & slots.mask;
    if (((i - home) & slots.mask) < ((i - hole) & slots.mask)) continue;
    slots.begin()[hole].store(slots.begin()[i].load(memory_order_relaxed), memory_order_release);
    hole = i;
  }
  slots.begin()[hole].store(kEmpty, memory_order_relaxed);
}

// With all keys in them. Throws std::bad_alloc, and is then unchanged.
void KeyTable::MakeSlots(std::size_t size) {
  auto fresh = std::make_unique<const Slots>(size);
  for (const Number number : ends_.items()) PutInSlot(*fresh, HashOf(number), number);
  all_slots_.push_back(std::move(fresh));
  // Who has seen the old mask looks for most keys where they aren't.
  changes_.BeginChange();
  slots_.store(all_slots_.back()->begin(), std::memory_order_release);
  slot_mask_.store(all_slots_.back()->mask, std::memory_order_release);
  changes_.EndChange();
}

// Twice as many, where one more key would crowd them.
void KeyTable::MakeMoreSlots() {
  const std::size_t now = all_slots_.back()->mask + 1;
  if (IsCrowded(size() + 1, now)) MakeSlots(2 * now);
}

// ---- The entries ----

// A page of entries more, where none is free. Throws std::bad_alloc.
void KeyTable::MakeEntries() {
  if (free_ != kNone || size() >= max_keys_) return;
  const std::size_t before = places_.size();
  entry_memory_.Extend((before + 1) * sizeof(Entry));
  const std::size_t after = std::min(entry_memory_.size() / sizeof(Entry), max_keys_);
  key_memory_.Extend(after * sizeof(Cell));
  if (ends_.room() < after) ends_.Reserve(std::min(2 * after, max_keys_));
  places_.resize(after);
  for (std::size_t i = after; i > before; --i) {
    const auto number = static_cast<Number>(i - 1);
    new (&cell(number)) Cell{};
    new (entries() + number) Entry;
    places_[number] = free_;
    free_ = number;
  }
}

void KeyTable::WipeKey(Number number) noexcept {
  if (entry(number).about().key_length == 0) long_keys_.erase(number);
  for (auto& word : cell(number)) word.store(0, memory_order_relaxed);
}

void KeyTable::FillKey(Number number, const Prepared& prepared) noexcept {
  const onem2m::Secret& key = prepared.record.key;
  Cell& to = cell(number);
  for (std::size_t w = 0; w < to.size() && kKeyWord * w < key.size(); ++w) {
    std::uint64_t word = 0;
    std::memcpy(&word, key.data() + kKeyWord * w, std::min(kKeyWord, key.size() - kKeyWord * w));
    to[w].store(word, memory_order_relaxed);
    onem2m::Wipe({reinterpret_cast<std::uint8_t*>(&word), kKeyWord});
  }
}

void KeyTable::Fill(Number number, const CachedName& name, TimePoint end,
                    Prepared prepared) noexcept {
  Entry& to = at(number);
  if (facts(number)) WipeKey(number);
  const bool is_long = !prepared.long_key.empty();
  const std::size_t key_length = is_long ? 0 : prepared.record.key.size();
  const About about = About::Of(name, static_cast<std::uint8_t>(key_length));
  to.about_bits.store(std::bit_cast<std::uint32_t>(about), memory_order_relaxed);
  if (is_long) {
    auto node = prepared.long_key.extract(prepared.long_key.begin());
    node.key() = number;
    long_keys_.insert(std::move(node));
  } else {
    FillKey(number, prepared);
  }
  for (std::size_t w = 0; w < to.name.size(); ++w) {
    to.name[w].store(name.words()[w], memory_order_relaxed);
  }
  to.end_count.store(end.time_since_epoch().count(), memory_order_relaxed);
  to.used.store(false, memory_order_relaxed);
  to.facts = std::move(prepared.facts);
}

KeyTable::Prepared KeyTable::Prepare(const CachedName& name, std::string_view as_sent,
                                     KeyRecord record) {
  Prepared prepared;
  prepared.facts = PackedFacts(record.facts, as_sent == name.relative() ? "" : as_sent,
                               name.fits() ? "" : name.relative());
  if (record.key.empty() || record.key.size() > kShortKey) {
    prepared.long_key.emplace(kNone, std::move(record.key));
  }
  prepared.record = std::move(record);
  return prepared;
}

std::size_t KeyTable::Insert(const CachedName& name, std::string_view as_sent, KeyRecord record,
                             TimePoint end) {
  // What can fail comes first.
  Prepared prepared = Prepare(name, as_sent, std::move(record));
  const Number known = Find(name);
  if (known == kNone) {
    MakeMoreSlots();
    MakeEntries();
  }
  changes_.BeginChange();
  const std::size_t gone = Put(known, name, end, std::move(prepared));
  changes_.EndChange();
  return gone;
}

std::size_t KeyTable::Put(Number known, const CachedName& name, TimePoint end,
                          Prepared prepared) noexcept {
  if (known != kNone) {
    Fill(known, name, end, std::move(prepared));
    ends_.Reorder(places_[known], EndsKeeper{*this});
    return 0;
  }
  const bool is_full = size() >= max_keys_;
  if (is_full) TakeOut(NextToGo());
  const Number number = free_;
  free_ = places_[number];
  Fill(number, name, end, std::move(prepared));
  PutInSlot(*all_slots_.back(), name.hash(), number);
  ends_.Push(number, EndsKeeper{*this});  // MakeEntries has made room
  return is_full ? 1 : 0;
}

void KeyTable::Erase(Number number) noexcept {
  changes_.BeginChange();
  TakeOut(number);
  changes_.EndChange();
}

void KeyTable::TakeOut(Number number) noexcept {
  ClearSlot(number);
  ends_.Remove(places_[number], EndsKeeper{*this});
  WipeKey(number);
  at(number).facts = PackedFacts();
  places_[number] = free_;
  free_ = number;
}

KeyTable::Number KeyTable::NextToGo() noexcept {
  for (;;) {
    if (hand_ >= places_.size()) hand_ = 0;
    const Number number = hand_++;
    if (!facts(number)) continue;
    if (!entry(number).used.exchange(false, memory_order_relaxed)) return number;
  }
}

}  // namespace saef::plugin
