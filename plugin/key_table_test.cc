// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_table.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <string>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using std::chrono::seconds;

struct Known {
  std::string key;
  TimePoint end;
};

// Of two issuers, by the last letter.
CachedName NameOf(const std::string& relative) {
  return CachedName(relative, relative.back() == 'Z' ? 1 : 0);
}

std::size_t Put(KeyTable& table, const std::string& relative, const std::string& key,
                TimePoint end) {
  return table.Insert(NameOf(relative), relative, MakeRecord(key, end), end);
}
KeyTable::Number Find(const KeyTable& table, const std::string& relative) {
  return table.Find(NameOf(relative));
}
std::string KeyOf(const KeyTable& table, KeyTable::Number number) {
  std::string key(table.key_length(number), '\0');
  table.CopyWholeKey(number, {reinterpret_cast<std::uint8_t*>(key.data()), key.size()});
  return key;
}

// Names that fit into an entry and such that don't.
std::string Name(std::size_t i) {
  return "K" + std::to_string(i) + (i % 3 == 0 ? std::string(60, 'X') : "") +
         (i % 2 == 0 ? "Z" : "Y");
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
    const KeyTable::Number number = Find(table, name);
    BOOST_REQUIRE(number != KeyTable::kNone);
    BOOST_REQUIRE(KeyOf(table, number) == what.key);
    BOOST_REQUIRE((table.entry(number).end() == what.end));
    first = std::min(first, what.end);
  }
  BOOST_REQUIRE((table.first() == KeyTable::kNone) == known.empty());
  if (!known.empty()) BOOST_REQUIRE((table.entry(table.first()).end() == first));
}

BOOST_AUTO_TEST_SUITE(key_table)

BOOST_AUTO_TEST_CASE(is_a_map_whatever_happens) {
  std::mt19937_64 random(7);
  KeyTable table(100000);
  std::map<std::string, Known> known;
  for (int step = 0; step < 6000; ++step) {
    const std::string name = Name(random() % 500);
    if (random() % 3 == 0) {
      const KeyTable::Number number = Find(table, name);
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
    const TimePoint end = table.entry(table.first()).end();
    BOOST_REQUIRE((end >= last));
    last = end;
    table.Erase(table.first());
  }
  BOOST_TEST(table.size() == 0u);
}

BOOST_AUTO_TEST_CASE(keeps_its_bound_and_what_is_used) {
  KeyTable table(40);
  for (std::size_t i = 0; i < 40; ++i) BOOST_TEST(Put(table, Name(i), Key(i), kStart) == 0u);
  for (std::size_t i = 0; i < 20; ++i) table.entry(Find(table, Name(i))).used = true;
  for (std::size_t i = 100; i < 120; ++i) BOOST_TEST(Put(table, Name(i), Key(i), kStart) == 1u);
  BOOST_TEST(table.size() == 40u);
  for (std::size_t i = 0; i < 40; ++i) {
    BOOST_TEST((Find(table, Name(i)) != KeyTable::kNone) == (i < 20));
  }
  // All are used: one has to go all the same.
  for (std::size_t i = 0; i < 20; ++i) table.entry(Find(table, Name(i))).used = true;
  for (std::size_t i = 100; i < 120; ++i) table.entry(Find(table, Name(i))).used = true;
  BOOST_TEST(Put(table, Name(200), Key(200), kStart) == 1u);
  BOOST_TEST(table.size() == 40u);
}

// What may be asked while the table changes says the same, or that it can't say.
BOOST_AUTO_TEST_CASE(looks_as_it_finds) {
  KeyTable table(1000);
  for (std::size_t i = 0; i < 300; ++i) Put(table, Name(i), Key(i), kStart);
  const auto since = table.changes().Begin();
  for (std::size_t i = 0; i < 600; ++i) {
    const KeyTable::Number found = Find(table, Name(i));
    const KeyTable::Number seen = table.Look(NameOf(Name(i)));
    if (NameOf(Name(i)).fits()) {
      BOOST_TEST(seen == found);
    } else {
      BOOST_TEST((seen == KeyTable::kUnclear || found == KeyTable::kNone));
    }
    if (found == KeyTable::kNone || Key(i).size() > KeyTable::kShortKey) continue;
    std::string key(Key(i).size(), '\0');
    KeyTable::WriteKey(table.ReadKey(found),
                       {reinterpret_cast<std::uint8_t*>(key.data()), key.size()});
    BOOST_TEST(key == Key(i));
  }
  BOOST_TEST(table.changes().HasHeld(since));
  Put(table, Name(3), Key(4), kStart);
  BOOST_TEST(!table.changes().HasHeld(since));
  const auto then = table.changes().Begin();
  table.Erase(Find(table, Name(3)));
  BOOST_TEST(!table.changes().HasHeld(then));
}

// One name of two issuers is two names.
BOOST_AUTO_TEST_CASE(knows_issuers_apart) {
  KeyTable table(10);
  const CachedName one("AB01", 0);
  const CachedName other("AB01", 1);
  table.Insert(one, "AB01", MakeRecord(Key(1), kStart), kStart);
  BOOST_TEST(table.Find(other) == KeyTable::kNone);
  table.Insert(other, "AB01", MakeRecord(Key(2), kStart), kStart);
  BOOST_TEST(table.Find(other) != table.Find(one));
  BOOST_TEST(KeyOf(table, table.Find(one)) == Key(1));
}

// A NUL is no padding: who is asked for "AB" and a NUL isn't asked for "AB".
BOOST_AUTO_TEST_CASE(a_name_is_as_long_as_it_is) {
  KeyTable table(10);
  Put(table, "AB", Key(1), kStart);
  BOOST_TEST(Find(table, std::string("AB\0", 3)) == KeyTable::kNone);
  BOOST_TEST(Find(table, "A") == KeyTable::kNone);
  BOOST_TEST(Find(table, "AB") != KeyTable::kNone);
}

BOOST_AUTO_TEST_CASE(facts_and_spelling_stay) {
  KeyTable table(10);
  auto source = std::make_shared<Source>();
  source->credential_id = "11-ae1@m.example";
  const CachedName name("AB", 0);
  table.Insert(name, "ab", MakeRecord(Key(1), kStart, source), kStart);
  const KeyTable::Number number = table.Find(name);
  BOOST_TEST(table.RelativeAsSent(number) == "ab");
  BOOST_TEST(table.facts(number).MakeSource()->credential_id == "11-ae1@m.example");
  // What is spelt as most are isn't kept twice.
  Put(table, "CD", Key(1), kStart);
  BOOST_TEST(table.facts(Find(table, "CD")).as_sent().empty());
  BOOST_TEST(table.RelativeAsSent(Find(table, "CD")) == "CD");
  const std::string long_name(60, 'X');
  Put(table, long_name, Key(1), kStart);
  BOOST_TEST(table.RelativeAsSent(Find(table, long_name)) == long_name);
}

std::string CellOf(const KeyTable& table, KeyTable::Number number) {
  std::string cell(KeyTable::kShortKey, '?');
  KeyTable::WriteKey(table.ReadKey(number),
                     {reinterpret_cast<std::uint8_t*>(cell.data()), cell.size()});
  return cell;
}

BOOST_AUTO_TEST_CASE(a_key_that_is_gone_is_wiped) {
  KeyTable table(10);
  Put(table, "A", std::string(32, 'k'), kStart);
  const KeyTable::Number number = Find(table, "A");
  BOOST_TEST(CellOf(table, number) == std::string(32, 'k'));
  table.Erase(number);
  BOOST_TEST(CellOf(table, number) == std::string(32, '\0'));
  // Also where another, shorter one takes its place.
  Put(table, "A", std::string(32, 'k'), kStart);
  Put(table, "A", std::string(16, 'l'), kStart);
  BOOST_TEST(CellOf(table, Find(table, "A")) == std::string(16, 'l') + std::string(16, '\0'));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
