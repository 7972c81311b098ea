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

std::size_t Number(Octets octets, std::size_t offset, std::size_t width) noexcept {
  std::size_t number = 0;
  for (std::size_t i = 0; i < width; ++i) number = number << 8 | octets[offset + i];
  return number;
}

PeekedIdentity Answer(Kind kind) noexcept {
  PeekedIdentity answer;
  answer.kind = kind;
  return answer;
}

// The handshake messages of a TLS stream, whose pieces come in order, one record's content after
// the other; messages and records needn't end together (RFC 5246 6.2.1).
class TlsHandshake {
 public:
  // The answer once there is one; else nothing, and more is wanted.
  std::optional<PeekedIdentity> Take(Octets octets) noexcept {
    while (!octets.empty()) {
      if (header_length_ < header_.size()) {
        header_[header_length_++] = octets.front();
        octets = octets.subspan(1);
        if (header_length_ < header_.size()) continue;
        if (const auto answer = Begin()) return answer;
      }
      const std::size_t part = std::min(octets.size(), length_ - taken_);
      if (message_) message_->Add(taken_, octets.first(part));
      octets = octets.subspan(part);
      taken_ += part;
      if (taken_ < length_) continue;
      if (message_) return message_->Identity();
      header_length_ = 0;
    }
    return std::nullopt;
  }

 private:
  std::optional<PeekedIdentity> Begin() noexcept {
    length_ = Number(header_, 1, 3);
    taken_ = 0;
    const bool first = !begun_;
    begun_ = true;
    if (first) {
      if (header_[0] != kClientHello) return Answer(Kind::kNone);
      return std::nullopt;
    }
    switch (header_[0]) {
      case kClientHello:
      case kCertificate:
      case kCertificateUrl:
      case kSupplementalData:
        return std::nullopt;
      case kClientKeyExchange:
        if (length_ > ClientKeyExchange::kMaxLength) return Answer(Kind::kInvalid);
        message_.emplace(length_);
        if (length_ == 0) return message_->Identity();
        return std::nullopt;
      default:
        return Answer(Kind::kNone);
    }
  }

  std::array<std::uint8_t, 4> header_{};  // msg_type, length
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
  // The content of one handshake record: whole messages or fragments, one after the other.
  std::optional<PeekedIdentity> Take(Octets content) noexcept {
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
        if (const auto answer = Add(length, sequence, offset, content.subspan(kHeader, part))) {
          return answer;
        }
      }
      content = content.subspan(kHeader + part);
    }
    return std::nullopt;
  }

 private:
  std::optional<PeekedIdentity> Add(std::size_t length, std::size_t sequence, std::size_t offset,
                                    Octets octets) noexcept {
    if (length > ClientKeyExchange::kMaxLength) return Answer(Kind::kInvalid);
    if (!message_) {
      message_.emplace(length);
      sequence_ = sequence;
    }
    if (message_->length() != length || sequence_ != sequence) return std::nullopt;
    message_->Add(offset, octets);
    if (message_->complete()) return message_->Identity();
    return std::nullopt;
  }

  std::optional<ClientKeyExchange> message_;
  std::size_t sequence_ = 0;
};

}  // namespace

PeekedIdentity PeekTlsIdentity(Octets stream) noexcept {
  constexpr std::size_t kHeader = 5;  // type, version, length: RFC 5246 6.2.1
  TlsHandshake handshake;
  while (!stream.empty()) {
    const std::uint8_t type = stream[0];
    // A second ChangeCipherSpec or anything protected: the time for an identity in the clear is
    // over.
    if (type != kHandshake && type != kAlert) return Answer(Kind::kNone);
    if (stream.size() > 1 && stream[1] != 3) return Answer(Kind::kNone);
    if (stream.size() < kHeader) break;
    const std::size_t length = Number(stream, 3, 2);
    if (length > kMaxRecord) return Answer(Kind::kNone);
    if (length == 0) return Answer(Kind::kInvalid);
    const Octets content = stream.subspan(kHeader, std::min(length, stream.size() - kHeader));
    if (type == kHandshake) {
      if (const auto answer = handshake.Take(content)) return *answer;
    }
    stream = stream.subspan(kHeader + content.size());
  }
  return Answer(Kind::kNeedMore);
}

PeekedIdentity PeekDtlsIdentity(Octets datagrams) noexcept {
  constexpr std::size_t kHeader =
      13;  // type, version, epoch, sequence_number, length: RFC 6347 4.1
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
      if (const auto answer = handshake.Take(datagrams.subspan(kHeader, length))) return *answer;
    }
    any = true;
    datagrams = datagrams.subspan(kHeader + length);
  }
  // What isn't a record, and comes before any, is no DTLS at all. Later it is discarded, as DTLS
  // does.
  const bool something_else = !any && !datagrams.empty();
  return Answer(something_else ? Kind::kNone : Kind::kNeedMore);
}

std::int32_t PeekIdentity(std::int32_t transport, Octets data, std::uint8_t* identity,
                          std::size_t* identity_length) noexcept {
  const PeekedIdentity peeked =
      transport == SAEF_TLS ? PeekTlsIdentity(data) : PeekDtlsIdentity(data);
  switch (peeked.kind) {
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
