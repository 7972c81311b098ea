// SPDX-License-Identifier: GPL-3.0-or-later
//
// PeekIdentity: the psk_identity in what a client has sent so far, read before any TLS library
// reads it (plugin.h, peek_identity). RFC 5246 (TLS 1.2), RFC 6347 (DTLS 1.2), RFC 4279 and RFC
// 5489 (PSK key exchanges).
//
// Pure, total, without allocation: everything here is written by an attacker. Work is bounded by
// the length of the input (DTLS: times the number of handshake messages looked for, which is one).
#ifndef SAEF_BINDINGS_PEEK_IDENTITY_H_
#define SAEF_BINDINGS_PEEK_IDENTITY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace saef::bindings {

// A cipher suite tells the three shapes of ClientKeyExchange apart, but it stands in ServerHello,
// which isn't seen here. What tells them apart instead:
//   PSK                  identity, and nothing behind it
//   DHE_PSK, ECDHE_PSK   identity, then a public value that fills the message to its end
//   ECDHE, DHE, RSA      no identity: an octet of length and a point (0x04 …), or a public value
//                        that fills the message
struct PeekedIdentity {
  enum class Kind {
    kIdentity,  // `length` octets stand in `octets`
    kNeedMore,
    kNone,
    kInvalid,
  };
  Kind kind = Kind::kNeedMore;
  std::size_t length = 0;
  std::array<std::uint8_t, 128> octets;  // not initialised: what isn't used would take longer
};

// All that the client sent on this stream so far.
PeekedIdentity PeekTlsIdentity(std::span<const std::uint8_t> stream) noexcept;

// Datagrams of one client, one after the other, in any order, with repetitions.
PeekedIdentity PeekDtlsIdentity(std::span<const std::uint8_t> datagrams) noexcept;

// The same, as saef_api.peek_identity answers it (plugin.h), arguments checked by the caller:
// `data` may be null where `length` is 0, `identity` where `*identity_length` is. `transport` is
// SAEF_TLS or SAEF_DTLS.
std::int32_t PeekIdentity(std::int32_t transport, std::span<const std::uint8_t> data,
                          std::uint8_t* identity, std::size_t* identity_length) noexcept;

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_PEEK_IDENTITY_H_
