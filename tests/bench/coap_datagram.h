// SPDX-License-Identifier: GPL-3.0-or-later
//
// Request primitives as CoAP datagrams (RFC 7252 3, TS-0008) and what comes back, for the bench's
// clients, who have a loop of their own instead of libcoap's.
//
// Threads: any.
#ifndef SAEF_TESTS_BENCH_COAP_DATAGRAM_H_
#define SAEF_TESTS_BENCH_COAP_DATAGRAM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "onem2m/primitive.h"

namespace saef::bench {

// A confirmable request. `number` is its message identifier and its token, which TokenOf tells.
// Empty where the request can't be said.
std::string EncodeCoapRequest(const onem2m::RequestPrimitive& request, std::uint16_t number);
std::string TokenOf(std::uint16_t number);

// What a server has sent.
struct CoapReply {
  bool is_empty = false;    // an acknowledgement without an answer (5.2.2)
  bool is_success = false;  // 2.xx
  std::string token{};
  // The acknowledgement that it asks for; empty where it asks for none.
  std::string acknowledgement{};
};
// None where that is no CoAP message.
std::optional<CoapReply> ReadCoapReply(std::string_view datagram);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_COAP_DATAGRAM_H_
