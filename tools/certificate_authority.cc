// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/certificate_authority.h"

// wolfSSL's settings must be read before its other headers.
#include <wolfssl/wolfcrypt/settings.h>
// Then these:
#include <wolfssl/wolfcrypt/asn.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/coding.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/random.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <span>

#include "tools/der.h"

namespace saef::tools {
namespace {

constexpr int kP256Octets = 32;
constexpr std::size_t kMaxCertificate = 8192;
constexpr std::size_t kPemLine = 64;
// RFC 5280: 4.2.1.6 GeneralName, 4.2.1.10 name constraints (2.5.29.30), 4.1.2.5 dates.
constexpr unsigned kOtherName = 0;
constexpr unsigned kDnsName = 2;
constexpr unsigned kUniformResourceIdentifier = 6;
constexpr unsigned kPermittedSubtrees = 0;
constexpr unsigned kExtensions = 3;
constexpr std::string_view kHardwareModuleName = "1.3.6.1.5.5.7.8.4";  // RFC 4108 5
constexpr int kLastUtcTimeYear = 2049;

std::string Failed(std::string_view what, int code) {
  return std::string(what) + ": " + wc_GetErrorString(code);
}

bool IsIa5(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f;
  });
}

// wolfCrypt's random generator and key, freed (and the key wiped) with the object.
class Generator {
 public:
  Generator() : code_(wc_InitRng(&rng_)) {}
  ~Generator() {
    if (code_ == 0) wc_FreeRng(&rng_);
  }
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;
  int code() const { return code_; }
  WC_RNG* get() { return &rng_; }

 private:
  WC_RNG rng_;
  int code_;
};

class EccKey {
 public:
  EccKey() : code_(wc_ecc_init(&key_)) {}
  ~EccKey() {
    if (code_ == 0) wc_ecc_free(&key_);
  }
  EccKey(const EccKey&) = delete;
  EccKey& operator=(const EccKey&) = delete;

  int Generate(Generator& generator) {
    if (code_ != 0) return code_;
    if (generator.code() != 0) return generator.code();
    return wc_ecc_make_key_ex(generator.get(), kP256Octets, &key_, ECC_SECP256R1);
  }
  int Decode(const onem2m::Secret& der) {
    if (code_ != 0) return code_;
    word32 at = 0;
    return wc_EccPrivateKeyDecode(der.data(), &at, &key_, static_cast<word32>(der.size()));
  }
  std::variant<onem2m::Secret, std::string> PrivateDer() {
    std::array<byte, 256> der{};
    const int size = wc_EccKeyToDer(&key_, der.data(), der.size());
    if (size < 0) return Failed("the private key can't be encoded", size);
    auto secret = onem2m::Secret::Copy(std::span(der).first(static_cast<std::size_t>(size)));
    onem2m::Wipe(std::span<std::uint8_t>(der));
    if (!secret) return "the private key can't be kept: " + secret.error().message();
    return std::move(*secret);
  }
  ecc_key* get() { return &key_; }

 private:
  ecc_key key_;
  int code_;
};

// UTCTime or GeneralizedTime as RFC 5280 4.1.2.5 wants it, with tag and length.
std::string DateDer(onem2m::Time time) {
  std::string text = onem2m::FormatTimestamp(time);  // YYYYMMDDThhmmss
  text.erase(8, 1);
  text += 'Z';
  const bool utc = std::stoi(text.substr(0, 4)) <= kLastUtcTimeYear;
  return DerElement(utc ? ASN_UTC_TIME : ASN_GENERALIZED_TIME, utc ? text.substr(2) : text);
}

// The Extension "name constraints", critical.
std::string NameConstraintsDer(const NameConstraints& names) {
  const auto subtree = [](unsigned kind, const std::string& name) {
    return DerElement(kDerSequence, DerElement(DerContext(kind, false), name));
  };
  std::string subtrees;
  for (const std::string& domain : names.domains) subtrees += subtree(kDnsName, domain);
  for (const std::string& host : names.uri_hosts)
    subtrees += subtree(kUniformResourceIdentifier, host);
  const std::string value =
      DerElement(kDerSequence, DerElement(DerContext(kPermittedSubtrees, true), subtrees));
  return DerElement(kDerSequence, DerElement(kDerObjectIdentifier, *DerOid("2.5.29.30")) +
                                      DerElement(kDerBoolean, "\xff") +
                                      DerElement(kDerOctetString, value));
}

// A TBSCertificate with one extension more: wolfSSL has no call for name constraints. The
// extensions are the last of its members.
std::optional<std::string> WithExtension(std::string_view tbs, std::string_view extension) {
  const auto whole = ReadDer(tbs);
  if (!whole) return std::nullopt;
  std::string_view rest = whole->content;
  std::string members;
  while (!rest.empty()) {
    const auto member = ReadDer(rest);
    if (!member) return std::nullopt;
    if (member->tag == DerContext(kExtensions, true)) {
      const auto list = ReadDer(member->content);
      if (!list || member->length != rest.size()) return std::nullopt;
      return DerElement(
          kDerSequence,
          members + DerElement(member->tag, DerElement(kDerSequence, std::string(list->content) +
                                                                         std::string(extension))));
    }
    members += rest.substr(0, member->length);
    rest.remove_prefix(member->length);
  }
  return std::nullopt;
}

// What is to be certified, and by whom.
struct Order {
  std::string_view common_name;
  std::string_view alt_names;                    // content of GeneralNames
  const NameConstraints* constraints = nullptr;  // set: a CA's certificate
  const IssuedCertificate* issuer = nullptr;     // not set: self-signed
  Validity validity;
};

void SetDate(byte (&field)[CTC_DATE_SIZE], int* size, onem2m::Time time) {
  const std::string der = DateDer(time);
  std::memcpy(field, der.data(), der.size());
  *size = static_cast<int>(der.size());
}

// Everything of the certificate but key and signature. 0, or wolfSSL's error.
int Describe(const Order& order, ecc_key* key, Cert* cert) {
  if (const int code = wc_InitCert(cert); code != 0) return code;
  cert->sigType = CTC_SHA256wECDSA;  // TS-0003 10.1.1.1, 10.1.1.3
  cert->selfSigned = order.issuer == nullptr;
  // The common name tells a person; subjectAltName is what is matched. X.520 gives it 64
  // characters.
  const std::size_t length = std::min<std::size_t>(order.common_name.size(), CTC_NAME_SIZE - 1);
  order.common_name.copy(cert->subject.commonName, length);
  SetDate(cert->beforeDate, &cert->beforeDateSz, order.validity.from);
  SetDate(cert->afterDate, &cert->afterDateSz, order.validity.to);
  if (order.constraints != nullptr) {
    cert->isCA = 1;
    cert->basicConstCrit = 1;
  }
  if (!order.alt_names.empty()) {
    const std::string names = DerElement(kDerSequence, order.alt_names);
    if (names.size() > sizeof(cert->altNames)) return BUFFER_E;
    std::memcpy(cert->altNames, names.data(), names.size());
    cert->altNamesSz = static_cast<int>(names.size());
  }
  const char* usage =
      order.constraints != nullptr ? "digitalSignature,keyCertSign" : "digitalSignature";
  if (const int code = wc_SetKeyUsage(cert, usage); code != 0) return code;
  if (const int code = wc_SetSubjectKeyIdFromPublicKey_ex(cert, ECC_TYPE, key); code != 0)
    return code;
  if (order.issuer == nullptr) return wc_SetAuthKeyIdFromPublicKey_ex(cert, ECC_TYPE, key);
  const auto* der = reinterpret_cast<const byte*>(order.issuer->certificate.data());
  const int size = static_cast<int>(order.issuer->certificate.size());
  if (const int code = wc_SetIssuerBuffer(cert, der, size); code != 0) return code;
  return wc_SetAuthKeyIdFromCert(cert, der, size);
}

std::variant<IssuedCertificate, std::string> Fulfil(const Order& order) {
  Generator generator;
  EccKey key;
  EccKey issuer_key;
  if (const int code = key.Generate(generator); code != 0)
    return Failed("no key could be made", code);
  if (order.issuer != nullptr) {
    if (const int code = issuer_key.Decode(order.issuer->private_key); code != 0)
      return Failed("the authority's key can't be read", code);
  }
  const auto cert = std::make_unique<Cert>();  // some 20 KB
  if (const int code = Describe(order, key.get(), cert.get()); code != 0)
    return Failed("the certificate can't be made", code);
  std::string der(kMaxCertificate, '\0');
  auto* octets = reinterpret_cast<byte*>(der.data());
  if (const int size = wc_MakeCert_ex(cert.get(), octets, static_cast<word32>(der.size()), ECC_TYPE,
                                      key.get(), generator.get());
      size < 0) {
    return Failed("the certificate can't be made", size);
  }
  int body = cert->bodySz;
  if (order.constraints != nullptr) {
    const auto tbs = WithExtension(std::string_view(der).substr(0, static_cast<std::size_t>(body)),
                                   NameConstraintsDer(*order.constraints));
    if (!tbs || tbs->size() > der.size()) return std::string("the name constraints don't fit");
    tbs->copy(der.data(), tbs->size());
    body = static_cast<int>(tbs->size());
  }
  ecc_key* signing = order.issuer == nullptr ? key.get() : issuer_key.get();
  const int size = wc_SignCert_ex(body, CTC_SHA256wECDSA, octets, static_cast<word32>(der.size()),
                                  ECC_TYPE, signing, generator.get());
  if (size < 0) return Failed("the certificate can't be signed", size);
  der.resize(static_cast<std::size_t>(size));
  auto secret = key.PrivateDer();
  if (auto* error = std::get_if<std::string>(&secret)) return std::move(*error);
  return IssuedCertificate{std::move(der), std::get<onem2m::Secret>(std::move(secret))};
}

std::string Base64(std::span<const std::uint8_t> octets) {
  std::string text(octets.size() / 3 * 4 + 8, '\0');
  word32 size = static_cast<word32>(text.size());
  if (Base64_Encode_NoNl(octets.data(), static_cast<word32>(octets.size()),
                         reinterpret_cast<byte*>(text.data()), &size) != 0) {
    size = 0;
  }
  text.resize(size);
  return text;
}

std::string PemOf(std::string_view label, std::span<const std::uint8_t> der) {
  std::string text = Base64(der);
  std::string pem;
  // One allocation: what a private key's text is moved out of can't be wiped afterwards.
  pem.reserve(text.size() + text.size() / kPemLine + 2 * label.size() + 64);
  pem.append("-----BEGIN ").append(label).append("-----\n");
  for (std::size_t at = 0; at < text.size(); at += kPemLine)
    pem.append(text, at, kPemLine).append("\n");
  pem.append("-----END ").append(label).append("-----\n");
  onem2m::Wipe(text);
  return pem;
}

}  // namespace

bool SubjectAltName::AddDns(std::string_view name) {
  if (!IsIa5(name)) return false;
  names_ += DerElement(DerContext(kDnsName, false), name);
  return true;
}

bool SubjectAltName::AddUri(std::string_view uri) {
  if (!IsIa5(uri) || uri.find(':') == std::string_view::npos) return false;
  names_ += DerElement(DerContext(kUniformResourceIdentifier, false), uri);
  return true;
}

bool SubjectAltName::AddDevice(std::string_view hardware_type, std::string_view serial_number) {
  const auto type = DerOid(hardware_type);
  if (!type || serial_number.empty()) return false;
  const std::string module =
      DerElement(kDerSequence, DerElement(kDerObjectIdentifier, *type) +
                                   DerElement(kDerOctetString, serial_number));
  names_ += DerElement(DerContext(kOtherName, true),
                       DerElement(kDerObjectIdentifier, *DerOid(kHardwareModuleName)) +
                           DerElement(DerContext(0, true), module));
  return true;
}

std::variant<CertificateAuthority, std::string> CertificateAuthority::Make(
    std::string_view name, const NameConstraints& names, const Validity& validity) {
  if ((names.domains.empty() && names.uri_hosts.empty()) ||
      !std::ranges::all_of(names.domains, IsIa5) || !std::ranges::all_of(names.uri_hosts, IsIa5)) {
    return std::string("an authority must be given what it may name");
  }
  Order order;
  order.common_name = name;
  order.constraints = &names;
  order.validity = validity;
  auto made = Fulfil(order);
  if (auto* error = std::get_if<std::string>(&made)) return std::move(*error);
  return CertificateAuthority(std::get<IssuedCertificate>(std::move(made)));
}

std::variant<IssuedCertificate, std::string> CertificateAuthority::Issue(
    std::string_view common_name, const SubjectAltName& names, const Validity& validity) const {
  Order order;
  order.common_name = common_name;
  order.alt_names = names.names();
  order.issuer = &self_;
  order.validity = validity;
  return Fulfil(order);
}

std::variant<RawKeyPair, std::string> MakeRawKeyPair() {
  Generator generator;
  EccKey key;
  if (const int code = key.Generate(generator); code != 0)
    return Failed("no key could be made", code);
  std::string der(256, '\0');
  const int size = wc_EccPublicKeyToDer(key.get(), reinterpret_cast<byte*>(der.data()),
                                        static_cast<word32>(der.size()), 1);
  if (size < 0) return Failed("the public key can't be encoded", size);
  der.resize(static_cast<std::size_t>(size));
  auto secret = key.PrivateDer();
  if (auto* error = std::get_if<std::string>(&secret)) return std::move(*error);
  return RawKeyPair{std::move(der), std::get<onem2m::Secret>(std::move(secret))};
}

std::string ToPem(std::string_view label, std::string_view der) {
  return PemOf(label, {reinterpret_cast<const std::uint8_t*>(der.data()), der.size()});
}

std::string ToPem(std::string_view label, const onem2m::Secret& der) {
  return PemOf(label, der.bytes());
}

}  // namespace saef::tools
