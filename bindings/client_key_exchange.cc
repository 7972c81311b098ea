// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/client_key_exchange.h"

#include <cstring>

namespace saef::bindings {

namespace {

std::size_t Number(const std::uint8_t* octets) noexcept {
  return static_cast<std::size_t>(octets[0]) << 8 | octets[1];
}

// Do `rest` octets hold a public value, with its length before it, and nothing else?
bool IsPublicValue(const std::uint8_t* octets, std::size_t rest) noexcept {
  const bool short_form = rest >= 2 && octets[0] == rest - 1;      // ECPoint: RFC 4492 5.7
  const bool long_form = rest >= 3 && Number(octets) == rest - 2;  // dh_Yc: RFC 5246 7.4.7.2
  return short_form || long_form;
}

}  // namespace

void ClientKeyExchange::Add(std::size_t offset, std::span<const std::uint8_t> octets) noexcept {
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const std::size_t at = offset + i;
    if (at >= length_ || came_[at]) continue;
    came_[at] = true;
    ++came_octets_;
    if (at < kept_.size()) kept_[at] = octets[i];
  }
}

PeekedIdentity::Kind ClientKeyExchange::Read(const std::uint8_t* body, std::size_t length,
                                             PeekedIdentity& found) noexcept {
  using Kind = PeekedIdentity::Kind;
  // A fixed Diffie-Hellman certificate says it all: RFC 5246 7.4.7.2.
  if (length == 0) return Kind::kNone;
  if (length < 2) return Kind::kInvalid;
  // ECDHE: an octet of length and a point that fill the body. An identity's length can't begin with
  // that octet, because it would be 256 or more where the body is shorter.
  if (body[0] != 0 && body[0] == length - 1) return Kind::kNone;
  const std::size_t identity_length = Number(body);
  if (identity_length == 0 || identity_length > found.octets.size()) return Kind::kInvalid;
  const std::size_t end = 2 + identity_length;
  if (end > length || (end < length && !IsPublicValue(body + end, length - end))) {
    return Kind::kInvalid;
  }
  if (std::memchr(body + 2, 0, identity_length) != nullptr) return Kind::kInvalid;
  std::memcpy(found.octets.data(), body + 2, identity_length);
  found.length = identity_length;
  return Kind::kIdentity;
}

}  // namespace saef::bindings
