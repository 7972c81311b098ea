// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_cache.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "plugin/key_table.h"
#include "plugin/keyed_hash.h"
#include "plugin/striped_mutex.h"

namespace saef::plugin {
namespace {

// Is this one to be had? kHit or not, whatever the buffer.
KeyCache::Found StateOf(const KeyTable& table, KeyTable::Number number, TimePoint now) {
  if (now < table.entry(number).end) return KeyCache::Found::kHit;
  return now < table.rest(number).expires ? KeyCache::Found::kMissing : KeyCache::Found::kExpired;
}

// Not written where it is right already: others read the same cache line.
void MarkUsed(const KeyTable::Entry& entry) {
  if (!entry.used.load(std::memory_order_relaxed)) {
    entry.used.store(true, std::memory_order_relaxed);
  }
}

}  // namespace

struct KeyCache::Shard {
  explicit Shard(std::size_t max_keys) : table(max_keys) {}

  // Without the lock: Prefetch is made for that.
  void Prefetch(std::uint64_t hash) const SAEF_NO_THREAD_SAFETY_ANALYSIS { table.Prefetch(hash); }

  mutable StripedMutex mutex;
  KeyTable table SAEF_GUARDED_BY(mutex);
};

KeyCache::KeyCache(const Limits& limits) : limits_(limits) {
  // Small caches have few shards, so that the bound is kept and an uneven spread costs little.
  constexpr std::size_t kMaxShards = 64;
  constexpr std::size_t kKeysWorthAShard = 256;
  const std::size_t wanted =
      std::clamp<std::size_t>(limits.max_keys / kKeysWorthAShard, 1, kMaxShards);
  const std::size_t shards = std::bit_floor(wanted);
  const std::size_t max_in_shard = std::max<std::size_t>(limits.max_keys / shards, 1);
  for (std::size_t i = 0; i < shards; ++i) shards_.push_back(std::make_unique<Shard>(max_in_shard));
}

KeyCache::~KeyCache() = default;

KeyCache::Shard& KeyCache::ShardOf(std::uint64_t hash) const noexcept {
  // The table inside uses the lower half; the shard is taken from the upper one.
  return *shards_[(hash >> 32) & (shards_.size() - 1)];
}

KeyCache::Place KeyCache::Seek(const PskIdentity& identity) const noexcept {
  Place place;
  place.hash_ = KeyedHash{}(identity.canonical());
  ShardOf(place.hash_).Prefetch(place.hash_);
  return place;
}

KeyCache::Found KeyCache::Copy(const PskIdentity& identity, const Place& place, TimePoint now,
                               std::span<std::uint8_t> key, std::size_t& length) const noexcept {
  const std::uint64_t hash = place.hash_;
  const Shard& shard = ShardOf(hash);
  const StripedReaderLock lock(shard.mutex);
  const KeyTable::Number number = shard.table.Find(hash, identity.canonical());
  if (number == KeyTable::kNone) return Found::kMissing;
  const Found state = StateOf(shard.table, number, now);
  if (state != Found::kHit) return state;
  MarkUsed(shard.table.entry(number));
  const std::span<const std::uint8_t> stored = shard.table.key(number);
  length = stored.size();
  if (length > key.size()) return Found::kTooSmall;
  std::memcpy(key.data(), stored.data(), length);
  return Found::kHit;
}

KeyCache::Found KeyCache::Find(const PskIdentity& identity, TimePoint now, KeyFacts* facts) const {
  const std::uint64_t hash = KeyedHash{}(identity.canonical());
  const Shard& shard = ShardOf(hash);
  const StripedReaderLock lock(shard.mutex);
  const KeyTable::Number number = shard.table.Find(hash, identity.canonical());
  if (number == KeyTable::kNone) return Found::kMissing;
  const Found state = StateOf(shard.table, number, now);
  if (state != Found::kHit) return state;
  MarkUsed(shard.table.entry(number));
  if (facts != nullptr) {
    const KeyTable::Rest& rest = shard.table.rest(number);
    *facts = {rest.facts.MakeSource(), rest.expires};
  }
  return Found::kHit;
}

void KeyCache::Insert(const PskIdentity& identity, KeyRecord record, TimePoint now) {
  const std::uint64_t hash = KeyedHash{}(identity.canonical());
  const TimePoint end = std::min(record.facts.expires, now + limits_.max_age);
  Shard& shard = ShardOf(hash);
  const StripedWriterLock lock(shard.mutex);
  const std::size_t before = shard.table.size();
  const std::size_t evicted = shard.table.Insert(hash, identity, std::move(record), end);
  evicted_.fetch_add(evicted, std::memory_order_relaxed);
  size_.fetch_add(shard.table.size() - before, std::memory_order_relaxed);
}

void KeyCache::Remove(const PskIdentity& identity) {
  const std::uint64_t hash = KeyedHash{}(identity.canonical());
  Shard& shard = ShardOf(hash);
  const StripedWriterLock lock(shard.mutex);
  const KeyTable::Number number = shard.table.Find(hash, identity.canonical());
  if (number == KeyTable::kNone) return;
  shard.table.Erase(number);
  size_.fetch_sub(1, std::memory_order_relaxed);
}

std::vector<std::string> KeyCache::DropEnded(TimePoint now, std::vector<Aged>* aged) {
  std::vector<std::string> expired;
  for (const auto& shard : shards_) {
    const StripedWriterLock lock(shard->mutex);
    KeyTable& table = shard->table;
    for (;;) {
      const KeyTable::Number number = table.first();
      if (number == KeyTable::kNone || table.entry(number).end > now) break;
      const TimePoint expires = table.rest(number).expires;
      if (expires <= now) {
        expired.emplace_back(table.as_sent(number));
      } else if (aged != nullptr) {
        aged->push_back({std::string(table.as_sent(number)), expires});
      }
      table.Erase(number);
      size_.fetch_sub(1, std::memory_order_relaxed);
      expired_.fetch_add(1, std::memory_order_relaxed);
    }
  }
  return expired;
}

TimePoint KeyCache::next_end() const {
  TimePoint next = kNever;
  for (const auto& shard : shards_) {
    const StripedReaderLock lock(shard->mutex);
    const KeyTable::Number number = shard->table.first();
    if (number != KeyTable::kNone) next = std::min(next, shard->table.entry(number).end);
  }
  return next;
}

}  // namespace saef::plugin
