// SPDX-License-Identifier: GPL-3.0-or-later
//
// CertificateAuthority: a provisional authority that issues the certificates of TS-0003 10.1.1, for
// `saef provision`, the demo and trials: FQDN certificates of a MAF or MEF, CSE-ID, AE-ID, device
// and Node-ID certificates, all on P-256 with an uncompressed point, signed ecdsa-with-SHA256, with
// keyUsage digitalSignature. The authority's own certificate carries critical name constraints
// (TS-0003 8.1.2.1, 10.1.1.5): what it signs can speak for its domains only.
//
// A site that has a public-key infrastructure uses that instead; nothing here revokes or renews.
//
// Threads: one thread at a time for each object.
#ifndef SAEF_TOOLS_CERTIFICATE_AUTHORITY_H_
#define SAEF_TOOLS_CERTIFICATE_AUTHORITY_H_

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "onem2m/secret.h"
#include "onem2m/timestamp.h"

namespace saef::tools {

// What subjectAltName says. Each Add… refuses (false) what it can't encode.
class SubjectAltName {
 public:
  // The FQDN of a MAF, an MEF or (CSE-ID certificate) `<cse>.<sp domain>` (TS-0001 6.5.1.1).
  bool AddDns(std::string_view name);
  // AE-ID certificate: "m2m://<fqdn>/<…>", the Absolute AE-ID with a scheme, since RFC 5280 4.2.1.6
  // forbids a relative URI. Node-ID certificate: a URN.
  bool AddUri(std::string_view uri);
  // Device certificate: a hardware instance identifier (TS-0003 10.1.1.4.1) as otherName
  // hardwareModuleName (RFC 4108 5): the kind of hardware, an object identifier such as
  // "0.2.481.1.100.3030" (TS-0001 annex H), and the serial number's octets.
  bool AddDevice(std::string_view hardware_type, std::string_view serial_number);

  // The content of GeneralNames, DER.
  const std::string& names() const { return names_; }

 private:
  std::string names_;
};

struct IssuedCertificate {
  std::string certificate;     // DER
  onem2m::Secret private_key;  // DER, ECPrivateKey (RFC 5915)
};

struct RawKeyPair {
  std::string public_key;  // DER SubjectPublicKeyInfo
  onem2m::Secret private_key;
};

struct Validity {
  onem2m::Time from;
  onem2m::Time to;
};

// What an authority's certificates may name (RFC 5280 4.2.1.10); at least one.
struct NameConstraints {
  std::vector<std::string> domains;  // DNS subtrees
  // Hosts of URIs, exactly. Where there are some, a URN, which has no host, is outside.
  std::vector<std::string> uri_hosts;
};

class CertificateAuthority {
 public:
  // A fresh authority. Or a sentence that says what failed.
  static std::variant<CertificateAuthority, std::string> Make(std::string_view name,
                                                              const NameConstraints& names,
                                                              const Validity& validity);

  // A fresh key pair and the certificate for it. Or a sentence.
  std::variant<IssuedCertificate, std::string> Issue(std::string_view common_name,
                                                     const SubjectAltName& names,
                                                     const Validity& validity) const;

  const std::string& certificate() const { return self_.certificate; }  // DER
  const onem2m::Secret& private_key() const { return self_.private_key; }

 private:
  explicit CertificateAuthority(IssuedCertificate self) : self_(std::move(self)) {}
  IssuedCertificate self_;
};

// A key pair without certificate (RFC 7250), P-256. Or a sentence.
std::variant<RawKeyPair, std::string> MakeRawKeyPair();

// PEM of what stands above. `label`: "CERTIFICATE", "EC PRIVATE KEY", "PUBLIC KEY". The caller
// wipes a private key's text (onem2m::Wipe).
std::string ToPem(std::string_view label, std::string_view der);
std::string ToPem(std::string_view label, const onem2m::Secret& der);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_CERTIFICATE_AUTHORITY_H_
