// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_table.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <string>

#include "plugin/keyed_hash.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using std::chrono::seconds;

struct Known {
  std::string key;
  TimePoint end;
};

std::uint64_t HashOf(const PskIdentity& identity) { return KeyedHash{}(identity.canonical()); }

std::size_t Put(KeyTable& table, const std::string& identity, const std::string& key,
                TimePoint end) {
  return table.Insert(HashOf(Identity(identity)), Identity(identity), MakeRecord(key, end), end);
}
KeyTable::Number Look(const KeyTable& table, const std::string& identity) {
  return table.Find(HashOf(Identity(identity)), Identity(identity).canonical());
}
std::string KeyOf(const KeyTable& table, KeyTable::Number number) {
  const auto key = table.key(number);
  return std::string(key.begin(), key.end());
}

// Identities that fit into an entry and such that don't.
std::string Name(std::size_t i) {
  return "K" + std::to_string(i) + (i % 3 == 0 ? std::string(60, 'X') : "") + "@m.example";
}
// Keys that fit into a cell and such that don't.
std::string Key(std::size_t seed) {
  return std::string(16 + seed % 49, static_cast<char>('a' + seed % 26));
}

// Is the table what it should be?
void Compare(const KeyTable& table, const std::map<std::string, Known>& known) {
  BOOST_REQUIRE(table.size() == known.size());
  TimePoint first = kNever;
  for (const auto& [name, what] : known) {
    const KeyTable::Number number = Look(table, name);
    BOOST_REQUIRE(number != KeyTable::kNone);
    BOOST_REQUIRE(KeyOf(table, number) == what.key);
    BOOST_REQUIRE((table.entry(number).end == what.end));
    first = std::min(first, what.end);
  }
  BOOST_REQUIRE((table.first() == KeyTable::kNone) == known.empty());
  if (!known.empty()) BOOST_REQUIRE((table.entry(table.first()).end == first));
}

BOOST_AUTO_TEST_SUITE(key_table)

BOOST_AUTO_TEST_CASE(is_a_map_whatever_happens) {
  std::mt19937_64 random(7);
  KeyTable table(100000);
  std::map<std::string, Known> known;
  for (int step = 0; step < 6000; ++step) {
    const std::string name = Name(random() % 500);
    if (random() % 3 == 0) {
      const KeyTable::Number number = Look(table, name);
      BOOST_REQUIRE((number == KeyTable::kNone) == !known.contains(name));
      if (number != KeyTable::kNone) table.Erase(number);
      known.erase(name);
    } else {
      const Known fresh{Key(random()), kStart + seconds(random() % 1000)};
      BOOST_REQUIRE(Put(table, name, fresh.key, fresh.end) == 0u);
      known[name] = fresh;
    }
    if (step % 100 == 0) Compare(table, known);
  }
  Compare(table, known);
  // In the order of their ends, to the last.
  TimePoint last = kStart;
  while (table.first() != KeyTable::kNone) {
    const TimePoint end = table.entry(table.first()).end;
    BOOST_REQUIRE((end >= last));
    last = end;
    table.Erase(table.first());
  }
  BOOST_TEST(table.size() == 0u);
}

BOOST_AUTO_TEST_CASE(keeps_its_bound_and_what_is_used) {
  KeyTable table(40);
  for (std::size_t i = 0; i < 40; ++i) BOOST_TEST(Put(table, Name(i), Key(i), kStart) == 0u);
  for (std::size_t i = 0; i < 20; ++i) table.entry(Look(table, Name(i))).used = true;
  for (std::size_t i = 100; i < 120; ++i) BOOST_TEST(Put(table, Name(i), Key(i), kStart) == 1u);
  BOOST_TEST(table.size() == 40u);
  for (std::size_t i = 0; i < 40; ++i) {
    BOOST_TEST((Look(table, Name(i)) != KeyTable::kNone) == (i < 20));
  }
  // All are used: one has to go all the same.
  for (std::size_t i = 0; i < 20; ++i) table.entry(Look(table, Name(i))).used = true;
  for (std::size_t i = 100; i < 120; ++i) table.entry(Look(table, Name(i))).used = true;
  BOOST_TEST(Put(table, Name(200), Key(200), kStart) == 1u);
  BOOST_TEST(table.size() == 40u);
}

BOOST_AUTO_TEST_CASE(facts_and_spelling_stay) {
  KeyTable table(10);
  auto source = std::make_shared<Source>();
  source->credential_id = "11-ae1@m.example";
  const PskIdentity identity = Identity("ab@m.example");
  table.Insert(HashOf(identity), identity, MakeRecord(Key(1), kStart, source), kStart);
  const KeyTable::Number number = Look(table, "AB@m.example");
  BOOST_TEST(table.as_sent(number) == "ab@m.example");
  BOOST_TEST(table.rest(number).facts.MakeSource()->credential_id == "11-ae1@m.example");
  // What is spelt as most are isn't kept twice.
  Put(table, "CD@m.example", Key(1), kStart);
  BOOST_TEST(table.rest(Look(table, "CD@m.example")).facts.as_sent().empty());
  BOOST_TEST(table.as_sent(Look(table, "CD@m.example")) == "CD@m.example");
  static_assert(sizeof(KeyTable::Entry) == kCacheLine);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_gone_is_wiped) {
  KeyTable table(10);
  Put(table, "A@m.example", std::string(32, 'k'), kStart);
  const auto key = table.key(Look(table, "A@m.example"));
  BOOST_TEST(key[31] == 'k');
  table.Erase(Look(table, "A@m.example"));
  BOOST_TEST(std::all_of(key.begin(), key.end(), [](std::uint8_t octet) { return octet == 0; }));
  // Also where another, shorter one takes its place.
  Put(table, "A@m.example", std::string(32, 'k'), kStart);
  Put(table, "A@m.example", std::string(16, 'l'), kStart);
  const std::span whole(table.key(Look(table, "A@m.example")).data(), 32);
  BOOST_TEST(std::none_of(whole.begin(), whole.end(), [](std::uint8_t c) { return c == 'k'; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
