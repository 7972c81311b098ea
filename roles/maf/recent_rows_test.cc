// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/recent_rows.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

namespace saef::maf {
namespace {

constexpr std::uint64_t kState = 7;

// Texts that go when it does.
struct Texts {
  explicit Texts(const std::string& of)
      : km_id(of + "-km"), source_id(of + "-source"), targets(of + "-targets"), sealed(40, 's') {}
  KeyRow row() const {
    KeyRow row{.suid = onem2m::Suid::kMafEsPrim, .source_km_id = km_id};
    row.source = KeyView::Source{source_id, onem2m::EntityKind::kCse};
    row.targets = targets;
    row.expires = onem2m::Time(std::chrono::seconds(5));
    row.sealed = sealed;
    return row;
  }
  std::string km_id, source_id, targets;
  std::vector<std::uint8_t> sealed;
};

void PutTwice(RecentRows& rows, const std::string& id, std::uint64_t state = kState) {
  for (int i = 0; i < 2; ++i) rows.Put(id, Texts(id).row(), state);
}

BOOST_AUTO_TEST_SUITE(recent_rows)

BOOST_AUTO_TEST_CASE(a_row_that_is_put_again_is_kept) {
  RecentRows rows;
  BOOST_TEST(rows.Find("A", kState) == nullptr);
  rows.Put("A", Texts("A").row(), kState);
  BOOST_TEST(rows.Find("A", kState) == nullptr);
  rows.Put("A", Texts("A").row(), kState);
  const KeyRow* const row = rows.Find("A", kState);
  BOOST_REQUIRE(row != nullptr);
  BOOST_TEST((row->suid == onem2m::Suid::kMafEsPrim));
  BOOST_TEST(row->source_km_id == "A-km");
  BOOST_REQUIRE(row->source.has_value());
  BOOST_TEST(row->source->id == "A-source");
  BOOST_TEST((row->source->kind == onem2m::EntityKind::kCse));
  BOOST_TEST(row->targets == "A-targets");
  BOOST_TEST(row->expires.time_since_epoch().count() == 5);
  BOOST_TEST(row->sealed.size() == 40u);
  BOOST_TEST(row->sealed.back() == 's');
  BOOST_TEST(rows.Find("B", kState) == nullptr);
}

BOOST_AUTO_TEST_CASE(without_a_source_s_identity) {
  RecentRows rows;
  for (int i = 0; i < 2; ++i) {
    const Texts texts("A");
    KeyRow row = texts.row();
    row.source.reset();
    rows.Put("A", row, kState);
  }
  BOOST_REQUIRE(rows.Find("A", kState) != nullptr);
  BOOST_TEST(!rows.Find("A", kState)->source.has_value());
}

BOOST_AUTO_TEST_CASE(it_counts_for_its_state_alone) {
  RecentRows rows;
  PutTwice(rows, "A");
  BOOST_TEST(rows.Find("A", kState + 1) == nullptr);
  BOOST_TEST(rows.Find("A", kState) != nullptr);
  // Who has asked before is known in the next state.
  rows.Put("A", Texts("A").row(), kState + 1);
  BOOST_TEST(rows.Find("A", kState + 1) != nullptr);
  BOOST_TEST(rows.Find("A", kState) == nullptr);
}

// Each is itself or gone, however many there are.
BOOST_AUTO_TEST_CASE(places_are_shared) {
  RecentRows rows;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < 4 * RecentRows::kPlaces; ++i) ids.push_back("K" + std::to_string(i));
  for (const std::string& id : ids) PutTwice(rows, id);
  std::size_t kept = 0;
  for (const std::string& id : ids) {
    const KeyRow* const row = rows.Find(id, kState);
    if (row == nullptr) continue;
    ++kept;
    BOOST_REQUIRE(row->source_km_id == id + "-km");
  }
  BOOST_TEST(kept <= RecentRows::kPlaces);
  BOOST_TEST(kept > RecentRows::kPlaces / 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::maf
