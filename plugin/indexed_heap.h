// SPDX-License-Identifier: GPL-3.0-or-later
//
// IndexedHeap: the items that end first come first; each knows its place, so that it can be moved
// or taken out from anywhere within in a logarithm of steps. Nothing is allocated but by Reserve:
// boost::heap allocates a node for each item, which whoever opens an association would pay for.
//
// What orders the items and keeps their places is handed in with each call, since items are often
// numbers of things that the caller has:
//
//   struct Keeper {
//     bool IsBefore(const Item& one, const Item& other) const noexcept;
//     void SetPlace(const Item& item, std::uint32_t place) const noexcept;
//   };
//
// Threads: one at a time.
#ifndef SAEF_PLUGIN_INDEXED_HEAP_H_
#define SAEF_PLUGIN_INDEXED_HEAP_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace saef::plugin {

template <typename Item>
class IndexedHeap {
 public:
  bool empty() const noexcept { return items_.empty(); }
  std::size_t size() const noexcept { return items_.size(); }
  // The first; undefined where there are none.
  const Item& front() const noexcept { return items_.front(); }
  // All, in no order that counts.
  std::span<const Item> items() const noexcept { return items_; }

  // Has room for so many. Throws std::bad_alloc, and is then unchanged.
  std::size_t room() const noexcept { return items_.capacity(); }
  void Reserve(std::size_t room) { items_.reserve(room); }

  // There must be room.
  template <typename Keeper>
  void Push(const Item& item, const Keeper& keeper) noexcept {
    items_.push_back(item);
    SiftUp(items_.size() - 1, item, keeper);
  }
  // Takes out what is at `place`. Its place isn't set any more.
  template <typename Keeper>
  void Remove(std::size_t place, const Keeper& keeper) noexcept {
    const Item last = items_.back();
    items_.pop_back();
    if (place < items_.size()) Settle(place, last, keeper);
  }
  // What is at `place` comes earlier or later than when it was put there.
  template <typename Keeper>
  void Reorder(std::size_t place, const Keeper& keeper) noexcept {
    Settle(place, Item(items_[place]), keeper);
  }

  // How many there are of which `counts` is true. It must be true of all that come before one of
  // which it is true: no others are asked for but those that follow such ones.
  template <typename Counts>
  std::size_t CountFirst(const Counts& counts) const noexcept {
    return CountFrom(0, counts);
  }

 private:
  template <typename Counts>
  std::size_t CountFrom(std::size_t place, const Counts& counts) const noexcept {
    if (place >= items_.size() || !counts(items_[place])) return 0;
    return 1 + CountFrom(2 * place + 1, counts) + CountFrom(2 * place + 2, counts);
  }

  template <typename Keeper>
  void Put(std::size_t place, const Item& item, const Keeper& keeper) noexcept {
    items_[place] = item;
    keeper.SetPlace(item, static_cast<std::uint32_t>(place));
  }

  // `place` is to be filled with `item`.
  template <typename Keeper>
  void Settle(std::size_t place, const Item& item, const Keeper& keeper) noexcept {
    if (place > 0 && keeper.IsBefore(item, items_[(place - 1) / 2])) {
      return SiftUp(place, item, keeper);
    }
    SiftDown(place, item, keeper);
  }

  template <typename Keeper>
  void SiftUp(std::size_t place, const Item& item, const Keeper& keeper) noexcept {
    while (place > 0) {
      const std::size_t parent = (place - 1) / 2;
      if (!keeper.IsBefore(item, items_[parent])) break;
      Put(place, items_[parent], keeper);
      place = parent;
    }
    Put(place, item, keeper);
  }

  template <typename Keeper>
  void SiftDown(std::size_t place, const Item& item, const Keeper& keeper) noexcept {
    for (;;) {
      std::size_t child = 2 * place + 1;
      if (child >= items_.size()) break;
      if (child + 1 < items_.size() && keeper.IsBefore(items_[child + 1], items_[child])) ++child;
      if (!keeper.IsBefore(items_[child], item)) break;
      Put(place, items_[child], keeper);
      place = child;
    }
    Put(place, item, keeper);
  }

  std::vector<Item> items_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_INDEXED_HEAP_H_
