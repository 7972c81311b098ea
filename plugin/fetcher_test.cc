// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Fetcher with MAFs that answer when the test says so: every order of answer, cancellation and
// end.
#include "plugin/fetcher.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <map>
#include <new>
#include <thread>
#include <vector>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

FetchAnswer Answer(std::int32_t outcome) {
  FetchAnswer answer;
  answer.outcome = outcome;
  return answer;
}

// Holds each question until Reply; remembers what was settled.
class Maf : public Fetcher::Surroundings {
 public:
  std::int32_t OutcomeSoFar(const PskIdentity& identity) override {
    const MutexLock lock(mutex_);
    const auto it = settled_.find(std::string(identity.as_sent()));
    return it == settled_.end() ? static_cast<std::int32_t>(SAEF_PENDING) : it->second;
  }
  bool MayAsk(std::size_t /*maf*/) override { return may_ask; }
  void Ask(std::size_t /*maf*/, const PskIdentity& identity,
           std::function<void(FetchAnswer)> done) override {
    ++asked;
    if (throw_bad_alloc) throw std::bad_alloc();
    if (answer_at_once) {
      done(Answer(SAEF_KEY));
      return;
    }
    const MutexLock lock(mutex_);
    questions_[std::string(identity.as_sent())] = std::move(done);
  }
  void Settle(const PskIdentity& identity, FetchAnswer answer) override {
    if (throw_in_settle) throw std::bad_alloc();
    const MutexLock lock(mutex_);
    if (answer.outcome != SAEF_UNAVAILABLE) {
      settled_[std::string(identity.as_sent())] = answer.outcome;
    }
  }
  void Wake() override { ++woken; }
  void CallbackThrew() noexcept override { ++threw; }

  void Reply(const std::string& identity, std::int32_t outcome) {
    std::function<void(FetchAnswer)> done;
    {
      const MutexLock lock(mutex_);
      done = std::move(questions_.at(identity));
      questions_.erase(identity);
    }
    done(Answer(outcome));
  }

  std::atomic<int> asked{0}, woken{0}, threw{0};
  std::atomic<bool> may_ask{true}, answer_at_once{false}, throw_bad_alloc{false},
      throw_in_settle{false};

 private:
  Mutex mutex_;
  std::map<std::string, std::function<void(FetchAnswer)>> questions_ SAEF_GUARDED_BY(mutex_);
  std::map<std::string, std::int32_t> settled_ SAEF_GUARDED_BY(mutex_);
};

// What callbacks were called with.
struct Calls {
  std::vector<std::pair<saef_ticket, std::int32_t>> calls;
  static void Note(void* context, saef_ticket ticket, std::int32_t outcome) {
    static_cast<Calls*>(context)->calls.emplace_back(ticket, outcome);
  }
};

struct Bench {
  Maf maf;
  Fetcher fetcher{{.max_in_flight = 4, .max_waiters = 8}, maf};
  Calls calls;

  saef_ticket Begin(const std::string& identity, std::int32_t expected = SAEF_PENDING) {
    saef_ticket ticket = 0;
    const std::int32_t result = fetcher.Begin(0, Identity(identity), Calls::Note, &calls, &ticket);
    BOOST_TEST(result == expected);
    BOOST_TEST((ticket != 0) == (result == SAEF_PENDING));
    return ticket;
  }
};

BOOST_AUTO_TEST_SUITE(fetcher)

BOOST_AUTO_TEST_CASE(one_question_for_all_who_wait) {
  Bench bench;
  const saef_ticket one = bench.Begin("A@m.example");
  const saef_ticket two = bench.Begin("A@m.example");
  const saef_ticket three = bench.Begin("A@M.example");
  BOOST_TEST(bench.maf.asked == 1);
  BOOST_TEST(bench.fetcher.in_flight() == 1u);
  BOOST_TEST(bench.fetcher.waiters() == 3u);
  bench.maf.Reply("A@m.example", SAEF_KEY);
  BOOST_TEST(bench.maf.woken == 1);
  BOOST_TEST(bench.calls.calls.empty());  // only on the plugin's thread
  bench.fetcher.RunCompleted();
  const std::vector<std::pair<saef_ticket, std::int32_t>> expected = {
      {one, SAEF_KEY}, {two, SAEF_KEY}, {three, SAEF_KEY}};
  BOOST_TEST((bench.calls.calls == expected));
  BOOST_TEST(bench.fetcher.in_flight() == 0u);
  BOOST_TEST(bench.fetcher.waiters() == 0u);
  bench.Begin("A@m.example", SAEF_KEY);
  bench.fetcher.RunCompleted();
  BOOST_TEST(bench.calls.calls.size() == 3u);
}

BOOST_AUTO_TEST_CASE(another_spelling_is_another_question) {
  Bench bench;
  bench.Begin("a@m.example");
  bench.Begin("A@m.example");
  BOOST_TEST(bench.maf.asked == 2);
  bench.maf.Reply("a@m.example", SAEF_UNKNOWN);
  bench.fetcher.RunCompleted();
  BOOST_TEST(bench.calls.calls.size() == 1u);
  BOOST_TEST(bench.fetcher.IsInFlight("A@m.example"));
  BOOST_TEST(!bench.fetcher.IsInFlight("a@m.example"));
}

BOOST_AUTO_TEST_CASE(an_answer_within_the_question) {
  Bench bench;
  bench.maf.answer_at_once = true;
  const saef_ticket ticket = bench.Begin("A@m.example");
  BOOST_TEST(bench.calls.calls.empty());
  bench.fetcher.RunCompleted();
  BOOST_REQUIRE(bench.calls.calls.size() == 1u);
  BOOST_TEST(bench.calls.calls[0].first == ticket);
}

BOOST_AUTO_TEST_CASE(cancelled_before_the_answer) {
  Bench bench;
  const saef_ticket ticket = bench.Begin("A@m.example");
  BOOST_TEST(bench.fetcher.Cancel(ticket) == SAEF_DONE);
  BOOST_TEST(bench.fetcher.Cancel(ticket) == SAEF_E_HANDLE);
  // The question goes on, for whoever comes next.
  BOOST_TEST(bench.fetcher.in_flight() == 1u);
  bench.maf.Reply("A@m.example", SAEF_KEY);
  bench.fetcher.RunCompleted();
  BOOST_TEST(bench.calls.calls.empty());
  bench.Begin("A@m.example", SAEF_KEY);
}

BOOST_AUTO_TEST_CASE(cancelled_between_answer_and_callback) {
  Bench bench;
  const saef_ticket one = bench.Begin("A@m.example");
  const saef_ticket two = bench.Begin("A@m.example");
  bench.maf.Reply("A@m.example", SAEF_KEY);
  BOOST_TEST(bench.fetcher.Cancel(one) == SAEF_DONE);
  bench.fetcher.RunCompleted();
  BOOST_REQUIRE(bench.calls.calls.size() == 1u);
  BOOST_TEST(bench.calls.calls[0].first == two);
  BOOST_TEST(bench.fetcher.Cancel(two) == SAEF_E_HANDLE);
}

BOOST_AUTO_TEST_CASE(cancelled_from_within_a_callback) {
  struct Within {
    Fetcher* fetcher;
    saef_ticket other = 0;
    std::vector<std::int32_t> results{};
    static void Cancel(void* context, saef_ticket ticket, std::int32_t /*outcome*/) {
      auto* const within = static_cast<Within*>(context);
      within->results.push_back(within->fetcher->Cancel(ticket));
      within->results.push_back(within->fetcher->Cancel(within->other));
    }
  };
  Bench bench;
  Within within{&bench.fetcher};
  saef_ticket ticket = 0;
  bench.fetcher.Begin(0, Identity("A@m.example"), Within::Cancel, &within, &ticket);
  within.other = bench.Begin("A@m.example");
  bench.maf.Reply("A@m.example", SAEF_KEY);
  bench.fetcher.RunCompleted();
  BOOST_TEST(within.results == (std::vector<std::int32_t>{SAEF_E_HANDLE, SAEF_DONE}),
             boost::test_tools::per_element());
  BOOST_TEST(bench.calls.calls.empty());
}

// A callback that lasts until the test lets it go on.
struct Slow {
  std::atomic<bool> begun{false}, may_end{false}, ended{false};
  static void Run(void* context, saef_ticket /*ticket*/, std::int32_t /*outcome*/) {
    auto* const slow = static_cast<Slow*>(context);
    slow->begun = true;
    while (!slow->may_end) std::this_thread::yield();
    slow->ended = true;
  }
};

BOOST_AUTO_TEST_CASE(cancelling_waits_for_a_running_callback) {
  Bench bench;
  Slow slow;
  saef_ticket ticket = 0;
  bench.fetcher.Begin(0, Identity("A@m.example"), Slow::Run, &slow, &ticket);
  bench.maf.Reply("A@m.example", SAEF_KEY);
  std::thread plugin([&] { bench.fetcher.RunCompleted(); });
  BOOST_TEST(Eventually([&] { return slow.begun.load(); }));
  std::atomic<bool> cancelled{false};
  std::thread host([&] {
    BOOST_TEST(bench.fetcher.Cancel(ticket) == SAEF_E_HANDLE);
    BOOST_TEST(slow.ended);
    cancelled = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  BOOST_TEST(!cancelled);
  slow.may_end = true;
  host.join();
  plugin.join();
}

BOOST_AUTO_TEST_CASE(stopping_waits_for_a_running_callback_and_drops_the_others) {
  Bench bench;
  Slow slow;
  saef_ticket ticket = 0;
  bench.fetcher.Begin(0, Identity("A@m.example"), Slow::Run, &slow, &ticket);
  bench.Begin("A@m.example");
  bench.Begin("B@m.example");
  bench.Begin("C@m.example");
  bench.maf.Reply("A@m.example", SAEF_KEY);
  bench.maf.Reply("B@m.example", SAEF_KEY);
  std::thread plugin([&] { bench.fetcher.RunCompleted(); });
  BOOST_TEST(Eventually([&] { return slow.begun.load(); }));
  std::atomic<bool> stopped{false};
  std::thread host([&] {
    bench.fetcher.Stop();
    BOOST_TEST(slow.ended);
    stopped = true;
  });
  // It has begun: nobody is waited for any more.
  BOOST_TEST(Eventually([&] { return bench.fetcher.waiters() == 0; }));
  BOOST_TEST(!stopped);
  slow.may_end = true;
  host.join();
  plugin.join();
  bench.fetcher.RunCompleted();
  BOOST_TEST(bench.calls.calls.empty());
  // A late answer has nowhere to go, and wakes nobody.
  const int woken = bench.maf.woken;
  bench.maf.Reply("C@m.example", SAEF_KEY);
  BOOST_TEST(bench.maf.woken == woken);
  bench.fetcher.RunCompleted();
  BOOST_TEST(bench.calls.calls.empty());
  bench.Begin("D@m.example", SAEF_UNAVAILABLE);
}

BOOST_AUTO_TEST_CASE(bounds) {
  Bench bench;
  for (const auto* name : {"A@m.example", "B@m.example", "C@m.example", "D@m.example"}) {
    bench.Begin(name);
  }
  bench.Begin("E@m.example", SAEF_UNAVAILABLE);
  for (int i = 0; i < 4; ++i) bench.Begin("A@m.example");
  bench.Begin("A@m.example", SAEF_UNAVAILABLE);
  BOOST_TEST(bench.maf.asked == 4);
  BOOST_TEST(bench.fetcher.waiters() == 8u);
  bench.maf.Reply("A@m.example", SAEF_KEY);
  bench.fetcher.RunCompleted();
  bench.Begin("E@m.example");
  for (const auto* name : {"B@m.example", "C@m.example", "D@m.example", "E@m.example"}) {
    bench.maf.Reply(name, SAEF_UNAVAILABLE);
  }
  bench.fetcher.RunCompleted();
  BOOST_TEST(bench.fetcher.in_flight() == 0u);
  BOOST_TEST(bench.calls.calls.size() == 9u);
}

BOOST_AUTO_TEST_CASE(a_maf_that_is_left_alone) {
  Bench bench;
  bench.Begin("A@m.example");
  bench.maf.may_ask = false;
  bench.Begin("B@m.example", SAEF_UNAVAILABLE);
  bench.Begin("A@m.example");  // what is under way may be waited for
  bench.maf.Reply("A@m.example", SAEF_KEY);
  bench.fetcher.RunCompleted();
  BOOST_TEST(bench.calls.calls.size() == 2u);
}

BOOST_AUTO_TEST_CASE(no_memory_to_ask) {
  Bench bench;
  bench.maf.throw_bad_alloc = true;
  bench.Begin("A@m.example");
  bench.fetcher.RunCompleted();
  BOOST_REQUIRE(bench.calls.calls.size() == 1u);
  BOOST_TEST(bench.calls.calls[0].second == SAEF_UNAVAILABLE);
  BOOST_TEST(bench.fetcher.in_flight() == 0u);
}

BOOST_AUTO_TEST_CASE(no_memory_to_keep_the_answer) {
  Bench bench;
  bench.Begin("A@m.example");
  bench.maf.throw_in_settle = true;
  bench.maf.Reply("A@m.example", SAEF_KEY);
  bench.fetcher.RunCompleted();
  BOOST_REQUIRE(bench.calls.calls.size() == 1u);
  BOOST_TEST(bench.calls.calls[0].second == SAEF_UNAVAILABLE);
}

BOOST_AUTO_TEST_CASE(a_callback_that_throws) {
  Bench bench;
  saef_ticket ticket = 0;
  bench.fetcher.Begin(
      0, Identity("A@m.example"), [](void*, saef_ticket, std::int32_t) { throw 1; }, nullptr,
      &ticket);
  bench.Begin("A@m.example");
  bench.maf.Reply("A@m.example", SAEF_KEY);
  bench.fetcher.RunCompleted();
  BOOST_TEST(bench.maf.threw == 1);
  BOOST_TEST(bench.calls.calls.size() == 1u);
  BOOST_TEST(bench.fetcher.Cancel(ticket) == SAEF_E_HANDLE);
}

BOOST_AUTO_TEST_CASE(a_callback_may_begin_again) {
  struct Again {
    Bench* bench;
    int runs = 0;
    static void Run(void* context, saef_ticket /*ticket*/, std::int32_t /*outcome*/) {
      auto* const again = static_cast<Again*>(context);
      if (++again->runs < 3) {
        saef_ticket next = 0;
        again->bench->fetcher.Begin(0, Identity("A@m.example"), Run, again, &next);
        // Joined to the question that is ending, or a new one: answered either way.
      }
    }
  };
  Bench bench;
  Again again{&bench};
  saef_ticket ticket = 0;
  bench.fetcher.Begin(0, Identity("A@m.example"), Again::Run, &again, &ticket);
  for (int i = 0; i < 3; ++i) {
    bench.maf.Reply("A@m.example", SAEF_UNAVAILABLE);
    bench.fetcher.RunCompleted();
  }
  BOOST_TEST(again.runs == 3);
  BOOST_TEST(bench.maf.asked == 3);
}

BOOST_AUTO_TEST_CASE(many_threads) {
  Bench bench;
  bench.maf.answer_at_once = true;
  std::atomic<bool> stop{false};
  std::thread plugin([&] {
    while (!stop) bench.fetcher.RunCompleted();
    bench.fetcher.RunCompleted();
  });
  std::atomic<int> pending{0}, cancelled{0}, called{0};
  std::vector<std::thread> hosts;
  for (int t = 0; t < 3; ++t) {
    hosts.emplace_back([&, t] {
      for (int i = 0; i < 300; ++i) {
        saef_ticket ticket = 0;
        const auto identity = std::to_string(t * 1000 + i / 2) + "@m.example";
        const std::int32_t result = bench.fetcher.Begin(
            0, Identity(identity),
            [](void* context, saef_ticket, std::int32_t) {
              ++*static_cast<std::atomic<int>*>(context);
            },
            &called, &ticket);
        if (result != SAEF_PENDING) continue;
        ++pending;
        if (i % 3 == 0 && bench.fetcher.Cancel(ticket) == SAEF_DONE) ++cancelled;
      }
    });
  }
  for (auto& host : hosts) host.join();
  stop = true;
  plugin.join();
  BOOST_TEST(called + cancelled == pending);
  BOOST_TEST(bench.fetcher.waiters() == 0u);
  BOOST_TEST(bench.fetcher.in_flight() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
