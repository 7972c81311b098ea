// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates and raw public keys in a wolfSSL session, of either side and over TLS or DTLS: what
// it shows, which types it takes (RFC 7250), and that its peer is judged within the handshake.
//
// wolfSSL itself knows no trust anchor here. It checks that the peer has the private key; whether
// the certificate or the key is to be believed says CertificateParty::verify.
#ifndef SAEF_BINDINGS_CERTIFICATE_SESSION_H_
#define SAEF_BINDINGS_CERTIFICATE_SESSION_H_

#include <wolfssl/ssl.h>

#include <string>
#include <vector>

#include "bindings/credential.h"
#include "bindings/log.h"
#include "bindings/server.h"

namespace saef::bindings {

// What the sessions of one client or server have in common; outlives them.
struct CertificateParty {
  bool is_server = false;
  std::optional<CertificateCredential> certificate;  // a server may have both
  std::optional<RawPublicKeyCredential> raw_public_key;
  bool takes_certificates = true;  // of the peer
  bool takes_public_keys = true;
  PeerVerifier verify;
  std::string suites;  // wolfSSL's names, those for PSK too where the server has PSKs

  // Is there anything to do at all? A server without a certificate and key is one for PSKs only.
  bool in_use() const { return certificate || raw_public_key; }
};

// A client's, from its options; not in use for a PSK. `log` is told why a server isn't trusted.
// kBadRequest: a credential that can't be used, or nobody that could be taken for the server.
Result<CertificateParty> MakeClientParty(Credential& credential, PeerTrust trust,
                                         std::string suites, Log log);
// A server's, which takes the credentials out of `options`. kBadRequest: a credential without
// verify_peer, or one that can't be used.
Result<CertificateParty> MakeServerParty(ServerOptions& options, std::string suites);

// One session's part; lives at least as long as the WOLFSSL's handshake. Threads: the session's.
class CertificateSession {
 public:
  // `accepted` runs within the handshake once the peer has been accepted, with what it showed there
  // to be read; false refuses it after all. May be empty.
  using Accepted = std::function<bool(const CertificateSession& self)>;
  explicit CertificateSession(const CertificateParty& party, Accepted accepted = {})
      : party_(party), accepted_(std::move(accepted)) {}
  CertificateSession(const CertificateSession&) = delete;
  CertificateSession& operator=(const CertificateSession&) = delete;

  // Has a session been prepared by one of these?
  static bool IsPrepared(WOLFSSL* ssl);
  // Before the handshake. False: wolfSSL refuses what it is given.
  bool Prepare(WOLFSSL* ssl);

  // Of the peer, once it was accepted: DER, its own first; or SubjectPublicKeyInfo.
  const std::vector<std::string>& certificates() const { return certificates_; }
  const std::string& public_key() const { return public_key_; }
  // The handshake has failed because the peer isn't who it must be.
  bool refused() const { return refused_; }

 private:
  static int OnVerify(int verified, WOLFSSL_X509_STORE_CTX* store);
  static int OnHello(WOLFSSL* ssl, void* unused);
  bool Use(WOLFSSL* ssl, const CertificateCredential& credential);
  bool Use(WOLFSSL* ssl, const RawPublicKeyCredential& credential);
  bool SetTypes(WOLFSSL* ssl) const;
  bool Judge(WOLFSSL_X509_STORE_CTX* store);

  const CertificateParty& party_;
  const Accepted accepted_;
  WOLFSSL* ssl_ = nullptr;
  std::vector<std::string> certificates_;
  std::string public_key_;
  bool refused_ = false;
};

// A peer as the plugin's ABI describes it, for as long as this and `session` live.
struct PeerDescription {
  explicit PeerDescription(const CertificateSession* session);
  bool is_there() const { return !certificates.empty() || peer.public_key.length > 0; }

  std::vector<saef_bytes> certificates;
  saef_peer peer{};
};

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_CERTIFICATE_SESSION_H_
