// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/udp_buffers.h"

#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "bindings/coap/udp_socket.h"

namespace saef::coap {
namespace {

// 0: it can't be told.
int SizeOf(int descriptor, int option) {
  int size = 0;
  socklen_t length = sizeof(size);
  return getsockopt(descriptor, SOL_SOCKET, option, &size, &length) == 0 ? size : 0;
}

// What the system gives to who asks for kUdpBuffer, found out with a socket that nobody else has:
// one that is larger can't be put back.
int MostOf(int option) {
  const int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return 0;
  setsockopt(probe, SOL_SOCKET, option, &kUdpBuffer, sizeof(kUdpBuffer));
  const int most = SizeOf(probe, option);
  close(probe);
  return most;
}

void Raise(int descriptor, int option, int most) {
  if (SizeOf(descriptor, option) >= most) return;
  setsockopt(descriptor, SOL_SOCKET, option, &kUdpBuffer, sizeof(kUdpBuffer));
}

}  // namespace

std::size_t RaiseUdpBuffers(const coap_address_t& address) {
  const std::vector<int> descriptors = FindUdpSockets(address);
  if (descriptors.empty()) return 0;
  const int most_received = MostOf(SO_RCVBUF);
  const int most_sent = MostOf(SO_SNDBUF);
  for (const int descriptor : descriptors) {
    Raise(descriptor, SO_RCVBUF, most_received);
    Raise(descriptor, SO_SNDBUF, most_sent);
  }
  return descriptors.size();
}

}  // namespace saef::coap
