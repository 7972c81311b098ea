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

// Each of them from the port of the one before, which has ended a moment ago.
BOOST_AUTO_TEST_CASE(a_client_may_come_again_at_once) {
  const EchoServer server;
  HalfOpenHandshake client(server.server->ports().at(1));
  for (std::uint64_t i = 1; i <= 20; ++i) {
    BOOST_REQUIRE(client.SendHello() == HalfOpenHandshake::kHelloVerifyRequest);
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
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
