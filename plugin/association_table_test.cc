// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/association_table.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using std::chrono::seconds;
using Association = AssociationTable::Association;

PackedFacts FactsUntil(TimePoint expires) {
  auto source = std::make_shared<Source>();
  source->credential_id = "11-a@m";
  return KeyFacts{std::move(source), expires};
}

Association* Open(AssociationTable& table, std::string_view identity, int expires = 100) {
  return table.Open(identity, FactsUntil(kStart + seconds(expires)));
}

std::vector<saef_association> Named(const AssociationTable& table, std::string_view identity) {
  std::vector<saef_association> ids;
  table.VisitNamed(identity, [&ids](const Association& found) { ids.push_back(found.id); });
  std::sort(ids.begin(), ids.end());
  return ids;
}

BOOST_AUTO_TEST_SUITE(association_table)

BOOST_AUTO_TEST_CASE(finds_what_is_open_and_nothing_else) {
  AssociationTable table(100);
  const saef_association one = Open(table, "A@m")->id;
  const saef_association two = Open(table, "B@m")->id;
  BOOST_TEST(one != SAEF_NO_ASSOCIATION);
  BOOST_TEST(table.size() == 2);
  BOOST_TEST(table.Find(one)->identity() == "A@m");
  BOOST_TEST(table.Find(two)->identity() == "B@m");
  table.Close(*table.Find(one));
  BOOST_TEST(table.size() == 1);
  BOOST_TEST((table.Find(one) == nullptr));
  // Nor what isn't there yet: the next one in that place, or in any other.
  for (saef_association id = 0; id < 1000; ++id) {
    BOOST_TEST_REQUIRE((id == two || table.Find(id) == nullptr));
  }
  BOOST_TEST((table.Find(UINT64_MAX) == nullptr));
  BOOST_TEST((table.Find(SAEF_NO_ASSOCIATION) == nullptr));
}

BOOST_AUTO_TEST_CASE(identifiers_never_come_again) {
  AssociationTable table(3);
  std::set<saef_association> seen;
  for (int i = 0; i < 100; ++i) {
    Association* const one = Open(table, "A@m");
    Association* const two = Open(table, "A@m");
    BOOST_TEST(seen.insert(one->id).second);
    BOOST_TEST(seen.insert(two->id).second);
    table.Close(i % 2 == 0 ? *one : *two);
    table.Close(i % 2 == 0 ? *two : *one);
  }
}

// A place's number is used so often, and then no more; others are.
BOOST_AUTO_TEST_CASE(a_place_whose_identifiers_are_used_up_is_left) {
  constexpr std::uint64_t kAllUses = UINT64_MAX / 2;  // of one of two places
  AssociationTable table(2, kAllUses - 2);
  std::set<saef_association> seen;
  for (int i = 0; i < 4; ++i) {
    Association* const opened = Open(table, "A@m");
    BOOST_TEST_REQUIRE((opened != nullptr));
    BOOST_TEST(seen.insert(opened->id).second);
    BOOST_TEST((table.Find(opened->id) == opened));
    table.Close(*opened);
  }
  BOOST_TEST((Open(table, "A@m") == nullptr));
  BOOST_TEST(table.size() == 0);
}

BOOST_AUTO_TEST_CASE(holds_as_many_as_it_may) {
  for (const std::size_t max : {1, 2, 64, 65, 200}) {
    AssociationTable table(max);
    std::vector<saef_association> ids;
    for (std::size_t i = 0; i < max; ++i) ids.push_back(Open(table, "A@m")->id);
    BOOST_TEST((Open(table, "A@m") == nullptr));
    BOOST_TEST(Named(table, "a@M").size() == max);
    for (const saef_association id : ids) table.Close(*table.Find(id));
    BOOST_TEST(Named(table, "a@M").empty());
    BOOST_TEST((Open(table, "A@m") != nullptr));
  }
}

BOOST_AUTO_TEST_CASE(knows_identities_whatever_their_length) {
  AssociationTable table(10);
  for (const std::size_t length : {1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 300}) {
    const std::string sent = std::string(length, 'x') + "Ab@m";
    const saef_association id = Open(table, sent)->id;
    BOOST_TEST(table.Find(id)->identity() == sent);
    BOOST_TEST(Named(table, std::string(length, 'X') + "aB@M") == std::vector<saef_association>{id},
               boost::test_tools::per_element());
    BOOST_TEST(Named(table, std::string(length, 'X') + "aC@M").empty());
    BOOST_TEST(Named(table, std::string(length, 'X')).empty());
    // A short one may come after a long one.
    table.Close(*table.Find(id));
  }
}

BOOST_AUTO_TEST_CASE(of_one_piece_of_facts_each_is_found) {
  AssociationTable table(10);
  const PackedFacts facts = FactsUntil(kStart);
  const saef_association one = table.Open("A@m", PackedFacts(facts))->id;
  const saef_association two = table.Open("a@m", PackedFacts(facts))->id;
  BOOST_TEST(Named(table, "A@M") == (std::vector<saef_association>{one, two}),
             boost::test_tools::per_element());
}

// Against what is written down beside it.
BOOST_AUTO_TEST_CASE(keeps_order_as_they_come_and_go) {
  constexpr int kNames = 20;
  std::minstd_rand random(7);
  AssociationTable table(300);
  struct Known {
    int name;
    TimePoint due;
  };
  std::map<saef_association, Known> known;
  const auto any = [&] {
    auto it = known.begin();
    std::advance(it, static_cast<std::ptrdiff_t>(random() % known.size()));
    return it;
  };
  for (int i = 0; i < 5000; ++i) {
    const auto what = random() % 8;
    if (what < 4 && known.size() < 300) {
      const int name = static_cast<int>(random() % kNames);
      const int end = static_cast<int>(random() % 50);
      const Association* opened = Open(table, std::to_string(name) + "n@m", end);
      BOOST_TEST_REQUIRE(known.emplace(opened->id, Known{name, kStart + seconds(end)}).second);
    } else if (what < 6 && !known.empty()) {
      const auto it = any();
      table.Close(*table.Find(it->first));
      known.erase(it);
    } else if (what == 6 && !known.empty()) {
      const auto it = any();
      it->second.due = random() % 4 == 0 ? kNever : kStart + seconds(random() % 50);
      if (it->second.due == kNever) {
        table.SetNotDue(*table.Find(it->first));
      } else {
        table.SetDue(*table.Find(it->first), it->second.due);
      }
    }
    TimePoint first = kNever;
    std::size_t due = 0;
    std::size_t of_name = 0;
    for (const auto& [id, is] : known) {
      first = std::min(first, is.due);
      due += is.due <= kStart + seconds(10) ? 1 : 0;
      of_name += is.name == i % kNames ? 1 : 0;
    }
    BOOST_TEST_REQUIRE((table.next_due_time() == first));
    BOOST_TEST_REQUIRE(table.CountDue(kStart + seconds(10)) == due);
    BOOST_TEST_REQUIRE(table.size() == known.size());
    BOOST_TEST_REQUIRE(Named(table, std::to_string(i % kNames) + "N@M").size() == of_name);
    if (first != kNever) BOOST_TEST_REQUIRE((known.at(table.next_due()->id).due == first));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
