// SPDX-License-Identifier: GPL-3.0-or-later
//
// Handshakes that don't come to their end: what they cost, for how long, and whom.
#include <boost/test/unit_test.hpp>
#include <functional>
#include <optional>

#include "bindings/http/client.h"
#include "bindings/http/server.h"
#include "bindings/http/test_peer.h"
#include "bindings/http/test_plugin.h"

namespace saef::http {
namespace {

using namespace std::chrono_literals;
using test::Eventually;
using test::kTimeout;
using test::Retrieve;

// RFC 5246 7.4.1.2, with TLS_PSK_WITH_AES_128_CBC_SHA256 and the extended master secret.
std::string ClientHello() {
  std::string body("\x03\x03", 2);
  body += std::string(32, 'r') + '\0';
  body += std::string("\0\x02\0\xae\x01\0\0\x04\0\x17\0\0", 12);
  const std::string message = std::string("\x01\0\0", 3) + static_cast<char>(body.size()) + body;
  return std::string("\x16\x03\x03\0", 4) + static_cast<char>(message.size()) + message;
}

struct Bounded {
  void Start(const std::function<void(bindings::ServerOptions&)>& change) {
    bindings::PluginGate gate;
    gate.api = plugin.api();
    gate.instance = plugin.instance();
    bindings::ServerOptions options;
    options.listeners = {{"127.0.0.1", 0, true}, {"127.0.0.1", 0, false}};
    options.keys = gate;
    change(options);
    auto started = StartServer(std::move(options), handler);
    BOOST_TEST_REQUIRE(started.has_value());
    server = std::move(*started);
    port = server->ports().at(0);
  }
  std::unique_ptr<bindings::Client> Open(const std::string& identity,
                                         const char* key = test::kKeyHex.data()) const {
    bindings::ClientOptions options;
    options.uri = {bindings::Scheme::kHttps, "127.0.0.1", port, ""};
    options.credential =
        bindings::PskCredential{identity + "@maf.example.com", *onem2m::Secret::FromHex(key)};
    return *OpenClient(std::move(options));
  }
  bindings::ServerStatistics now() const { return server->statistics(); }
  bool IsEmpty() const {
    return Eventually([&] {
      const auto s = now();
      return s.sessions == 0 && s.handshakes == 0 && s.held_sessions == 0 && s.held_bytes == 0;
    });
  }

  test::TestPlugin plugin{std::chrono::hours(1)};
  test::TestHandler handler;
  std::unique_ptr<bindings::Server> server;
  std::uint16_t port = 0;
};

BOOST_FIXTURE_TEST_SUITE(http_bounds, Bounded)

// There is room for one handshake alone, and it is free again after each of these.
BOOST_AUTO_TEST_CASE(each_half_open_handshake_frees_itself) {
  Start([](auto& options) {
    options.handshake_timeout = 1s;
    options.max_handshakes = 1;
  });
  const std::string hello = ClientHello();
  const std::vector<std::string> beginnings = {
      "",    hello.substr(0, 1),         hello.substr(0, 20),
      hello, hello + hello.substr(0, 7), "GET / HTTP/1.1"};
  std::uint64_t failed = 0;
  for (const std::string& beginning : beginnings) {
    BOOST_TEST_CONTEXT(beginning.size() << " octets") {
      test::RawPeer peer(port);
      BOOST_TEST(peer.Write(beginning));
      BOOST_TEST(Eventually([&] { return now().sessions_opened == failed + 1; }));
      BOOST_TEST(IsEmpty());
      BOOST_TEST(now().handshakes_failed == ++failed);
    }
  }
  auto held = Open("slow-a");
  held->Send(Retrieve("x"), kTimeout, [](const auto&) {});
  BOOST_TEST(Eventually([&] { return now().held_sessions == 1; }));
  BOOST_TEST(IsEmpty());
  held.reset();
  // Its Finished is wrong.
  BOOST_TEST(!Open("hit-a", "ff")->Connect().has_value());
  BOOST_TEST(IsEmpty());
  BOOST_TEST(now().refused_by_total_bound == 0u);
  BOOST_TEST(Open("hit-a")->Connect().has_value());
}

BOOST_AUTO_TEST_CASE(one_source_leaves_room) {
  Start([](auto& options) {
    options.threads = 2;  // which makes no difference
    options.max_handshakes_per_source = 2;
    options.max_sessions_per_source = 3;
  });
  std::optional<test::RawPeer> first(port), second(port);
  BOOST_TEST(Eventually([&] { return now().handshakes == 2; }));
  test::RawPeer third(port);
  BOOST_TEST(third.ReadToEnd());
  BOOST_TEST(now().refused_by_source_bound == 1u);
  // One that shakes no hands is a session all the same, the last that there is room for.
  const std::uint16_t plain = server->ports().at(1);
  test::RawPeer in_the_clear(plain);
  BOOST_TEST(in_the_clear.Write(test::RawGet("/x")));
  BOOST_TEST(in_the_clear.ReadUntil("200 OK"));
  test::RawPeer one_more(plain);
  BOOST_TEST(one_more.ReadToEnd());
  BOOST_TEST(now().refused_by_source_bound == 2u);
  BOOST_TEST(now().refused_by_total_bound == 0u);
  first.reset();
  BOOST_TEST(Eventually([&] { return now().sessions == 2; }));
  BOOST_TEST(Open("hit-a")->Connect().has_value());
}

BOOST_AUTO_TEST_CASE(handshakes_leave_room_for_sessions) {
  Start([](auto& options) { options.max_handshakes = 1; });
  const auto client = Open("hit-a");
  BOOST_TEST(client->Connect().has_value());
  test::RawPeer half_open(port);
  BOOST_TEST(Eventually([&] { return now().handshakes == 1; }));
  test::RawPeer one_more(port);
  BOOST_TEST(one_more.ReadToEnd());
  BOOST_TEST(now().refused_by_total_bound == 1u);
  BOOST_TEST(client->SendAndWait(Retrieve("x"), kTimeout).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::http
