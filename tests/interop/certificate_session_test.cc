// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates and raw public keys on the wire (TS-0003 8.x.4, 10.2.3), our clients with our
// servers: TLS and DTLS, what is taken and what each side refuses.
#include <boost/test/unit_test.hpp>

#include "bindings/error.h"
#include "tests/interop/certificate_world.h"

namespace saef::certificate_test {
namespace {

using bindings::Credential;
using bindings::Error;
using bindings::PeerTrust;

onem2m::RequestPrimitive Question() {
  onem2m::RequestPrimitive request;
  request.operation = onem2m::Operation::kRetrieve;
  request.to = "/cse1";
  request.from = "Sae1";
  request.request_identifier = "1";
  request.release_version = "3";
  return request;
}

std::string WhyNotConnected(bindings::Client& client) {
  const auto connected = client.Connect();
  return connected ? "" : connected.error().message();
}

std::string Says(Error error) { return make_error_code(error).message(); }

BOOST_AUTO_TEST_SUITE(certificate_session)

BOOST_FIXTURE_TEST_CASE(certificates_of_both_are_taken, World) {
  for (const bool coap : {true, false}) {
    BOOST_TEST_CONTEXT((coap ? "DTLS" : "TLS")) {
      Served served(coap, [this](auto& options) {
        options.certificate = Certificate("server");
        options.verify_peer = Judge({ca});
      });
      const auto client = ClientOf(coap, served.port(), Certificate("client"), TrustTheCa());
      const auto response = client->SendAndWait(Question(), std::chrono::seconds(20));
      BOOST_TEST_REQUIRE(response.has_value());
      const auto session = served.handler.session();
      BOOST_TEST(
          (session->peer_certificates() == std::vector<std::string>{Der("client"), Der("sub")}));
      BOOST_TEST(session->peer_public_key().empty());
      BOOST_TEST(session->psk_identity().empty());
      // RFC 5705: Kc comes from such a session, too (TS-0003 8.x.4).
      const auto ours = client->ExportKeyingMaterial("EXPORTER-oneM2M-Connection", 48);
      const auto theirs = session->ExportKeyingMaterial("EXPORTER-oneM2M-Connection", 48);
      BOOST_TEST_REQUIRE(ours.has_value());
      BOOST_TEST_REQUIRE(theirs.has_value());
      BOOST_TEST(ours->Equals(theirs->bytes()));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(raw_public_keys_of_both_are_taken, World) {
  for (const bool coap : {true, false}) {
    BOOST_TEST_CONTEXT((coap ? "DTLS" : "TLS")) {
      Served served(coap, [this](auto& options) {
        options.raw_public_key = RawPublicKey("server-raw");
        options.verify_peer = Judge({}, {PublicKeyDer("client-raw")});
      });
      const PeerTrust trust = {{}, {}, {PublicKeyDer("server-raw")}};
      const auto client = ClientOf(coap, served.port(), RawPublicKey("client-raw"), trust);
      const auto response = client->SendAndWait(Question(), std::chrono::seconds(20));
      BOOST_TEST_REQUIRE(response.has_value());
      const auto session = served.handler.session();
      BOOST_TEST(session->peer_public_key() == PublicKeyDer("client-raw"));
      BOOST_TEST(session->peer_certificates().empty());
      BOOST_TEST(client->ExportKeyingMaterial("x", 16).has_value());
      // Another key of either side.
      const PeerTrust other = {{}, {}, {PublicKeyDer("client-raw")}};
      const auto misled = ClientOf(coap, served.port(), RawPublicKey("client-raw"), other);
      BOOST_TEST(WhyNotConnected(*misled) == Says(Error::kPeerNotAuthentic));
      const auto stranger = ClientOf(coap, served.port(), RawPublicKey("server-raw"), trust);
      BOOST_TEST(WhyNotConnected(*stranger) == Says(Error::kCredentialRefused));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(one_server_takes_all_kinds, World) {
  for (const bool coap : {true, false}) {
    BOOST_TEST_CONTEXT((coap ? "DTLS" : "TLS")) {
      const std::string psk(16, 'k');
      const auto secret = [&psk] {
        return *onem2m::Secret::Copy(
            {reinterpret_cast<const std::uint8_t*>(psk.data()), psk.size()});
      };
      Served served(coap, [this, &secret](auto& options) {
        options.certificate = Certificate("server");
        options.raw_public_key = RawPublicKey("server-raw");
        options.verify_peer = Judge({ca}, {PublicKeyDer("client-raw")});
        options.keys = bindings::PskTable(
            [&secret](std::string_view) -> onem2m::Result<onem2m::Secret> { return secret(); });
      });
      const PeerTrust raw = {{}, {}, {PublicKeyDer("server-raw")}};
      const auto connects = [&](Credential credential, PeerTrust trust) {
        return WhyNotConnected(
            *ClientOf(coap, served.port(), std::move(credential), std::move(trust)));
      };
      BOOST_TEST(connects(bindings::PskCredential{"alice", secret()}, {}) == "");
      BOOST_TEST(connects(Certificate("client"), TrustTheCa()) == "");
      BOOST_TEST(connects(RawPublicKey("client-raw"), raw) == "");
      BOOST_TEST(connects(Certificate("client"), raw) == "");
      BOOST_TEST(connects(RawPublicKey("client-raw"), TrustTheCa()) == "");
    }
  }
}

// TS-0003 8.1.2.5, 10.1.1: the client ends the handshake.
BOOST_FIXTURE_TEST_CASE(clients_refuse_servers, World) {
  auto flaws = Flaws(std::string("DNS:") + kServerName);
  flaws.push_back({"wrong name", {"ca", For("DNS:cse2.sp.example.com")}});
  flaws.push_back({"name in the subject only", {"ca", For("URI:m2m://sp.example.com/Sae1")}});
  for (const Flaw& flaw : flaws) {
    Make("bad", flaw.spec);
    for (const bool coap : {true, false}) {
      BOOST_TEST_CONTEXT(flaw.name << (coap ? " over DTLS" : " over TLS")) {
        Served served(coap, [this, &flaw](auto& options) {
          options.certificate = Certificate("bad", flaw.spec.issuer);
          options.verify_peer = Judge({ca});
        });
        const auto client = ClientOf(coap, served.port(), Certificate("client"), TrustTheCa());
        BOOST_TEST(WhyNotConnected(*client) == Says(Error::kPeerNotAuthentic));
        BOOST_TEST((served.handler.session() == nullptr));
      }
    }
  }
}

// TS-0003 8.1.2.2: the server ends the handshake.
BOOST_FIXTURE_TEST_CASE(servers_refuse_clients, World) {
  for (const Flaw& flaw : Flaws("URI:m2m://sp.example.com/Sae1")) {
    Make("bad", flaw.spec);
    for (const bool coap : {true, false}) {
      BOOST_TEST_CONTEXT(flaw.name << (coap ? " over DTLS" : " over TLS")) {
        Served served(coap, [this](auto& options) {
          options.certificate = Certificate("server");
          options.verify_peer = Judge({ca});
        });
        const auto client =
            ClientOf(coap, served.port(), Certificate("bad", flaw.spec.issuer), TrustTheCa());
        BOOST_TEST(WhyNotConnected(*client) == Says(Error::kCredentialRefused));
        BOOST_TEST((served.handler.session() == nullptr));
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_used_is_refused_at_once, World) {
  const auto opens = [](bool coap, Credential credential, PeerTrust trust) {
    bindings::ClientOptions options;
    options.uri = {coap ? Scheme::kCoaps : Scheme::kHttps, "127.0.0.1", 1, ""};
    options.credential = std::move(credential);
    options.trust = std::move(trust);
    return coap ? coap::OpenClient(std::move(options)).has_value()
                : http::OpenClient(std::move(options)).has_value();
  };
  const auto starts = [](bool coap, const std::function<void(bindings::ServerOptions&)>& change) {
    bindings::ServerOptions options;
    options.listeners = {{"127.0.0.1", 0, true}};
    change(options);
    Handler handler;
    return coap ? coap::StartServer(std::move(options), handler).has_value()
                : http::StartServer(std::move(options), handler).has_value();
  };
  for (const bool coap : {true, false}) {
    BOOST_TEST(opens(coap, Certificate("client"), TrustTheCa()));
    BOOST_TEST(!opens(coap, {}, TrustTheCa()));
    BOOST_TEST(!opens(coap, Certificate("client"), {}));
    BOOST_TEST(!opens(coap, Certificate("client"), {{ca}, {}, {}}));  // any name at all
    BOOST_TEST(!opens(coap, bindings::CertificateCredential{{Der("client")}, Key("server")},
                      TrustTheCa()));
    BOOST_TEST(!opens(coap, bindings::CertificateCredential{{"x"}, Key("client")}, TrustTheCa()));
    BOOST_TEST(!opens(
        coap, bindings::RawPublicKeyCredential{PublicKeyDer("client-raw"), Key("server-raw")},
        TrustTheCa()));
    BOOST_TEST(starts(coap, [this](auto& options) {
      options.certificate = Certificate("server");
      options.verify_peer = Judge({ca});
    }));
    // Nobody to judge the clients.
    BOOST_TEST(!starts(coap, [this](auto& o) { o.certificate = Certificate("server"); }));
    BOOST_TEST(!starts(coap, [this](auto& o) { o.raw_public_key = RawPublicKey("server-raw"); }));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::certificate_test
