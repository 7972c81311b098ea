// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a party authenticates itself with in a (D)TLS handshake, and whom it accepts as the server:
// a pre-shared key (TS-0003 10.2.2), a certificate with its chain or a raw public key (10.2.3, RFC
// 7250), P-256 as 10.1.1.1 demands; and the PEM files that certificates and such keys come from.
//
// Threads: any. Nothing here is shared.
#ifndef SAEF_BINDINGS_CREDENTIAL_H_
#define SAEF_BINDINGS_CREDENTIAL_H_

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bindings/error.h"
#include "onem2m/fqdn.h"
#include "onem2m/secret.h"

namespace saef::bindings {

struct PskCredential {
  std::string identity;  // the psk_identity, at most 128 octets
  onem2m::Secret key;
};

struct CertificateCredential {
  std::vector<std::string> chain;  // DER, the own one first, without the trust anchor
  onem2m::Secret private_key;      // of chain[0]: DER, as ReadPrivateKey gives it
};

struct RawPublicKeyCredential {
  std::string public_key;      // DER SubjectPublicKeyInfo
  onem2m::Secret private_key;  // as above
};

using Credential =
    std::variant<std::monostate, PskCredential, CertificateCredential, RawPublicKeyCredential>;

// Of a client that authenticates by certificate or raw public key: whom it takes for the server.
// One of the two ways must be there: trust anchors with a name, or public keys.
struct PeerTrust {
  std::vector<std::string> trust_anchors;  // DER CA certificates
  // A dNSName that the server's certificate carries, exactly (TS-0003 10.1.1.6).
  std::optional<onem2m::Fqdn> name;
  std::vector<std::string> public_keys;  // DER SubjectPublicKeyInfo, accepted as raw public keys
};

// Secrets don't copy by themselves. onem2m's kMemory, as kLibrary.
Result<CertificateCredential> Clone(const CertificateCredential& credential);
Result<RawPublicKeyCredential> Clone(const RawPublicKeyCredential& credential);
Result<Credential> Clone(const Credential& credential);

inline constexpr std::size_t kMaxPemFileSize = 64 * 1024;
inline constexpr std::size_t kMaxChainLength = 8;  // certificates in a file, or from a peer

struct PublicKey {
  std::string spki;  // DER SubjectPublicKeyInfo
};

// Each reads a PEM file and gives what it holds as DER, or a sentence for a person that names the
// file. What stands outside of PEM's blocks is ignored, as openssl does it.
//
// All "CERTIFICATE" blocks in order: 1 to kMaxChainLength certificates.
std::variant<std::vector<std::string>, std::string> ReadCertificates(const std::string& path);
// One "EC PRIVATE KEY" or unencrypted "PRIVATE KEY" on P-256. Who owns the file and who else may
// read it: as bindings/key_file.h demands.
std::variant<onem2m::Secret, std::string> ReadPrivateKey(const std::string& path);
// One "PUBLIC KEY", on P-256 and uncompressed.
std::variant<PublicKey, std::string> ReadPublicKey(const std::string& path);

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_CREDENTIAL_H_
