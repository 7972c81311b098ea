// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/udp_buffers.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace saef::coap::test {
namespace {

int ReceiveBuffer(int descriptor) {
  int size = 0;
  socklen_t length = sizeof(size);
  getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, &length);
  return size;
}

// What the system gives to who asks for kUdpBuffer.
struct Bound {
  Bound() {
    coap_address_init(&address);
    address.size = sizeof(address.addr.sin);
    address.addr.sin.sin_family = AF_INET;
    address.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    usual = ReceiveBuffer(descriptor);
    bind(descriptor, &address.addr.sa, address.size);
    getsockname(descriptor, &address.addr.sa, &address.size);
  }
  ~Bound() { close(descriptor); }
  int Most() const {
    const int other = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(other, SOL_SOCKET, SO_RCVBUF, &kUdpBuffer, sizeof(kUdpBuffer));
    const int most = ReceiveBuffer(other);
    close(other);
    return most;
  }
  coap_address_t address{};
  int descriptor;
  int usual;
};

BOOST_FIXTURE_TEST_SUITE(udp_buffers, Bound)

BOOST_AUTO_TEST_CASE(raised_as_far_as_the_system_allows_and_never_lowered) {
  BOOST_TEST(RaiseUdpBuffers(address) == 1u);
  const int raised = ReceiveBuffer(descriptor);
  BOOST_TEST(raised == std::max(Most(), usual));
  RaiseUdpBuffers(address);
  BOOST_TEST(ReceiveBuffer(descriptor) == raised);
}

BOOST_AUTO_TEST_CASE(an_address_that_nobody_has) {
  address.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
  BOOST_TEST(RaiseUdpBuffers(address) == 0u);
  BOOST_TEST(ReceiveBuffer(descriptor) == usual);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::coap::test
