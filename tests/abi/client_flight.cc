// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/abi/client_flight.h"

#include <algorithm>

#include "saef/plugin.h"

namespace saef::abi_test {
namespace {

constexpr uint8_t kChangeCipherSpec = 20, kHandshake = 22;
constexpr uint8_t kClientHello = 1, kClientKeyExchange = 16;
constexpr size_t kTlsHeader = 5, kDtlsHeader = 13, kDtlsHandshakeHeader = 12;

void PutNumber(Octets *octets, size_t value, int width) {
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
    octets->push_back(static_cast<uint8_t>(value >> shift));
  }
}

size_t Number(std::span<const uint8_t> octets, size_t offset, size_t width) {
  size_t value = 0;
  for (uint8_t octet : octets.subspan(offset, width)) {
    value = value << 8 | octet;
  }
  return value;
}

void Append(Octets *octets, std::span<const uint8_t> more) {
  octets->insert(octets->end(), more.begin(), more.end());
}

Octets Body(const std::string &identity) {
  Octets body;
  PutNumber(&body, identity.size(), 2);
  body.insert(body.end(), identity.begin(), identity.end());
  return body;
}

Octets TlsRecord(uint8_t type, std::span<const uint8_t> content) {
  Octets record = {type, 3, 3};
  PutNumber(&record, content.size(), 2);
  Append(&record, content);
  return record;
}

Octets TlsHandshake(uint8_t type, std::span<const uint8_t> body) {
  Octets message = {type};
  PutNumber(&message, body.size(), 3);
  Append(&message, body);
  return TlsRecord(kHandshake, message);
}

Octets DtlsRecord(uint8_t type, uint8_t epoch, uint8_t sequence, std::span<const uint8_t> content) {
  Octets record = {type, 254, 253, 0, epoch, 0, 0, 0, 0, 0, sequence};
  PutNumber(&record, content.size(), 2);
  Append(&record, content);
  return record;
}

Octets DtlsHandshake(uint8_t type, uint8_t message, uint8_t sequence, const Octets &body,
                     size_t offset, size_t count) {
  Octets fragment = {type};
  PutNumber(&fragment, body.size(), 3);
  PutNumber(&fragment, message, 2);
  PutNumber(&fragment, offset, 3);
  PutNumber(&fragment, count, 3);
  Append(&fragment, std::span(body).subspan(offset, count));
  return DtlsRecord(kHandshake, 0, sequence, fragment);
}

// The identity, and behind it nothing (RFC 4279 2) or a public value (RFC 4279 3, RFC 5489 2).
Peeked ReadBody(const Octets &body, std::string *identity) {
  const size_t length = body.size() < 2 ? body.size() : Number(body, 0, 2);
  if (2 + length > body.size()) {
    return Peeked::kNone;
  }
  const std::span<const uint8_t> rest = std::span(body).subspan(2 + length);
  const bool is_value = (rest.size() > 1 && Number(rest, 0, 1) == rest.size() - 1) ||
                        (rest.size() > 2 && Number(rest, 0, 2) == rest.size() - 2);
  if (!rest.empty() && !is_value) {
    return Peeked::kNone;
  }
  if (length > SAEF_MAX_IDENTITY) {
    return Peeked::kInvalid;
  }
  identity->assign(body.begin() + 2, body.begin() + 2 + static_cast<std::ptrdiff_t>(length));
  return Peeked::kIdentity;
}

}  // namespace

Octets TlsClientHello() { return TlsHandshake(kClientHello, Octets(40, 1)); }
Octets TlsKeyExchange(const std::string &identity) {
  return TlsHandshake(kClientKeyExchange, Body(identity));
}
Octets TlsFinished() {
  Octets octets = TlsRecord(kChangeCipherSpec, Octets{1});
  Append(&octets, TlsRecord(kHandshake, Octets(64, 7)));
  return octets;
}

Octets DtlsClientHello(uint8_t sequence) {
  return DtlsHandshake(kClientHello, 0, sequence, Octets(40, 1), 0, 40);
}
Octets DtlsKeyExchange(const std::string &identity, uint8_t sequence) {
  return DtlsKeyExchangeFragment(identity, sequence, 0, identity.size() + 2);
}
Octets DtlsKeyExchangeFragment(const std::string &identity, uint8_t sequence, size_t offset,
                               size_t count) {
  return DtlsHandshake(kClientKeyExchange, 2, sequence, Body(identity), offset, count);
}
Octets DtlsFinished(uint8_t sequence, uint8_t filling) {
  return DtlsRecord(kHandshake, 1, sequence, Octets(40, filling));
}

Peeked PeekTls(std::span<const uint8_t> stream, std::string *identity) {
  while (stream.size() >= kTlsHeader) {
    size_t length = Number(stream, 3, 2);
    if (stream[0] != kHandshake) {
      return Peeked::kNone;
    }
    if (stream.size() < kTlsHeader + length) {
      return Peeked::kNeedMore;
    }
    std::span<const uint8_t> message = stream.subspan(kTlsHeader, length);
    if (message.size() >= 4 && message[0] == kClientKeyExchange) {
      return ReadBody(Octets(message.begin() + 4, message.end()), identity);
    }
    stream = stream.subspan(kTlsHeader + length);
  }
  return Peeked::kNeedMore;
}

Peeked PeekDtls(std::span<const uint8_t> datagrams, std::string *identity) {
  Octets body;
  std::vector<bool> came;
  bool clear = false;
  while (datagrams.size() >= kDtlsHeader) {
    size_t length = Number(datagrams, 11, 2);
    if (datagrams.size() < kDtlsHeader + length) {
      return Peeked::kInvalid;
    }
    std::span<const uint8_t> fragment = datagrams.subspan(kDtlsHeader, length);
    if (Number(datagrams, 3, 2) == 0 && fragment.size() >= kDtlsHandshakeHeader) {
      clear = true;
      if (fragment[0] == kClientKeyExchange) {
        body.resize(Number(fragment, 1, 3));
        came.resize(body.size());
        size_t offset = Number(fragment, 6, 3), count = Number(fragment, 9, 3);
        std::copy_n(fragment.begin() + kDtlsHandshakeHeader, count,
                    body.begin() + static_cast<std::ptrdiff_t>(offset));
        std::fill_n(came.begin() + static_cast<std::ptrdiff_t>(offset), count, true);
      }
    }
    datagrams = datagrams.subspan(kDtlsHeader + length);
  }
  if (!clear) {
    return Peeked::kNone;
  }
  if (came.empty() || std::find(came.begin(), came.end(), false) != came.end()) {
    return Peeked::kNeedMore;
  }
  return ReadBody(body, identity);
}

}  // namespace saef::abi_test
