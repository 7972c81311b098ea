// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/udp_port.h"

#include <netinet/in.h>

#include "bindings/coap/udp_buffers.h"

// What the linker makes of -Wl,--wrap=bind.
extern "C" {
int __real_bind(int descriptor, const sockaddr* address, socklen_t length);
int __wrap_bind(int descriptor, const sockaddr* address, socklen_t length);
}

namespace saef::coap {
namespace {

thread_local UdpBinding* the_binding = nullptr;

bool Switch(int descriptor, int option, int value) {
  return setsockopt(descriptor, SOL_SOCKET, option, &value, sizeof(value)) == 0;
}

// 0: can't be told.
std::uint16_t PortOf(int descriptor) {
  sockaddr_in6 bound{};  // an IPv4 address has its port at the same place
  socklen_t length = sizeof(bound);
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &length) != 0) return 0;
  return ntohs(bound.sin6_port);
}

}  // namespace

UdpBinding::UdpBinding(PortUse use) : use_(use) { the_binding = this; }

UdpBinding::~UdpBinding() { the_binding = nullptr; }

int UdpBinding::Bind(int descriptor, const sockaddr* address, socklen_t length) {
  if (!Switch(descriptor, SO_REUSEADDR, 0)) return -1;
  // What the kernel gives is enough.
  static_cast<void>(Switch(descriptor, SO_RCVBUF, kUdpBuffer));
  if (use_ == PortUse::kFurther && !Switch(descriptor, SO_REUSEPORT, 1)) return -1;
  if (const int failed = __real_bind(descriptor, address, length); failed != 0) return failed;
  // Only now, so that it was bound as if alone, and would have failed where another has the port.
  if (use_ == PortUse::kFirst && !Switch(descriptor, SO_REUSEPORT, 1)) return -1;
  port_ = PortOf(descriptor);
  return 0;
}

int BindSocket(int descriptor, const sockaddr* address, socklen_t length) {
  return the_binding == nullptr ? __real_bind(descriptor, address, length)
                                : the_binding->Bind(descriptor, address, length);
}

}  // namespace saef::coap

extern "C" int __wrap_bind(int descriptor, const sockaddr* address, socklen_t length) {
  return saef::coap::BindSocket(descriptor, address, length);
}
