// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/locked_memory.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "onem2m/secret.h"
#include "onem2m/test_util.h"

namespace saef::onem2m {
namespace {

// The sanitizers make mlock a no-op that succeeds.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kRealLocks = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kRealLocks = false;
#else
constexpr bool kRealLocks = true;
#endif
#else
constexpr bool kRealLocks = true;
#endif

std::vector<Secret> Make(std::size_t count, std::size_t size = 32) {
  const std::vector<std::uint8_t> bytes(size, 0x5A);
  std::vector<Secret> secrets;
  for (std::size_t i = 0; i < count; ++i) secrets.push_back(Secret::Copy(bytes).value());
  return secrets;
}

// Runs `run` in a child; its return value is the exit code. _exit: the child must not run the
// parent's clean-up.
template <typename Run>
int InChild(Run run) {
  const pid_t child = fork();
  if (child == 0) _exit(run());
  int status = 0;
  BOOST_TEST_REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

// The value of `field` in /proc/self/smaps for the mapping that holds `address`.
std::string MappingField(const void* address, const std::string& field) {
  std::ifstream smaps("/proc/self/smaps");
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  bool here = false;
  for (std::string line; std::getline(smaps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    if (std::istringstream in(line); in >> std::hex >> begin >> dash >> end && dash == '-') {
      here = begin <= wanted && wanted < end;
    } else if (here && line.starts_with(field + ":")) {
      return line;
    }
  }
  return {};
}

BOOST_AUTO_TEST_SUITE(locked_memory)

BOOST_AUTO_TEST_CASE(cells_are_apart_and_used_again) {
  std::set<const std::uint8_t*> places;
  {
    const auto secrets = Make(1000);
    for (const Secret& secret : secrets) places.insert(secret.data());
    BOOST_TEST(places.size() == 1000);
    const std::uint8_t* before = nullptr;
    for (const std::uint8_t* place : places) {
      if (before != nullptr) BOOST_TEST_REQUIRE(place - before >= 64);
      before = place;
    }
  }
  const LockedMemoryState state = LockedMemory();
  const auto again = Make(1000);
  const LockedMemoryState later = LockedMemory();
  BOOST_TEST(later.locked_octets + later.unlocked_octets ==
             state.locked_octets + state.unlocked_octets);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_keys_fit_in_seven_megabytes) {
  const auto secrets = Make(100000);
  const LockedMemoryState state = LockedMemory();
  BOOST_TEST(state.locked_octets + state.unlocked_octets < 7'000'000U);
}

BOOST_AUTO_TEST_CASE(a_cell_is_zero_throughout) {
  for (const std::size_t size : {std::size_t{64}, kMaxLockedCell}) {
    std::uint8_t* const first = AllocateLocked(size);
    std::uint8_t* const second = AllocateLocked(size);
    BOOST_TEST_REQUIRE(first != nullptr);
    BOOST_TEST_REQUIRE(second != nullptr);
    std::fill_n(first, size, std::uint8_t{0xFF});
    std::fill_n(second, size, std::uint8_t{0xFF});
    FreeLocked(second, size);
    FreeLocked(first, size);  // leads to `second` while it is free
    std::uint8_t* const again = AllocateLocked(size);
    BOOST_TEST(again == first);
    BOOST_TEST(std::count(again, again + size, 0) == static_cast<std::ptrdiff_t>(size));
    FreeLocked(again, size);
  }
}

BOOST_AUTO_TEST_CASE(refuses_sizes_without_a_cell) {
  BOOST_TEST(AllocateLocked(0) == nullptr);
  BOOST_TEST(AllocateLocked(kMaxLockedCell + 1) == nullptr);
  FreeLocked(nullptr, 0);
}

BOOST_AUTO_TEST_CASE(is_left_out_of_dumps) {
  const auto secrets = Make(1);
  const std::string flags = MappingField(secrets[0].data(), "VmFlags");
  BOOST_TEST_INFO(flags);
  BOOST_TEST(flags.find(" dd") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(says_when_the_limit_refuses) {
  const int code = InChild([] {
    const rlimit none = {0, 0};
    if (setrlimit(RLIMIT_MEMLOCK, &none) != 0) return 1;
    if (geteuid() == 0 && setuid(65534) != 0) return 2;  // root has no limit
    const LockedMemoryState before = LockedMemory();
    const auto secrets = Make(1000, 1024);  // far more than the parent left free
    for (const Secret& secret : secrets) {
      if (secret.size() != 1024 || secret.data()[1023] != 0x5A) return 3;
    }
    const LockedMemoryState state = LockedMemory();
    if (!kRealLocks) return 0;
    if (state.locked_octets != 0 || state.error == 0) return 4;
    return state.unlocked_octets - before.unlocked_octets > 900'000 ? 0 : 5;
  });
  BOOST_TEST(code == 0);
}

BOOST_AUTO_TEST_CASE(raises_the_soft_limit) {
  const int code = InChild([] {
    rlimit limit{};
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 1;
    if (limit.rlim_max < 1024 * 1024) return 0;  // no room to raise into
    limit = {0, 1024 * 1024};
    if (setrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 2;
    if (geteuid() == 0 && setuid(65534) != 0) return 3;
    const LockedMemoryState before = LockedMemory();
    const auto secrets = Make(2000, 1024);
    if (!kRealLocks) return 0;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur != limit.rlim_max) return 4;
    const LockedMemoryState state = LockedMemory();
    // About 1 MiB is locked, the rest isn't.
    const std::size_t unlocked = state.unlocked_octets - before.unlocked_octets;
    return state.locked_octets > 900'000 && unlocked > 800'000 ? 0 : 5;
  });
  BOOST_TEST(code == 0);
}

BOOST_AUTO_TEST_CASE(a_forked_child_keeps_its_secrets) {
  const auto secrets = Make(10);
  const int code = InChild([&secrets] {
    for (const Secret& secret : secrets) {
      if (secret.data()[0] != 0x5A || secret.data()[31] != 0x5A) return 1;
    }
    if (LockedMemory().locked_octets != 0) return 2;
    return Make(300).size() == 300 ? 0 : 3;
  });
  BOOST_TEST(code == 0);
}

BOOST_AUTO_TEST_CASE(fork_meets_no_lock_held_by_another_thread) {
  std::atomic<bool> stop = false;
  std::thread busy([&stop] {
    while (!stop) Make(50);
  });
  int failures = 0;
  for (int i = 0; i < 50; ++i) {
    failures += InChild([] {
      alarm(20);  // a child that waits for a lock nobody holds ends here
      return Make(10).size() == 10 ? 0 : 1;
    });
  }
  stop = true;
  busy.join();
  BOOST_TEST(failures == 0);
}

BOOST_AUTO_TEST_CASE(threads_share_it) {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&wrong, t] {
      const std::vector<std::uint8_t> bytes(48, static_cast<std::uint8_t>(t));
      for (int i = 0; i < 500; ++i) {
        const auto a = Secret::Copy(bytes);
        const auto b = a->Clone();
        if (!b->Equals(bytes) || !a->Equals(bytes)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
