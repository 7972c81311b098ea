// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates and raw public keys as TS-0003 10.1 profiles them: P-256 with an uncompressed point,
// ECDSA with SHA-256, keyUsage with digitalSignature, version 3; paths validated as RFC 5280 6.1
// says, with the name constraints of each CA obeyed. Everything is DER; nothing is read or written
// anywhere.
//
// What comes in may come from anybody. A certificate may have kMaxCertificateSize octets and a
// chain kMaxPathLength certificates; what is longer, or isn't understood, is refused.
//
// Threads: any. All functions are pure.
#ifndef SAEF_ONEM2M_CERTIFICATE_H_
#define SAEF_ONEM2M_CERTIFICATE_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "onem2m/credential_id.h"
#include "onem2m/entity_identifier.h"
#include "onem2m/error.h"
#include "onem2m/fqdn.h"
#include "onem2m/timestamp.h"

namespace saef::onem2m {

inline constexpr std::size_t kMaxCertificateSize = 8 * 1024;
inline constexpr std::size_t kMaxPathLength = 8;

// Validates the path from chain[0] (the peer's own) over the others, in order, to one of `anchors`
// at `now` (RFC 5280 6.1; TS-0003 8.1.2.2), and that each certificate of it conforms to TS-0003
// 10.1.1. A chain that ends with the anchor itself is accepted too. An anchor is a CA certificate;
// its dates and constraints count.
//
//   kBadCertificate  not DER, not X.509 version 3, a CA that isn't one, an unknown critical
//                    extension, too large, too long a chain
//   kUntrusted       no anchor signed it, a signature is wrong, an issuer isn't the next one's
//                    subject, a path length constraint is exceeded
//   kExpired, kNotYetValid
//   kWeakAlgorithm   another key than P-256 uncompressed, another signature than ECDSA with SHA-256
//   kKeyUsage        no digitalSignature; a CA without keyCertSign
//   kNameConstraint  a name outside of what a CA may certify
//   kWildcard        '*' in a name
//   kCryptography, kMemory
Result<void> VerifyCertificateChain(std::span<const std::string> chain,
                                    std::span<const std::string> anchors, Time now);

// One of the dNSNames of subjectAltName is exactly `name`, without regard to case
// (TS-0003 10.1.1.6, 8.1.2.5). The subject's common name doesn't count, and there are no wildcards.
// False also for what isn't a certificate.
bool CertificateNames(std::string_view certificate, const Fqdn& name);

// What kind of an End-Point's certificate it is, and whom it names (TS-0003 10.1.1, 8.2.2.2, 10.4).
struct CertificateIdentity {
  CredentialType
      type;  // kDeviceCertificate, kCseIdCertificate, kAeIdCertificate, kNodeIdCertificate
  // "31-" and the hardware instance identifier, "32-" and the Absolute CSE-ID, "33-" and the
  // Absolute AE-ID, "34-" and the Node-ID.
  CredentialId credential_id;
  std::optional<AeId> ae;    // of an AE-ID certificate
  std::optional<CseId> cse;  // of a CSE-ID certificate
};

// Reads subjectAltName; says nothing about whether the certificate is to be trusted. By what stands
// there, in this order:
//   - a URI "m2m://fqdn/…", an Absolute AE-ID with a scheme (RFC 5280 4.2.1.6 allows no relative
//   URI):
//     AE-ID certificate (10.1.1.5)
//   - an otherName of an M2M Device ID (TS-0001 H), with the M2M Device Indication ID as type-id
//   and
//     the arcs below it as a RELATIVE-OID, or the whole as an OBJECT IDENTIFIER; or of the kind
//     id-on-hardwareModuleName (RFC 4108 5): device certificate (10.1.1.4). The hardware instance
//     identifier is the OID in digits, "0.2.481.1.100.3030.10011"; or hwType and hwSerialNum as
//     "<oid in digits>:<hexadecimal digits>" (project-defined)
//   - a URI "urn:…": Node-ID certificate (10.1.1.8), the Node-ID is the URN (project-defined)
//   - a dNSName: CSE-ID certificate (10.1.1.7), <CSE-ID>.<domain> (TS-0001 6.5.1.1)
// Errors: kBadCertificate, kNoIdentity (none of these), kWildcard, kBadForm (two of the same kind
// that name different entities, or a name that isn't one of oneM2M's).
Result<CertificateIdentity> IdentityOfCertificate(std::string_view certificate);

// The certificate's SubjectPublicKeyInfo, DER. kBadCertificate.
Result<std::string> PublicKeyOfCertificate(std::string_view certificate);

// Is this SubjectPublicKeyInfo id-ecPublicKey on secp256r1 with an uncompressed point that lies on
// the curve, and nothing more (TS-0003 10.1.1.1)? kWeakAlgorithm where not.
Result<void> CheckPublicKey(std::string_view spki);

// "30-ni:///sha-256;…": the public key identifier of TS-0003 10.1.2 (RFC 6920), over the DER
// SubjectPublicKeyInfo, with the whole SHA-256. kWeakAlgorithm as CheckPublicKey.
Result<CredentialId> CredentialIdOfPublicKey(std::string_view spki);

// Does this Credential-ID, which may carry the digest cut to 120 or 128 bits, name this key (the
// procedure of TS-0003 10.1.2)?
bool CredentialIdNamesPublicKey(const CredentialId& id, std::string_view spki);

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_CERTIFICATE_H_
