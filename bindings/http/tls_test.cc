// SPDX-License-Identifier: GPL-3.0-or-later
//
// TLS 1.2 with a PSK: our client and our server with each other, and with OpenSSL and GnuTLS.
#include <sys/socket.h>

#include <boost/test/unit_test.hpp>

#include "bindings/http/client.h"
#include "bindings/http/server.h"
#include "bindings/http/test_peer.h"
#include "onem2m/key_derivation.h"

namespace saef::http {
namespace {

using bindings::Error;
using test::Eventually;
using test::Finished;
using test::kTimeout;
using test::RawGet;
using test::RawPeer;
using test::Retrieve;
using test::Run;

const std::string kKey{test::kKeyHex};
const std::string kOtherKey = "ff" + kKey.substr(2);
const std::string kId{test::kIdentity};
// The profile by name (TS-0003 10.2.2); without extended master secret where `more` says so.
const std::string kPriority =
    "NONE:+VERS-TLS1.2:+PSK:+AES-128-CBC:+SHA256:+COMP-NULL:+SIGN-ALL:+GROUP-ALL";

struct Secured {
  Secured() {
    bindings::ServerOptions options;
    options.listeners = {{"127.0.0.1", 0, true}};
    options.keys = test::OneKey();
    auto started = StartServer(std::move(options), handler);
    BOOST_TEST_REQUIRE(started.has_value());
    server = std::move(*started);
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(server->ports().at(0)); }
  std::unique_ptr<bindings::Client> NewClient(const std::string& identity,
                                              const std::string& key) const {
    return ClientTo(server->ports().at(0), identity, key);
  }
  static std::unique_ptr<bindings::Client> ClientTo(std::uint16_t port, const std::string& identity,
                                                    const std::string& key) {
    bindings::ClientOptions options;
    options.uri = {bindings::Scheme::kHttps, "127.0.0.1", port, ""};
    options.server_name = "maf.example.com";
    options.handshake_timeout = std::chrono::milliseconds(5000);
    options.credential = bindings::PskCredential{identity, *onem2m::Secret::FromHex(key)};
    auto opened = OpenClient(std::move(options));
    BOOST_TEST_REQUIRE(opened.has_value());
    return std::move(*opened);
  }
  Finished OpenSsl(const std::string& identity, const std::string& key, const std::string& input,
                   const std::string& more = "") const {
    return Run("openssl s_client -tls1_2 -quiet -cipher PSK-AES128-CBC-SHA256 -psk_identity " +
                   identity + " -psk " + key + " -connect " + address() + " " + more,
               input);
  }
  Finished GnuTls(const std::string& key, const std::string& priority,
                  const std::string& input) const {
    return Run("gnutls-cli --pskusername=" + kId + " --pskkey=" + key + " --priority='" + priority +
                   "' --port=" + std::to_string(server->ports().at(0)) + " 127.0.0.1",
               input);
  }

  test::TestHandler handler;
  std::unique_ptr<bindings::Server> server;
};

bool Has(const Finished& finished, std::string_view text) {
  if (finished.output.find(text) != std::string::npos) return true;
  BOOST_TEST_MESSAGE(finished.output);
  return false;
}

// The hex digits between two double quotes.
std::string Quoted(const std::string& text) {
  const std::size_t begin = text.find('"');
  return text.substr(begin + 1, text.find('"', begin + 1) - begin - 1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_tls)

BOOST_AUTO_TEST_CASE(requests_share_one_session) {
  const Secured secured;
  const auto client = secured.NewClient(kId, kKey);
  BOOST_TEST(client->Connect().has_value());
  for (int i = 0; i < 5; ++i) {
    const auto response = client->SendAndWait(Retrieve("x"), kTimeout);
    BOOST_TEST_REQUIRE(response.has_value());
    BOOST_TEST(response->content.find("\"id\":\"" + kId + "\",\"as\":0") != std::string::npos);
  }
  BOOST_TEST(client->sessions_established() == 1u);
  const auto big = client->SendAndWait(Retrieve("big"), kTimeout);
  BOOST_TEST_REQUIRE(big.has_value());
  BOOST_TEST(big->content.size() == 200002u);
  client->Disconnect();
  BOOST_TEST(Eventually([&] { return secured.server->sessions() == 0; }));
  BOOST_TEST(client->SendAndWait(Retrieve("x"), kTimeout).has_value());
  BOOST_TEST(client->sessions_established() == 2u);
}

BOOST_AUTO_TEST_CASE(both_sides_export_the_same_octets) {
  const Secured secured;
  const auto client = secured.NewClient(kId, kKey);
  BOOST_TEST((client->ExportKeyingMaterial(onem2m::kConnectionExportLabel, 48).error() ==
              Error::kNotEstablished));
  const auto response = client->SendAndWait(Retrieve("export"), kTimeout);
  BOOST_TEST_REQUIRE(response.has_value());
  const auto exported = client->ExportKeyingMaterial(onem2m::kConnectionExportLabel, 48);
  BOOST_TEST_REQUIRE(exported.has_value());
  BOOST_TEST(exported->size() == 48u);
  BOOST_TEST(Quoted(response->content) == exported->ToHex());
  // From another thread than the server's, too; and no longer when the connection has gone.
  const auto session = const_cast<Secured&>(secured).handler.last_session();
  BOOST_TEST(
      session->ExportKeyingMaterial(onem2m::kConnectionExportLabel, 48)->Equals(exported->bytes()));
  client->Disconnect();
  BOOST_TEST(Eventually([&] { return secured.server->sessions() == 0; }));
  BOOST_TEST((session->ExportKeyingMaterial(onem2m::kConnectionExportLabel, 48).error() ==
              Error::kClosed));
}

BOOST_AUTO_TEST_CASE(credentials_that_the_server_refuses) {
  const Secured secured;
  BOOST_TEST((secured.NewClient("nobody@maf.example.com", kKey)->Connect().error() ==
              Error::kCredentialRefused));
  BOOST_TEST((secured.NewClient(kId, kOtherKey)->SendAndWait(Retrieve("x"), kTimeout).error() ==
              Error::kCredentialRefused));
  BOOST_TEST(Eventually([&] { return secured.server->sessions() == 0; }));
}

// TS-0003 10.2: TLS 1.2, SNI and the mandatory suite.
BOOST_AUTO_TEST_CASE(the_client_hello_has_the_profile) {
  std::string hello;
  {
    const test::RawServer server([&](int socket) {
      char buffer[4096];
      const ssize_t length = ::recv(socket, buffer, sizeof(buffer), 0);
      if (length > 0) hello.assign(buffer, static_cast<std::size_t>(length));
    });
    BOOST_TEST(!Secured::ClientTo(server.port(), kId, kKey)->Connect().has_value());
  }
  BOOST_TEST_REQUIRE(hello.size() > 50u);
  BOOST_TEST(hello.substr(9, 2) == std::string("\x03\x03"));
  BOOST_TEST(hello.find(std::string("\x00\xAE", 2)) != std::string::npos);
  BOOST_TEST(hello.find("maf.example.com") != std::string::npos);
  BOOST_TEST(hello.find(std::string("\x00\x17\x00\x00", 4)) != std::string::npos);  // RFC 7627
}

BOOST_AUTO_TEST_CASE(no_tls_there) {
  const test::RawServer garbage([](int) {});
  BOOST_TEST(
      (Secured::ClientTo(garbage.port(), kId, kKey)->Connect().error() == Error::kHandshake));
}

BOOST_AUTO_TEST_CASE(garbage_for_a_server) {
  const Secured secured;
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\n\r\n"), std::string(5000, '\xff'), std::string(64, '\0'),
        std::string("\x16\x03\x03\x40\x01", 5) + std::string(20000, 'a')}) {
    RawPeer peer(secured.server->ports().at(0));
    peer.Write(bytes);
    BOOST_TEST(peer.ReadToEnd());
  }
  BOOST_TEST(Eventually([&] { return secured.server->sessions() == 0; }));
  BOOST_TEST(secured.NewClient(kId, kKey)->Connect().has_value());
}

BOOST_AUTO_TEST_CASE(openssl_is_served) {
  const Secured secured;
  const auto done = secured.OpenSsl(kId, kKey, RawGet("/x", "Connection: close\r\n"));
  BOOST_TEST(Has(done, "\"to\":\"x\",\"fr\":\"Cae1\",\"id\":\"" + kId + "\""));
}

BOOST_AUTO_TEST_CASE(openssl_sees_the_refusals) {
  const Secured secured;
  BOOST_TEST(Has(secured.OpenSsl("nobody@maf.example.com", kKey, ""), "alert number 115"));
  BOOST_TEST(Has(secured.OpenSsl(kId, kOtherKey, ""), "alert number 20"));
  // No common suite.
  BOOST_TEST(Has(Run("openssl s_client -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256 -connect " +
                     secured.address()),
                 "alert number 40"));
}

BOOST_AUTO_TEST_CASE(openssl_exports_the_same_octets) {
  const Secured secured;
  // -keymatexport prints with the session, so not -quiet; the answer follows it.
  const auto done =
      Run("openssl s_client -tls1_2 -ign_eof -cipher PSK-AES128-CBC-SHA256 -psk_identity " + kId +
              " -psk " + kKey + " -connect " + secured.address() +
              " -keymatexport EXPORTER-oneM2M-Connection -keymatexportlen 48",
          RawGet("/export", "Connection: close\r\n"));
  const std::size_t at = done.output.find("Keying material: ");
  BOOST_TEST_REQUIRE(at != std::string::npos);
  std::string octets = done.output.substr(at + 17, 96);
  const std::size_t quote = done.output.find("\r\n\r\n\"");
  BOOST_TEST_REQUIRE(quote != std::string::npos);
  const std::string ours = Quoted(done.output.substr(quote));
  for (char& c : octets) c = static_cast<char>(std::tolower(c));
  std::string lower = ours;
  for (char& c : lower) c = static_cast<char>(std::tolower(c));
  BOOST_TEST(octets == lower);
}

BOOST_AUTO_TEST_CASE(gnutls_is_served) {
  const Secured secured;
  const auto done = secured.GnuTls(kKey, kPriority, RawGet("/x", "Connection: close\r\n"));
  BOOST_TEST(Has(done, "\"to\":\"x\",\"fr\":\"Cae1\""));
}

BOOST_AUTO_TEST_CASE(no_key_is_exported_without_extended_master_secret) {
  const Secured secured;
  const auto done = secured.GnuTls(kKey, kPriority + ":%NO_SESSION_HASH",
                                   RawGet("/export", "Connection: close\r\n"));
  BOOST_TEST(Has(done, make_error_code(Error::kNoExtendedMasterSecret).message()));
}

BOOST_AUTO_TEST_CASE(a_thousand_handshakes_leave_nothing) {
  const Secured secured;
  const std::size_t before = test::OpenDescriptors();
  for (int i = 0; i < 200; ++i) {
    const auto client = secured.NewClient(kId, i % 5 == 0 ? kOtherKey : kKey);
    BOOST_TEST(client->Connect().has_value() == (i % 5 != 0));
  }
  for (int i = 0; i < 800; ++i) {
    RawPeer peer(secured.server->ports().at(0));
    if (i % 2 == 0) peer.Write(std::string_view("\x16\x03\x01\x00\x05\x01\x00", 7));
  }
  BOOST_TEST(Eventually([&] { return secured.server->sessions() == 0; }));
  BOOST_TEST(Eventually([&] { return test::OpenDescriptors() == before; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::http
