// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/refusal_budget.h"

#include <boost/test/unit_test.hpp>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kPerSecond = 5;
constexpr int kStock = kPerSecond * static_cast<int>(RefusalBudget::kStock.count());

struct Budget {
  // How many are refused one after the other until nothing may be asked any more.
  int Exhaust(TimePoint now) {
    int refused = 0;
    while (budget.MayAsk(now)) {
      told += budget.Refused(now) ? 1 : 0;
      ++refused;
    }
    return refused;
  }
  RefusalBudget budget{kPerSecond};
  int told = 0;
};

BOOST_FIXTURE_TEST_SUITE(refusal_budget, Budget)

BOOST_AUTO_TEST_CASE(a_stock_at_once_and_then_the_rate) {
  BOOST_TEST(Exhaust(kStart) == kStock);
  BOOST_TEST(!budget.MayAsk(kStart + milliseconds(199)));
  BOOST_TEST(budget.MayAsk(kStart + milliseconds(200)));
  BOOST_TEST(Exhaust(kStart + seconds(2)) == 2 * kPerSecond);
}

BOOST_AUTO_TEST_CASE(it_refills_no_further_than_the_stock) {
  Exhaust(kStart);
  BOOST_TEST(Exhaust(kStart + seconds(1000)) == kStock);
}

BOOST_AUTO_TEST_CASE(what_was_under_way_is_paid_for_later) {
  Exhaust(kStart);
  for (int i = 0; i < kPerSecond; ++i) budget.Refused(kStart);
  BOOST_TEST(!budget.MayAsk(kStart + seconds(1)));
  BOOST_TEST(budget.MayAsk(kStart + milliseconds(1200)));
}

BOOST_AUTO_TEST_CASE(it_is_told_about_when_the_stock_is_empty) {
  for (int i = 1; i < kStock; ++i) BOOST_TEST(!budget.Refused(kStart));
  BOOST_TEST(budget.Refused(kStart));
}

BOOST_AUTO_TEST_CASE(it_is_told_about_once_a_minute) {
  Exhaust(kStart);
  BOOST_TEST(told == 1);
  Exhaust(kStart + seconds(30));
  BOOST_TEST(told == 1);
  Exhaust(kStart + seconds(60));
  BOOST_TEST(told == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
