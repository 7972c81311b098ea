// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/udp_buffers.h"

#include <sys/socket.h>

#include <vector>

#include "bindings/coap/udp_socket.h"

namespace saef::coap {
namespace {

// The kernel tells twice what was asked for, which is what it takes for its own records.
void Raise(int descriptor, int option) {
  int size = 0;
  socklen_t length = sizeof(size);
  if (getsockopt(descriptor, SOL_SOCKET, option, &size, &length) != 0 || size >= 2 * kUdpBuffer) {
    return;
  }
  const int before = size / 2;
  const int wanted = kUdpBuffer;
  setsockopt(descriptor, SOL_SOCKET, option, &wanted, sizeof(wanted));
  length = sizeof(size);
  // Where the bound of the system is below what there was: as before.
  if (getsockopt(descriptor, SOL_SOCKET, option, &size, &length) == 0 && size / 2 < before) {
    setsockopt(descriptor, SOL_SOCKET, option, &before, sizeof(before));
  }
}

}  // namespace

std::size_t RaiseUdpBuffers(const coap_address_t& address) {
  const std::vector<int> descriptors = FindUdpSockets(address);
  for (const int descriptor : descriptors) {
    Raise(descriptor, SO_RCVBUF);
    Raise(descriptor, SO_SNDBUF);
  }
  return descriptors.size();
}

}  // namespace saef::coap
