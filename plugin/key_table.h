// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyTable: one shard of the KeyCache: keys by CachedName, the order in which they end, and which
// goes when room is needed (second chance: the next one round that was not used since the last time
// round).
//
// Laid out for a look-up that finds nothing in the processor's caches: a slot of a small table
// leads to a number, and by the number both the entry, one cache line with the name, and its key
// are found, so that they are fetched at once. Keys stand apart from entries, in locked memory, of
// which there is little. While it waits for these, a processor goes on with the caller's next
// look-up, as far as it can keep the instructions between (some 256). So those between an entry and
// the next Prefetch are as few as may be, and what can be done elsewhere is.
//
// Threads: one at a time, but for what may be read meanwhile: that from any, also while the table
// changes. What it tells then counts only if `changes` says afterwards that there was none; all
// that is read so is atomic, and never moves or goes before the table does.
#ifndef SAEF_PLUGIN_KEY_TABLE_H_
#define SAEF_PLUGIN_KEY_TABLE_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/reserved_memory.h"
#include "onem2m/secret.h"
#include "plugin/cached_name.h"
#include "plugin/clock.h"
#include "plugin/indexed_heap.h"
#include "plugin/key_record.h"
#include "plugin/packed_facts.h"
#include "plugin/sequence_lock.h"

namespace saef::plugin {

class KeyTable {
 public:
  using Number = std::uint32_t;
  static constexpr Number kNone = UINT32_MAX;
  static constexpr std::size_t kShortKey = 32;  // octets of a key that its cell holds

  // What tells keys with one name apart, and a key's length, to be compared at once.
  struct About {
    std::uint16_t issuer;
    std::uint8_t name_length;  // 0: too long for an entry; `facts` has it
    std::uint8_t key_length;   // 0: too long for its cell; in long_keys_
    static About Of(const CachedName& name, std::uint8_t key_length) noexcept {
      return {name.issuer(), static_cast<std::uint8_t>(name.fits() ? name.relative().size() : 0),
              key_length};
    }
  };
  // What a look-up reads of a key, one cache line of it.
  struct alignas(64) Entry {
    std::atomic<TimePoint::rep> end_count{0};
    std::atomic<std::uint32_t> about_bits{0};
    mutable std::atomic<bool> used{false};
    std::array<std::atomic<std::uint64_t>, CachedName::Words().size()> name{};
    PackedFacts facts;  // none: this place is free. Not for who reads meanwhile.

    // The earlier of Kc's lifetime and the maximum age.
    TimePoint end() const noexcept {
      return TimePoint(TimePoint::duration(end_count.load(std::memory_order_relaxed)));
    }
    About about() const noexcept {
      return std::bit_cast<About>(about_bits.load(std::memory_order_relaxed));
    }
    bool HasName(const CachedName::Words& words) const noexcept {
      static_assert(std::tuple_size_v<CachedName::Words> == 5);
      const auto differs = [&](std::size_t w) {
        return name[w].load(std::memory_order_relaxed) ^ words[w];
      };
      return (differs(0) | differs(1) | differs(2) | differs(3) | differs(4)) == 0;
    }
    // Not written where it is right already: others read the same cache line.
    void MarkUsed() const noexcept {
      if (!used.load(std::memory_order_relaxed)) used.store(true, std::memory_order_relaxed);
    }
  };
  // At most a million keys, which are 64 millions in a KeyCache of as many shards. Throws
  // std::bad_alloc.
  explicit KeyTable(std::size_t max_keys);
  ~KeyTable();
  KeyTable(const KeyTable&) = delete;
  KeyTable& operator=(const KeyTable&) = delete;

  // ---- From any thread, also while the table changes.
  const SequenceLock& changes() const noexcept { return changes_; }

  // Has the processor fetch where Look will begin.
  void Prefetch(std::uint64_t hash) const noexcept {
    __builtin_prefetch(slots_.load(std::memory_order_acquire) +
                       (hash & slot_mask_.load(std::memory_order_relaxed)));
  }
  // What Look says where only a thread that has the table alone can tell.
  static constexpr Number kUnclear = UINT32_MAX - 1;
  // Where this key is; kNone; kUnclear.
  Number Look(const CachedName& name) const noexcept;
  const Entry& entry(Number number) const noexcept { return entries()[number]; }
  // A key that its cell holds, and zeros after it. Apart, so that compilers keep them in registers,
  // where nobody needs to wipe them.
  struct KeyWords {
    std::uint64_t first, second, third, fourth;
  };
  KeyWords ReadKey(Number number) const noexcept {
    static_assert(sizeof(Cell) == sizeof(KeyWords));
    const Cell& from = cell(number);
    return {from[0].load(std::memory_order_relaxed), from[1].load(std::memory_order_relaxed),
            from[2].load(std::memory_order_relaxed), from[3].load(std::memory_order_relaxed)};
  }
  // Writes as much of it as there is room for.
  static void WriteKey(KeyWords words, std::span<std::uint8_t> to) noexcept {
    if (to.size() < sizeof(words)) {
      // By value: what another function may look at lies in memory.
      return WriteShorterKey(words.first, words.second, words.third, words.fourth, to);
    }
    std::memcpy(to.data(), &words.first, kKeyWord);
    std::memcpy(to.data() + kKeyWord, &words.second, kKeyWord);
    std::memcpy(to.data() + 2 * kKeyWord, &words.third, kKeyWord);
    std::memcpy(to.data() + 3 * kKeyWord, &words.fourth, kKeyWord);
  }

  // ---- From one thread at a time.

  // As Look, but for kUnclear.
  Number Find(const CachedName& name) const noexcept;
  const PackedFacts& facts(Number number) const noexcept { return entry(number).facts; }
  // As the client sent it whose look-up brought the key.
  std::string RelativeAsSent(Number number) const;
  // The key's length, and the key.
  std::size_t key_length(Number number) const noexcept;
  void CopyWholeKey(Number number, std::span<std::uint8_t> to) const noexcept;

  // Takes the place of what was there. `as_sent`: the relative part. Returns how many others had to
  // go. Throws std::bad_alloc, and is then unchanged.
  std::size_t Insert(const CachedName& name, std::string_view as_sent, KeyRecord record,
                     TimePoint end);
  void Erase(Number number) noexcept;

  // The next one to end; kNone where there are none.
  Number first() const noexcept { return ends_.empty() ? kNone : ends_.front(); }
  std::size_t size() const noexcept { return ends_.size(); }

 private:
  static constexpr std::size_t kKeyWord = sizeof(std::uint64_t);
  using Cell = std::array<std::atomic<std::uint64_t>, kShortKey / kKeyWord>;
  // Where the look-up begins: twelve bits of the hash and a number in four octets, so that many of
  // them stay near the processor. Open addressing: the next free slot takes what collides.
  using Slot = std::uint32_t;
  static constexpr int kNumberBits = 20;
  static constexpr Slot kNumberMask = (Slot{1} << kNumberBits) - 1;
  static constexpr Slot kEmpty = UINT32_MAX;
  static constexpr std::size_t kMostKeys = kNumberMask - 1;
  struct Slots {
    explicit Slots(std::size_t size);  // a power of two. Throws std::bad_alloc.
    std::atomic<Slot>* begin() const noexcept {
      return reinterpret_cast<std::atomic<Slot>*>(memory.data());
    }
    const std::size_t mask;
    onem2m::ReservedMemory memory;
  };
  // A key, ready to be put into an entry, which can't fail then.
  struct Prepared {
    KeyRecord record;
    PackedFacts facts;
    std::map<Number, onem2m::Secret> long_key;  // at most one, moved out of `record`
  };

  static void WriteShorterKey(std::uint64_t first, std::uint64_t second, std::uint64_t third,
                              std::uint64_t fourth, std::span<std::uint8_t> to) noexcept;
  Entry& at(Number number) noexcept { return entries()[number]; }
  Entry* entries() const noexcept { return entries_; }
  Cell& cell(Number number) const noexcept { return cells_[number]; }
  // `is_long`: is the entry, whose name is too long for it, the one? Tells the number to answer.
  template <typename IsLong>
  Number Search(const CachedName& name, const IsLong& is_long) const noexcept;
  static Slot MakeSlot(std::uint64_t hash, Number number) noexcept {
    return static_cast<Slot>(hash >> 52) << kNumberBits | number;
  }

  static Prepared Prepare(const CachedName& name, std::string_view as_sent, KeyRecord record);
  void MakeSlots(std::size_t size);
  void MakeMoreSlots();
  void MakeEntries();
  std::size_t Put(Number known, const CachedName& name, TimePoint end, Prepared prepared) noexcept;
  void Fill(Number number, const CachedName& name, TimePoint end, Prepared prepared) noexcept;
  void FillKey(Number number, const Prepared& prepared) noexcept;
  void TakeOut(Number number) noexcept;
  static void PutInSlot(const Slots& slots, std::uint64_t hash, Number number) noexcept;
  void ClearSlot(Number number) noexcept;
  std::uint64_t HashOf(Number number) const noexcept;
  void WipeKey(Number number) noexcept;
  Number NextToGo() noexcept;

  // Of ends_: by Entry::end.
  struct EndsKeeper {
    bool IsBefore(Number one, Number other) const noexcept {
      return table.entry(one).end() < table.entry(other).end();
    }
    void SetPlace(Number number, std::uint32_t place) const noexcept {
      table.places_[number] = place;
    }
    KeyTable& table;
  };

  // First what a look-up reads, in one cache line. Who sees a mask sees slots that have as many.
  SequenceLock changes_;
  std::atomic<std::size_t> slot_mask_{0};
  std::atomic<const std::atomic<Slot>*> slots_{nullptr};
  Entry* entries_ = nullptr;
  Cell* cells_ = nullptr;
  onem2m::ReservedMemory entry_memory_;
  onem2m::ReservedMemory key_memory_;
  const std::size_t max_keys_;
  // The last are in use. Readers may still be in the others, which take as much together.
  std::vector<std::unique_ptr<const Slots>> all_slots_;
  std::vector<Number> places_;  // of the entries: in ends_; of a free one: the next free one
  IndexedHeap<Number> ends_;
  std::map<Number, onem2m::Secret> long_keys_;
  Number free_ = kNone;  // the first free entry
  Number hand_ = 0;      // whose turn it is to go
};

template <typename IsLong>
KeyTable::Number KeyTable::Search(const CachedName& name, const IsLong& is_long) const noexcept {
  const std::size_t mask = slot_mask_.load(std::memory_order_acquire);
  const std::atomic<Slot>* const slots = slots_.load(std::memory_order_acquire);
  const CachedName::Words& words = name.words();
  const About wanted = About::Of(name, 0);
  std::size_t i = name.hash() & mask;
  // There is always a free one, unless they are being filled right now.
  for (std::size_t left = mask; left > 0; --left, i = (i + 1) & mask) {
    // Who sees a number sees that there is an entry by it.
    const Slot slot = slots[i].load(std::memory_order_acquire);
    if (slot == kEmpty) return kNone;
    const Number number = slot & kNumberMask;
    if (slot != MakeSlot(name.hash(), number)) continue;
    // It is almost certainly this one; the key comes while the name is compared.
    __builtin_prefetch(&cell(number));
    const Entry& at = entry(number);
    const About about = at.about();
    if (about.issuer != wanted.issuer || about.name_length != wanted.name_length) continue;
    if (!name.fits()) {
      const Number answer = is_long(number);
      if (answer != kNone) return answer;
      continue;
    }
    if (at.HasName(words)) return number;
  }
  return kNone;
}

inline KeyTable::Number KeyTable::Look(const CachedName& name) const noexcept {
  return Search(name, [](Number) { return kUnclear; });
}

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_KEY_TABLE_H_
