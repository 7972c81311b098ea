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
  return now < table.facts(number).expires() ? Found::kMissing : Found::kExpired;
}

}  // namespace

KeyCache::KeyCache(const Limits& limits, std::vector<std::string> issuers)
    : limits_(limits), issuers_(std::move(issuers)) {
  // Few, so that each is large enough for large pages (ReservedMemory): many small ones would lie
  // in more pages than a processor knows the places of. Changes are short, so few shards keep
  // readers waiting little.
  constexpr std::size_t kKeysWorthAShard = 524288;
  const std::size_t wanted =
      std::clamp<std::size_t>(limits.max_keys / kKeysWorthAShard, 1, kMaxShards);
  const std::size_t count = std::bit_floor(wanted);
  shard_mask_ = count - 1;
  const std::size_t max_in_shard = std::max<std::size_t>(limits.max_keys / count, 1);
  for (std::size_t i = 0; i < count; ++i) shards_[i] = std::make_unique<Shard>(max_in_shard);
}

KeyCache::~KeyCache() = default;

std::string KeyCache::IdentityOf(const KeyTable& table, std::uint32_t number) const {
  return table.RelativeAsSent(number) + "@" + issuers_.at(table.entry(number).about().issuer);
}

Found KeyCache::Copy(const CachedName& name, TimePoint now, std::span<std::uint8_t> key,
                     std::size_t& length) const noexcept {
  constexpr int kAttempts = 2;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const Glance glance = CopyAtOnce(name, now, key, length);
    if (glance != Glance::kUnclear) return glance == Glance::kHit ? Found::kHit : Found::kMissing;
  }

  const Shard& shard = ShardOf(name);
  const MutexLock lock(shard.mutex);
  const KeyTable::Number number = shard.table.Find(name);
  if (number == KeyTable::kNone) return Found::kMissing;
  const Found state = StateOf(shard.table, number, now);
  if (state != Found::kHit) return state;
  shard.table.entry(number).MarkUsed();
  length = shard.table.key_length(number);
  if (length > key.size()) return Found::kTooSmall;
  shard.table.CopyWholeKey(number, key.first(length));
  return Found::kHit;
}

Found KeyCache::Find(const CachedName& name, TimePoint now) const noexcept {
  const Shard& shard = ShardOf(name);
  const KeyTable& table = shard.changing_table();
  const auto since = table.changes().Begin();
  const KeyTable::Number glanced = table.Look(name);
  const bool is_here = glanced < KeyTable::kUnclear && now < table.entry(glanced).end();
  if ((is_here || glanced == KeyTable::kNone) && table.changes().HasHeld(since)) {
    if (is_here) table.entry(glanced).MarkUsed();
    return is_here ? Found::kHit : Found::kMissing;
  }
  const MutexLock lock(shard.mutex);
  const KeyTable::Number number = shard.table.Find(name);
  if (number == KeyTable::kNone) return Found::kMissing;
  const Found state = StateOf(shard.table, number, now);
  if (state == Found::kHit) shard.table.entry(number).MarkUsed();
  return state;
}

Found KeyCache::FindFacts(const CachedName& name, TimePoint now, PackedFacts& facts) const {
  const Shard& shard = ShardOf(name);
  const MutexLock lock(shard.mutex);
  const KeyTable::Number number = shard.table.Find(name);
  if (number == KeyTable::kNone) return Found::kMissing;
  const Found state = StateOf(shard.table, number, now);
  if (state != Found::kHit) return state;
  shard.table.entry(number).MarkUsed();
  facts = shard.table.facts(number);
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
  for (const auto& shard : shards()) {
    const MutexLock lock(shard->mutex);
    KeyTable& table = shard->table;
    for (;;) {
      const KeyTable::Number number = table.first();
      if (number == KeyTable::kNone || table.entry(number).end() > now) break;
      const TimePoint expires = table.facts(number).expires();
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
  for (const auto& shard : shards()) {
    const MutexLock lock(shard->mutex);
    const KeyTable::Number number = shard->table.first();
    if (number != KeyTable::kNone) next = std::min(next, shard->table.entry(number).end());
  }
  return next;
}

}  // namespace saef::plugin
