// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyTable: one shard of the KeyCache, without its lock: keys by the canonical identity, the order
// in which they end, and which goes when room is needed (second chance: the next one round that was
// not used since the last time round).
//
// Laid out for a look-up that finds nothing in the processor's caches: a slot of a small table
// leads to a number, and by the number both the entry, one cache line with the identity, and its
// key are found, so that they are fetched at once. Entries stand in blocks of 32, their keys in a
// cell of locked memory for each block; both stay until the table goes, to be used again.
//
// Threads: const functions from any, while nobody calls another.
#ifndef SAEF_PLUGIN_KEY_TABLE_H_
#define SAEF_PLUGIN_KEY_TABLE_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "onem2m/secret.h"
#include "plugin/clock.h"
#include "plugin/current_cpu.h"
#include "plugin/key_record.h"
#include "plugin/packed_facts.h"
#include "plugin/psk_identity.h"

namespace saef::plugin {

class KeyTable {
 public:
  // What a look-up reads of a key, one cache line of it; valid until the table changes.
  struct alignas(kCacheLine) Entry {
    TimePoint end{};          // the earlier of Kc's lifetime and the maximum age
    std::uint32_t place = 0;  // in ends_; of a free one: the next free one
    std::uint8_t identity_length = 0;
    std::uint8_t key_length = 0;  // 0: it is too long for here and stands in long_keys_
    mutable std::atomic<bool> used{false};
    // The canonical identity, where it fits; else `facts` has it.
    static constexpr std::size_t kRoom = 49;
    std::array<char, kRoom> identity{};
  };
  // And what it seldom reads.
  struct Rest {
    TimePoint expires{};  // Kc does
    PackedFacts facts;    // none: this place is free
  };
  using Number = std::uint32_t;
  static constexpr Number kNone = UINT32_MAX;

  // At most a million, which are 64 millions in a KeyCache of as many shards.
  explicit KeyTable(std::size_t max_keys) : max_keys_(std::min(max_keys, kMostKeys)) {}
  ~KeyTable();
  KeyTable(const KeyTable&) = delete;
  KeyTable& operator=(const KeyTable&) = delete;

  // Has the processor fetch where Find will begin. From any thread, also while the table changes.
  void Prefetch(std::uint64_t hash) const noexcept {
    const Slot* const begin = prefetched_.load(std::memory_order_relaxed);
    if (begin == nullptr) return;
    // Perhaps one of these is newer than the other. Fetching in vain from anywhere does no harm,
    // but to compute such a pointer would, so it is a number until then.
    const auto address = reinterpret_cast<std::uintptr_t>(begin) +
                         (hash & prefetched_mask_.load(std::memory_order_relaxed)) * sizeof(Slot);
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    __builtin_prefetch(reinterpret_cast<const void*>(address));
  }
  // `hash` is KeyedHash of the canonical identity.
  Number Find(std::uint64_t hash, std::string_view canonical) const noexcept;
  const Entry& entry(Number number) const noexcept {
    return blocks_[number / kBlock].content->entries[number % kBlock];
  }
  const Rest& rest(Number number) const noexcept {
    return blocks_[number / kBlock].content->rests[number % kBlock];
  }
  // As the client sent it whose look-up brought the key.
  std::string_view as_sent(Number number) const noexcept;
  std::span<const std::uint8_t> key(Number number) const noexcept;

  // Takes the place of what was there. Returns how many others had to go. Throws std::bad_alloc,
  // and is then unchanged.
  std::size_t Insert(std::uint64_t hash, const PskIdentity& identity, KeyRecord record,
                     TimePoint end);
  void Erase(Number number) noexcept;

  // The next one to end; kNone where there are none.
  Number first() const noexcept { return ends_.empty() ? kNone : ends_.front(); }
  std::size_t size() const noexcept { return ends_.size(); }

 private:
  static constexpr std::size_t kBlock = 32;     // entries, …
  static constexpr std::size_t kShortKey = 32;  // … and octets of each one's key
  struct BlockContent {
    std::array<Entry, kBlock> entries;
    std::array<Rest, kBlock> rests;
  };
  struct Block {
    std::unique_ptr<BlockContent> content;
    std::uint8_t* keys = nullptr;
  };
  // Where the look-up begins: twelve bits of the hash and a number in four octets, so that many of
  // them stay near the processor. Open addressing: the next free slot takes what collides.
  using Slot = std::uint32_t;
  static constexpr int kNumberBits = 20;
  static constexpr Slot kNumberMask = (Slot{1} << kNumberBits) - 1;
  static constexpr Slot kEmpty = UINT32_MAX;
  static constexpr std::size_t kMostKeys = kNumberMask - kBlock;
  // A key, ready to be put into an entry, which can't fail then.
  struct Prepared {
    KeyRecord record;
    PackedFacts facts;
    std::map<Number, onem2m::Secret> long_key;  // at most one, moved out of `record`
  };

  Entry& at(Number number) noexcept {
    return blocks_[number / kBlock].content->entries[number % kBlock];
  }
  Rest& rest_at(Number number) noexcept {
    return blocks_[number / kBlock].content->rests[number % kBlock];
  }
  std::uint8_t* ShortKey(Number number) const noexcept {
    return blocks_[number / kBlock].keys + kShortKey * (number % kBlock);
  }
  std::string_view Canonical(Number number) const noexcept;
  std::uint64_t HashOf(Number number) const noexcept;
  static Slot MakeSlot(std::uint64_t hash, Number number) noexcept {
    return static_cast<Slot>(hash >> 52) << kNumberBits | number;
  }

  void GrowSlots();
  void AddBlock();
  void PutInSlot(std::uint64_t hash, Number number) noexcept;
  void ClearSlot(Number number) noexcept;
  static Prepared Prepare(const PskIdentity& identity, KeyRecord record);
  void Fill(Number number, const PskIdentity& identity, TimePoint end, Prepared prepared) noexcept;
  void WipeKey(Number number) noexcept;
  Number NextToGo() noexcept;

  // ends_ is a heap by Entry::end.
  void PlaceInEnds(std::size_t place, Number number) noexcept;
  void SiftUp(std::size_t place) noexcept;
  void SiftDown(std::size_t place) noexcept;

  const std::size_t max_keys_;
  std::vector<Slot> slots_;  // none, or a power of two of them
  std::atomic<const Slot*> prefetched_{nullptr};
  std::atomic<std::size_t> prefetched_mask_{0};
  std::vector<Block> blocks_;
  std::vector<Number> ends_;
  std::map<Number, onem2m::Secret> long_keys_;
  Number free_ = kNone;  // the first free entry
  Number hand_ = 0;      // whose turn it is to go
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_KEY_TABLE_H_
