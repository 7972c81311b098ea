// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_cache.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace saef::plugin {

struct KeyCache::Entry {
  std::string canonical;
  std::string as_sent;
  KeyRecord record;
  TimePoint end;  // the earlier of Kc's lifetime and the maximum age
  std::list<Entry*>::iterator turn;
  Ends::iterator ending;
  mutable std::atomic<bool> used{false};
};

struct KeyCache::Shard {
  explicit Shard(std::size_t max) : max_keys(max) {}

  void Erase(Entry* entry) SAEF_REQUIRES(mutex) {
    turns.erase(entry->turn);
    ends.erase(entry->ending);
    table.erase(table.find(std::string_view(entry->canonical)));
  }
  // Returns how many had to go.
  std::size_t MakeRoom() SAEF_REQUIRES(mutex) {
    std::size_t gone = 0;
    while (table.size() >= max_keys) {
      Entry* const candidate = turns.front();
      if (candidate->used.exchange(false, std::memory_order_relaxed)) {
        turns.splice(turns.end(), turns, turns.begin());
        continue;
      }
      Erase(candidate);
      ++gone;
    }
    return gone;
  }

  const std::size_t max_keys;
  mutable SharedMutex mutex;
  Table table SAEF_GUARDED_BY(mutex);
  std::list<Entry*> turns SAEF_GUARDED_BY(mutex);  // the first is the next to go
  Ends ends SAEF_GUARDED_BY(mutex);
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

KeyCache::Shard& KeyCache::ShardOf(std::string_view canonical) const noexcept {
  // The table inside uses the low bits' remainder; the shard is taken from the top.
  const std::size_t hash = KeyedHash{}(canonical);
  return *shards_[(hash >> 32) & (shards_.size() - 1)];
}

KeyCache::Found KeyCache::Copy(const PskIdentity& identity, TimePoint now,
                               std::span<std::uint8_t> key, std::size_t& length) const noexcept {
  const Shard& shard = ShardOf(identity.canonical());
  const ReaderLock lock(shard.mutex);
  const auto it = shard.table.find(identity.canonical());
  if (it == shard.table.end()) return Found::kMissing;
  const Entry& entry = *it->second;
  if (now >= entry.record.facts.expires) return Found::kExpired;
  if (now >= entry.end) return Found::kMissing;
  if (!entry.used.load(std::memory_order_relaxed)) {
    entry.used.store(true, std::memory_order_relaxed);
  }
  length = entry.record.key.size();
  if (length > key.size()) return Found::kTooSmall;
  std::memcpy(key.data(), entry.record.key.data(), length);
  return Found::kHit;
}

KeyCache::Found KeyCache::Find(const PskIdentity& identity, TimePoint now,
                               KeyFacts* facts) const noexcept {
  const Shard& shard = ShardOf(identity.canonical());
  const ReaderLock lock(shard.mutex);
  const auto it = shard.table.find(identity.canonical());
  if (it == shard.table.end()) return Found::kMissing;
  const Entry& entry = *it->second;
  if (now >= entry.record.facts.expires) return Found::kExpired;
  if (now >= entry.end) return Found::kMissing;
  entry.used.store(true, std::memory_order_relaxed);
  if (facts != nullptr) *facts = entry.record.facts;
  return Found::kHit;
}

void KeyCache::Insert(const PskIdentity& identity, KeyRecord record, TimePoint now) {
  auto entry = std::make_unique<Entry>();
  entry->canonical = identity.canonical();
  entry->as_sent = identity.as_sent();
  entry->end = std::min(record.facts.expires, now + limits_.max_age);
  entry->record = std::move(record);

  Shard& shard = ShardOf(identity.canonical());
  const WriterLock lock(shard.mutex);
  // What can fail comes first, in nodes of its own; what follows can't.
  std::list<Entry*> turn{entry.get()};
  Ends ending;
  ending.emplace(entry->end, entry.get());
  shard.table.reserve(shard.table.size() + 1);
  Table fresh;
  fresh.emplace(entry->canonical, nullptr);

  std::size_t gone = 0;
  if (const auto it = shard.table.find(identity.canonical()); it != shard.table.end()) {
    shard.Erase(it->second.get());
    ++gone;
  }
  const std::size_t evicted = shard.MakeRoom();
  entry->turn = turn.begin();
  shard.turns.splice(shard.turns.end(), turn);
  entry->ending = shard.ends.insert(ending.extract(ending.begin()));
  auto node = fresh.extract(fresh.begin());
  node.mapped() = std::move(entry);
  shard.table.insert(std::move(node));
  evicted_.fetch_add(evicted, std::memory_order_relaxed);
  size_.fetch_add(1 - gone - evicted, std::memory_order_relaxed);
}

void KeyCache::Remove(const PskIdentity& identity) {
  Shard& shard = ShardOf(identity.canonical());
  const WriterLock lock(shard.mutex);
  const auto it = shard.table.find(identity.canonical());
  if (it == shard.table.end()) return;
  shard.Erase(it->second.get());
  size_.fetch_sub(1, std::memory_order_relaxed);
}

std::vector<std::string> KeyCache::DropEnded(TimePoint now, std::vector<Aged>* aged) {
  std::vector<std::string> expired;
  for (const auto& shard : shards_) {
    const WriterLock lock(shard->mutex);
    while (!shard->ends.empty() && shard->ends.begin()->first <= now) {
      Entry* const entry = shard->ends.begin()->second;
      const TimePoint expires = entry->record.facts.expires;
      if (expires <= now) {
        expired.push_back(entry->as_sent);
      } else if (aged != nullptr) {
        aged->push_back({entry->as_sent, expires});
      }
      shard->Erase(entry);
      size_.fetch_sub(1, std::memory_order_relaxed);
      expired_.fetch_add(1, std::memory_order_relaxed);
    }
  }
  return expired;
}

TimePoint KeyCache::next_end() const {
  TimePoint next = kNever;
  for (const auto& shard : shards_) {
    const ReaderLock lock(shard->mutex);
    if (!shard->ends.empty()) next = std::min(next, shard->ends.begin()->first);
  }
  return next;
}

}  // namespace saef::plugin
