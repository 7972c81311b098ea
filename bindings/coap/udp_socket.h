// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the UDP sockets of this process by the address that they are bound to, because libcoap
// doesn't tell their descriptors. Threads: any.
#ifndef SAEF_BINDINGS_COAP_UDP_SOCKET_H_
#define SAEF_BINDINGS_COAP_UDP_SOCKET_H_

#include <coap3/coap.h>

#include <vector>

namespace saef::coap {

// Their descriptors, in ascending order.
std::vector<int> FindUdpSockets(const coap_address_t& address);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_UDP_SOCKET_H_
