// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/refusals.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "plugin/test_support.h"
#include "saef/plugin.h"

namespace saef::plugin {
namespace {

using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(remembers_for_a_while) {
  Refusals refusals({.max_refusals = 10, .duration = seconds(10)});
  refusals.Remember("a@m", SAEF_UNKNOWN, kStart);
  BOOST_TEST(refusals.Find("a@m", kStart + seconds(9)).value() == SAEF_UNKNOWN);
  BOOST_TEST(!refusals.Find("a@m", kStart + seconds(10)).has_value());
  BOOST_TEST(!refusals.Find("A@m", kStart).has_value());
}

BOOST_AUTO_TEST_CASE(counts_from_the_last_time) {
  Refusals refusals({.max_refusals = 10, .duration = seconds(10)});
  refusals.Remember("a@m", SAEF_UNKNOWN, kStart);
  refusals.Remember("a@m", SAEF_DENIED, kStart + seconds(5));
  BOOST_TEST(refusals.Find("a@m", kStart + seconds(14)).value() == SAEF_DENIED);
  BOOST_TEST(refusals.size() == 1u);
}

BOOST_AUTO_TEST_CASE(forgets_the_oldest_for_room) {
  Refusals refusals({.max_refusals = 2, .duration = seconds(10)});
  refusals.Remember("a@m", SAEF_UNKNOWN, kStart);
  refusals.Remember("b@m", SAEF_UNKNOWN, kStart);
  refusals.Remember("a@m", SAEF_UNKNOWN, kStart + seconds(1));
  refusals.Remember("c@m", SAEF_UNKNOWN, kStart + seconds(1));
  BOOST_TEST(refusals.size() == 2u);
  BOOST_TEST(refusals.Find("a@m", kStart + seconds(1)).has_value());
  BOOST_TEST(!refusals.Find("b@m", kStart + seconds(1)).has_value());
}

BOOST_AUTO_TEST_CASE(forgets_in_the_order_in_which_they_came) {
  Refusals refusals({.max_refusals = 2, .duration = seconds(10)});
  const std::string names[] = {"a@m", "b@m", "c@m", "d@m", "e@m"};
  for (const std::string& name : names) refusals.Remember(name, SAEF_UNKNOWN, kStart);
  BOOST_TEST(refusals.size() == 2u);
  for (const std::string& name : names) {
    BOOST_TEST(refusals.Find(name, kStart).has_value() == (name >= "d@m"), name);
  }
}

BOOST_AUTO_TEST_CASE(what_was_forgotten_takes_no_room) {
  Refusals refusals({.max_refusals = 2, .duration = seconds(10)});
  refusals.Remember("a@m", SAEF_UNKNOWN, kStart);
  refusals.Forget("a@m");
  refusals.Remember("a@m", SAEF_DENIED, kStart);
  refusals.Remember("b@m", SAEF_UNKNOWN, kStart);
  BOOST_TEST(refusals.Find("a@m", kStart).value_or(0) == SAEF_DENIED);
  BOOST_TEST(refusals.Find("b@m", kStart).has_value());
}

BOOST_AUTO_TEST_CASE(lets_go_of_what_has_ended) {
  Refusals refusals({.max_refusals = 10, .duration = seconds(10)});
  refusals.Remember("a@m", SAEF_UNKNOWN, kStart);
  refusals.Remember("b@m", SAEF_UNKNOWN, kStart + seconds(10));
  BOOST_TEST(refusals.size() == 1u);
}

BOOST_AUTO_TEST_CASE(forgets_when_told) {
  Refusals refusals({});
  refusals.Remember("a@m", SAEF_UNKNOWN, kStart);
  refusals.Forget("b@m");
  refusals.Forget("a@m");
  BOOST_TEST(refusals.size() == 0u);
  BOOST_TEST(!refusals.Find("a@m", kStart).has_value());
}

BOOST_AUTO_TEST_CASE(remembers_nothing_for_no_time) {
  Refusals refusals({.max_refusals = 10, .duration = seconds(0)});
  refusals.Remember("a@m", SAEF_UNKNOWN, kStart);
  BOOST_TEST(refusals.size() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
