// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/udp_port.h"

#include <coap3/coap.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>
#include <set>
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

// A socket with these options; closed at the end.
class Socket {
 public:
  explicit Socket(const std::vector<int>& options = {})
      : descriptor_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    for (const int option : options) {
      BOOST_REQUIRE(setsockopt(descriptor_, SOL_SOCKET, option, &on, sizeof(on)) == 0);
    }
  }
  ~Socket() { close(descriptor_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // The port, 0: it is taken. `use`: as the server binds what libcoap has made.
  std::uint16_t Bind(std::uint16_t port, std::optional<PortUse> use = std::nullopt) const {
    std::optional<UdpBinding> binding;
    if (use) binding.emplace(*use);
    coap_address_t address = Loopback(port);
    if (bind(descriptor_, &address.addr.sa, address.size) != 0) return 0;
    BOOST_REQUIRE(getsockname(descriptor_, &address.addr.sa, &address.size) == 0);
    if (use) BOOST_TEST(binding->port() == coap_address_get_port(&address));
    return coap_address_get_port(&address);
  }
  int Option(int option) const {
    int value = 0;
    socklen_t length = sizeof(value);
    BOOST_REQUIRE(getsockopt(descriptor_, SOL_SOCKET, option, &value, &length) == 0);
    return value;
  }

 private:
  const int descriptor_;
};

const std::vector<int> kAsLibcoap = {SO_REUSEADDR};

// Whoever it is and whatever it tries.
bool CanBeJoined(std::uint16_t port) {
  return Socket().Bind(port) != 0 || Socket(kAsLibcoap).Bind(port) != 0 ||
         Socket({SO_REUSEPORT}).Bind(port) != 0 ||
         Socket({SO_REUSEADDR, SO_REUSEPORT}).Bind(port) != 0;
}

BOOST_AUTO_TEST_SUITE(udp_port)

// What all this is about.
BOOST_AUTO_TEST_CASE(libcoaps_ports_can_be_taken) {
  const Socket own(kAsLibcoap), thief(kAsLibcoap);
  const std::uint16_t port = own.Bind(0);
  BOOST_REQUIRE(port != 0);
  BOOST_TEST(thief.Bind(port) == port);
}

BOOST_AUTO_TEST_CASE(a_port_of_ones_own) {
  const Socket own(kAsLibcoap);
  const std::uint16_t port = own.Bind(0, PortUse::kAlone);
  BOOST_REQUIRE(port != 0);
  BOOST_TEST(!CanBeJoined(port));
  for (const PortUse use : {PortUse::kAlone, PortUse::kFirst, PortUse::kFurther}) {
    BOOST_TEST(Socket(kAsLibcoap).Bind(port, use) == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_port_that_a_servers_threads_share) {
  const Socket first(kAsLibcoap), second(kAsLibcoap), third(kAsLibcoap);
  const std::uint16_t port = first.Bind(0, PortUse::kFirst);
  BOOST_REQUIRE(port != 0);
  BOOST_TEST(second.Bind(port, PortUse::kFurther) == port);
  BOOST_TEST(third.Bind(port, PortUse::kFurther) == port);
  // Another server is told; what comes with SO_REUSEADDR alone can't join.
  BOOST_TEST(Socket(kAsLibcoap).Bind(port, PortUse::kAlone) == 0);
  BOOST_TEST(Socket(kAsLibcoap).Bind(port, PortUse::kFirst) == 0);
  BOOST_TEST(Socket(kAsLibcoap).Bind(port) == 0);
  BOOST_TEST(Socket().Bind(port) == 0);
}

BOOST_AUTO_TEST_CASE(a_port_that_somebody_shares_is_taken) {
  const Socket other({SO_REUSEADDR, SO_REUSEPORT});
  const std::uint16_t port = other.Bind(0);
  BOOST_REQUIRE(port != 0);
  BOOST_TEST(Socket(kAsLibcoap).Bind(port, PortUse::kAlone) == 0);
  BOOST_TEST(Socket(kAsLibcoap).Bind(port, PortUse::kFirst) == 0);
}

BOOST_AUTO_TEST_CASE(room_for_a_storm) {
  const Socket own(kAsLibcoap);
  const int before = own.Option(SO_RCVBUF);
  BOOST_REQUIRE(own.Bind(0, PortUse::kAlone) != 0);
  BOOST_TEST(own.Option(SO_RCVBUF) >= before);
  BOOST_TEST(own.Option(SO_REUSEADDR) == 0);
  BOOST_TEST(own.Option(SO_REUSEPORT) == 0);
}

// The kernel gives ports of sockets that share to others that do: never to these.
BOOST_AUTO_TEST_CASE(free_ports_are_nobody_elses) {
  std::set<std::uint16_t> ports;
  std::vector<std::unique_ptr<Socket>> sockets;
  for (int i = 0; i < 500; ++i) {
    sockets.push_back(std::make_unique<Socket>(kAsLibcoap));
    const std::uint16_t port = sockets.back()->Bind(0, i % 2 ? PortUse::kAlone : PortUse::kFirst);
    BOOST_REQUIRE(port != 0);
    BOOST_REQUIRE(ports.insert(port).second);
  }
}

BOOST_AUTO_TEST_CASE(a_server_shares_its_ports_with_nobody) {
  test::EchoHandler handler;
  for (const std::size_t threads : {1, 4}) {
    bindings::ServerOptions options;
    options.threads = threads;
    options.listeners = {{"127.0.0.1", 0, false}, {"::1", 0, false}};
    auto server = StartServer(std::move(options), handler);
    BOOST_REQUIRE(server.has_value());
    const std::uint16_t port = (*server)->ports().at(0);
    BOOST_TEST(Socket(kAsLibcoap).Bind(port) == 0);
    BOOST_TEST(Socket().Bind(port) == 0);
    if (threads == 1) BOOST_TEST(!CanBeJoined(port));
    // Nor does another server of ours take one.
    for (const std::size_t others : {1, 4}) {
      bindings::ServerOptions second;
      second.threads = others;
      second.listeners = {{"127.0.0.1", port, false}};
      BOOST_TEST((StartServer(std::move(second), handler).error() == bindings::Error::kListen));
    }
    server->reset();
    BOOST_TEST(Socket().Bind(port) == port);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::coap
