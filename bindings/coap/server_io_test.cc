// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/server_io.h"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
