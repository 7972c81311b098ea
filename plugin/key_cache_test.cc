// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_cache.h"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <thread>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using Found = KeyCache::Found;
using std::chrono::seconds;

const std::string kCachedKey(32, 'k');
const std::vector<std::string> kIssuers = {"m.example", "maf.example.com", "n.example"};

// What is looked up, with its own text.
struct NamedKey {
  explicit NamedKey(std::string_view text) : identity(Identity(text)) {
    const auto issuer = std::find(kIssuers.begin(), kIssuers.end(), identity.fqdn());
    // Boost.Test's own checks are for one thread.
    if (issuer == kIssuers.end()) throw std::invalid_argument("no such issuer");
    place = static_cast<std::size_t>(issuer - kIssuers.begin());
  }
  CachedName cached() const { return CachedName(identity.canonical_relative(), place); }

  PskIdentity identity;
  std::size_t place = 0;
};

struct Cache : KeyCache {
  explicit Cache(const Limits& limits) : KeyCache(limits, kIssuers) {}
  void Put(std::string_view identity, KeyRecord record, TimePoint now) {
    const NamedKey name(identity);
    Insert(name.cached(), name.identity.relative(), std::move(record), now);
  }
};

Found Get(const KeyCache& cache, std::string_view identity, TimePoint now, std::string* key) {
  std::array<std::uint8_t, 64> buffer{};
  std::size_t length = 0;
  const NamedKey name(identity);
  cache.Prefetch(name.cached());
  const Found found = cache.Copy(name.cached(), now, buffer, length);
  // Both ways of asking say the same, and nothing of a key is left where there is none.
  BOOST_TEST_REQUIRE((cache.Find(name.cached(), now) == found || found == Found::kMissing));
  if (found != Found::kHit) BOOST_TEST_REQUIRE(buffer == (std::array<std::uint8_t, 64>{}));
  if (key != nullptr) key->assign(buffer.begin(), buffer.begin() + length);
  return found;
}

BOOST_AUTO_TEST_SUITE(key_cache)

BOOST_AUTO_TEST_CASE(hits_whatever_the_case) {
  Cache cache({});
  cache.Put("ab01@maf.example.com", MakeRecord(kCachedKey, kStart + seconds(10)), kStart);
  std::string key;
  BOOST_TEST((Get(cache, "AB01@MAF.example.com", kStart, &key) == Found::kHit));
  BOOST_TEST(key == kCachedKey);
  BOOST_TEST((Get(cache, "AB02@maf.example.com", kStart, nullptr) == Found::kMissing));
  BOOST_TEST((Get(cache, "AB01@n.example", kStart, nullptr) == Found::kMissing));
  BOOST_TEST(cache.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_short_buffer_is_left_alone) {
  Cache cache({});
  cache.Put("A@m.example", MakeRecord(kCachedKey, kStart + seconds(10)), kStart);
  std::array<std::uint8_t, 31> buffer{};
  std::size_t length = 0;
  BOOST_TEST(
      (cache.Copy(NamedKey("A@m.example").cached(), kStart, buffer, length) == Found::kTooSmall));
  BOOST_TEST(length == 32u);
  BOOST_TEST(buffer == (std::array<std::uint8_t, 31>{}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(ends_with_the_lifetime) {
  Cache cache({});
  cache.Put("A@maf.example.com", MakeRecord(kCachedKey, kStart + seconds(10)), kStart);
  BOOST_TEST((cache.next_end() == kStart + seconds(10)));
  const TimePoint just_before = kStart + seconds(10) - std::chrono::nanoseconds(1);
  BOOST_TEST((Get(cache, "A@maf.example.com", just_before, nullptr) == Found::kHit));
  BOOST_TEST((Get(cache, "A@maf.example.com", kStart + seconds(10), nullptr) == Found::kExpired));
  BOOST_TEST(cache.DropEnded(just_before).empty());
  BOOST_TEST(cache.DropEnded(kStart + seconds(10)) == std::vector<std::string>{"A@maf.example.com"},
             boost::test_tools::per_element());
  BOOST_TEST((Get(cache, "A@maf.example.com", kStart + seconds(10), nullptr) == Found::kMissing));
  BOOST_TEST(cache.size() == 0u);
  BOOST_TEST(cache.expired() == 1u);
  BOOST_TEST((cache.next_end() == kNever));
}

BOOST_AUTO_TEST_CASE(ends_with_the_maximum_age_for_a_new_question) {
  Cache cache({.max_keys = 10, .max_age = seconds(5)});
  cache.Put("A@m.example", MakeRecord(kCachedKey, kStart + seconds(10)), kStart);
  PackedFacts facts;
  BOOST_TEST((cache.FindFacts(NamedKey("A@m.example").cached(), kStart, facts) == Found::kHit));
  // The association lives on until Kc's own end.
  BOOST_TEST((facts.expires() == kStart + seconds(10)));
  BOOST_TEST((Get(cache, "A@m.example", kStart + seconds(5), nullptr) == Found::kMissing));
  BOOST_TEST(cache.DropEnded(kStart + seconds(5)).empty());
  BOOST_TEST(cache.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_second_answer_takes_the_place_of_the_first) {
  Cache cache({});
  cache.Put("A@m.example", MakeRecord(kCachedKey, kStart + seconds(1)), kStart);
  cache.Put("a@m.example", MakeRecord("other-key-of-16o", kStart + seconds(9)), kStart);
  std::string key;
  BOOST_TEST((Get(cache, "A@m.example", kStart + seconds(2), &key) == Found::kHit));
  BOOST_TEST(key == "other-key-of-16o");
  BOOST_TEST(cache.size() == 1u);
  BOOST_TEST((cache.next_end() == kStart + seconds(9)));
}

BOOST_AUTO_TEST_CASE(the_one_that_was_not_used_makes_room) {
  Cache cache({.max_keys = 3, .max_age = seconds(100)});
  for (const auto* name : {"A@m.example", "B@m.example", "C@m.example"}) {
    cache.Put(name, MakeRecord(kCachedKey, kStart + seconds(10)), kStart);
  }
  BOOST_TEST((Get(cache, "A@m.example", kStart, nullptr) == Found::kHit));
  cache.Put("D@m.example", MakeRecord(kCachedKey, kStart + seconds(10)), kStart);
  BOOST_TEST((Get(cache, "A@m.example", kStart, nullptr) == Found::kHit));
  BOOST_TEST((Get(cache, "B@m.example", kStart, nullptr) == Found::kMissing));
  BOOST_TEST(cache.size() == 3u);
  BOOST_TEST(cache.evicted() == 1u);
}

BOOST_AUTO_TEST_CASE(keeps_its_bound_over_many_shards) {
  Cache cache({.max_keys = 9000, .max_age = seconds(100)});
  for (int i = 0; i < 20000; ++i) {
    cache.Put(std::to_string(i) + "@m.example", MakeRecord(kCachedKey, kStart + seconds(10)),
              kStart);
    // All are used, and still there is room.
    BOOST_REQUIRE((Get(cache, std::to_string(i) + "@m.example", kStart, nullptr) == Found::kHit));
  }
  BOOST_TEST(cache.size() <= 9000u);
  BOOST_TEST(cache.size() + cache.evicted() == 20000u);
}

BOOST_AUTO_TEST_CASE(removes) {
  Cache cache({});
  cache.Put("A@m.example", MakeRecord(kCachedKey, kStart + seconds(1)), kStart);
  cache.Remove(NamedKey("B@m.example").cached());
  BOOST_TEST(cache.size() == 1u);
  cache.Remove(NamedKey("a@m.example").cached());
  BOOST_TEST(cache.size() == 0u);
  BOOST_TEST((cache.next_end() == kNever));
}

BOOST_AUTO_TEST_CASE(copies_keys_of_every_length) {
  for (const std::size_t size : {1u, 8u, 16u, 31u, 32u, 33u, 64u}) {
    Cache cache({});
    const std::string whole(size, 'k');
    cache.Put("A@m.example", MakeRecord(whole, kStart + seconds(10)), kStart);
    std::string key;
    BOOST_TEST((Get(cache, "A@m.example", kStart, &key) == Found::kHit));
    BOOST_TEST(key == whole);
    // Where only the key's room is there, nothing beyond it is written.
    std::array<std::uint8_t, 65> buffer{};
    std::size_t length = 0;
    const auto found =
        cache.Copy(NamedKey("A@m.example").cached(), kStart, std::span(buffer).first(size), length);
    BOOST_TEST((found == Found::kHit));
    BOOST_TEST(length == size);
    BOOST_TEST(buffer[size - 1] == 'k');
    BOOST_TEST(buffer[size] == 0);
  }
}

// The table changes at the worst moments: when the entry is found and the key isn't read yet, and
// when it has been read. Either way the key that was read isn't this name's any more.
void ChangeWhileItIsCopied(int moment, const std::string& key) {
  Cache cache({.max_keys = 1, .max_age = seconds(100)});
  cache.Put("A@m.example", MakeRecord(key, kStart + seconds(10)), kStart);
  std::array<std::uint8_t, 64> buffer{};
  std::size_t length = 4711;
  int moments = 0;
  const auto meanwhile = [&] {
    if (moments++ != moment) return;
    cache.Put("B@m.example", MakeRecord(std::string(key.size(), 'b'), kStart + seconds(10)),
              kStart);
  };
  const auto glance =
      cache.CopyAtOnce(NamedKey("A@m.example").cached(), kStart, buffer, length, meanwhile);
  BOOST_TEST(moments == 2);
  BOOST_TEST((glance == KeyCache::Glance::kUnclear));
  BOOST_TEST(length == 4711u);
  BOOST_TEST(buffer == (std::array<std::uint8_t, 64>{}), boost::test_tools::per_element());
  BOOST_TEST((Get(cache, "A@m.example", kStart, nullptr) == Found::kMissing));
}

BOOST_AUTO_TEST_CASE(what_was_copied_from_a_changing_table_is_no_key) {
  for (const std::size_t size : {16u, 32u}) {
    for (const int moment : {0, 1}) {
      BOOST_TEST_CONTEXT(size << " octets, moment " << moment) {
        ChangeWhileItIsCopied(moment, std::string(size, 'k'));
      }
    }
  }
}

constexpr int kFew = 3;
// One of a few keys, each all of one octet.
std::string KeyOf(int i) { return std::string(32, static_cast<char>('A' + i)); }
std::string IdentityOf(int i) { return std::to_string(i) + "@m.example"; }

// Asks for all keys again and again, as several threads do.
struct Asking {
  void Run(const Cache& cache) {
    while (!stop) {
      for (int i = 0; i < kFew; ++i) Ask(cache, i);
    }
  }
  void Ask(const Cache& cache, int i) {
    std::string key(64, '\0');
    const NamedKey name(IdentityOf(i));
    std::size_t length = 0;
    const Found found = cache.Copy(
        name.cached(), kStart, {reinterpret_cast<std::uint8_t*>(key.data()), key.size()}, length);
    if (found == Found::kHit) {
      ++hits;
      torn += key.substr(0, length) != KeyOf(i);
    } else {
      left += key != std::string(64, '\0');
    }
  }

  std::atomic<bool> stop{false};
  std::atomic<int> hits{0};
  std::atomic<int> torn{0};  // not the key, or not all of it
  std::atomic<int> left{0};  // octets of a key where there is none
};

BOOST_AUTO_TEST_CASE(many_threads_see_whole_keys) {
  // So few that each takes the place of another that is being read.
  Cache cache({.max_keys = 2, .max_age = seconds(100)});
  Asking asking;
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) threads.emplace_back([&] { asking.Run(cache); });
  for (int round = 0; round < 50000 || asking.hits < 50000; ++round) {
    for (int i = 0; i < kFew; ++i) {
      cache.Put(IdentityOf(i), MakeRecord(KeyOf(i), kStart + seconds(1 + round % 3)), kStart);
      if (round % 5 == i) cache.Remove(NamedKey(IdentityOf(i)).cached());
    }
    if (round % 7 == 0) cache.DropEnded(kStart + seconds(2));
  }
  asking.stop = true;
  for (auto& thread : threads) thread.join();
  BOOST_TEST(asking.torn == 0);
  BOOST_TEST(asking.left == 0);
  BOOST_TEST(cache.size() <= 2u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
