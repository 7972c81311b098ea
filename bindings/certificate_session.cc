// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/certificate_session.h"

#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "onem2m/certificate.h"

namespace saef::bindings {
namespace {

using Bytes = const unsigned char*;

Bytes BytesOf(const std::string& text) { return reinterpret_cast<Bytes>(text.data()); }

struct FreeTrialContext {
  void operator()(WOLFSSL_CTX* context) const noexcept { wolfSSL_CTX_free(context); }
};
struct FreeTrialSession {
  void operator()(WOLFSSL* ssl) const noexcept { wolfSSL_free(ssl); }
};

// Where a WOLFSSL keeps its CertificateSession. The place 0 is that of wolfSSL_set_app_data, which
// is libcoap's.
constexpr int kPlaceOfSession = 1;

// Is each of the party's credentials one that TLS can use: its key is that of the certificate?
bool IsUsable(const CertificateParty& party) {
  static const bool initialized = wolfSSL_Init() == WOLFSSL_SUCCESS;
  if (!initialized) return false;
  // A client's even for a server's, which wolfSSL makes only with the key that is to be tried.
  const std::unique_ptr<WOLFSSL_CTX, FreeTrialContext> context(
      wolfSSL_CTX_new(wolfTLSv1_2_client_method()));
  const std::unique_ptr<WOLFSSL, FreeTrialSession> ssl(context ? wolfSSL_new(context.get())
                                                               : nullptr);
  if (!ssl) return false;
  return CertificateSession(party).Prepare(ssl.get());
}

bool IsKeyOf(const onem2m::Secret& private_key, const std::string& public_key) {
  ecc_key key{};
  if (wc_ecc_init(&key) != 0) return false;
  word32 index = 0;
  std::array<byte, 160> spki;
  const bool read = wc_EccPrivateKeyDecode(private_key.data(), &index, &key,
                                           static_cast<word32>(private_key.size())) == 0 &&
                    (key.type != ECC_PRIVATEKEY_ONLY || wc_ecc_make_pub(&key, nullptr) == 0);
  const int length =
      read ? wc_EccPublicKeyToDer(&key, spki.data(), static_cast<word32>(spki.size()), 1) : -1;
  wc_ecc_free(&key);
  return length > 0 && public_key == std::string_view(reinterpret_cast<const char*>(spki.data()),
                                                      static_cast<std::size_t>(length));
}

bool IsComplete(const CertificateCredential& credential) {
  if (credential.chain.empty() || credential.chain.size() > kMaxChainLength) return false;
  const auto key = onem2m::PublicKeyOfCertificate(credential.chain.front());
  return key && IsKeyOf(credential.private_key, *key);
}

bool IsComplete(const RawPublicKeyCredential& credential) {
  return onem2m::CheckPublicKey(credential.public_key).has_value() &&
         IsKeyOf(credential.private_key, credential.public_key);
}

Result<CertificateParty> Checked(CertificateParty party) {
  if (party.certificate && !IsComplete(*party.certificate)) return Error::kBadRequest;
  if (party.raw_public_key && !IsComplete(*party.raw_public_key)) return Error::kBadRequest;
  if (party.in_use() && !IsUsable(party)) return Error::kBadRequest;
  return party;
}

// Why this isn't the server that `trust` describes; empty: it is.
std::string WhyNotTrusted(const PeerTrust& trust, std::span<const std::string> chain,
                          std::string_view public_key) {
  if (!public_key.empty()) {
    // TS-0003 10.1.1.2, 8.1.2.5
    const bool is_known = onem2m::CheckPublicKey(public_key) &&
                          std::find(trust.public_keys.begin(), trust.public_keys.end(),
                                    public_key) != trust.public_keys.end();
    return is_known ? "" : "its raw public key is none of those that are trusted";
  }
  // TS-0003 8.1.2.5: the path, and exactly the name.
  if (!trust.name) return "it shows a certificate, and no name is wanted of one";
  const auto verified = onem2m::VerifyCertificateChain(chain, trust.trust_anchors, onem2m::Now());
  if (!verified) return "its certificate: " + verified.error().message();
  return onem2m::CertificateNames(chain.front(), *trust.name)
             ? ""
             : "its certificate doesn't carry the name " + trust.name->text();
}

}  // namespace

Result<CertificateParty> MakeClientParty(Credential& credential, PeerTrust trust,
                                         std::string suites, Log log) {
  CertificateParty party;
  if (auto* certificate = std::get_if<CertificateCredential>(&credential)) {
    party.certificate = std::move(*certificate);
  } else if (auto* raw = std::get_if<RawPublicKeyCredential>(&credential)) {
    party.raw_public_key = std::move(*raw);
  } else {
    return party;
  }
  party.takes_certificates = trust.name && !trust.trust_anchors.empty();
  party.takes_public_keys = !trust.public_keys.empty();
  if (!party.takes_certificates && !party.takes_public_keys) return Error::kBadRequest;
  party.verify = [trust = std::move(trust), log = std::move(log)](
                     std::span<const std::string> chain, std::string_view public_key) {
    const std::string why = WhyNotTrusted(trust, chain, public_key);
    if (!why.empty() && log) {
      const std::string name = trust.name ? " " + trust.name->text() : "";
      log(LogLevel::kWarning, "the server" + name + " couldn't prove who it is: " + why);
    }
    return why.empty();
  };
  party.suites = std::move(suites);
  return Checked(std::move(party));
}

Result<CertificateParty> MakeServerParty(ServerOptions& options, std::string suites) {
  CertificateParty party;
  party.is_server = true;
  party.certificate = std::move(options.certificate);
  party.raw_public_key = std::move(options.raw_public_key);
  options.certificate.reset();
  options.raw_public_key.reset();
  party.verify = options.verify_peer;
  party.suites = std::move(suites);
  if (party.in_use() && !party.verify) return Error::kBadRequest;
  return Checked(std::move(party));
}

bool CertificateSession::IsPrepared(WOLFSSL* ssl) {
  return wolfSSL_get_ex_data(ssl, kPlaceOfSession) != nullptr;
}

bool CertificateSession::Prepare(WOLFSSL* ssl) {
  ssl_ = ssl;
  // The CA certificates of the chains of earlier peers, which wolfSSL keeps.
  WOLFSSL_CERT_MANAGER* manager = wolfSSL_CTX_GetCertManager(wolfSSL_get_SSL_CTX(ssl));
  if (wolfSSL_CertManagerUnloadIntermediateCerts(manager) != WOLFSSL_SUCCESS) return false;
  if (wolfSSL_set_ex_data(ssl, kPlaceOfSession, this) != WOLFSSL_SUCCESS ||
      (!party_.suites.empty() &&
       wolfSSL_set_cipher_list(ssl, party_.suites.c_str()) != WOLFSSL_SUCCESS)) {
    return false;
  }
  const bool used =
      party_.certificate ? Use(ssl, *party_.certificate) : Use(ssl, *party_.raw_public_key);
  if (!used || !SetTypes(ssl)) return false;
  // A handshake with a PSK has no certificates, and needs none.
  wolfSSL_set_verify(ssl,
                     WOLFSSL_VERIFY_PEER | (party_.is_server ? WOLFSSL_VERIFY_FAIL_EXCEPT_PSK
                                                             : WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT),
                     &CertificateSession::OnVerify);
  wolfSSL_SetCertCbCtx(ssl, this);
  if (party_.certificate && party_.raw_public_key) {
    wolfSSL_CTX_set_cert_cb(wolfSSL_get_SSL_CTX(ssl), &CertificateSession::OnHello, nullptr);
  }
  // Else the secrets that a key export needs are gone after the handshake (TS-0003 10.3.1).
  wolfSSL_KeepArrays(ssl);
  return true;
}

bool CertificateSession::Use(WOLFSSL* ssl, const CertificateCredential& credential) {
  std::string chain;
  for (const std::string& certificate : credential.chain) chain += certificate;
  return wolfSSL_use_certificate_chain_buffer_format(ssl, BytesOf(chain),
                                                     static_cast<long>(chain.size()),
                                                     WOLFSSL_FILETYPE_ASN1) == WOLFSSL_SUCCESS &&
         wolfSSL_use_PrivateKey_buffer(ssl, credential.private_key.data(),
                                       static_cast<long>(credential.private_key.size()),
                                       WOLFSSL_FILETYPE_ASN1) == WOLFSSL_SUCCESS;
}

bool CertificateSession::Use(WOLFSSL* ssl, const RawPublicKeyCredential& credential) {
  return wolfSSL_use_certificate_buffer(ssl, BytesOf(credential.public_key),
                                        static_cast<long>(credential.public_key.size()),
                                        WOLFSSL_FILETYPE_ASN1) == WOLFSSL_SUCCESS &&
         wolfSSL_use_PrivateKey_buffer(ssl, credential.private_key.data(),
                                       static_cast<long>(credential.private_key.size()),
                                       WOLFSSL_FILETYPE_ASN1) == WOLFSSL_SUCCESS;
}

// RFC 7250 4: what each side may send. Where the types stay unnegotiated they are X.509.
bool CertificateSession::SetTypes(WOLFSSL* ssl) const {
  std::string own;
  std::string peers;
  if (party_.certificate) own += static_cast<char>(WOLFSSL_CERT_TYPE_X509);
  if (party_.raw_public_key) own += static_cast<char>(WOLFSSL_CERT_TYPE_RPK);
  if (party_.takes_certificates) peers += static_cast<char>(WOLFSSL_CERT_TYPE_X509);
  if (party_.takes_public_keys) peers += static_cast<char>(WOLFSSL_CERT_TYPE_RPK);
  const std::string& server = party_.is_server ? own : peers;
  const std::string& client = party_.is_server ? peers : own;
  return wolfSSL_set_server_cert_type(ssl, server.data(), static_cast<int>(server.size())) ==
             WOLFSSL_SUCCESS &&
         wolfSSL_set_client_cert_type(ssl, client.data(), static_cast<int>(client.size())) ==
             WOLFSSL_SUCCESS;
}

// The client's hello has been read: show what it can take.
int CertificateSession::OnHello(WOLFSSL* ssl, void*) {
  auto* self = static_cast<CertificateSession*>(wolfSSL_get_ex_data(ssl, kPlaceOfSession));
  int type = WOLFSSL_CERT_TYPE_X509;
  if (self == nullptr) return 1;
  if (wolfSSL_get_negotiated_server_cert_type(ssl, &type) != WOLFSSL_SUCCESS ||
      type != WOLFSSL_CERT_TYPE_RPK) {
    return 1;
  }
  // With the certificate's chain, which would be sent along.
  wolfSSL_UnloadCertsKeys(ssl);
  return self->Use(ssl, *self->party_.raw_public_key) ? 1 : 0;
}

// For the peer's own certificate always, for the others where wolfSSL finds a fault.
int CertificateSession::OnVerify(int verified, WOLFSSL_X509_STORE_CTX* store) {
  auto* self = static_cast<CertificateSession*>(store->userCtx);
  // It has no trust anchors, so these say nothing.
  const bool is_fault =
      verified == 0 && store->error != ASN_NO_SIGNER_E && store->error != ASN_SELF_SIGNED_E;
  const bool is_own = store->error_depth == 0;
  if (!is_fault &&
      (!is_own || (self->Judge(store) && (!self->accepted_ || self->accepted_(*self))))) {
    return 1;
  }
  self->refused_ = true;
  return 0;
}

bool CertificateSession::Judge(WOLFSSL_X509_STORE_CTX* store) {
  if (store->totalCerts <= 0 || store->certs == nullptr) return false;
  std::vector<std::string> sent;
  for (int i = 0; i < store->totalCerts; ++i) {
    const WOLFSSL_BUFFER_INFO& one = store->certs[i];
    sent.emplace_back(reinterpret_cast<const char*>(one.buffer), one.length);
  }
  int type = WOLFSSL_CERT_TYPE_X509;
  const int negotiated = party_.is_server ? wolfSSL_get_negotiated_client_cert_type(ssl_, &type)
                                          : wolfSSL_get_negotiated_server_cert_type(ssl_, &type);
  if (negotiated == WOLFSSL_SUCCESS && type == WOLFSSL_CERT_TYPE_RPK) {
    if (!party_.takes_public_keys || sent.size() != 1 || !party_.verify({}, sent.front())) {
      return false;
    }
    public_key_ = std::move(sent.front());
    return true;
  }
  if (!party_.takes_certificates || !party_.verify(sent, {})) return false;
  certificates_ = std::move(sent);
  return true;
}

PeerDescription::PeerDescription(const CertificateSession* session) {
  peer.size = sizeof(peer);
  if (session == nullptr) return;
  for (const std::string& one : session->certificates()) {
    certificates.push_back({BytesOf(one), one.size()});
  }
  if (!certificates.empty()) {
    peer.certificates = certificates.data();
    peer.certificate_count = certificates.size();
  } else if (!session->public_key().empty()) {
    peer.public_key = {BytesOf(session->public_key()), session->public_key().size()};
  }
}

}  // namespace saef::bindings
