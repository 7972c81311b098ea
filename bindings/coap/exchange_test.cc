// SPDX-License-Identifier: GPL-3.0-or-later
//
// Blocks put together, and requests that come twice.
#include <boost/test/unit_test.hpp>

#include "bindings/coap/body_assembly.h"
#include "bindings/coap/recent_requests.h"

namespace saef::coap {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t kContinue = Code(2, 31);

struct Assembly {
  explicit Assembly(std::size_t max) : bodies(max) {}
  std::uint8_t Add(std::string_view data, std::size_t offset, bool more, std::size_t total = 0,
                   std::string tag = {}) {
    request = {kPut, {{11, "x"}, {27, std::to_string(offset)}, {292, std::move(tag)}}, {}};
    const std::size_t least = offset + data.size() + (more ? 1 : 0);
    return bodies.Add(request, {data, offset, std::max(total, least), more}, true, now,
                      request.payload);
  }
  BodyAssembly bodies;
  Message request;
  Clock::time_point now = Clock::now();
};

}  // namespace

BOOST_AUTO_TEST_SUITE(exchange)

BOOST_AUTO_TEST_CASE(blocks_in_order) {
  Assembly a(10);
  BOOST_TEST(a.Add("abcd", 0, true) == kContinue);
  BOOST_TEST(a.Add("efgh", 4, true) == kContinue);
  BOOST_TEST(a.Add("ij", 8, false) == 0);
  BOOST_TEST(a.request.payload == "abcdefghij");
  BOOST_TEST(a.bodies.empty());
}

BOOST_AUTO_TEST_CASE(a_block_is_missing) {
  Assembly a(100);
  BOOST_TEST(a.Add("efgh", 4, true) == Code(4, 8));
  BOOST_TEST(a.Add("abcd", 0, true) == kContinue);
  BOOST_TEST(a.Add("ijkl", 8, true) == Code(4, 8));
  BOOST_TEST(a.Add("efgh", 4, false) == 0);
  BOOST_TEST(a.request.payload == "abcdefgh");
}

BOOST_AUTO_TEST_CASE(the_first_block_begins_again) {
  Assembly a(100);
  BOOST_TEST(a.Add("abcd", 0, true) == kContinue);
  BOOST_TEST(a.Add("ABCD", 0, true) == kContinue);
  BOOST_TEST(a.Add("EF", 4, false) == 0);
  BOOST_TEST(a.request.payload == "ABCDEF");
}

BOOST_AUTO_TEST_CASE(two_bodies_are_told_apart_by_their_options) {
  Assembly a(100);
  BOOST_TEST(a.Add("abcd", 0, true, 0, "1") == kContinue);
  BOOST_TEST(a.Add("ABCD", 0, true, 0, "2") == kContinue);
  BOOST_TEST(a.Add("e", 4, false, 0, "1") == 0);
  BOOST_TEST(a.request.payload == "abcde");
  BOOST_TEST(a.Add("E", 4, false, 0, "2") == 0);
  BOOST_TEST(a.request.payload == "ABCDE");
}

BOOST_AUTO_TEST_CASE(too_large_is_refused_before_it_is_kept) {
  Assembly a(8);
  BOOST_TEST(a.Add("abcd", 0, true, 4000000000u) == Code(4, 13));  // by what Size1 announces
  BOOST_TEST(a.bodies.empty());
  BOOST_TEST(a.Add("abcd", 4000000000u, true) == Code(4, 13));
  BOOST_TEST(a.Add("abcd", 0, true) == kContinue);
  BOOST_TEST(a.Add("efgh", 4, true) == Code(4, 13));  // nine at least
  BOOST_TEST(a.bodies.empty());
  Message whole{kPut, {{11, "x"}}, {}};
  const auto add = [&](std::string_view data) {
    return a.bodies.Add(whole, {data, 0, data.size(), false}, false, a.now, whole.payload);
  };
  BOOST_TEST(add("123456789") == Code(4, 13));
  BOOST_TEST(add("12345678") == 0);
}

BOOST_AUTO_TEST_CASE(few_bodies_at_a_time_and_not_for_ever) {
  Assembly a(100);
  for (const char* tag : {"1", "2", "3", "4", "5"}) a.Add("abcd", 0, true, 0, tag);
  BOOST_TEST(a.Add("e", 4, false, 0, "1") == Code(4, 8));  // the oldest had to go
  BOOST_TEST(a.Add("e", 4, false, 0, "5") == 0);
  a.now += BodyAssembly::kLifetime;
  BOOST_TEST(a.Add("e", 4, false, 0, "4") == Code(4, 8));
  BOOST_TEST(a.bodies.empty());
}

BOOST_AUTO_TEST_CASE(a_request_that_comes_again) {
  using State = RecentRequests::State;
  RecentRequests recent;
  const auto now = Clock::now();
  BOOST_TEST((recent.See(7, "t", now).state == State::kNew));
  BOOST_TEST((recent.See(7, "t", now).state == State::kPending));
  BOOST_TEST((recent.See(7, "u", now).state == State::kNew));
  BOOST_TEST((recent.See(8, "t", now).state == State::kNew));
  recent.Answered(7, "t", {Code(2, 5), {}, "hello"});
  const auto again = recent.See(7, "t", now);
  BOOST_TEST((again.state == State::kAnswered));
  BOOST_TEST(again.answer->payload == "hello");
  recent.Answered(8, "t", {Code(2, 5), {}, std::string(RecentRequests::kMaxPayload + 1, 'x')});
  BOOST_TEST((recent.See(8, "t", now).state == State::kForgotten));
  recent.Forget(7, "u");
  BOOST_TEST((recent.See(7, "u", now).state == State::kForgotten));
  BOOST_TEST((recent.See(7, "t", now).state == State::kAnswered));
  BOOST_TEST((recent.See(7, "t", now + RecentRequests::kLifetime).state == State::kNew));
  for (std::uint16_t i = 100; i < 100 + RecentRequests::kMaxRequests; ++i) recent.See(i, "x", now);
  BOOST_TEST((recent.See(8, "t", now).state == State::kNew));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap
