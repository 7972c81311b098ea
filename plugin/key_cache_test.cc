// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/key_cache.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using Found = KeyCache::Found;
using std::chrono::seconds;

const std::string kCachedKey(32, 'k');

Found Get(const KeyCache& cache, std::string_view identity, TimePoint now, std::string* key) {
  std::array<std::uint8_t, 64> buffer{};
  std::size_t length = 0;
  const Found found =
      cache.Copy(Identity(identity), cache.Seek(Identity(identity)), now, buffer, length);
  if (key != nullptr) key->assign(buffer.begin(), buffer.begin() + length);
  return found;
}

BOOST_AUTO_TEST_SUITE(key_cache)

BOOST_AUTO_TEST_CASE(hits_whatever_the_case) {
  KeyCache cache({});
  cache.Insert(Identity("ab01@maf.example.com"), MakeRecord(kCachedKey, kStart + seconds(10)),
               kStart);
  std::string key;
  BOOST_TEST((Get(cache, "AB01@MAF.example.com", kStart, &key) == Found::kHit));
  BOOST_TEST(key == kCachedKey);
  BOOST_TEST((Get(cache, "AB02@maf.example.com", kStart, nullptr) == Found::kMissing));
  BOOST_TEST((Get(cache, "AB01@maf2.example.com", kStart, nullptr) == Found::kMissing));
  BOOST_TEST(cache.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_short_buffer_is_left_alone) {
  KeyCache cache({});
  cache.Insert(Identity("A@m.example"), MakeRecord(kCachedKey, kStart + seconds(10)), kStart);
  std::array<std::uint8_t, 31> buffer{};
  std::size_t length = 0;
  BOOST_TEST((cache.Copy(Identity("A@m.example"), cache.Seek(Identity("A@m.example")), kStart,
                         buffer, length) == Found::kTooSmall));
  BOOST_TEST(length == 32u);
  BOOST_TEST(buffer == (std::array<std::uint8_t, 31>{}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(ends_with_the_lifetime) {
  KeyCache cache({});
  cache.Insert(Identity("A@m.example"), MakeRecord(kCachedKey, kStart + seconds(10)), kStart);
  BOOST_TEST((cache.next_end() == kStart + seconds(10)));
  const TimePoint just_before = kStart + seconds(10) - std::chrono::nanoseconds(1);
  BOOST_TEST((Get(cache, "A@m.example", just_before, nullptr) == Found::kHit));
  BOOST_TEST((Get(cache, "A@m.example", kStart + seconds(10), nullptr) == Found::kExpired));
  BOOST_TEST(cache.DropEnded(just_before).empty());
  BOOST_TEST(cache.DropEnded(kStart + seconds(10)) == std::vector<std::string>{"A@m.example"},
             boost::test_tools::per_element());
  BOOST_TEST((Get(cache, "A@m.example", kStart + seconds(10), nullptr) == Found::kMissing));
  BOOST_TEST(cache.size() == 0u);
  BOOST_TEST(cache.expired() == 1u);
  BOOST_TEST((cache.next_end() == kNever));
}

BOOST_AUTO_TEST_CASE(ends_with_the_maximum_age_for_a_new_question) {
  KeyCache cache({.max_keys = 10, .max_age = seconds(5)});
  cache.Insert(Identity("A@m.example"), MakeRecord(kCachedKey, kStart + seconds(10)), kStart);
  KeyFacts facts;
  BOOST_TEST((cache.Find(Identity("A@m.example"), kStart, &facts) == Found::kHit));
  // The association lives on until Kc's own end.
  BOOST_TEST((facts.expires == kStart + seconds(10)));
  BOOST_TEST((Get(cache, "A@m.example", kStart + seconds(5), nullptr) == Found::kMissing));
  BOOST_TEST(cache.DropEnded(kStart + seconds(5)).empty());
  BOOST_TEST(cache.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_second_answer_takes_the_place_of_the_first) {
  KeyCache cache({});
  cache.Insert(Identity("A@m.example"), MakeRecord(kCachedKey, kStart + seconds(1)), kStart);
  cache.Insert(Identity("a@m.example"), MakeRecord("other-key-of-16o", kStart + seconds(9)),
               kStart);
  std::string key;
  BOOST_TEST((Get(cache, "A@m.example", kStart + seconds(2), &key) == Found::kHit));
  BOOST_TEST(key == "other-key-of-16o");
  BOOST_TEST(cache.size() == 1u);
  BOOST_TEST((cache.next_end() == kStart + seconds(9)));
}

BOOST_AUTO_TEST_CASE(the_one_that_was_not_used_makes_room) {
  KeyCache cache({.max_keys = 3, .max_age = seconds(100)});
  for (const auto* name : {"A@m.example", "B@m.example", "C@m.example"}) {
    cache.Insert(Identity(name), MakeRecord(kCachedKey, kStart + seconds(10)), kStart);
  }
  BOOST_TEST((Get(cache, "A@m.example", kStart, nullptr) == Found::kHit));
  cache.Insert(Identity("D@m.example"), MakeRecord(kCachedKey, kStart + seconds(10)), kStart);
  BOOST_TEST((Get(cache, "A@m.example", kStart, nullptr) == Found::kHit));
  BOOST_TEST((Get(cache, "B@m.example", kStart, nullptr) == Found::kMissing));
  BOOST_TEST(cache.size() == 3u);
  BOOST_TEST(cache.evicted() == 1u);
}

BOOST_AUTO_TEST_CASE(keeps_its_bound_over_many_shards) {
  KeyCache cache({.max_keys = 2000, .max_age = seconds(100)});
  for (int i = 0; i < 5000; ++i) {
    cache.Insert(Identity(std::to_string(i) + "@m.example"),
                 MakeRecord(kCachedKey, kStart + seconds(10)), kStart);
    // All are used, and still there is room.
    BOOST_REQUIRE((Get(cache, std::to_string(i) + "@m.example", kStart, nullptr) == Found::kHit));
  }
  BOOST_TEST(cache.size() <= 2000u);
  BOOST_TEST(cache.size() + cache.evicted() == 5000u);
}

BOOST_AUTO_TEST_CASE(removes) {
  KeyCache cache({});
  cache.Insert(Identity("A@m.example"), MakeRecord(kCachedKey, kStart + seconds(1)), kStart);
  cache.Remove(Identity("B@m.example"));
  BOOST_TEST(cache.size() == 1u);
  cache.Remove(Identity("a@m.example"));
  BOOST_TEST(cache.size() == 0u);
  BOOST_TEST((cache.next_end() == kNever));
}

BOOST_AUTO_TEST_CASE(many_threads_see_whole_keys) {
  KeyCache cache({.max_keys = 16, .max_age = seconds(100)});
  std::atomic<bool> stop{false};
  std::atomic<int> torn{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      while (!stop) {
        for (int i = 0; i < 32; ++i) {
          std::string key;
          if (Get(cache, std::to_string(i) + "@m.example", kStart, &key) != Found::kHit) continue;
          if (key != std::string(32, static_cast<char>('A' + i))) ++torn;
        }
      }
    });
  }
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < 32; ++i) {
      cache.Insert(
          Identity(std::to_string(i) + "@m.example"),
          MakeRecord(std::string(32, static_cast<char>('A' + i)), kStart + seconds(1 + round % 3)),
          kStart);
    }
    if (round % 7 == 0) cache.DropEnded(kStart + seconds(2));
  }
  stop = true;
  for (auto& thread : threads) thread.join();
  BOOST_TEST(torn == 0);
  BOOST_TEST(cache.size() <= 16u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
