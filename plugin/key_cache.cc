// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_cache.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "onem2m/secret.h"
#include "onem2m/thread_annotations.h"
#include "plugin/key_table.h"

namespace saef::plugin {
namespace {

using Found = KeyCache::Found;

// Is this one to be had? kHit or not, whatever the buffer.
Found StateOf(const KeyTable& table, KeyTable::Number number, TimePoint now) {
  if (now < table.entry(number).end()) return Found::kHit;
  return now < table.rest(number).expires ? Found::kMissing : Found::kExpired;
}

// Not written where it is right already: others read the same cache line.
void MarkUsed(const KeyTable::Entry& entry) {
  if (!entry.used.load(std::memory_order_relaxed)) {
    entry.used.store(true, std::memory_order_relaxed);
  }
}

// What is seen of a key while the table may be changing.
struct Glance {
  bool clear = false;  // false: only who has the table alone can tell
  Found found = Found::kMissing;
  std::size_t length = 0;
  KeyTable::Number number = 0;
};

// `wants_key`: copies it too, where it fits.
inline Glance LookAt(const KeyTable& table, const CachedName& name, TimePoint now, bool wants_key,
                     std::span<std::uint8_t> key) noexcept {
  const KeyTable::Number number = table.Look(name);
  if (number == KeyTable::kNone) return {.clear = true};
  if (number == KeyTable::kUnclear) return {};
  const KeyTable::Entry& entry = table.entry(number);
  if (now >= entry.end()) return {};
  if (!wants_key) return {.clear = true, .found = Found::kHit, .number = number};
  const std::size_t length = entry.key_length.load(std::memory_order_relaxed);
  if (length == 0 || length > KeyTable::kShortKey) return {};
  if (length > key.size()) return {.clear = true, .found = Found::kTooSmall, .length = length};
  table.CopyKey(number, key.first(length));
  return {.clear = true, .found = Found::kHit, .length = length, .number = number};
}

}  // namespace

// Its first lines are what a look-up reads.
struct alignas(64) KeyCache::Shard {
  explicit Shard(std::size_t max_keys) : table(max_keys) {}

  // For what may be read while it changes.
  const KeyTable& changing_table() const SAEF_NO_THREAD_SAFETY_ANALYSIS { return table; }

  KeyTable table SAEF_GUARDED_BY(mutex);
  mutable Mutex mutex;
};

KeyCache::KeyCache(const Limits& limits, std::vector<std::string> issuers)
    : limits_(limits), issuers_(std::move(issuers)) {
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

KeyCache::Shard& KeyCache::ShardOf(const CachedName& name) const noexcept {
  // The table inside uses the lower half; the shard is taken from the upper one.
  return *shards_[(name.hash() >> 32) & (shards_.size() - 1)];
}

std::string KeyCache::IdentityOf(const KeyTable& table, std::uint32_t number) const {
  const auto issuer = table.entry(number).issuer.load(std::memory_order_relaxed);
  return table.RelativeAsSent(number) + "@" + issuers_.at(issuer);
}

void KeyCache::Prefetch(const CachedName& name) const noexcept {
  ShardOf(name).changing_table().Prefetch(name.hash());
}

Found KeyCache::Copy(const CachedName& name, TimePoint now, std::span<std::uint8_t> key,
                     std::size_t& length) const noexcept {
  const Shard& shard = ShardOf(name);
  // What is copied from a table that is changing is no key; none of it may stay behind.
  std::size_t copied = 0;
  constexpr int kAttempts = 4;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const KeyTable& table = shard.changing_table();
    const auto since = table.changes().Begin();
    const Glance glance = LookAt(table, name, now, true, key);
    const bool held = table.changes().HasHeld(since);
    if (held && glance.clear && glance.found == Found::kHit) {
      MarkUsed(table.entry(glance.number));
      length = glance.length;
      return Found::kHit;
    }
    if (glance.found == Found::kHit) copied = std::max(copied, glance.length);
    if (held) break;
  }
  onem2m::Wipe(key.first(copied));

  const MutexLock lock(shard.mutex);
  const KeyTable::Number number = shard.table.Find(name);
  if (number == KeyTable::kNone) return Found::kMissing;
  const Found state = StateOf(shard.table, number, now);
  if (state != Found::kHit) return state;
  MarkUsed(shard.table.entry(number));
  length = shard.table.key_length(number);
  if (length > key.size()) return Found::kTooSmall;
  shard.table.CopyWholeKey(number, key.first(length));
  return Found::kHit;
}

Found KeyCache::Find(const CachedName& name, TimePoint now) const noexcept {
  const Shard& shard = ShardOf(name);
  const KeyTable& table = shard.changing_table();
  const auto since = table.changes().Begin();
  const Glance glance = LookAt(table, name, now, false, {});
  if (table.changes().HasHeld(since) && glance.clear) {
    if (glance.found == Found::kHit) MarkUsed(table.entry(glance.number));
    return glance.found;
  }
  const MutexLock lock(shard.mutex);
  const KeyTable::Number number = shard.table.Find(name);
  if (number == KeyTable::kNone) return Found::kMissing;
  const Found state = StateOf(shard.table, number, now);
  if (state == Found::kHit) MarkUsed(shard.table.entry(number));
  return state;
}

Found KeyCache::FindFacts(const CachedName& name, TimePoint now, KeyFacts& facts) const {
  const Shard& shard = ShardOf(name);
  const MutexLock lock(shard.mutex);
  const KeyTable::Number number = shard.table.Find(name);
  if (number == KeyTable::kNone) return Found::kMissing;
  const Found state = StateOf(shard.table, number, now);
  if (state != Found::kHit) return state;
  MarkUsed(shard.table.entry(number));
  const KeyTable::Rest& rest = shard.table.rest(number);
  facts = {rest.facts.MakeSource(), rest.expires};
  return Found::kHit;
}

void KeyCache::Insert(const CachedName& name, std::string_view as_sent, KeyRecord record,
                      TimePoint now) {
  const TimePoint end = std::min(record.facts.expires, now + limits_.max_age);
  Shard& shard = ShardOf(name);
  const MutexLock lock(shard.mutex);
  const std::size_t before = shard.table.size();
  const std::size_t evicted = shard.table.Insert(name, as_sent, std::move(record), end);
  evicted_.fetch_add(evicted, std::memory_order_relaxed);
  size_.fetch_add(shard.table.size() - before, std::memory_order_relaxed);
}

void KeyCache::Remove(const CachedName& name) {
  Shard& shard = ShardOf(name);
  const MutexLock lock(shard.mutex);
  const KeyTable::Number number = shard.table.Find(name);
  if (number == KeyTable::kNone) return;
  shard.table.Erase(number);
  size_.fetch_sub(1, std::memory_order_relaxed);
}

std::vector<std::string> KeyCache::DropEnded(TimePoint now, std::vector<Aged>* aged) {
  std::vector<std::string> expired;
  for (const auto& shard : shards_) {
    const MutexLock lock(shard->mutex);
    KeyTable& table = shard->table;
    for (;;) {
      const KeyTable::Number number = table.first();
      if (number == KeyTable::kNone || table.entry(number).end() > now) break;
      const TimePoint expires = table.rest(number).expires;
      if (expires <= now) {
        expired.push_back(IdentityOf(table, number));
      } else if (aged != nullptr) {
        aged->push_back({IdentityOf(table, number), expires});
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
    const MutexLock lock(shard->mutex);
    const KeyTable::Number number = shard->table.first();
    if (number != KeyTable::kNone) next = std::min(next, shard->table.entry(number).end());
  }
  return next;
}

}  // namespace saef::plugin
