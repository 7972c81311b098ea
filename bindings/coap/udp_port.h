// SPDX-License-Identifier: GPL-3.0-or-later
//
// UDP ports that are a server's alone. libcoap binds its endpoints with SO_REUSEADDR, and for UDP
// that lets any other socket with the same option bind the same port, another user's too: the
// datagrams of all peers would then go to it. The kernel even gives such a port away by itself to
// who asks for any free one.
//
// Threads: any.
#ifndef SAEF_BINDINGS_COAP_UDP_PORT_H_
#define SAEF_BINDINGS_COAP_UDP_PORT_H_

#include <coap3/coap.h>

#include <optional>

namespace saef::coap {

// `address` with a port that no socket has; where its port is 0, one of the kernel's choice.
// nullopt: the port is taken. What can't be found out is left to libcoap's own attempt.
std::optional<coap_address_t> FreeUdpPort(coap_address_t address);

// Takes SO_REUSEADDR back from this process's socket at this address, which libcoap has just bound:
// from now on nobody else can bind it. False: there is no such socket.
bool KeepUdpPort(const coap_address_t& address);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_UDP_PORT_H_
