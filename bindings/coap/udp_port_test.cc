// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/udp_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <vector>

#include "bindings/coap/echo_server.h"

namespace saef::coap {
namespace {

coap_address_t Loopback(std::uint16_t port) {
  coap_address_t address;
  coap_address_init(&address);
  address.size = sizeof(address.addr.sin);
  address.addr.sin.sin_family = AF_INET;
  address.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.addr.sin.sin_port = htons(port);
  return address;
}

// A socket as libcoap binds it; -1: the address is taken.
int BindShared(const coap_address_t& address) {
  const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(descriptor, &address.addr.sa, address.size) == 0) return descriptor;
  close(descriptor);
  return -1;
}

BOOST_AUTO_TEST_SUITE(udp_port)

BOOST_AUTO_TEST_CASE(a_port_that_is_kept_can_not_be_shared) {
  const auto free_port = FreeUdpPort(Loopback(0));
  BOOST_REQUIRE(free_port.has_value());
  BOOST_TEST(coap_address_get_port(&*free_port) != 0);
  const int own = BindShared(*free_port);
  BOOST_REQUIRE(own >= 0);
  // What this is about.
  const int thief = BindShared(*free_port);
  BOOST_TEST(thief >= 0);
  close(thief);
  BOOST_TEST(KeepUdpPort(*free_port));
  BOOST_TEST(BindShared(*free_port) == -1);
  BOOST_TEST(!FreeUdpPort(*free_port).has_value());
  BOOST_TEST(!KeepUdpPort(*free_port));  // none is left that shares
  close(own);
  BOOST_TEST(FreeUdpPort(*free_port).has_value());
  BOOST_TEST(!KeepUdpPort(*free_port));
}

BOOST_AUTO_TEST_CASE(a_shared_port_is_taken) {
  const auto free_port = FreeUdpPort(Loopback(0));
  BOOST_REQUIRE(free_port.has_value());
  const int other = BindShared(*free_port);
  BOOST_REQUIRE(other >= 0);
  BOOST_TEST(!FreeUdpPort(*free_port).has_value());
  close(other);
}

// The kernel gives ports of sockets that share to others that do: never to these.
BOOST_AUTO_TEST_CASE(free_ports_are_nobody_elses) {
  std::vector<int> sockets;
  for (int i = 0; i < 500; ++i) {
    const auto free_port = FreeUdpPort(Loopback(0));
    BOOST_REQUIRE(free_port.has_value());
    for (const int other : sockets) {
      coap_address_t bound;
      coap_address_init(&bound);
      bound.size = sizeof(bound.addr);
      BOOST_REQUIRE(getsockname(other, &bound.addr.sa, &bound.size) == 0);
      BOOST_REQUIRE(!coap_address_equals(&bound, &*free_port));
    }
    const int own = BindShared(*free_port);
    BOOST_REQUIRE(own >= 0);
    sockets.push_back(own);
  }
  for (const int descriptor : sockets) close(descriptor);
}

BOOST_AUTO_TEST_CASE(a_server_shares_its_ports_with_nobody) {
  test::EchoHandler handler;
  bindings::ServerOptions options;
  options.listeners = {{"127.0.0.1", 0, false}, {"::1", 0, false}};
  auto server = StartServer(std::move(options), handler);
  BOOST_REQUIRE(server.has_value());
  BOOST_TEST(BindShared(Loopback((*server)->ports().at(0))) == -1);
  // Nor does another server of ours take one.
  bindings::ServerOptions second;
  second.listeners = {{"127.0.0.1", (*server)->ports().at(0), false}};
  BOOST_TEST((StartServer(std::move(second), handler).error() == bindings::Error::kListen));
  // One that somebody else shares is refused.
  const auto free_port = FreeUdpPort(Loopback(0));
  BOOST_REQUIRE(free_port.has_value());
  const int other = BindShared(*free_port);
  bindings::ServerOptions third;
  third.listeners = {{"127.0.0.1", coap_address_get_port(&*free_port), false}};
  BOOST_TEST((StartServer(std::move(third), handler).error() == bindings::Error::kListen));
  close(other);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::coap
