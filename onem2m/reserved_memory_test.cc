// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/reserved_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iostream>
#include <new>
#include <string>

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

BOOST_AUTO_TEST_CASE(grows_in_large_pages) {
  constexpr std::size_t kSmall = ReservedMemory::kInSmallPages;
  constexpr std::size_t kLarge = ReservedMemory::kLargePage;
  for (const Holds holds : {Holds::kAnything, Holds::kKeys}) {
    ReservedMemory memory(kSmall + kLarge + kPage, holds);
    memory.Extend(kSmall - kPage);
    BOOST_TEST(memory.size() == kSmall - kPage);
    std::byte* const begin = memory.data();
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(begin + kSmall) % kLarge == 0u);
    std::memset(begin, 0x5A, memory.size());
    memory.Extend(kSmall + 1);
    BOOST_TEST(memory.size() == kSmall + kLarge);
    BOOST_TEST(memory.data() == begin);
    BOOST_TEST(std::all_of(begin, begin + kSmall - kPage,
                           [](std::byte octet) { return octet == std::byte{0x5A}; }));
    BOOST_TEST(std::all_of(begin + kSmall - kPage, begin + memory.size(),
                           [](std::byte octet) { return octet == std::byte{0}; }));
    memory.Extend(kSmall + kLarge + kPage);
    BOOST_TEST(memory.size() == kSmall + 2 * kLarge);
    std::memset(begin, 0x5B, memory.size());
    BOOST_CHECK_THROW(memory.Extend(kSmall + 2 * kLarge + 1), std::bad_alloc);
  }
}

// What a file of /proc/self says of it.
std::size_t Octets(const char* path, const std::string& field) {
  std::ifstream file(path);
  for (std::string word; file >> word;) {
    std::size_t kilobytes = 0;
    if (word == field && file >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}
// Of this process, in large pages.
std::size_t LargeOctets() { return Octets("/proc/self/smaps_rollup", "AnonHugePages:"); }

// Does the kernel give large pages to who asks for them?
bool HasLargePages() {
  constexpr std::size_t kSize = 4 * ReservedMemory::kLargePage;
  const std::size_t before = LargeOctets();
  void* const memory =
      mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  madvise(memory, kSize, MADV_HUGEPAGE);
  std::memset(memory, 1, kSize);
  const bool has = LargeOctets() > before;
  munmap(memory, kSize);
  return has;
}

// Does it put what is there into large pages when it is told to?
bool CanCollapse() {
  constexpr int kCollapse = 25;  // MADV_COLLAPSE
  constexpr std::size_t kSize = 2 * ReservedMemory::kLargePage;
  void* const memory =
      mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  std::memset(memory, 1, kSize);
  const bool can = madvise(memory, kSize, kCollapse) == 0;
  munmap(memory, kSize);
  return can;
}

// Addresses too: what made room for a large page's beginning is among them.
BOOST_AUTO_TEST_CASE(gives_all_back) {
  constexpr std::size_t kSize = 3 * ReservedMemory::kLargePage;
  constexpr int kTimes = 100;
  const auto reserve = [] {
    for (int i = 0; i < kTimes; ++i) ReservedMemory(kSize, Holds::kAnything).Extend(kPage);
  };
  reserve();
  const std::size_t before = Octets("/proc/self/status", "VmSize:");
  reserve();
  BOOST_TEST(Octets("/proc/self/status", "VmSize:") < before + kTimes * kPage);
}

BOOST_AUTO_TEST_CASE(lies_in_large_pages) {
  if (!HasLargePages()) {
    std::cout << "SKIPPED lies_in_large_pages: the kernel gives none to who asks for them\n";
    return;
  }
  constexpr std::size_t kLarge = ReservedMemory::kLargePage;
  for (const Holds holds : {Holds::kAnything, Holds::kKeys}) {
    const std::size_t before = LargeOctets();
    ReservedMemory memory(8 * kLarge, holds);
    memory.Extend(kPage);
    memory.Extend(8 * kLarge);
    std::memset(memory.data(), 1, memory.size());
    // It may be the last that there was.
    BOOST_TEST(LargeOctets() >= before + kLarge);
  }
}

BOOST_AUTO_TEST_CASE(lies_in_large_pages_at_once_where_much_is_taken_at_once) {
  if (!HasLargePages()) {
    std::cout
        << "SKIPPED lies_in_large_pages_at_once…: the kernel gives none to who asks for them\n";
    return;
  }
  constexpr std::size_t kLarge = ReservedMemory::kLargePage;
  const std::size_t before = LargeOctets();
  ReservedMemory memory(kLarge, Holds::kAnything);
  memory.Extend(kLarge);
  std::memset(memory.data(), 1, memory.size());
  BOOST_TEST(LargeOctets() >= before + kLarge);
}

// What was in use before lies in them then, too, and still is what it was.
BOOST_AUTO_TEST_CASE(puts_what_outgrows_small_pages_into_large_ones) {
  constexpr std::size_t kSmall = ReservedMemory::kInSmallPages;
  for (const Holds holds : {Holds::kAnything, Holds::kKeys}) {
    ReservedMemory memory(2 * kSmall, holds);
    while (memory.size() < kSmall) {
      const std::size_t from = memory.size();
      memory.Extend(from + 1);
      std::memset(memory.data() + from, 0x5A, memory.size() - from);
    }
    const std::size_t before = LargeOctets();
    memory.Extend(kSmall + 1);
    BOOST_TEST(std::all_of(memory.data(), memory.data() + kSmall,
                           [](std::byte octet) { return octet == std::byte{0x5A}; }));
    if (!CanCollapse()) {
      std::cout << "SKIPPED puts_what_outgrows…: the kernel doesn't do so at once (Linux 6.1)\n";
      return;
    }
    BOOST_TEST(LargeOctets() >= before + ReservedMemory::kLargePage);
  }
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
