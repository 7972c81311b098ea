// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyCache: the keys that MAFs have answered, by KcId. A hit is one hash, one look into a table
// (KeyTable), one copy of the key, and a look whether the table has changed meanwhile
// (SequenceLock): no lock, no allocation, no system call, nothing written that others read. Only
// where the table changes again and again meanwhile, or the name or the key is a long one, is the
// shard's lock taken.
//
// An entry ends with Kc's lifetime, with the configured maximum age (then the MAF is asked again),
// or when room is needed: then the one goes that was not used since its turn last came (second
// chance). Keys are wiped as they go.
//
// Threads: any. Times are arguments, so that what happens at one can be tested at any.
#ifndef SAEF_PLUGIN_KEY_CACHE_H_
#define SAEF_PLUGIN_KEY_CACHE_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/thread_annotations.h"
#include "plugin/cached_name.h"
#include "plugin/clock.h"
#include "plugin/key_record.h"
#include "plugin/key_table.h"

namespace saef::plugin {

class KeyCache {
 public:
  enum class Found {
    kHit,
    kTooSmall,  // there is one, longer than the buffer
    kExpired,   // Kc's lifetime is over (TS-0003 8.2.2.3 step 13)
    kMissing,   // none, or older than the maximum age
  };
  struct Limits {
    std::size_t max_keys = 100000;
    std::chrono::seconds max_age{86400};
  };

  // `issuers`: their FQDNs in lower case; CachedName::issuer() is the place of one. Throws
  // std::bad_alloc.
  KeyCache(const Limits& limits, std::vector<std::string> issuers);
  ~KeyCache();
  KeyCache(const KeyCache&) = delete;
  KeyCache& operator=(const KeyCache&) = delete;

  // Has the processor fetch where this key would be. Well before it is asked for, it is near then.
  void Prefetch(const CachedName& name) const noexcept;

  // What can be seen without the lock, while the table may be changing.
  enum class Glance {
    kHit,
    kMissing,  // there is none
    kUnclear,  // all else: it changed meanwhile, or this takes a closer look
  };
  // Copies the key and sets `length` on kHit; else both are left alone. `meanwhile` is called where
  // the table may change at the worst moment, for tests of that.
  template <typename Meanwhile>
  Glance CopyAtOnce(const CachedName& name, TimePoint now, std::span<std::uint8_t> key,
                    std::size_t& length, const Meanwhile& meanwhile) const noexcept;
  Glance CopyAtOnce(const CachedName& name, TimePoint now, std::span<std::uint8_t> key,
                    std::size_t& length) const noexcept {
    return CopyAtOnce(name, now, key, length, [] {});
  }

  // Copies the key. kHit and kTooSmall set `length` to the key's; else it is left alone.
  Found Copy(const CachedName& name, TimePoint now, std::span<std::uint8_t> key,
             std::size_t& length) const noexcept;
  // The same without the key.
  Found Find(const CachedName& name, TimePoint now) const noexcept;
  // Sets `facts` on a hit.
  Found FindFacts(const CachedName& name, TimePoint now, PackedFacts& facts) const;

  // Takes the place of what was there. `as_sent`: the relative part of the identity as it came.
  // Throws std::bad_alloc, and is then unchanged.
  void Insert(const CachedName& name, std::string_view as_sent, KeyRecord record, TimePoint now);
  void Remove(const CachedName& name);

  // One that was dropped for its age alone.
  struct Aged {
    std::string identity;  // as sent
    TimePoint expires;     // Kc does
  };
  // Drops all that has ended. Returns the identities (as sent) whose lifetime is over; those whose
  // age is go to `aged`, where wanted.
  std::vector<std::string> DropEnded(TimePoint now, std::vector<Aged>* aged = nullptr);
  TimePoint next_end() const;  // kNever for none

  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }
  std::uint64_t expired() const noexcept { return expired_.load(std::memory_order_relaxed); }
  std::uint64_t evicted() const noexcept { return evicted_.load(std::memory_order_relaxed); }

 private:
  // Its first lines are what a look-up reads.
  struct alignas(64) Shard {
    explicit Shard(std::size_t max_keys) : table(max_keys) {}

    // For what may be read while it changes.
    const KeyTable& changing_table() const SAEF_NO_THREAD_SAFETY_ANALYSIS { return table; }

    KeyTable table SAEF_GUARDED_BY(mutex);
    mutable Mutex mutex;
  };

  Shard& ShardOf(const CachedName& name) const noexcept {
    // The table inside uses the lower half; the shard is taken from the upper one.
    return *shards_[(name.hash() >> 32) & shard_mask_];
  }
  std::span<const std::unique_ptr<Shard>> shards() const noexcept {
    return std::span(shards_).first(shard_mask_ + 1);
  }
  std::string IdentityOf(const KeyTable& table, std::uint32_t number) const;

  const Limits limits_;
  const std::vector<std::string> issuers_;
  static constexpr std::size_t kMaxShards = 64;
  // A power of two of them are in use.
  std::array<std::unique_ptr<Shard>, kMaxShards> shards_;
  std::size_t shard_mask_ = 0;
  std::atomic<std::size_t> size_{0};
  std::atomic<std::uint64_t> expired_{0};
  std::atomic<std::uint64_t> evicted_{0};
};

inline void KeyCache::Prefetch(const CachedName& name) const noexcept {
  ShardOf(name).changing_table().Prefetch(name.hash());
}

template <typename Meanwhile>
inline KeyCache::Glance KeyCache::CopyAtOnce(const CachedName& name, TimePoint now,
                                             std::span<std::uint8_t> key, std::size_t& length,
                                             const Meanwhile& meanwhile) const noexcept {
  const KeyTable& table = ShardOf(name).changing_table();
  const auto since = table.changes().Begin();
  const KeyTable::Number number = table.Look(name);
  if (number == KeyTable::kUnclear) return Glance::kUnclear;
  if (number == KeyTable::kNone) {
    return table.changes().HasHeld(since) ? Glance::kMissing : Glance::kUnclear;
  }
  const KeyTable::Entry& entry = table.entry(number);
  const std::size_t key_length = entry.about().key_length;
  if (now >= entry.end() || key_length == 0 || key_length > key.size()) return Glance::kUnclear;
  meanwhile();
  // What is read from a table that is changing is no key: none of it gets out of here before it is
  // known to be one.
  const KeyTable::KeyWords words = table.ReadKey(number);
  meanwhile();
  if (!table.changes().HasHeld(since)) return Glance::kUnclear;
  entry.MarkUsed();
  length = key_length;
  KeyTable::WriteKey(words, key.first(key_length));
  return Glance::kHit;
}

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_KEY_CACHE_H_
