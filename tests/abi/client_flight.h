// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a PSK client sends, byte by byte as RFC 5246, RFC 6347 and RFC 4279 lay it out, and a peek
// that reads it back: enough for tests of the gate, on well-formed input.
#ifndef SAEF_TESTS_ABI_CLIENT_FLIGHT_H_
#define SAEF_TESTS_ABI_CLIENT_FLIGHT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace saef::abi_test {

using Octets = std::vector<uint8_t>;

// TLS records.
Octets TlsClientHello();
Octets TlsKeyExchange(const std::string &identity);
Octets TlsFinished();

// DTLS datagrams of one record each. `sequence` is the record's sequence number.
Octets DtlsClientHello(uint8_t sequence);
Octets DtlsKeyExchange(const std::string &identity, uint8_t sequence);
// `count` octets of the message's body from `offset` on.
Octets DtlsKeyExchangeFragment(const std::string &identity, uint8_t sequence, size_t offset,
                               size_t count);
// An encrypted record, whose content is `filling` all over.
Octets DtlsFinished(uint8_t sequence, uint8_t filling);

enum class Peeked { kIdentity, kNeedMore, kNone, kInvalid };
Peeked PeekTls(std::span<const uint8_t> stream, std::string *identity);
Peeked PeekDtls(std::span<const uint8_t> datagrams, std::string *identity);

}  // namespace saef::abi_test

#endif  // SAEF_TESTS_ABI_CLIENT_FLIGHT_H_
