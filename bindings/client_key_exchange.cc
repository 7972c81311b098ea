// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/client_key_exchange.h"

#include <algorithm>

namespace saef::bindings {

void ClientKeyExchange::Add(std::size_t offset, std::span<const std::uint8_t> octets) noexcept {
  if (complete()) return;
  if (offset == 0 && octets.size() == length_ && came_octets_ == 0) {  // as nearly all come
    came_octets_ = length_;
    std::copy_n(octets.begin(), std::min(octets.size(), kept_.size()), kept_.begin());
    return;
  }
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const std::size_t at = offset + i;
    if (at >= length_ || came_[at]) continue;
    came_[at] = true;
    ++came_octets_;
    if (at < kept_.size()) kept_[at] = octets[i];
  }
}

bool ClientKeyExchange::PublicValueFills(std::size_t offset) const noexcept {
  const std::size_t rest = length_ - offset;
  const bool short_form = rest >= 2 && kept_[offset] == rest - 1;  // ECPoint: RFC 4492 5.7
  const bool long_form = rest >= 3 && Number(offset) == rest - 2;  // dh_Yc: RFC 5246 7.4.7.2
  return short_form || long_form;
}

PeekedIdentity ClientKeyExchange::Identity() const noexcept {
  using Kind = PeekedIdentity::Kind;
  PeekedIdentity found;
  found.kind = Kind::kInvalid;
  if (length_ == 0) {  // a fixed Diffie-Hellman certificate says it all: RFC 5246 7.4.7.2
    found.kind = Kind::kNone;
    return found;
  }
  if (length_ < 2) return found;
  // ECDHE: an octet of length and a point that fill the body. An identity's length can't begin with
  // that octet, because it would be 256 or more where the body is shorter.
  if (kept_[0] != 0 && kept_[0] == length_ - 1) {
    found.kind = Kind::kNone;
    return found;
  }
  const std::size_t identity_length = Number(0);
  if (identity_length == 0 || identity_length > found.octets.size()) return found;
  const std::size_t end = 2 + identity_length;
  if (end > length_ || (end < length_ && !PublicValueFills(end))) return found;
  const auto first = kept_.begin() + 2;
  const auto last = first + static_cast<std::ptrdiff_t>(identity_length);
  if (std::find(first, last, 0) != last) return found;
  std::copy(first, last, found.octets.begin());
  found.length = identity_length;
  found.kind = Kind::kIdentity;
  return found;
}

}  // namespace saef::bindings
