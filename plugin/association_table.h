// SPDX-License-Identifier: GPL-3.0-or-later
//
// AssociationTable: the open associations, found by identifier, by the identity that they were
// opened with, and by when they are due.
//
// Each has a place: two cache lines of a block of many, so that opening and closing one allocates
// nothing. A place is used again at once, while it is near. An identifier is the place's number
// and, above that, how often the place was used: it leads to the place, and never comes again. A
// place whose identifiers are used up is left alone.
//
// Threads: one at a time.
#ifndef SAEF_PLUGIN_ASSOCIATION_TABLE_H_
#define SAEF_PLUGIN_ASSOCIATION_TABLE_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "plugin/clock.h"
#include "plugin/indexed_heap.h"
#include "plugin/key_record.h"
#include "plugin/packed_facts.h"
#include "saef/plugin.h"

namespace saef::plugin {

class AssociationTable {
 public:
  using Number = std::uint32_t;
  static constexpr Number kNone = UINT32_MAX;

  struct alignas(64) Association {
    // As it was sent.
    std::string_view identity() const noexcept {
      return {long_identity ? long_identity.get() : short_identity.data(), identity_length};
    }

    saef_association id = SAEF_NO_ASSOCIATION;  // of a free place: the one that comes next
    PackedFacts facts;                          // none: the place is free
    // What the facts say, once somebody has asked for it: many sessions end without a request.
    mutable std::shared_ptr<const Source> source;
    bool ended = false;

   private:
    friend class AssociationTable;
    std::uint32_t hash = 0;  // of the identity, whatever its case
    // The others of the same bucket; of a free place, the next free one.
    Number next = kNone;
    Number before = kNone;
    std::uint32_t place_in_dues = 0;  // kNone: it isn't due any more
    std::uint32_t identity_length = 0;
    std::unique_ptr<char[]> long_identity;  // of one that doesn't fit
    std::array<char, 64> short_identity;    // not initialised before it is used
  };

  // At most `max` at a time, and 2^31 in all. `last_uses`: how often each place counts as used
  // before its first time, for tests of what comes when all have been.
  explicit AssociationTable(std::size_t max, std::uint64_t last_uses = 0);
  AssociationTable(const AssociationTable&) = delete;
  AssociationTable& operator=(const AssociationTable&) = delete;

  // Null where there are as many as may be. `facts`, which are something, are taken. All that are
  // opened with one piece of facts must have the same identity, but for its case. Throws
  // std::bad_alloc, and is then unchanged.
  Association* Open(std::string_view identity, PackedFacts&& facts);
  void Close(Association& association) noexcept;

  // Null for none.
  Association* Find(saef_association id) noexcept {
    const std::uint64_t number = id & (uses_one_ - 1);
    if (number >= place_count_) return nullptr;
    Association& found = at(static_cast<Number>(number));
    return found.id == id && found.facts ? &found : nullptr;
  }
  const Association* Find(saef_association id) const noexcept {
    return const_cast<AssociationTable*>(this)->Find(id);
  }
  // Calls `visit` with each that was opened with this identity, in whatever case; it may change
  // when they are due.
  template <typename Visit>
  void VisitNamed(std::string_view identity, const Visit& visit);
  template <typename Visit>
  void VisitNamed(std::string_view identity, const Visit& visit) const {
    const_cast<AssociationTable*>(this)->VisitNamed(
        identity, [&visit](const Association& found) { visit(found); });
  }

  // One is due at the end of its facts, until that is changed.
  void SetDue(Association& association, TimePoint due) noexcept;
  void SetNotDue(Association& association) noexcept;
  // The first that is due; null for none.
  Association* next_due() noexcept { return dues_.empty() ? nullptr : &at(dues_.front().number); }
  // How many are due by then.
  std::size_t CountDue(TimePoint by) const noexcept {
    return dues_.CountFirst([by](const Due& due) { return due.time <= by; });
  }
  TimePoint next_due_time() const noexcept { return dues_.empty() ? kNever : dues_.front().time; }

  std::size_t size() const noexcept { return size_; }

 private:
  static constexpr std::size_t kInBlock = 64;
  using Block = std::array<Association, kInBlock>;
  struct Due {
    TimePoint time;
    Number number;
  };
  struct DuesKeeper {
    bool IsBefore(const Due& one, const Due& other) const noexcept { return one.time < other.time; }
    void SetPlace(const Due& due, std::uint32_t place) const noexcept {
      table.at(due.number).place_in_dues = place;
    }
    AssociationTable& table;
  };

  Association& at(Number number) noexcept {
    return (*blocks_[number / kInBlock])[number % kInBlock];
  }
  Number NumberOf(const Association& association) const noexcept {
    return static_cast<Number>(association.id & (uses_one_ - 1));
  }
  Number& BucketOf(std::uint32_t hash) noexcept { return buckets_[hash & (buckets_.size() - 1)]; }
  static std::uint32_t HashOf(std::string_view identity) noexcept;
  static bool IsSame(std::string_view one, std::string_view other) noexcept;
  void MakePlace();
  void Enlarge();
  void Link(Number number) noexcept;
  void Unlink(const Association& association) noexcept;

  static_assert(sizeof(Association) == 128);

  std::vector<std::unique_ptr<Block>> blocks_;
  std::size_t place_count_ = 0;  // that have been made; the blocks have room for more
  std::size_t size_ = 0;
  const std::size_t max_;
  const std::uint64_t uses_one_;  // one use in an identifier; numbers are below
  Number free_ = kNone;           // the first free place
  // First of each bucket; a power of two. There is room in both for all places.
  std::vector<Number> buckets_;
  IndexedHeap<Due> dues_;
  const std::uint64_t last_uses_;
};

template <typename Visit>
void AssociationTable::VisitNamed(std::string_view identity, const Visit& visit) {
  if (buckets_.empty()) return;
  const std::uint32_t hash = HashOf(identity);
  for (Number number = BucketOf(hash); number != kNone;) {
    Association& found = at(number);
    number = found.next;
    if (found.hash == hash && IsSame(found.identity(), identity)) visit(found);
  }
}

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_ASSOCIATION_TABLE_H_
