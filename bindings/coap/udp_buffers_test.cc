// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/udp_buffers.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

namespace saef::coap::test {
namespace {

constexpr int kBuffers[] = {SO_RCVBUF, SO_SNDBUF};

int SizeOf(int descriptor, int buffer) {
  int size = 0;
  socklen_t length = sizeof(size);
  getsockopt(descriptor, SOL_SOCKET, buffer, &size, &length);
  return size;
}

// A socket; Most: what the system gives to who asks for kUdpBuffer.
struct Bound {
  Bound() {
    coap_address_init(&address);
    address.size = sizeof(address.addr.sin);
    address.addr.sin.sin_family = AF_INET;
    address.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bind(descriptor, &address.addr.sa, address.size);
    getsockname(descriptor, &address.addr.sa, &address.size);
  }
  ~Bound() { close(descriptor); }
  static int Most(int buffer) {
    const int other = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(other, SOL_SOCKET, buffer, &kUdpBuffer, sizeof(kUdpBuffer));
    const int most = SizeOf(other, buffer);
    close(other);
    return most;
  }
  coap_address_t address{};
  int descriptor;
};

BOOST_FIXTURE_TEST_SUITE(udp_buffers, Bound)

BOOST_AUTO_TEST_CASE(raised_as_far_as_the_system_allows) {
  const int small = 4096;
  // As it was made; again; and from far below.
  for (const bool is_small : {false, false, true}) {
    for (const int buffer : kBuffers) {
      if (is_small) setsockopt(descriptor, SOL_SOCKET, buffer, &small, sizeof(small));
      BOOST_TEST((SizeOf(descriptor, buffer) < Most(buffer) || !is_small));
    }
    BOOST_TEST(RaiseUdpBuffers(address) == 1u);
    for (const int buffer : kBuffers) BOOST_TEST(SizeOf(descriptor, buffer) == Most(buffer));
  }
}

// Who may do more than the system allows to others has chosen so.
BOOST_AUTO_TEST_CASE(never_lowered) {
  const int large = 2 * kUdpBuffer;
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &large, sizeof(large)) != 0 ||
      setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &large, sizeof(large)) != 0) {
    BOOST_TEST_MESSAGE("only who administers the network may make a buffer so large");
    return;
  }
  BOOST_TEST(RaiseUdpBuffers(address) == 1u);
  for (const int buffer : kBuffers) BOOST_TEST(SizeOf(descriptor, buffer) == 2 * large);
}

BOOST_AUTO_TEST_CASE(an_address_that_nobody_has) {
  address.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
  const int usual = SizeOf(descriptor, SO_RCVBUF);
  BOOST_TEST(RaiseUdpBuffers(address) == 0u);
  BOOST_TEST(SizeOf(descriptor, SO_RCVBUF) == usual);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::coap::test
