// SPDX-License-Identifier: BSD-2-Clause
//
// The gate's waiters, against a plugin that calls back when it shouldn't.
extern "C" {
#include "core-adapter/src/waiters.h"
}

#include <boost/test/unit_test.hpp>
#include <vector>

#include "tests/abi/failing_malloc.h"

namespace saef::abi_test {
namespace {

struct Waiters {
  struct Asked {
    saef_lookup_callback callback;
    void *context;
    saef_ticket ticket;
    void Answer(int32_t outcome) const { callback(context, ticket, outcome); }
  };

  Waiters() {
    api.size = sizeof(api);
    api.lookup_async = [](saef_instance *instance, const uint8_t *, size_t,
                          saef_lookup_callback callback, void *context, saef_ticket *ticket) {
      auto *self = reinterpret_cast<Waiters *>(instance);
      *ticket = self->asked.size() + 1;
      self->asked.push_back({callback, context, *ticket});
      return static_cast<int32_t>(SAEF_PENDING);
    };
    api.lookup_cancel = [](saef_instance *, saef_ticket) {
      return static_cast<int32_t>(SAEF_E_HANDLE);
    };
    arguments.size = sizeof(arguments);
    arguments.api = &api;
    arguments.instance = reinterpret_cast<saef_instance *>(this);
    arguments.context = this;
    arguments.wake = [](void *context) { ++static_cast<Waiters *>(context)->wakes; };
    BOOST_REQUIRE(saef_waiters_init(&waiters, &arguments) == 1);
  }
  ~Waiters() { saef_waiters_destroy(&waiters); }
  saef_waiter *Ask() {
    saef_waiter *const waiter = saef_waiters_take(&waiters, nullptr);
    BOOST_REQUIRE(waiter != nullptr);
    const uint8_t identity = 'a';
    BOOST_TEST(saef_waiter_ask(waiter, &identity, 1) == SAEF_PENDING);
    return waiter;
  }
  // Gives all back whose answers have come.
  std::vector<int32_t> Collect() {
    saef_waiter_list answered = TAILQ_HEAD_INITIALIZER(answered);
    saef_waiters_collect(&waiters, &answered);
    std::vector<int32_t> outcomes;
    while (saef_waiter *const waiter = TAILQ_FIRST(&answered)) {
      TAILQ_REMOVE(&answered, waiter, answer);
      outcomes.push_back(waiter->outcome);
      saef_waiter_give_back(waiter);
    }
    return outcomes;
  }

  std::vector<Asked> asked;
  int wakes = 0;
  saef_api api = {};
  saef_gate_arguments arguments = {};
  saef_waiters waiters = {};
};
using Outcomes = std::vector<int32_t>;

BOOST_FIXTURE_TEST_SUITE(gate_waiters, Waiters)

BOOST_AUTO_TEST_CASE(answers_are_collected_in_order_and_wake_once) {
  Ask();
  Ask();
  asked[1].Answer(SAEF_UNKNOWN);
  asked[0].Answer(SAEF_KEY);
  BOOST_TEST(wakes == 1);
  BOOST_TEST((Collect() == Outcomes{SAEF_UNKNOWN, SAEF_KEY}));
  BOOST_TEST((Collect() == Outcomes{}));
  Ask();
  asked[2].Answer(SAEF_DENIED);
  BOOST_TEST(wakes == 2);
  BOOST_TEST((Collect() == Outcomes{SAEF_DENIED}));
}

BOOST_AUTO_TEST_CASE(second_answer_of_a_ticket_is_none) {
  Ask();
  asked[0].Answer(SAEF_UNKNOWN);
  asked[0].Answer(SAEF_KEY);
  BOOST_TEST((Collect() == Outcomes{SAEF_UNKNOWN}));
  asked[0].Answer(SAEF_KEY);
  BOOST_TEST((Collect() == Outcomes{}));
}

BOOST_AUTO_TEST_CASE(answer_to_a_cancelled_one_finds_nobody) {
  saef_waiter *const first = Ask();
  saef_waiter_cancel(first);
  asked[0].Answer(SAEF_KEY);
  BOOST_TEST((Collect() == Outcomes{}));
  saef_waiter *const second = Ask();
  BOOST_TEST(second == first);  // else this shows nothing
  asked[0].Answer(SAEF_KEY);
  BOOST_TEST((Collect() == Outcomes{}));
  asked[1].Answer(SAEF_DENIED);
  BOOST_TEST((Collect() == Outcomes{SAEF_DENIED}));
}

BOOST_AUTO_TEST_CASE(cancelled_with_its_answer_queued) {
  saef_waiter *const first = Ask();
  Ask();
  asked[0].Answer(SAEF_KEY);
  asked[1].Answer(SAEF_UNKNOWN);
  saef_waiter_cancel(first);
  BOOST_TEST((Collect() == Outcomes{SAEF_UNKNOWN}));
}

BOOST_AUTO_TEST_CASE(memory_is_asked_for_once_in_64) {
  const size_t before = Allocations();
  for (int i = 0; i < 64; ++i) {
    BOOST_REQUIRE(saef_waiters_take(&waiters, nullptr) != nullptr);
  }
  BOOST_TEST(Allocations() == before);
  {
    FailAllocation failing(1);
    saef_waiter *const none = saef_waiters_take(&waiters, nullptr);
    failing.Stop();
    BOOST_TEST(none == nullptr);
  }
  BOOST_TEST(saef_waiters_take(&waiters, nullptr) != nullptr);
  saef_waiters other = {};
  FailAllocation failing(1);
  const int made = saef_waiters_init(&other, &arguments);
  failing.Stop();
  BOOST_TEST(made == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::abi_test
