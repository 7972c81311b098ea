// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server behind the gate: handshakes that wait for their keys, associations, refusals.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <optional>

#include "bindings/http/client.h"
#include "bindings/http/server.h"
#include "bindings/http/test_peer.h"
#include "bindings/http/test_plugin.h"

namespace saef::http {
namespace {

using bindings::Error;
using Clock = std::chrono::steady_clock;
using test::Eventually;
using test::kTimeout;
using test::Retrieve;

constexpr std::chrono::milliseconds kDelay{300};

struct Gated {
  explicit Gated(saef_gate_refusal refusal = SAEF_GATE_ALERT, std::uint32_t blocking_ms = 0) {
    bindings::PluginGate gate;
    gate.api = plugin.api();
    gate.instance = plugin.instance();
    gate.refusal = refusal;
    gate.blocking_ms = blocking_ms;
    gate.host_psk = [](std::string_view identity) -> onem2m::Result<onem2m::Secret> {
      if (identity != "host") return onem2m::Error::kOutOfRange;
      return onem2m::Secret::FromHex(test::kKeyHex);
    };
    bindings::ServerOptions options;
    options.listeners = {{"127.0.0.1", 0, true}};
    options.keys = std::move(gate);
    auto started = StartServer(std::move(options), handler);
    BOOST_TEST_REQUIRE(started.has_value());
    server = std::move(*started);
  }
  std::uint16_t port() const { return server->ports().at(0); }
  std::unique_ptr<bindings::Client> NewClient(const std::string& identity,
                                              std::uint16_t other_port = 0) const {
    bindings::ClientOptions options;
    options.uri = {bindings::Scheme::kHttps, "127.0.0.1", other_port ? other_port : port(), ""};
    options.credential = bindings::PskCredential{identity, *onem2m::Secret::FromHex(test::kKeyHex)};
    auto opened = OpenClient(std::move(options));
    BOOST_TEST_REQUIRE(opened.has_value());
    return std::move(*opened);
  }
  boost::system::error_code ErrorOf(const std::string& identity) const {
    const auto connected = NewClient(identity)->Connect();
    return connected ? boost::system::error_code() : connected.error();
  }
  test::Finished OpenSsl(const std::string& identity) const {
    return test::Run(
        "openssl s_client -tls1_2 -quiet -cipher PSK-AES128-CBC-SHA256 -psk_identity " + identity +
        " -psk " + std::string(test::kKeyHex) + " -connect 127.0.0.1:" + std::to_string(port()));
  }

  test::TestPlugin plugin{kDelay};
  test::TestHandler handler;
  std::unique_ptr<bindings::Server> server;
};

double Milliseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

// Requests in a row while `go_on` holds; the time of each in milliseconds.
std::vector<double> Times(bindings::Client& client, const std::function<bool()>& go_on) {
  std::vector<double> times;
  do {
    const auto start = Clock::now();
    BOOST_TEST(client.SendAndWait(Retrieve("x"), kTimeout).has_value());
    times.push_back(Milliseconds(Clock::now() - start));
  } while (go_on());
  std::sort(times.begin(), times.end());
  return times;
}

// Hands on what the client sends octet by octet, and what the server sends as it comes.
void Relay(int client, std::uint16_t port) {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const int one = 1;
  ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  char buffer[4096];
  for (;;) {
    pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (::poll(both, 2, 15000) <= 0) break;
    const int from = both[0].revents != 0 ? client : server;
    const ssize_t length = ::recv(from, buffer, sizeof(buffer), 0);
    if (length <= 0) break;
    const std::size_t step = from == client ? 1 : static_cast<std::size_t>(length);
    for (ssize_t i = 0; i < length; i += static_cast<ssize_t>(step)) {
      ::send(from == client ? server : client, buffer + i, step, MSG_NOSIGNAL);
    }
  }
  ::close(server);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_gate)

// One after the other they would take six seconds, and the client that is served would wait as
// long.
BOOST_AUTO_TEST_CASE(twenty_wait_for_their_keys_and_nobody_else_does) {
  constexpr int kClients = 20;
  const Gated gated;
  const auto served = gated.NewClient("hit-0@maf.example.com");
  BOOST_TEST(served->Connect().has_value());
  int quiet = 50;
  const std::vector<double> before = Times(*served, [&] { return --quiet > 0; });

  std::vector<std::unique_ptr<bindings::Client>> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(gated.NewClient("slow-" + std::to_string(i) + "@maf.example.com"));
  }
  std::atomic<int> good{0};
  std::atomic<int> done{0};
  const auto start = Clock::now();
  for (const auto& client : clients) {
    client->Send(Retrieve("x"), kTimeout, [&](const auto& response) {
      good += response.has_value() ? 1 : 0;
      ++done;
    });
  }
  const std::vector<double> during = Times(*served, [&] { return done < kClients; });
  const double last = Milliseconds(Clock::now() - start);
  BOOST_TEST(good == kClients);
  BOOST_TEST(gated.server->sessions() == std::size_t{kClients + 1});
  BOOST_TEST(last >= Milliseconds(kDelay));
  BOOST_TEST(last < Milliseconds(kDelay) * kClients);
  BOOST_TEST_MESSAGE("HTTP: " << kClients << " clients with a look-up of " << kDelay.count()
                              << " ms each: the last is served after " << last
                              << " ms; a client with a cached key: " << before[before.size() / 2]
                              << " ms before, " << during[during.size() / 2]
                              << " ms meanwhile (median of " << during.size() << "), ratio "
                              << during[during.size() / 2] / before[before.size() / 2] << ", worst "
                              << during.back() << " ms");
}

BOOST_AUTO_TEST_CASE(a_session_has_its_association_and_ends_with_it) {
  Gated gated;
  const auto client = gated.NewClient("hit-a@maf.example.com");
  const auto response = client->SendAndWait(Retrieve("x"), kTimeout);
  BOOST_TEST_REQUIRE(response.has_value());
  BOOST_TEST(response->content.find("\"id\":\"hit-a@maf.example.com\",\"as\":1") !=
             std::string::npos);
  const auto other = gated.NewClient("hit-b@maf.example.com");
  BOOST_TEST(other->Connect().has_value());
  BOOST_TEST(Eventually([&] { return gated.plugin.associations() == 2; }));

  gated.server->EndAssociation(99);
  gated.server->EndAssociation(1);
  BOOST_TEST(Eventually([&] { return gated.server->sessions() == 1; }));
  BOOST_TEST(Eventually([&] { return gated.plugin.associations() == 1; }));
  const auto again = client->SendAndWait(Retrieve("x"), kTimeout);
  BOOST_TEST_REQUIRE(again.has_value());
  BOOST_TEST(again->content.find("\"as\":3") != std::string::npos);
  BOOST_TEST(other->SendAndWait(Retrieve("x"), kTimeout).has_value());
  BOOST_TEST(other->sessions_established() == 1u);
}

BOOST_AUTO_TEST_CASE(refusals_by_alert) {
  const Gated gated;
  BOOST_TEST((gated.ErrorOf("nobody@maf.example.com") == Error::kCredentialRefused));
  BOOST_TEST((gated.ErrorOf("nobody") == Error::kCredentialRefused));
  const auto seen = gated.OpenSsl("nobody@maf.example.com");
  BOOST_TEST(seen.output.find("alert number 115") != std::string::npos, seen.output);
  BOOST_TEST(Eventually([&] { return gated.server->sessions() == 0; }));
}

BOOST_AUTO_TEST_CASE(refusals_hidden) {
  const Gated gated(SAEF_GATE_HIDE);
  BOOST_TEST((gated.ErrorOf("nobody@maf.example.com") == Error::kCredentialRefused));
  const auto seen = gated.OpenSsl("nobody@maf.example.com");
  BOOST_TEST(seen.output.find("alert number 20") != std::string::npos, seen.output);
}

BOOST_AUTO_TEST_CASE(a_key_that_has_ended_meanwhile) {
  Gated gated;
  const auto client = gated.NewClient("denied-a@maf.example.com");
  BOOST_TEST(!client->SendAndWait(Retrieve("x"), kTimeout).has_value());
  BOOST_TEST(gated.plugin.associations() == 0u);
  BOOST_TEST(Eventually([&] { return gated.server->sessions() == 0; }));
}

BOOST_AUTO_TEST_CASE(the_hosts_own_keys) {
  Gated gated;
  const auto response = gated.NewClient("host")->SendAndWait(Retrieve("x"), kTimeout);
  BOOST_TEST_REQUIRE(response.has_value());
  BOOST_TEST(response->content.find("\"id\":\"host\",\"as\":0") != std::string::npos);
  BOOST_TEST(gated.plugin.associations() == 0u);
}

BOOST_AUTO_TEST_CASE(a_client_or_the_server_goes_while_it_waits) {
  Gated gated;
  auto client = gated.NewClient("slow-x@maf.example.com");
  client->Send(Retrieve("x"), kTimeout, [](const auto&) {});
  BOOST_TEST(Eventually([&] { return gated.plugin.waiting() == 1; }));
  client.reset();
  BOOST_TEST(Eventually([&] { return gated.server->sessions() == 0; }));

  client = gated.NewClient("slow-y@maf.example.com");
  client->Send(Retrieve("x"), kTimeout, [](const auto&) {});
  BOOST_TEST(Eventually([&] { return gated.plugin.waiting() == 1; }));
  gated.server.reset();
  BOOST_TEST(gated.plugin.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(octet_by_octet) {
  const Gated gated;
  const test::RawServer relay([&](int socket) { Relay(socket, gated.port()); });
  for (const char* identity : {"hit-r@maf.example.com", "slow-r@maf.example.com"}) {
    const auto client = gated.NewClient(identity, relay.port());
    const auto response = client->SendAndWait(Retrieve("x"), kTimeout);
    BOOST_TEST_REQUIRE(response.has_value());
    BOOST_TEST(response->content.find(identity) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(blocking_for_comparison) {
  Gated gated(SAEF_GATE_ALERT, 2000);
  {
    const auto client = gated.NewClient("slow-b@maf.example.com");
    const auto response = client->SendAndWait(Retrieve("x"), kTimeout);
    BOOST_TEST_REQUIRE(response.has_value());
    BOOST_TEST(response->content.find("\"as\":1") != std::string::npos);
    BOOST_TEST(gated.NewClient("host")->Connect().has_value());
    BOOST_TEST((gated.ErrorOf("nobody@maf.example.com") == Error::kCredentialRefused));
  }
  BOOST_TEST(Eventually([&] { return gated.plugin.associations() == 0; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::http
