// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/delaying_relay.h"

#include <boost/asio.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace saef::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using Clock = std::chrono::steady_clock;

constexpr int kDatagrams = 5000;

struct Ends {
  Ends() {
    for (udp::socket* const socket : {&client, &server}) {
      socket->set_option(asio::socket_base::receive_buffer_size(4 << 20));
    }
    auto started = DelayingRelay::Start(server.local_endpoint().port(), delay);
    BOOST_REQUIRE(started.index() == 0u);
    relay = std::move(std::get<0>(started));
    client.connect({asio::ip::address_v4::loopback(), relay->port()});
  }
  // One datagram from the client, so that the server knows where to answer.
  udp::endpoint Begin() {
    client.send(asio::buffer("?", 1));
    udp::endpoint from;
    char octet = 0;
    server.receive_from(asio::buffer(&octet, 1), from);
    BOOST_TEST(octet == '?');
    return from;
  }
  static constexpr std::chrono::milliseconds delay{200};
  asio::io_context context;
  udp::socket client{context, udp::endpoint(asio::ip::address_v4::loopback(), 0)};
  udp::socket server{context, udp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::unique_ptr<DelayingRelay> relay;
};

BOOST_FIXTURE_TEST_SUITE(delaying_relay, Ends)

BOOST_AUTO_TEST_CASE(all_answers_arrive_later_and_in_order) {
  const udp::endpoint to = Begin();
  const auto begin = Clock::now();
  for (int i = 0; i < kDatagrams; ++i) {
    server.send_to(asio::buffer(&i, sizeof(i)), to);
  }
  const auto last_sent = Clock::now();
  for (int i = 0; i < kDatagrams; ++i) {
    int number = -1;
    BOOST_REQUIRE(client.receive(asio::buffer(&number, sizeof(number))) == sizeof(number));
    BOOST_REQUIRE(number == i);
    if (i == 0) BOOST_TEST((Clock::now() - begin >= delay));
  }
  BOOST_TEST((Clock::now() - last_sent >= delay));
  BOOST_TEST(relay->from_clients() == 1u);
  BOOST_TEST(relay->long_from_clients() == 0u);
  BOOST_TEST(relay->from_server() == static_cast<unsigned>(kDatagrams));
}

// What the server takes is a part of the way.
BOOST_AUTO_TEST_CASE(an_answer_arrives_the_delay_after_its_request) {
  constexpr std::chrono::seconds kFar{2};
  relay->SetDelay(kFar);
  const std::string request(DelayingRelay::kShort + 1, 'x');
  const auto begin = Clock::now();
  client.send(asio::buffer(request));
  udp::endpoint from;
  std::vector<char> octets(request.size());
  server.receive_from(asio::buffer(octets), from);
  std::this_thread::sleep_for(kFar / 2);
  server.send_to(asio::buffer("!", 1), from);
  client.receive(asio::buffer(octets));
  BOOST_TEST((Clock::now() - begin >= kFar));
  BOOST_TEST((Clock::now() - begin < kFar + kFar / 2));
}

BOOST_AUTO_TEST_CASE(what_comes_after_a_shorter_delay_overtakes_nothing) {
  const udp::endpoint to = Begin();
  server.send_to(asio::buffer("1", 1), to);
  while (relay->from_server() < 1) std::this_thread::yield();
  relay->SetDelay(std::chrono::microseconds(0));
  server.send_to(asio::buffer("2", 1), to);
  char first = 0;
  char second = 0;
  client.receive(asio::buffer(&first, 1));
  client.receive(asio::buffer(&second, 1));
  BOOST_TEST(first == '1');
  BOOST_TEST(second == '2');
}

BOOST_AUTO_TEST_CASE(who_comes_when_all_places_are_taken_has_that_of_who_was_quiet_longest) {
  relay->SetDelay(std::chrono::milliseconds(0));
  const udp::endpoint to_first = Begin();
  std::vector<udp::socket> others;
  std::vector<udp::endpoint> to_others;
  const auto ask = [&](udp::socket& socket) {
    socket.send(asio::buffer("?", 1));
    udp::endpoint from;
    char octet = 0;
    server.receive_from(asio::buffer(&octet, 1), from);
    return from;
  };
  for (std::size_t i = 0; i <= DelayingRelay::kMaxClients; ++i) {
    udp::socket& other =
        others.emplace_back(context, udp::endpoint(asio::ip::address_v4::loopback(), 0));
    other.connect({asio::ip::address_v4::loopback(), relay->port()});
    to_others.push_back(ask(other));
    // This one is never quiet for long.
    BOOST_TEST(ask(client) == to_first);
  }
  char octet = 0;
  server.send_to(asio::buffer("!", 1), to_others.back());
  BOOST_TEST(others.back().receive(asio::buffer(&octet, 1)) == 1u);
  // The first two of the others have lost theirs and are new.
  BOOST_TEST(ask(others.front()) != to_others.front());
  BOOST_TEST(ask(others[DelayingRelay::kMaxClients - 1]) ==
             to_others[DelayingRelay::kMaxClients - 1]);
}

BOOST_AUTO_TEST_CASE(long_ones_are_counted) {
  Begin();
  client.send(asio::buffer(std::string(DelayingRelay::kShort + 1, 'x')));
  char octet = 0;
  server.receive(asio::buffer(&octet, 1), 0);
  BOOST_TEST(octet == 'x');
  BOOST_TEST(relay->from_clients() == 2u);
  BOOST_TEST(relay->long_from_clients() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bench
