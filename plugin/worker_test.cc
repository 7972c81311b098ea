// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/worker.h"

#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <boost/test/unit_test.hpp>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(worker)

BOOST_AUTO_TEST_CASE(runs_when_woken_and_when_it_is_time) {
  std::atomic<int> runs{0};
  Worker worker;
  worker.Start([&] {
    ++runs;
    return kNever;
  });
  worker.Wake();
  BOOST_TEST(Eventually([&] { return runs == 1; }));
  const TimePoint asked = Clock::now();
  worker.WakeBy(asked + milliseconds(30));
  worker.WakeBy(kNever);
  BOOST_TEST(Eventually([&] { return runs == 2; }));
  BOOST_TEST((Clock::now() >= asked + milliseconds(30)));
  worker.Stop();
  BOOST_TEST(runs == 2);
}

BOOST_AUTO_TEST_CASE(runs_at_the_time_that_it_named) {
  std::atomic<int> runs{0};
  Worker worker;
  worker.Start([&] { return ++runs < 5 ? Clock::now() + milliseconds(1) : kNever; });
  worker.Wake();
  BOOST_TEST(Eventually([&] { return runs == 5; }));
}

BOOST_AUTO_TEST_CASE(knows_its_thread_and_takes_no_signals) {
  std::atomic<int> checks{0};
  sigset_t before;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  Worker worker;
  worker.Start([&] {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    checks = (worker.IsThisThread() ? 1 : 0) + (sigismember(&mask, SIGTERM) == 1 ? 2 : 0) +
             (sigismember(&mask, SIGSEGV) == 0 ? 4 : 0);
    return kNever;
  });
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  BOOST_TEST(sigismember(&after, SIGTERM) == sigismember(&before, SIGTERM));
  BOOST_TEST(!worker.IsThisThread());
  worker.Wake();
  BOOST_TEST(Eventually([&] { return checks == 7; }));
}

BOOST_AUTO_TEST_CASE(stops_without_having_started) {
  Worker worker;
  worker.Stop();
  BOOST_TEST(!worker.IsThisThread());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
