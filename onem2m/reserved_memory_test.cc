// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/reserved_memory.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <new>

#include "onem2m/locked_memory.h"

namespace saef::onem2m {
namespace {

constexpr std::size_t kPage = 4096;
using Holds = ReservedMemory::Holds;

BOOST_AUTO_TEST_SUITE(reserved_memory)

BOOST_AUTO_TEST_CASE(grows_in_its_place) {
  ReservedMemory memory(10 * kPage, Holds::kAnything);
  BOOST_TEST(memory.size() == 0u);
  memory.Extend(1);
  BOOST_TEST(memory.size() >= kPage);
  std::byte* const begin = memory.data();
  std::memset(begin, 0x5A, memory.size());
  const std::size_t before = memory.size();
  memory.Extend(9 * kPage);
  BOOST_TEST(memory.data() == begin);
  BOOST_TEST(memory.size() >= 9 * kPage);
  BOOST_TEST((begin[before - 1] == std::byte{0x5A}));
  BOOST_TEST(std::all_of(begin + before, begin + memory.size(),
                         [](std::byte octet) { return octet == std::byte{0}; }));
  // It is no smaller afterwards.
  memory.Extend(1);
  BOOST_TEST(memory.size() >= 9 * kPage);
}

BOOST_AUTO_TEST_CASE(never_beyond_what_was_reserved) {
  ReservedMemory memory(2 * kPage, Holds::kAnything);
  memory.Extend(2 * kPage);
  const std::size_t size = memory.size();
  BOOST_CHECK_THROW(memory.Extend(size + 1), std::bad_alloc);
  BOOST_TEST(memory.size() == size);
  BOOST_CHECK_THROW(memory.Extend(SIZE_MAX), std::bad_alloc);
  BOOST_CHECK_THROW(ReservedMemory(SIZE_MAX, Holds::kAnything), std::bad_alloc);
  ReservedMemory none(0, Holds::kAnything);
  BOOST_CHECK_THROW(none.Extend(1), std::bad_alloc);
}

std::size_t Accounted() {
  const LockedMemoryState state = LockedMemory();
  return state.locked_octets + state.unlocked_octets;
}

BOOST_AUTO_TEST_CASE(accounts_for_what_holds_keys) {
  const std::size_t before = Accounted();
  {
    ReservedMemory other(4 * kPage, Holds::kAnything);
    other.Extend(kPage);
    BOOST_TEST(Accounted() == before);
    ReservedMemory memory(4 * kPage, Holds::kKeys);
    BOOST_TEST(Accounted() == before);
    memory.Extend(1);
    memory.Extend(3 * kPage);
    BOOST_TEST(Accounted() == before + memory.size());
  }
  BOOST_TEST(Accounted() == before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
