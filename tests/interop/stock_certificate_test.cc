// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates and raw public keys with peers that aren't ours: openssl and gnutls, TLS and DTLS.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <thread>

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

// A stock server on a port of its own, which demands a client certificate; gone with this.
class StockServer {
 public:
  // The port goes to the end of `command`.
  StockServer(const World& world, const std::string& command, int type) {
    port_ = FreePort(type);
    Start(world, command + std::to_string(port_));
    BOOST_TEST_REQUIRE(pid_ > 0);
  }
  ~StockServer() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::uint16_t port() const { return port_; }

 private:
  static std::uint16_t FreePort(int type) {
    const int probe = socket(AF_INET, type, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    BOOST_TEST_REQUIRE(bind(probe, any, sizeof(address)) == 0);
    BOOST_TEST_REQUIRE(getsockname(probe, any, &length) == 0);
    close(probe);
    return ntohs(address.sin_port);
  }
  void Start(const World& world, const std::string& command) {
    pid_ = fork();
    if (pid_ == 0) {
      const std::string line =
          "cd '" + world.Path("") + "' && exec " + command + " >server.log 2>&1 < /dev/zero";
      execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
      _exit(127);
    }
  }
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

// Until the server listens, a client is refused or not answered.
std::string WhyNot(bool coap, std::uint16_t port, const std::function<bindings::Credential()>& own,
                   const bindings::PeerTrust& trust) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (;;) {
    const auto client = ClientOf(coap, port, own(), trust);
    const auto connected = client->Connect();
    if (connected) return "";
    if (connected.error() != make_error_code(bindings::Error::kUnreachable) ||
        std::chrono::steady_clock::now() > deadline) {
      return connected.error().message();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

std::string Refused() { return make_error_code(bindings::Error::kPeerNotAuthentic).message(); }

BOOST_FIXTURE_TEST_CASE(our_clients_with_openssl, Stock) {
  Make("wrong", {"sub", For("DNS:cse2.sp.example.com")});
  Make("weak", {"sub", For(std::string("DNS:") + kServerName), "20200101000000Z", "20991231235959Z",
                "sha1"});
  for (const bool coap : {true, false}) {
    const std::string command =
        std::string("openssl s_server -quiet -Verify 3 -verify_return_error -CAfile ca.pem ") +
        (coap ? "-dtls1_2 -cipher ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0"
              : "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0") +
        " -cert_chain sub.pem ";
    const int type = coap ? SOCK_DGRAM : SOCK_STREAM;
    const auto own = [this] { return bindings::Credential(Certificate("client")); };
    const auto why = [&](const std::string& name) {
      const StockServer server(
          *this,
          command + "-cert " + name + ".pem -key " + name + ".key.pem -accept 127.0.0.1:", type);
      return WhyNot(coap, server.port(), own, TrustTheCa());
    };
    BOOST_TEST_CONTEXT((coap ? "DTLS" : "TLS")) {
      BOOST_TEST(why("server") == "", Read("server.log"));
      BOOST_TEST(why("wrong") == Refused());
      BOOST_TEST(why("weak") == Refused());
    }
  }
}

// A server's raw public key, and ours to it.
BOOST_FIXTURE_TEST_CASE(our_clients_with_gnutls, Stock) {
  const std::string command =
      "gnutls-serv --echo --disable-client-cert --priority='" + kGnuTls +
      ":+CTYPE-SRV-RAWPK:+CTYPE-CLI-RAWPK' --rawpkfile server-raw.public.pem "
      "--rawpkkeyfile server-raw.key.pem --port ";
  const auto own = [this] { return bindings::Credential(RawPublicKey("client-raw")); };
  const bindings::PeerTrust trust = {{}, {}, {PublicKeyDer("server-raw")}};
  const bindings::PeerTrust other = {{}, {}, {PublicKeyDer("client-raw")}};
  const StockServer server(*this, command, SOCK_STREAM);
  BOOST_TEST(WhyNot(false, server.port(), own, trust) == "", Read("server.log"));
  BOOST_TEST(WhyNot(false, server.port(), own, other) == Refused());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::certificate_test
