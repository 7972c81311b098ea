// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/client_window.h"

#include <boost/test/unit_test.hpp>

namespace saef::coap {
namespace {

constexpr Clock::time_point kCalm{std::chrono::hours(1000)};

void Answer(ClientWindow& window, std::size_t times) {
  for (std::size_t i = 0; i < times; ++i) window.Answered();
}

BOOST_AUTO_TEST_SUITE(client_window)

BOOST_AUTO_TEST_CASE(it_doubles_in_a_round_trip_up_to_its_bound) {
  ClientWindow window(5000);
  BOOST_TEST(window.size() == ClientWindow::kFirst);
  Answer(window, window.size());
  BOOST_TEST(window.size() == 2 * ClientWindow::kFirst);
  Answer(window, 100000);
  BOOST_TEST(window.size() == 5000u);
}

BOOST_AUTO_TEST_CASE(a_small_bound_holds_from_the_beginning) {
  ClientWindow window(1);
  BOOST_TEST(window.size() == 1u);
  Answer(window, 10);
  BOOST_TEST(window.size() == 1u);
  window.SentAgain(kCalm);
  BOOST_TEST(window.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_loss_halves_it_once_and_it_grows_slowly_afterwards) {
  ClientWindow window(1000);
  Answer(window, 1000);
  window.SentAgain(kCalm);
  window.SentAgain(kCalm + std::chrono::milliseconds(900));
  BOOST_TEST(window.size() == 500u);
  Answer(window, 499);
  BOOST_TEST(window.size() == 500u);
  Answer(window, 1);
  BOOST_TEST(window.size() == 501u);
  Answer(window, 500);
  BOOST_TEST(window.size() == 501u);
  Answer(window, 1);
  BOOST_TEST(window.size() == 502u);
  // Answers from before a loss don't count after it.
  Answer(window, 501);
  window.SentAgain(kCalm + ClientWindow::kOneLoss);
  BOOST_TEST(window.size() == 251u);
  Answer(window, 250);
  BOOST_TEST(window.size() == 251u);
  window.SentAgain(kCalm + 2 * ClientWindow::kOneLoss);
  BOOST_TEST(window.size() == 125u);
  for (int i = 3; i < 20; ++i) window.SentAgain(kCalm + i * ClientWindow::kOneLoss);
  BOOST_TEST(window.size() == ClientWindow::kLeast);
}

// The clock begins when the machine does.
BOOST_AUTO_TEST_CASE(the_first_loss_counts_whenever_it_is) {
  ClientWindow window(5000);
  window.SentAgain(Clock::time_point() + std::chrono::milliseconds(1));
  BOOST_TEST(window.size() == ClientWindow::kFirst / 2);
}

BOOST_AUTO_TEST_CASE(a_new_session_begins_anew) {
  ClientWindow window(5000);
  window.SentAgain(kCalm);
  window.Reset();
  BOOST_TEST(window.size() == ClientWindow::kFirst);
  Answer(window, 1);
  BOOST_TEST(window.size() == ClientWindow::kFirst + 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::coap
