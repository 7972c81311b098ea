// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/process_threads.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <latch>
#include <thread>

namespace saef::bench {
namespace {

// A child that waits until it is killed.
class Sleeper {
 public:
  Sleeper() : pid_(fork()) {
    while (pid_ == 0) pause();
  }
  ~Sleeper() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  pid_t pid() const { return pid_; }

 private:
  const pid_t pid_;
};

BOOST_AUTO_TEST_SUITE(process_threads)

BOOST_AUTO_TEST_CASE(a_process_has_its_threads) {
  const Sleeper sleeper;
  // A sanitizer has threads of its own.
  const auto threads = ThreadsOf(sleeper.pid());
  BOOST_TEST((std::find(threads.begin(), threads.end(), sleeper.pid()) != threads.end()));
  BOOST_TEST(ThreadsOf(-1).empty());
}

BOOST_AUTO_TEST_CASE(a_thread_more_is_one_more) {
  const std::size_t before = ThreadsOf(getpid()).size();
  std::latch seen(1);
  std::thread more([&seen] { seen.wait(); });
  const std::size_t after = ThreadsOf(getpid()).size();
  seen.count_down();
  more.join();
  BOOST_TEST(after > before);
}

BOOST_AUTO_TEST_CASE(a_process_that_gives_way_is_nice) {
  const Sleeper sleeper;
  const int ours = getpriority(PRIO_PROCESS, 0);
  LetGiveWay(sleeper.pid());
  BOOST_TEST(getpriority(PRIO_PROCESS, static_cast<id_t>(sleeper.pid())) > ours);
  BOOST_TEST(getpriority(PRIO_PROCESS, 0) == ours);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bench
