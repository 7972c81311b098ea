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

// Each time from the port of the session that has ended a moment ago.
BOOST_AUTO_TEST_CASE(a_client_may_come_again_at_once) {
  constexpr std::uint64_t kTimes = 20;
  const EchoServer server;
  HalfOpenHandshake client(server.server->ports().at(1));
  for (std::uint64_t i = 1; i <= kTimes; ++i) {
    // What else comes belongs to the session before.
    client.BeginHello();
    BOOST_REQUIRE(
        Eventually([&] { return client.ReceiveNow() == HalfOpenHandshake::kHelloVerifyRequest; }));
    BOOST_REQUIRE(client.SendCookie() == HalfOpenHandshake::kServerHello);
    client.SendAlert();
  }
  BOOST_TEST(Eventually([&] { return server.server->statistics().handshakes_failed == kTimes; }));
  BOOST_TEST(Eventually([&] { return server.server->sessions() == 0; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
