// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/lane.h"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <latch>
#include <set>
#include <thread>
#include <vector>

#include "plugin/fork_watch.h"
#include "plugin/statistics.h"

// ThreadSanitizer allows no new thread in a child of several.
#if defined(__SANITIZE_THREAD__)
#define SAEF_TEST_NO_THREAD_IN_CHILD
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SAEF_TEST_NO_THREAD_IN_CHILD
#endif
#endif

namespace saef::plugin {
namespace {

// So many threads at once, each of which asks for its lane.
std::vector<std::size_t> LanesOf(std::size_t threads) {
  std::vector<std::size_t> lanes(threads);
  std::latch all(static_cast<std::ptrdiff_t>(threads));
  std::vector<std::thread> running;
  for (std::size_t& lane : lanes) {
    running.emplace_back([&lane, &all] {
      lane = Lane::Mine();
      all.arrive_and_wait();  // none has ended as yet
      if (lane != Lane::kNone && Lane::Mine() != lane) lane = SIZE_MAX;
    });
  }
  for (std::thread& thread : running) thread.join();
  return lanes;
}

// So many threads that hold a lane each, or ask for one in vain.
class Holders {
 public:
  explicit Holders(std::size_t count) : asked_(static_cast<std::ptrdiff_t>(count) + 1) {
    for (std::size_t i = 0; i < count; ++i) {
      threads_.emplace_back([this] {
        Lane::Mine();
        asked_.count_down();
        over_.wait();
      });
    }
    asked_.arrive_and_wait();
  }
  ~Holders() {
    over_.count_down();
    for (std::thread& thread : threads_) thread.join();
  }
  Holders(const Holders&) = delete;
  Holders& operator=(const Holders&) = delete;

 private:
  std::latch asked_;
  std::latch over_{1};
  std::vector<std::thread> threads_;
};

BOOST_AUTO_TEST_SUITE(lane)

BOOST_AUTO_TEST_CASE(each_thread_has_its_own_until_it_ends) {
  const std::size_t mine = Lane::Mine();
  BOOST_TEST(mine < Lane::kCount);
  // Again and again more than there are in all.
  for (int round = 0; round < 8; ++round) {
    const std::vector<std::size_t> lanes = LanesOf(40);
    std::set<std::size_t> different(lanes.begin(), lanes.end());
    different.insert(mine);
    BOOST_TEST(different.size() == 41u);
    BOOST_TEST(*different.rbegin() < Lane::kCount);
  }
  BOOST_TEST(Lane::Mine() == mine);
}

BOOST_AUTO_TEST_CASE(who_comes_too_late_has_none) {
  Lane::Mine();
  const std::vector<std::size_t> lanes = LanesOf(Lane::kCount + 10);
  std::multiset<std::size_t> all(lanes.begin(), lanes.end());
  BOOST_TEST(all.count(Lane::kNone) >= 11u);
  all.erase(Lane::kNone);
  BOOST_TEST(std::set<std::size_t>(all.begin(), all.end()).size() == all.size());
  BOOST_TEST(*all.rbegin() < Lane::kCount);
}

#if !defined(SAEF_TEST_NO_THREAD_IN_CHILD)
BOOST_AUTO_TEST_CASE(a_child_has_only_the_lane_of_its_thread) {
  BOOST_TEST(ForkWatch::Begin());
  const Holders holders(30);
  const std::size_t mine = Lane::Mine();
  const pid_t child = fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    // Its one thread has the lane that it had; all others are free.
    std::size_t other = mine;
    std::thread([&other] { other = Lane::Mine(); }).join();
    _exit(Lane::Mine() == mine && other == (mine == 0 ? 1 : 0) ? 0 : 1);
  }
  int status = -1;
  BOOST_TEST(waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
}

#endif

// What is counted in lanes: exact, however many threads there are and as they come and go.
BOOST_AUTO_TEST_CASE(counts_lose_nothing) {
  LanedCounters<Call> counters;
  constexpr std::uint64_t kRounds = 20;
  constexpr std::uint64_t kThreads = Lane::kCount + 20;
  constexpr std::uint64_t kEach = 500;
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&counters] {
        for (std::uint64_t i = 0; i < kEach; ++i) {
          counters.Add(Call::kHit);
          if (i % 2 == 0) counters.Add(Call::kCheck);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_REQUIRE(counters.value(Call::kHit) == (round + 1) * kThreads * kEach);
    BOOST_REQUIRE(counters.value(Call::kCheck) == (round + 1) * kThreads * kEach / 2);
  }
  BOOST_TEST(counters.value(Call::kMiss) == 0u);
}

BOOST_AUTO_TEST_CASE(counts_of_those_without_a_lane_lose_nothing) {
  LanedCounters<Call> counters;
  constexpr std::uint64_t kThreads = 4;
  constexpr std::uint64_t kEach = 200000;
  const Holders holders(Lane::kCount);
  std::atomic<std::uint64_t> without{0};
  std::latch all(kThreads);
  std::vector<std::thread> counting;
  for (std::uint64_t t = 0; t < kThreads; ++t) {
    counting.emplace_back([&] {
      if (Lane::Mine() == Lane::kNone) ++without;
      all.arrive_and_wait();
      for (std::uint64_t i = 0; i < kEach; ++i) counters.Add(Call::kHit);
    });
  }
  for (std::thread& thread : counting) thread.join();
  BOOST_TEST(without == kThreads);
  BOOST_TEST(counters.value(Call::kHit) == kThreads * kEach);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
