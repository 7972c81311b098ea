// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/parsed_certificate.h"

#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/sha256.h>

#include <array>
#include <chrono>
#include <new>
#include <string>

#include "onem2m/certificate.h"

namespace saef::onem2m {
namespace {

constexpr std::uint8_t kTagSequence = 0x30;
constexpr std::uint8_t kTagBoolean = 0x01;
constexpr std::uint8_t kTagExtensions = 0xa3;
constexpr std::string_view kSubjectAltNameId = "\x55\x1d\x11";  // 2.5.29.17
// A SubjectPublicKeyInfo of the profile, before the 64 octets of the uncompressed point:
// id-ecPublicKey, secp256r1, a BIT STRING without unused bits, 0x04 (RFC 5480 2).
constexpr std::array<std::uint8_t, 27> kSpkiPrefix = {
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
    0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
constexpr std::size_t kSpkiSize = kSpkiPrefix.size() + 64;
constexpr std::size_t kPointSize = 65;

std::string_view CertificateView(const void* octets, std::size_t length) noexcept {
  return {static_cast<const char*>(octets), length};
}

const std::uint8_t* CertificateOctets(std::string_view text) noexcept {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

// A public key of wolfSSL's on P-256, from a SubjectPublicKeyInfo of the profile.
class PublicPoint {
 public:
  PublicPoint() : made_(wc_ecc_init(&key_) == 0) {}
  ~PublicPoint() { wc_ecc_free(&key_); }
  PublicPoint(const PublicPoint&) = delete;
  PublicPoint& operator=(const PublicPoint&) = delete;

  bool Import(std::string_view spki) {
    return made_ && wc_ecc_import_x963_ex(CertificateOctets(spki) + spki.size() - kPointSize,
                                          kPointSize, &key_, ECC_SECP256R1) == 0;
  }
  ecc_key* key() { return &key_; }

 private:
  ecc_key key_{};
  bool made_;
};

// What wolfSSL's parser doesn't give as it stands (RFC 5280 4.1). The key is found before wolfSSL
// reads it, so that one of another kind is told as such.
struct CertificateParts {
  std::string_view public_key;
  std::string_view extensions;  // the content of their SEQUENCE
};

std::optional<CertificateParts> FindParts(std::string_view der) {
  const auto certificate = TakeDer(der);
  if (!certificate || certificate->tag != kTagSequence || !der.empty()) return std::nullopt;
  std::string_view rest = certificate->content;
  const auto tbs = TakeDer(rest);
  if (!tbs || tbs->tag != kTagSequence) return std::nullopt;
  rest = tbs->content;
  // version, serialNumber, signature, issuer, validity, subject
  for (int skipped = 0; skipped < 6; ++skipped) {
    if (!TakeDer(rest)) return std::nullopt;
  }
  const auto key = TakeDer(rest);
  if (!key || key->tag != kTagSequence) return std::nullopt;
  CertificateParts parts{key->whole, {}};
  while (auto more = TakeDer(rest)) {
    if (more->tag != kTagExtensions) continue;
    const auto list = TakeDer(more->content);
    if (list && list->tag == kTagSequence) parts.extensions = list->content;
  }
  return parts;
}

Error ErrorOfParser(int code) {
  switch (code) {
    case MEMORY_E:
      return Error::kMemory;
    case ASN_UNKNOWN_OID_E:  // an algorithm that isn't built in: RSA, SHA-384 …
    case ASN_ECC_KEY_E:
    case ECC_CURVE_OID_E:
      return Error::kWeakAlgorithm;
    default:
      return Error::kBadCertificate;
  }
}

std::optional<Time> ToTime(const byte* date, int length) {
  const byte* text = nullptr;
  byte format = 0;
  int text_length = 0;
  tm parts{};
  if (date == nullptr || wc_GetDateInfo(date, length, &text, &format, &text_length) != 0 ||
      wc_GetDateAsCalendarTime(text, text_length, format, &parts) != 0) {
    return std::nullopt;
  }
  const std::chrono::year_month_day day{std::chrono::year(parts.tm_year + 1900),
                                        std::chrono::month(unsigned(parts.tm_mon) + 1),
                                        std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(parts.tm_hour) +
         std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
}

}  // namespace

std::optional<Der> TakeDer(std::string_view& rest) noexcept {
  if (rest.size() < 2) return std::nullopt;
  std::size_t header = 2;
  std::size_t length = static_cast<std::uint8_t>(rest[1]);
  if ((static_cast<std::uint8_t>(rest[0]) & 0x1f) == 0x1f) return std::nullopt;
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7f;
    if (octets == 0 || octets > 3 || rest.size() < header + octets) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) {
      length = length << 8 | static_cast<std::uint8_t>(rest[header + i]);
    }
    header += octets;
  }
  if (length > rest.size() - header) return std::nullopt;
  const Der element{static_cast<std::uint8_t>(rest[0]), rest.substr(header, length),
                    rest.substr(0, header + length)};
  rest.remove_prefix(header + length);
  return element;
}

void ParsedCertificate::Free::operator()(DecodedCert* decoded) const noexcept {
  wc_FreeDecodedCert(decoded);
  delete decoded;
}

Result<ParsedCertificate> ParsedCertificate::Parse(std::string_view der) {
  if (der.size() > kMaxCertificateSize) return Error::kBadCertificate;
  const auto parts = FindParts(der);
  if (!parts) return Error::kBadCertificate;
  if (const auto checked = CheckPublicKey(parts->public_key); !checked) return checked.error();
  ParsedCertificate parsed;
  parsed.der_ = der;
  parsed.public_key_ = parts->public_key;
  parsed.extensions_ = parts->extensions;
  auto* decoded = new (std::nothrow) DecodedCert;
  if (decoded == nullptr) return Error::kMemory;
  wc_InitDecodedCert(decoded, CertificateOctets(der), static_cast<word32>(der.size()), nullptr);
  parsed.decoded_.reset(decoded);
  // Not the dates, for which `now` counts, nor the signature; an unknown critical extension ends
  // it.
  const int result = wc_ParseCert(decoded, CERT_TYPE, NO_VERIFY, nullptr);
  if (result != 0) return ErrorOfParser(result);
  // The parser counts from 0: version 3.
  if (decoded->version != 2) return Error::kBadCertificate;
  if (decoded->signatureOID != CTC_SHA256wECDSA) return Error::kWeakAlgorithm;
  // What RFC 5280 6.1 demands for policies isn't done here, so nothing may rely on it.
  if (decoded->extPolicyConstSet || decoded->extNameConstraintHasUnsupported) {
    return Error::kBadCertificate;
  }
  if (const auto dates = parsed.ReadDates(); !dates) return dates.error();
  return parsed;
}

Result<void> ParsedCertificate::ReadDates() {
  const auto begin = ToTime(decoded_->beforeDate, decoded_->beforeDateLen);
  const auto end = ToTime(decoded_->afterDate, decoded_->afterDateLen);
  if (!begin || !end) return Error::kBadCertificate;
  not_before_ = *begin;
  not_after_ = *end;
  return {};
}

std::string_view ParsedCertificate::subject() const noexcept {
  return CertificateView(decoded_->subjectRaw, static_cast<std::size_t>(decoded_->subjectRawLen));
}

std::string_view ParsedCertificate::issuer() const noexcept {
  return CertificateView(decoded_->issuerRaw, static_cast<std::size_t>(decoded_->issuerRawLen));
}

Result<void> ParsedCertificate::VerifySignature(const ParsedCertificate& issuer) const {
  PublicPoint point;
  std::array<std::uint8_t, WC_SHA256_DIGEST_SIZE> digest;
  if (!point.Import(issuer.public_key())) return Error::kCryptography;
  if (wc_Sha256Hash(CertificateOctets(der_) + decoded_->certBegin,
                    decoded_->sigIndex - decoded_->certBegin, digest.data()) != 0) {
    return Error::kCryptography;
  }
  int valid = 0;
  const int result = wc_ecc_verify_hash(decoded_->signature, decoded_->sigLength, digest.data(),
                                        digest.size(), &valid, point.key());
  if (result == MEMORY_E) return Error::kMemory;
  if (result != 0 || valid != 1) return Error::kUntrusted;
  return {};
}

// Extension ::= SEQUENCE { extnID, critical DEFAULT FALSE, extnValue OCTET STRING }; the parser has
// refused a second one of the same kind (RFC 5280 4.2).
std::string_view ParsedCertificate::subject_alt_name() const noexcept {
  std::string_view rest = extensions_;
  while (const auto extension = TakeDer(rest)) {
    std::string_view fields = extension->content;
    const auto id = TakeDer(fields);
    auto value = TakeDer(fields);
    if (value && value->tag == kTagBoolean) value = TakeDer(fields);
    if (!id || id->content != kSubjectAltNameId || !value) continue;
    const auto names = TakeDer(value->content);
    return names && names->tag == kTagSequence ? names->content : std::string_view();
  }
  return {};
}

Result<void> CheckPublicKey(std::string_view spki) {
  if (spki.size() != kSpkiSize ||
      !spki.starts_with(CertificateView(kSpkiPrefix.data(), kSpkiPrefix.size()))) {
    return Error::kWeakAlgorithm;
  }
  PublicPoint point;
  if (!point.Import(spki) || wc_ecc_check_key(point.key()) != 0) return Error::kWeakAlgorithm;
  return {};
}

}  // namespace saef::onem2m
