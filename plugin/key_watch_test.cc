// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_watch.h"

#include <boost/test/unit_test.hpp>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Ids = std::vector<std::uint64_t>;

KeyWatch::ObservationPtr Observed(const std::string& key, std::uint64_t id,
                                  seconds lifetime = seconds(100)) {
  auto observation = std::make_shared<KeyWatch::Observation>(Identity(key + "@maf.example.com"));
  observation->id = id;
  observation->since = kStart;
  observation->expires = kStart + lifetime;
  return observation;
}

BOOST_AUTO_TEST_SUITE(key_watch)

BOOST_AUTO_TEST_CASE(within_a_bound) {
  KeyWatch watch(2);
  BOOST_TEST(watch.MayBegin(kStart));
  const auto first = Observed("A", 1);
  watch.Add(first);
  watch.Add(Observed("B", 2));
  BOOST_TEST(!watch.MayBegin(kStart));
  watch.Remove(first);
  watch.Remove(first);
  BOOST_TEST(watch.MayBegin(kStart));
  BOOST_TEST(watch.size() == 1u);
  BOOST_TEST(watch.TakeToCancel(kStart).empty());
  BOOST_TEST(!KeyWatch(0).MayBegin(kStart));
}

BOOST_AUTO_TEST_CASE(one_of_a_key_and_until_it_ends) {
  KeyWatch watch(9);
  const auto old = Observed("A", 1);
  const auto fresh = Observed("a", 2);
  watch.Add(old);
  watch.Add(fresh);
  BOOST_TEST(watch.size() == 1u);
  BOOST_TEST(!watch.Has(old));
  BOOST_TEST(watch.Has(fresh));
  BOOST_TEST(watch.TakeToCancel(kStart) == Ids{1});
  // What the old one does any more changes nothing.
  watch.Remove(old);
  watch.Lost(old, kStart + minutes(1));
  BOOST_TEST(watch.Has(fresh));
  BOOST_TEST(watch.TakeToCancel(kStart + seconds(99)).empty());
  BOOST_TEST(watch.TakeToCancel(kStart + seconds(100)) == Ids{2});
  BOOST_TEST(watch.TakeToCancel(kStart + seconds(100)).empty());
  BOOST_TEST(watch.size() == 0u);
}

BOOST_AUTO_TEST_CASE(what_has_no_number_yet_is_cancelled_later) {
  KeyWatch watch(9);
  const auto observation = Observed("A", 0);
  watch.Add(observation);
  watch.GiveUp(observation);
  BOOST_TEST(watch.size() == 0u);
  BOOST_TEST(watch.TakeToCancel(kStart).empty());
  observation->id = 7;
  BOOST_TEST(watch.TakeToCancel(kStart) == Ids{7});
}

BOOST_AUTO_TEST_CASE(a_maf_that_ends_its_sessions_is_left_unobserved_for_a_while) {
  KeyWatch watch(9);
  const auto lasting = Observed("A", 1);
  watch.Add(lasting);
  watch.Lost(lasting, kStart + KeyWatch::kShort);
  BOOST_TEST(watch.MayBegin(kStart + KeyWatch::kShort));
  const auto brief = Observed("B", 2);
  watch.Add(brief);
  watch.Lost(brief, kStart + seconds(1));
  BOOST_TEST(watch.size() == 0u);
  BOOST_TEST(!watch.MayBegin(kStart + seconds(2)));
  BOOST_TEST(watch.MayBegin(kStart + seconds(1) + KeyWatch::kPause));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
