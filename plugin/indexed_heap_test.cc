// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/indexed_heap.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <random>
#include <vector>

namespace {

constexpr std::uint32_t kNoPlace = UINT32_MAX;

// Numbers of things that have a time and a place.
class Things {
 public:
  explicit Things(std::size_t count) : times_(count), places_(count, kNoPlace) {
    heap_.Reserve(count);
  }

  struct Keeper {
    bool IsBefore(std::uint32_t one, std::uint32_t other) const noexcept {
      return things.times_[one] < things.times_[other];
    }
    void SetPlace(std::uint32_t thing, std::uint32_t place) const noexcept {
      things.places_[thing] = place;
    }
    Things& things;
  };

  bool Holds(std::uint32_t thing) const { return places_[thing] != kNoPlace; }
  void Push(std::uint32_t thing, int time) {
    times_[thing] = time;
    heap_.Push(thing, Keeper{*this});
  }
  void Remove(std::uint32_t thing) {
    heap_.Remove(places_[thing], Keeper{*this});
    places_[thing] = kNoPlace;
  }
  void Change(std::uint32_t thing, int time) {
    times_[thing] = time;
    heap_.Reorder(places_[thing], Keeper{*this});
  }

  // Against what a look at every one of them says.
  void Check(int by) {
    std::size_t held = 0;
    std::size_t first_ones = 0;
    int first = INT32_MAX;
    for (std::uint32_t thing = 0; thing < times_.size(); ++thing) {
      if (!Holds(thing)) continue;
      ++held;
      if (times_[thing] <= by) ++first_ones;
      first = std::min(first, times_[thing]);
      BOOST_REQUIRE_LT(places_[thing], heap_.size());
      BOOST_REQUIRE_EQUAL(heap_.items()[places_[thing]], thing);
    }
    BOOST_REQUIRE_EQUAL(heap_.size(), held);
    BOOST_REQUIRE_EQUAL(heap_.empty(), held == 0);
    if (held > 0) BOOST_REQUIRE_EQUAL(times_[heap_.front()], first);
    const std::size_t counted =
        heap_.CountFirst([&](std::uint32_t thing) { return times_[thing] <= by; });
    BOOST_REQUIRE_EQUAL(counted, first_ones);
  }
  std::uint32_t front() const { return heap_.front(); }
  const saef::plugin::IndexedHeap<std::uint32_t>& heap() const { return heap_; }

 private:
  std::vector<int> times_;
  std::vector<std::uint32_t> places_;
  saef::plugin::IndexedHeap<std::uint32_t> heap_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(indexed_heap_test)

BOOST_AUTO_TEST_CASE(the_first_is_in_front_whatever_comes_goes_and_changes) {
  constexpr std::uint32_t kThings = 40;
  Things things(kThings);
  std::mt19937 random(1);  // the same each time
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int i = 0; i < 20000; ++i) {
    const auto thing = static_cast<std::uint32_t>(below(kThings));
    const int time = below(30);  // often the same
    if (!things.Holds(thing)) {
      things.Push(thing, time);
    } else if (below(2) == 0) {
      things.Remove(thing);
    } else {
      things.Change(thing, time);
    }
    things.Check(below(30));
  }
}

BOOST_AUTO_TEST_CASE(what_is_taken_from_the_front_comes_in_order) {
  constexpr std::uint32_t kThings = 1000;
  Things things(kThings);
  for (std::uint32_t i = 0; i < kThings; ++i) things.Push(i, static_cast<int>(i * 7919 % kThings));
  for (int time = 0; time < static_cast<int>(kThings); ++time) {
    const std::uint32_t thing = things.front();
    BOOST_REQUIRE_EQUAL(thing * 7919 % kThings, time);
    things.Remove(thing);
  }
  BOOST_TEST(things.heap().empty());
}

BOOST_AUTO_TEST_CASE(pushes_within_the_room_move_nothing) {
  Things things(100);
  things.Push(0, 0);
  const auto* const before = things.heap().items().data();
  for (std::uint32_t i = 1; i < 100; ++i) things.Push(i, static_cast<int>(i % 10));
  BOOST_TEST(things.heap().items().data() == before);
  BOOST_TEST(things.heap().room() >= 100U);
}

BOOST_AUTO_TEST_SUITE_END()
