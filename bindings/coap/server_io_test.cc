// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/server_io.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "bindings/coap/echo_server.h"
#include "bindings/coap/half_open_handshake.h"

namespace saef::coap::test {

BOOST_AUTO_TEST_SUITE(server_io)

// RFC 6347 4.2.4, also while datagrams keep coming.
BOOST_AUTO_TEST_CASE(a_flight_that_is_not_answered_is_repeated) {
  const EchoServer server;
  HalfOpenHandshake client(server.server->ports().at(1));
  BOOST_TEST(client.SendHello() == HalfOpenHandshake::kHelloVerifyRequest);
  BOOST_TEST(client.SendCookie() == HalfOpenHandshake::kServerHello);
  const auto others = server.Open(false);
  char repeated = 0;
  BOOST_TEST(Eventually([&] {
    BOOST_TEST(others->SendAndWait(Request(onem2m::Operation::kRetrieve), kLong).has_value());
    while (const char type = client.ReceiveNow()) {
      if (type == HalfOpenHandshake::kServerHello) repeated = type;
    }
    return repeated != 0;
  }));
}

// Each time from the port of the session that has ended a moment ago. What the server reads in the
// same go as that end may be lost, which is seldom.
BOOST_AUTO_TEST_CASE(a_client_may_come_again_at_once) {
  constexpr std::uint64_t kTimes = 20;
  const EchoServer server;
  HalfOpenHandshake client(server.server->ports().at(1));
  std::uint64_t lost = 0;
  for (std::uint64_t i = 1; i <= kTimes; ++i) {
    client.BeginHello();
    auto again = std::chrono::steady_clock::now() + 500ms;
    char answer = 0;
    BOOST_REQUIRE(Eventually([&] {
      answer = client.ReceiveNow();
      if (answer == 0 && std::chrono::steady_clock::now() > again) {
        ++lost;
        client.BeginHello();
        again += 500ms;
      }
      return answer != 0;
    }));
    BOOST_REQUIRE(answer == HalfOpenHandshake::kHelloVerifyRequest);
    BOOST_REQUIRE(client.SendCookie() == HalfOpenHandshake::kServerHello);
    client.SendAlert();
    const auto deadline = std::chrono::steady_clock::now() + kLong;
    while (server.server->statistics().handshakes_failed < i &&
           std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
    BOOST_REQUIRE(server.server->statistics().handshakes_failed == i);
    while (client.ReceiveNow() != 0) continue;
  }
  BOOST_TEST(lost < kTimes / 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
