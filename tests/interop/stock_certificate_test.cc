// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates and raw public keys with peers that aren't ours: openssl and gnutls, TLS and DTLS.
#include <boost/test/unit_test.hpp>

#include "bindings/error.h"
#include "tests/interop/certificate_world.h"

namespace saef::certificate_test {
namespace {

const std::string kRequest =
    "GET /cse1 HTTP/1.1\r\nHost: x\r\nX-M2M-Origin: Sae1\r\nX-M2M-RI: 1\r\nX-M2M-RVI: 3\r\n\r\n";
const std::string kAnswer = "HTTP/1.1 200";
// NON GET /cse1 with From (283) and Request Identifier (267) would do; the answer of a server that
// refuses it is as good: it came through the session.
const std::string kDatagram(
    "\x50\x01\x12\x34\xb4"
    "cse1",
    9);
const std::string kGnuTls =
    "NONE:+VERS-TLS1.2:+VERS-DTLS1.2:+ECDHE-ECDSA:+AES-128-CBC:+AES-128-CCM-8:+SHA256:+AEAD:"
    "+COMP-NULL:+SIGN-ECDSA-SHA256:+GROUP-SECP256R1";

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct Stock : World {
  Served Serve(bool coap, std::vector<std::string> public_keys = {}) {
    return Served(coap, [this, public_keys](auto& options) {
      options.certificate = Certificate("server");
      options.verify_peer = Judge({ca}, public_keys);
    });
  }
  std::string OpenSsl(const Served& served, const std::string& more) const {
    const std::string protocol = served.coap
                                     ? "-dtls1_2 -cipher ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0"
                                     : "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0";
    return Said(*this,
                "openssl s_client " + protocol + " -connect " + served.address() + " -servername " +
                    kServerName + " -CAfile ca.pem " + more,
                served.coap ? kDatagram : kRequest);
  }
};

BOOST_AUTO_TEST_SUITE(stock_certificate)

BOOST_FIXTURE_TEST_CASE(openssl_with_a_certificate, Stock) {
  const std::string own = "-cert client.pem -key client.key.pem -cert_chain sub.pem";
  for (const bool coap : {true, false}) {
    BOOST_TEST_CONTEXT((coap ? "DTLS" : "TLS")) {
      const Served served = Serve(coap);
      const std::string said = OpenSsl(served, own);
      BOOST_TEST(Has(said, "Verify return code: 0 (ok)"), said);
      BOOST_TEST(Has(said, coap ? "Cipher is ECDHE-ECDSA-AES128-CCM8"
                                : "Cipher is ECDHE-ECDSA-AES128-SHA256"),
                 said);
      BOOST_TEST(Has(said, "Extended master secret: yes"), said);
      if (!coap) BOOST_TEST(Has(said, kAnswer), said);
    }
  }
}

// The alerts are of the forties: handshake_failure, bad_certificate … (RFC 5246 7.2.2).
BOOST_FIXTURE_TEST_CASE(openssl_without_a_good_certificate_is_refused, Stock) {
  auto flaws = Flaws("URI:m2m://sp.example.com/Sae1");
  flaws.push_back(
      {"SHA-1",
       {"ca", For("URI:m2m://sp.example.com/Sae1"), "20200101000000Z", "20991231235959Z", "sha1"}});
  for (const bool coap : {true, false}) {
    const Served served = Serve(coap);
    const std::string none = OpenSsl(served, "");
    BOOST_TEST(Has(none, "SSL alert number 4"), none);
    for (const Flaw& flaw : flaws) {
      BOOST_TEST_CONTEXT(flaw.name << (coap ? " over DTLS" : " over TLS")) {
        Make("bad", flaw.spec);
        const std::string said =
            OpenSsl(served, "-cert bad.pem -key bad.key.pem -cert_chain " +
                                (flaw.spec.issuer == "ca" ? "ca" : flaw.spec.issuer) + ".pem");
        BOOST_TEST(Has(said, "SSL alert number 4"), said);
        BOOST_TEST(!Has(said, kAnswer), said);
        BOOST_TEST((served.handler.session() == nullptr));
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(gnutls_with_a_certificate, Stock) {
  const Served served = Serve(false);
  const std::string said =
      Said(*this,
           "gnutls-cli --priority='" + kGnuTls + ":+CTYPE-ALL' --x509cafile ca.pem " +
               "--sni-hostname " + kServerName + " --verify-hostname " + kServerName +
               " --x509certfile client-chain.pem --x509keyfile client.key.pem --port " +
               std::to_string(served.port()) + " 127.0.0.1",
           kRequest);
  BOOST_TEST(Has(said, kAnswer), said);
  BOOST_TEST_REQUIRE((served.handler.session() != nullptr));
  BOOST_TEST(served.handler.session()->peer_certificates().size() == 2u);
}

// RFC 7250: the client's key is raw, the server's certificate isn't.
BOOST_FIXTURE_TEST_CASE(gnutls_with_a_raw_public_key, Stock) {
  const auto said = [this](const Served& served) {
    return Said(*this,
                "gnutls-cli --priority='" + kGnuTls +
                    ":+CTYPE-CLI-RAWPK:+CTYPE-SRV-X509' --x509cafile ca.pem --sni-hostname " +
                    kServerName + " --verify-hostname " + kServerName +
                    " --rawpkfile client-raw.public.pem --rawpkkeyfile client-raw.key.pem --port " +
                    std::to_string(served.port()) + " 127.0.0.1",
                kRequest);
  };
  const Served served = Serve(false, {PublicKeyDer("client-raw")});
  const std::string good = said(served);
  BOOST_TEST(Has(good, kAnswer), good);
  BOOST_TEST_REQUIRE((served.handler.session() != nullptr));
  BOOST_TEST(served.handler.session()->peer_public_key() == PublicKeyDer("client-raw"));
  const Served other = Serve(false, {PublicKeyDer("server-raw")});
  const std::string bad = said(other);
  BOOST_TEST(!Has(bad, kAnswer), bad);
  BOOST_TEST((other.handler.session() == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::certificate_test
