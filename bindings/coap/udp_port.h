// SPDX-License-Identifier: GPL-3.0-or-later
//
// UDP ports that are a server's alone. libcoap binds its endpoints with SO_REUSEADDR, and for UDP
// that lets any other socket with the same option bind the same port, another user's too: the
// datagrams of all peers would then go to it. The kernel even gives such a port away by itself to
// who asks for any free one. So the linker puts us before bind (-Wl,--wrap=bind), which does what
// it always does where no UdpBinding is.
//
// Several sockets of one server share a port by SO_REUSEPORT: the kernel then gives all datagrams
// between two addresses to the same socket, as long as no socket comes or goes. Such a port can be
// joined by sockets of the same effective user alone, that have the option too; another server of
// ours, whose first socket hasn't, is told that the port is taken.
#ifndef SAEF_BINDINGS_COAP_UDP_PORT_H_
#define SAEF_BINDINGS_COAP_UDP_PORT_H_

#include <sys/socket.h>

#include <cstdint>

namespace saef::coap {

enum class PortUse {
  kAlone,   // nobody else can bind it
  kFirst,   // nobody else has it; others of this server's will
  kFurther  // its kFirst is there
};

// How this thread's sockets are bound while this lives; they ask for a receive buffer of kUdpBuffer
// (udp_buffers.h).
class UdpBinding {
 public:
  explicit UdpBinding(PortUse use);
  ~UdpBinding();
  UdpBinding(const UdpBinding&) = delete;
  UdpBinding& operator=(const UdpBinding&) = delete;

  // Of the socket that was bound last; 0: none was.
  std::uint16_t port() const { return port_; }

  // As bind(2).
  int Bind(int descriptor, const sockaddr* address, socklen_t length);

 private:
  const PortUse use_;
  std::uint16_t port_ = 0;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_UDP_PORT_H_
