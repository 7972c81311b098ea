// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/peek_identity.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "bindings/client_key_exchange.h"
#include "saef/plugin.h"

namespace saef::bindings {
namespace {

using Kind = PeekedIdentity::Kind;
using Octets = std::span<const std::uint8_t>;

// ContentType: RFC 5246 6.2.1.
enum : std::uint8_t { kChangeCipherSpec = 20, kAlert = 21, kHandshake = 22, kApplicationData = 23 };
// HandshakeType: RFC 5246 7.4.
enum : std::uint8_t { kClientHello = 1, kCertificate = 11, kClientKeyExchange = 16 };
// What else a client may send before it: RFC 6066 5, RFC 4680 3.
enum : std::uint8_t { kCertificateUrl = 21, kSupplementalData = 23 };

// The most that a protected record may hold: RFC 5246 6.2.3.
constexpr std::size_t kMaxRecord = (1 << 14) + 2048;

constexpr std::size_t kTlsHeader = 5;         // type, version, length: RFC 5246 6.2.1
constexpr std::size_t kTlsMessageHeader = 4;  // msg_type, length: RFC 5246 7.4

std::size_t Number(Octets octets, std::size_t offset, std::size_t width) noexcept {
  std::size_t number = 0;
  for (std::size_t i = 0; i < width; ++i) number = number << 8 | octets[offset + i];
  return number;
}

// The handshake messages of a TLS stream, whose pieces come in order, one record's content after
// the other; messages and records needn't end together (RFC 5246 6.2.1).
class TlsHandshake {
 public:
  // What is found, once that is clear, and the identity, if it is one; else more is wanted.
  std::optional<Kind> Take(Octets octets, PeekedIdentity& found) noexcept {
    while (!octets.empty()) {
      if (header_length_ < header_.size()) {
        header_[header_length_++] = octets.front();
        octets = octets.subspan(1);
        if (header_length_ < header_.size()) continue;
        if (const auto kind = Begin(octets, found)) return kind;
      }
      const std::size_t part = std::min(octets.size(), length_ - taken_);
      if (message_) message_->Add(taken_, octets.first(part));
      octets = octets.subspan(part);
      taken_ += part;
      if (taken_ < length_) continue;
      if (message_) return message_->Read(found);
      header_length_ = 0;
    }
    return std::nullopt;
  }

 private:
  // A message, of which `octets` may be more or less than all.
  std::optional<Kind> Begin(Octets octets, PeekedIdentity& found) noexcept {
    length_ = Number(header_, 1, 3);
    taken_ = 0;
    const bool first = !begun_;
    begun_ = true;
    if (first && header_[0] != kClientHello) return Kind::kNone;
    switch (header_[0]) {
      case kClientHello:
      case kCertificate:
      case kCertificateUrl:
      case kSupplementalData:
        return std::nullopt;
      case kClientKeyExchange:
        break;
      default:
        return Kind::kNone;
    }
    if (length_ > ClientKeyExchange::kMaxLength) return Kind::kInvalid;
    // As nearly all come.
    if (octets.size() >= length_) return ClientKeyExchange::Read(octets.data(), length_, found);
    message_.emplace(length_);
    return std::nullopt;
  }

  std::array<std::uint8_t, kTlsMessageHeader> header_{};
  std::size_t header_length_ = 0;
  std::size_t length_ = 0;
  std::size_t taken_ = 0;
  bool begun_ = false;
  std::optional<ClientKeyExchange> message_;
};

// The one ClientKeyExchange of a DTLS handshake, from fragments in any order (RFC 6347 4.2.3). The
// first fragment says which message it is; others of that type, with another number or length, are
// not of it.
class DtlsHandshake {
 public:
  // The content of one handshake record: whole messages or fragments, one after the other. Answers
  // as TlsHandshake does.
  std::optional<Kind> Take(Octets content, PeekedIdentity& found) noexcept {
    constexpr std::size_t kHeader = 12;
    while (content.size() >= kHeader) {
      const std::uint8_t type = content[0];
      const std::size_t length = Number(content, 1, 3);
      const std::size_t sequence = Number(content, 4, 2);
      const std::size_t offset = Number(content, 6, 3);
      const std::size_t part = Number(content, 9, 3);
      // RFC 6347 4.1.2.7: what is malformed is discarded, for it may be anybody's.
      if (part > content.size() - kHeader || offset + part > length) return std::nullopt;
      if (type == kClientKeyExchange) {
        const Octets octets = content.subspan(kHeader, part);
        if (const auto kind = Add(length, sequence, offset, octets, found)) return kind;
      }
      content = content.subspan(kHeader + part);
    }
    return std::nullopt;
  }

 private:
  std::optional<Kind> Add(std::size_t length, std::size_t sequence, std::size_t offset,
                          Octets octets, PeekedIdentity& found) noexcept {
    if (length > ClientKeyExchange::kMaxLength) return Kind::kInvalid;
    if (!message_) {
      // As nearly all come.
      if (octets.size() == length) return ClientKeyExchange::Read(octets.data(), length, found);
      message_.emplace(length);
      sequence_ = sequence;
    }
    if (message_->length() != length || sequence_ != sequence) return std::nullopt;
    message_->Add(offset, octets);
    if (!message_->complete()) return std::nullopt;
    return message_->Read(found);
  }

  std::optional<ClientKeyExchange> message_;
  std::size_t sequence_ = 0;
};

// The length of the one message of this type that fills the record at the front, with its header;
// 0 where that isn't so.
std::size_t LengthOfOnly(std::uint8_t type, Octets stream) noexcept {
  if (stream.size() < kTlsHeader + kTlsMessageHeader) return 0;
  if (stream[0] != kHandshake || stream[1] != 3 || stream[5] != type) return 0;
  const std::size_t length = Number(stream, 3, 2);
  const bool fills = length <= kMaxRecord && length <= stream.size() - kTlsHeader &&
                     Number(stream, 6, 3) + kTlsMessageHeader == length;
  return fills ? length : 0;
}

// As nearly all clients send it: ClientHello and, when the server has answered, ClientKeyExchange,
// each in a record of its own. What it doesn't know, the whole reader does.
std::optional<Kind> PeekUsualTls(Octets stream, PeekedIdentity& found) noexcept {
  const std::size_t hello = LengthOfOnly(kClientHello, stream);
  if (hello == 0) return std::nullopt;
  const Octets rest = stream.subspan(kTlsHeader + hello);
  if (rest.empty()) return Kind::kNeedMore;
  const std::size_t exchange = LengthOfOnly(kClientKeyExchange, rest);
  if (exchange == 0 || exchange > kTlsMessageHeader + ClientKeyExchange::kMaxLength) {
    return std::nullopt;
  }
  return ClientKeyExchange::Read(rest.data() + kTlsHeader + kTlsMessageHeader,
                                 exchange - kTlsMessageHeader, found);
}

[[gnu::noinline]] Kind PeekAnyTls(Octets stream, PeekedIdentity& found) noexcept {
  TlsHandshake handshake;
  while (!stream.empty()) {
    const std::uint8_t type = stream[0];
    // A second ChangeCipherSpec or anything protected: the time for an identity in the clear is
    // over.
    if (type != kHandshake && type != kAlert) return Kind::kNone;
    if (stream.size() > 1 && stream[1] != 3) return Kind::kNone;
    if (stream.size() < kTlsHeader) break;
    const std::size_t length = Number(stream, 3, 2);
    if (length > kMaxRecord) return Kind::kNone;
    if (length == 0) return Kind::kInvalid;
    const Octets content = stream.subspan(kTlsHeader, std::min(length, stream.size() - kTlsHeader));
    if (type == kHandshake) {
      if (const auto kind = handshake.Take(content, found)) return *kind;
    }
    stream = stream.subspan(kTlsHeader + content.size());
  }
  return Kind::kNeedMore;
}

Kind PeekTls(Octets stream, PeekedIdentity& found) noexcept {
  if (const auto usual = PeekUsualTls(stream, found)) return *usual;
  return PeekAnyTls(stream, found);
}

Kind PeekDtls(Octets datagrams, PeekedIdentity& found) noexcept {
  // type, version, epoch, sequence_number, length: RFC 6347 4.1
  constexpr std::size_t kHeader = 13;
  DtlsHandshake handshake;
  bool any = false;
  while (!datagrams.empty()) {
    const bool is_record = datagrams.size() >= kHeader && datagrams[0] >= kChangeCipherSpec &&
                           datagrams[0] <= kApplicationData + 1 && datagrams[1] == 0xfe;
    if (!is_record) break;
    const std::size_t length = Number(datagrams, 11, 2);
    if (length > kMaxRecord || length > datagrams.size() - kHeader) break;
    const bool in_the_clear = Number(datagrams, 3, 2) == 0;
    if (in_the_clear && datagrams[0] == kHandshake) {
      const Octets content = datagrams.subspan(kHeader, length);
      if (const auto kind = handshake.Take(content, found)) return *kind;
    }
    any = true;
    datagrams = datagrams.subspan(kHeader + length);
  }
  // What isn't a record, and comes before any, is no DTLS at all. Later it is discarded, as DTLS
  // does.
  const bool something_else = !any && !datagrams.empty();
  return something_else ? Kind::kNone : Kind::kNeedMore;
}

}  // namespace

PeekedIdentity PeekTlsIdentity(Octets stream) noexcept {
  PeekedIdentity found;
  found.kind = PeekTls(stream, found);
  return found;
}

PeekedIdentity PeekDtlsIdentity(Octets datagrams) noexcept {
  PeekedIdentity found;
  found.kind = PeekDtls(datagrams, found);
  return found;
}

std::int32_t PeekIdentity(std::int32_t transport, Octets data, std::uint8_t* identity,
                          std::size_t* identity_length) noexcept {
  PeekedIdentity peeked;
  const Kind kind = transport == SAEF_TLS ? PeekTls(data, peeked) : PeekDtls(data, peeked);
  switch (kind) {
    case Kind::kNeedMore:
      return SAEF_NEED_MORE;
    case Kind::kNone:
      return SAEF_NO_IDENTITY;
    case Kind::kInvalid:
      return SAEF_INVALID;
    case Kind::kIdentity:
      break;
  }
  const bool fits = peeked.length <= *identity_length;
  *identity_length = peeked.length;
  if (!fits) return SAEF_E_BUFFER_TOO_SMALL;
  std::memcpy(identity, peeked.octets.data(), peeked.length);
  return SAEF_IDENTITY;
}

}  // namespace saef::bindings
