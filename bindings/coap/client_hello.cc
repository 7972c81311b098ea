// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/client_hello.h"

#include <algorithm>

namespace saef::coap {
namespace {

// DTLSPlaintext and Handshake (RFC 6347 4.3.1, 4.3.2), then client_version and random.
constexpr std::size_t kEpoch = 3, kRecordLength = 11, kRecordHeader = 13;
constexpr std::size_t kFragmentOffset = 6, kFragmentLength = 9, kHandshakeHeader = 12;
constexpr std::size_t kVersion = 2, kRandom = 32;
constexpr std::uint8_t kHandshake = 22, kClientHello = 1;

std::size_t Number(std::span<const std::uint8_t> octets) {
  std::size_t value = 0;
  for (const std::uint8_t octet : octets) value = value << 8 | octet;
  return value;
}

}  // namespace

std::optional<HelloRandom> HelloRandomOf(std::span<const std::uint8_t> datagram) {
  constexpr std::size_t kNeeded = kHandshakeHeader + kVersion + kRandom;
  if (datagram.size() < kRecordHeader + kNeeded || datagram[0] != kHandshake ||
      Number(datagram.subspan(kEpoch, 2)) != 0 ||
      Number(datagram.subspan(kRecordLength, 2)) < kNeeded) {
    return std::nullopt;
  }
  const auto message = datagram.subspan(kRecordHeader, kNeeded);
  if (message[0] != kClientHello || Number(message.subspan(kFragmentOffset, 3)) != 0 ||
      Number(message.subspan(kFragmentLength, 3)) < kVersion + kRandom) {
    return std::nullopt;
  }
  HelloRandom random;
  std::ranges::copy(message.last(kRandom), random.begin());
  return random;
}

}  // namespace saef::coap
