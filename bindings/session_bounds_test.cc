// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/session_bounds.h"

#include <arpa/inet.h>

#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>
#include <vector>

namespace saef::bindings {
namespace {

using Answer = SessionBounds::Answer;
using Place = SessionBounds::Place;

Source Of(const std::string& address) {
  sockaddr_storage storage{};
  auto* const ipv4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* const ipv6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (inet_pton(AF_INET, address.c_str(), &ipv4->sin_addr) == 1) {
    storage.ss_family = AF_INET;
  } else if (inet_pton(AF_INET6, address.c_str(), &ipv6->sin6_addr) == 1) {
    storage.ss_family = AF_INET6;
  }
  return Source::Of(reinterpret_cast<const sockaddr*>(&storage));
}

// As many places as there are for this source.
std::vector<Place> TakeAll(SessionBounds& bounds, const Source& source, bool shakes_hands,
                           Answer why_no_more) {
  std::vector<Place> places;
  Answer answer = Answer::kTaken;
  while (answer == Answer::kTaken) {
    Place place;
    answer = bounds.Take(source, shakes_hands, place);
    if (answer == Answer::kTaken) places.push_back(std::move(place));
  }
  BOOST_TEST((answer == why_no_more));
  return places;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(session_bounds)

BOOST_AUTO_TEST_CASE(sources) {
  BOOST_TEST((Of("192.0.2.1") == Of("192.0.2.1")));
  BOOST_TEST((Of("192.0.2.1") != Of("192.0.2.2")));
  BOOST_TEST((Of("192.0.2.1") == Of("::ffff:192.0.2.1")));
  BOOST_TEST((Of("2001:db8:1:2::1") == Of("2001:db8:1:2:ffff::")));
  BOOST_TEST((Of("2001:db8:1:2::1") != Of("2001:db8:1:3::1")));
  BOOST_TEST((Of("::c000:201") != Of("192.0.2.1")));
  BOOST_TEST((Of("0:0:c000:201::") != Of("192.0.2.1")));
  BOOST_TEST((Of("neither") == Source()));
}

BOOST_AUTO_TEST_CASE(defaults_leave_room_for_others) {
  ServerOptions options;
  options.max_sessions = 20000;
  auto limits = SessionBounds::Limits::Of(options);
  BOOST_TEST(limits.sessions == 20000u);
  BOOST_TEST(limits.handshakes == 16000u);
  BOOST_TEST(limits.sessions_of_source == 10000u);
  BOOST_TEST(limits.handshakes_of_source == 8000u);
  options.max_handshakes = 7;
  options.max_sessions_per_source = 6;
  options.max_handshakes_per_source = 5;
  limits = SessionBounds::Limits::Of(options);
  BOOST_TEST(limits.handshakes == 7u);
  BOOST_TEST(limits.sessions_of_source == 6u);
  BOOST_TEST(limits.handshakes_of_source == 5u);
  options = {};
  options.max_sessions = 1;
  limits = SessionBounds::Limits::Of(options);
  BOOST_TEST(limits.handshakes == 1u);
  BOOST_TEST(limits.sessions_of_source == 1u);
  BOOST_TEST(limits.handshakes_of_source == 1u);
}

BOOST_AUTO_TEST_CASE(each_bound_holds_and_comes_back) {
  SessionBounds bounds({10, 6, 5, 4});
  const Source a = Of("192.0.2.1"), b = Of("192.0.2.2"), c = Of("2001:db8::1");
  for (int round = 0; round < 3; ++round) {
    auto of_a = TakeAll(bounds, a, true, Answer::kSourceIsFull);
    BOOST_TEST(of_a.size() == 4u);
    auto of_b = TakeAll(bounds, b, true, Answer::kFull);  // of all handshakes
    BOOST_TEST(of_b.size() == 2u);
    for (Place& place : of_a) place.EndHandshake();
    for (Place& place : of_a) place.EndHandshake();                    // once is enough
    auto more_of_a = TakeAll(bounds, a, true, Answer::kSourceIsFull);  // of its sessions
    BOOST_TEST(more_of_a.size() == 1u);
    auto plain_of_c = TakeAll(bounds, c, false, Answer::kFull);  // of all sessions
    BOOST_TEST(plain_of_c.size() == 3u);
  }
}

BOOST_AUTO_TEST_CASE(a_place_that_moves_is_given_back_once) {
  SessionBounds bounds({4, 4, 2, 2});
  const Source a = Of("192.0.2.1");
  Place first, second;
  BOOST_TEST((bounds.Take(a, true, first) == Answer::kTaken));
  BOOST_TEST((bounds.Take(a, true, second) == Answer::kTaken));
  Place moved(std::move(first));
  first.Leave();
  Place none;
  BOOST_TEST((bounds.Take(a, true, none) == Answer::kSourceIsFull));
  moved = std::move(second);  // which gives back its own
  BOOST_TEST(TakeAll(bounds, a, true, Answer::kSourceIsFull).size() == 1u);
  moved.Leave();
  moved.Leave();
  BOOST_TEST(TakeAll(bounds, a, true, Answer::kSourceIsFull).size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_place_that_is_taken_again_is_given_back_before) {
  SessionBounds bounds({4, 4, 2, 2});
  const Source a = Of("192.0.2.1"), b = Of("192.0.2.2");
  Place place;
  BOOST_TEST((bounds.Take(a, true, place) == Answer::kTaken));
  BOOST_TEST((bounds.Take(b, true, place) == Answer::kTaken));
  BOOST_TEST(TakeAll(bounds, a, true, Answer::kSourceIsFull).size() == 2u);
  // What is refused changes nothing.
  const auto rest = TakeAll(bounds, b, true, Answer::kSourceIsFull);
  BOOST_TEST(rest.size() == 1u);
  BOOST_TEST((bounds.Take(b, true, place) == Answer::kSourceIsFull));
  place.Leave();
  BOOST_TEST(TakeAll(bounds, b, true, Answer::kSourceIsFull).size() == 1u);
}

BOOST_AUTO_TEST_CASE(handshakes_of_a_source_leave_it_sessions_in_the_clear) {
  SessionBounds bounds({10, 10, 5, 2});
  const Source a = Of("192.0.2.1");
  const auto handshakes = TakeAll(bounds, a, true, Answer::kSourceIsFull);
  BOOST_TEST(handshakes.size() == 2u);
  BOOST_TEST(TakeAll(bounds, a, false, Answer::kSourceIsFull).size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_source_without_sessions_costs_nothing) {
  SessionBounds bounds({1000, 1000, 1, 1});
  {
    std::vector<Place> places;
    for (int i = 0; i < 200; ++i) {
      Place place;
      BOOST_TEST((bounds.Take(Of("192.0.2." + std::to_string(i)), true, place) == Answer::kTaken));
      BOOST_TEST(
          (bounds.Take(Of("192.0.2." + std::to_string(i)), true, place) == Answer::kSourceIsFull));
      place.EndHandshake();
      places.push_back(std::move(place));
    }
    BOOST_TEST(bounds.sources() == 200u);
  }
  BOOST_TEST(bounds.sources() == 0u);
}

BOOST_AUTO_TEST_CASE(many_threads) {
  SessionBounds bounds({50, 50, 20, 20});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&bounds, i] {
      for (int round = 0; round < 2000; ++round) {
        Place place;
        bounds.Take(Of("192.0.2." + std::to_string(round % (i + 2))), true, place);
        if (round % 2 == 0) place.EndHandshake();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(TakeAll(bounds, Of("192.0.2.1"), true, Answer::kSourceIsFull).size() == 20u);
  std::vector<std::vector<Place>> all;
  for (const char* const source : {"192.0.2.1", "192.0.2.2"}) {
    all.push_back(TakeAll(bounds, Of(source), true, Answer::kSourceIsFull));
  }
  BOOST_TEST(TakeAll(bounds, Of("192.0.2.3"), true, Answer::kFull).size() == 10u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::bindings
