// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/certificate.h"

#include <wolfssl/wolfcrypt/settings.h>
// settings.h first.
#include <wolfssl/wolfcrypt/sha256.h>

#include <algorithm>
#include <array>
#include <vector>

#include "onem2m/ascii.h"
#include "onem2m/parsed_certificate.h"

namespace saef::onem2m {
namespace {

// GeneralName (RFC 5280 4.2.1.6) and what stands in an otherName.
constexpr std::uint8_t kOtherNameTag = 0xa0;
constexpr std::uint8_t kDnsNameTag = 0x82;
constexpr std::uint8_t kUriTag = 0x86;
constexpr std::uint8_t kOidTag = 0x06;
constexpr std::uint8_t kRelativeOidTag = 0x0d;
constexpr std::uint8_t kOctetStringTag = 0x04;
constexpr std::uint8_t kSequenceTag = 0x30;

// id-on-hardwareModuleName, 1.3.6.1.5.5.7.8.4 (RFC 4108 5).
constexpr std::string_view kHardwareModuleName = "\x2b\x06\x01\x05\x05\x07\x08\x04";

constexpr std::string_view kAeIdScheme = "m2m:";
constexpr std::string_view kNodeIdScheme = "urn:";

constexpr std::string_view kNiPrefix = "ni:///sha-256";
constexpr std::array<std::size_t, 2> kCutDigestBits = {120, 128};

bool StartsWithScheme(std::string_view uri, std::string_view scheme) {
  return uri.size() > scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), uri.begin(),
                    [](char want, char is) { return want == ascii::ToLower(is); });
}

// ---- Hardware instance identifiers (TS-0003 10.1.1.4.1)

// Appends ".x" for each arc of a RELATIVE-OID's content (X.690 8.20). False: not one.
bool AppendArcs(std::string_view content, std::string& text) {
  std::uint64_t arc = 0;
  if (content.empty() || (content.back() & 0x80) != 0) return false;
  for (const char c : content) {
    const auto octet = static_cast<std::uint8_t>(c);
    if (arc > UINT64_MAX >> 7 || (arc == 0 && octet == 0x80)) return false;
    arc = arc << 7 | (octet & 0x7f);
    if ((octet & 0x80) == 0) {
      text += "." + std::to_string(arc);
      arc = 0;
    }
  }
  return true;
}

// An OBJECT IDENTIFIER's content as "1.3.6" (X.690 8.19). Empty: not one.
std::string OidText(std::string_view content) {
  std::string arcs;
  if (!AppendArcs(content, arcs)) return {};
  const std::size_t second = arcs.find('.', 1);
  const std::uint64_t joined = std::stoull(arcs.substr(1, second - 1));
  const std::uint64_t first = std::min<std::uint64_t>(joined / 40, 2);
  return std::to_string(first) + "." + std::to_string(joined - first * 40) +
         (second == std::string::npos ? "" : arcs.substr(second));
}

std::string HexText(std::string_view octets) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text;
  for (const char c : octets) {
    const auto octet = static_cast<std::uint8_t>(c);
    text += {kDigits[octet >> 4], kDigits[octet & 15]};
  }
  return text;
}

// RFC 4108 5: SEQUENCE { hwType OBJECT IDENTIFIER, hwSerialNum OCTET STRING }
std::optional<std::string> HardwareModule(const Der& value) {
  std::string_view rest = value.content;
  const auto type = TakeDer(rest);
  const auto serial = TakeDer(rest);
  if (value.tag != kSequenceTag || !type || type->tag != kOidTag || !serial ||
      serial->tag != kOctetStringTag || serial->content.empty() || !rest.empty()) {
    return std::nullopt;
  }
  const std::string text = OidText(type->content);
  if (text.empty()) return std::nullopt;
  return text + ":" + HexText(serial->content);
}

// TS-0003 10.1.1.4.1: type-ID is the M2M Device Indication ID, the value the arcs that follow it. A
// RELATIVE-OID carries these; an OBJECT IDENTIFIER can only carry the whole.
std::optional<std::string> M2mDevice(std::string_view type_id, const Der& value) {
  std::string text = OidText(type_id);
  if (text.empty()) return std::nullopt;
  if (value.tag == kRelativeOidTag) {
    return AppendArcs(value.content, text) ? std::optional(text) : std::nullopt;
  }
  const std::string whole = OidText(value.content);
  if (!whole.starts_with(text + ".")) return std::nullopt;
  return whole;
}

// The hardware instance identifier that an otherName carries; "" where it is one of another kind;
// none where it is malformed.
std::optional<std::string> HardwareInstance(std::string_view other_name) {
  const auto type_id = TakeDer(other_name);
  auto explicit_value = TakeDer(other_name);
  if (!type_id || type_id->tag != kOidTag || !explicit_value || !other_name.empty()) {
    return std::nullopt;
  }
  const auto value = TakeDer(explicit_value->content);
  if (!value || !explicit_value->content.empty()) return std::nullopt;
  if (type_id->content == kHardwareModuleName) return HardwareModule(*value);
  if (value->tag == kOidTag || value->tag == kRelativeOidTag) {
    return M2mDevice(type_id->content, *value);
  }
  return "";
}

// ---- The names of a certificate, sorted by what they name

struct Names {
  std::vector<std::string> ae_ids;  // "//fqdn/…"
  std::vector<std::string> hardware;
  std::vector<std::string> nodes;
  std::vector<std::string> domains;
};

Result<void> Sort(const Der& name, Names& names) {
  const bool has_wildcard = name.content.find('*') != std::string_view::npos;
  switch (name.tag) {
    case kUriTag:
      if (has_wildcard) return Error::kWildcard;
      if (StartsWithScheme(name.content, kAeIdScheme)) {
        names.ae_ids.emplace_back(name.content.substr(kAeIdScheme.size()));
      } else if (StartsWithScheme(name.content, kNodeIdScheme)) {
        names.nodes.emplace_back(name.content);
      }
      return {};
    case kDnsNameTag:
      if (has_wildcard) return Error::kWildcard;
      names.domains.emplace_back(name.content);
      return {};
    case kOtherNameTag: {
      auto hardware = HardwareInstance(name.content);
      if (!hardware) return Error::kBadForm;
      if (!hardware->empty()) names.hardware.push_back(std::move(*hardware));
      return {};
    }
    default:
      return {};
  }
}

// ---- From names to identities

Result<CertificateIdentity> AeIdentity(const std::string& name) {
  auto ae = AeId::ParseAbsolute(name);
  if (!ae) return Error::kBadForm;
  auto id = CredentialId::Make(CredentialType::kAeIdCertificate, ae->Absolute());
  if (!id) return id.error();
  return CertificateIdentity{id->type(), std::move(*id), std::move(*ae), std::nullopt};
}

// TS-0001 6.5.1.1: <CSE-ID>.<domain>. The label is taken as it stands, since a CSE-ID keeps its
// case.
Result<CertificateIdentity> CseIdentity(const std::string& domain) {
  const std::size_t dot = domain.find('.');
  if (dot == std::string::npos) return Error::kBadForm;
  auto cse = CseId::ParseAbsolute("//" + domain.substr(dot + 1) + "/" + domain.substr(0, dot));
  if (!cse) return Error::kBadForm;
  auto id = CredentialId::Make(CredentialType::kCseIdCertificate, cse->Absolute());
  if (!id) return id.error();
  return CertificateIdentity{id->type(), std::move(*id), std::nullopt, std::move(*cse)};
}

Result<CertificateIdentity> PlainIdentity(CredentialType type, const std::string& name) {
  auto id = CredentialId::Make(type, name);
  if (!id) return Error::kBadForm;
  return CertificateIdentity{type, std::move(*id), std::nullopt, std::nullopt};
}

// ---- Public key identifiers (RFC 6920)

std::string Base64Url(std::span<const std::uint8_t> octets) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const std::uint8_t octet : octets) {
    bits = bits << 8 | octet;
    for (count += 8; count >= 6; count -= 6) text += kDigits[bits >> (count - 6) & 63];
  }
  if (count > 0) text += kDigits[bits << (6 - count) & 63];
  return text;
}

// RFC 6920 2 and 3: without an authority; `bits` of the digest, 256 for all of it.
Result<std::string> NiUri(std::string_view spki, std::size_t bits) {
  std::array<std::uint8_t, WC_SHA256_DIGEST_SIZE> digest;
  if (wc_Sha256Hash(reinterpret_cast<const byte*>(spki.data()), static_cast<word32>(spki.size()),
                    digest.data()) != 0) {
    return Error::kCryptography;
  }
  return std::string(kNiPrefix) + (bits < 256 ? "-" + std::to_string(bits) : "") + ";" +
         Base64Url(std::span(digest).first(bits / 8));
}

}  // namespace

bool CertificateNames(std::string_view certificate, const Fqdn& name) {
  const auto parsed = ParsedCertificate::Parse(certificate);
  if (!parsed) return false;
  std::string_view rest = parsed->subject_alt_name();
  while (const auto entry = TakeDer(rest)) {
    if (entry->tag != kDnsNameTag) continue;
    const auto domain = Fqdn::Parse(entry->content);
    if (domain && *domain == name) return true;
  }
  return false;
}

Result<CertificateIdentity> IdentityOfCertificate(std::string_view certificate) {
  const auto parsed = ParsedCertificate::Parse(certificate);
  if (!parsed) return parsed.error();
  Names names;
  std::string_view rest = parsed->subject_alt_name();
  while (const auto name = TakeDer(rest)) {
    if (const auto sorted = Sort(*name, names); !sorted) return sorted.error();
  }
  if (names.ae_ids.size() > 1 || names.nodes.size() > 1) return Error::kBadForm;
  if (!names.ae_ids.empty()) return AeIdentity(names.ae_ids.front());
  // TS-0003 10.1.1.4.1 allows several; the first is the one that it is known by.
  if (!names.hardware.empty()) {
    return PlainIdentity(CredentialType::kDeviceCertificate, names.hardware.front());
  }
  if (!names.nodes.empty()) {
    return PlainIdentity(CredentialType::kNodeIdCertificate, names.nodes.front());
  }
  if (names.domains.empty()) return Error::kNoIdentity;
  if (names.domains.size() > 1) return Error::kBadForm;
  return CseIdentity(names.domains.front());
}

Result<std::string> PublicKeyOfCertificate(std::string_view certificate) {
  const auto parsed = ParsedCertificate::Parse(certificate);
  if (!parsed) return parsed.error();
  return std::string(parsed->public_key());
}

Result<CredentialId> CredentialIdOfPublicKey(std::string_view spki) {
  if (const auto checked = CheckPublicKey(spki); !checked) return checked.error();
  const auto name = NiUri(spki, 256);
  if (!name) return name.error();
  return CredentialId::Make(CredentialType::kRawPublicKey, *name);
}

bool CredentialIdNamesPublicKey(const CredentialId& id, std::string_view spki) {
  if (id.type() != CredentialType::kRawPublicKey || !CheckPublicKey(spki)) return false;
  const auto matches = [&id, spki](std::size_t bits) {
    const auto name = NiUri(spki, bits);
    return name && id.value() == *name;
  };
  return matches(256) || std::any_of(kCutDigestBits.begin(), kCutDigestBits.end(), matches);
}

}  // namespace saef::onem2m
