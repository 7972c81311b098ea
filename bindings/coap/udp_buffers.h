// SPDX-License-Identifier: GPL-3.0-or-later
//
// RaiseUdpBuffers: room in the kernel for what comes at once. A datagram that finds the receive
// buffer full is lost, and its sender waits a second (DTLS, RFC 6347 4.2.4.1) or two (CoAP, RFC
// 7252 4.2) before it sends again; the usual buffer holds some 200 small ones. Threads: any.
#ifndef SAEF_BINDINGS_COAP_UDP_BUFFERS_H_
#define SAEF_BINDINGS_COAP_UDP_BUFFERS_H_

#include <coap3/coap.h>

#include <cstddef>

namespace saef::coap {

// What is asked for. The kernel gives it as far as net.core.rmem_max and wmem_max allow, and takes
// memory only for what waits there.
inline constexpr int kUdpBuffer = 4 << 20;

// Of this process's UDP sockets that are bound to this address, which libcoap doesn't tell the
// descriptors of: raises both buffers to kUdpBuffer and lowers none. How many sockets there are.
std::size_t RaiseUdpBuffers(const coap_address_t& address);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_UDP_BUFFERS_H_
