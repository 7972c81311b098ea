// SPDX-License-Identifier: GPL-3.0-or-later
//
// ClientKeyExchange: the body of one ClientKeyExchange message (RFC 5246 7.4.7) as it comes
// together from fragments in any order, and the psk_identity in it (RFC 4279 2, 3; RFC 5489 2).
// Keeps the octets that can matter and which of the others have come; a fixed size on the stack.
#ifndef SAEF_BINDINGS_CLIENT_KEY_EXCHANGE_H_
#define SAEF_BINDINGS_CLIENT_KEY_EXCHANGE_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>

#include "bindings/peek_identity.h"

namespace saef::bindings {

class ClientKeyExchange {
 public:
  // An identity, and a Diffie-Hellman value of 16384 bits; no key exchange needs more.
  static constexpr std::size_t kMaxLength = 2 + 128 + 2 + 2048;

  // `length` ≤ kMaxLength: of the whole body.
  explicit ClientKeyExchange(std::size_t length) noexcept : length_(length) {}

  // `octets` at `offset`; together within the body. What has come already is not overwritten.
  void Add(std::size_t offset, std::span<const std::uint8_t> octets) noexcept;
  bool complete() const noexcept { return came_octets_ == length_; }
  std::size_t length() const noexcept { return length_; }

  // Once complete: what is in it, and the identity, if it is one.
  PeekedIdentity::Kind Read(PeekedIdentity& found) const noexcept {
    return Read(kept_.data(), length_, found);
  }
  // The same of a body that came whole. `length` ≤ kMaxLength.
  static PeekedIdentity::Kind Read(const std::uint8_t* body, std::size_t length,
                                   PeekedIdentity& found) noexcept;

 private:
  // How many octets of a body are looked at.
  static constexpr std::size_t kKept = 2 + 128 + 2;

  std::size_t length_;
  std::array<std::uint8_t, kKept> kept_{};
  std::bitset<kMaxLength> came_;
  std::size_t came_octets_ = 0;  // of those in came_
};

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_CLIENT_KEY_EXCHANGE_H_
