// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands in a ClientHello in the clear, as a datagram begins with one. Pure.
#ifndef SAEF_BINDINGS_COAP_CLIENT_HELLO_H_
#define SAEF_BINDINGS_COAP_CLIENT_HELLO_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace saef::coap {

// By which one handshake of a client's is told from another (RFC 5246 7.4.1.2); when a ClientHello
// is repeated, and when it carries the cookie (RFC 6347 4.2.1), this stays.
using HelloRandom = std::array<std::uint8_t, 32>;

// That of the ClientHello, or of its first fragment, that `datagram` begins with, in epoch 0. None:
// it begins with something else, or there is too little of it.
std::optional<HelloRandom> HelloRandomOf(std::span<const std::uint8_t> datagram);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_CLIENT_HELLO_H_
