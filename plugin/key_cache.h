// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyCache: the keys that MAFs have answered, by KcId. A hit is one keyed hash, one lock that only
// a writer of the same shard could hold (StripedMutex), one look into a table (KeyTable), one copy
// of the key: no allocation and no system call.
//
// An entry ends with Kc's lifetime, with the configured maximum age (then the MAF is asked again),
// or when room is needed: then the one goes that was not used since its turn last came (second
// chance). Keys are wiped as they go.
//
// Threads: any. Times are arguments, so that what happens at one can be tested at any.
#ifndef SAEF_PLUGIN_KEY_CACHE_H_
#define SAEF_PLUGIN_KEY_CACHE_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/clock.h"
#include "plugin/key_record.h"
#include "plugin/psk_identity.h"

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

  explicit KeyCache(const Limits& limits);
  ~KeyCache();
  KeyCache(const KeyCache&) = delete;
  KeyCache& operator=(const KeyCache&) = delete;

  // Where an identity would be. Sought well before it is asked for, it is near the processor then.
  class Place;
  Place Seek(const PskIdentity& identity) const noexcept;

  // Copies the key. kHit and kTooSmall set `length` to the key's; else it is left alone. `place`:
  // of the same identity.
  Found Copy(const PskIdentity& identity, const Place& place, TimePoint now,
             std::span<std::uint8_t> key, std::size_t& length) const noexcept;
  // The same without the key; `facts`, where wanted, is set on a hit, which may throw
  // std::bad_alloc.
  Found Find(const PskIdentity& identity, TimePoint now, KeyFacts* facts) const;

  // Takes the place of what was there. Throws std::bad_alloc, and is then unchanged.
  void Insert(const PskIdentity& identity, KeyRecord record, TimePoint now);
  void Remove(const PskIdentity& identity);

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
  struct Shard;

  Shard& ShardOf(std::uint64_t hash) const noexcept;

  const Limits limits_;
  std::vector<std::unique_ptr<Shard>> shards_;  // a power of two of them
  std::atomic<std::size_t> size_{0};
  std::atomic<std::uint64_t> expired_{0};
  std::atomic<std::uint64_t> evicted_{0};
};

class KeyCache::Place {
 private:
  friend class KeyCache;
  std::uint64_t hash_ = 0;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_KEY_CACHE_H_
