// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the server says of what it does.
#include <boost/test/unit_test.hpp>
#include <optional>

#include "bindings/http/client.h"
#include "bindings/http/server.h"
#include "bindings/http/test_peer.h"
#include "bindings/http/test_plugin.h"

namespace saef::http {
namespace {

using test::Eventually;
using test::kTimeout;
using test::Retrieve;

// A plain and a secure listener on a plugin that knows its slow keys never.
struct Counted {
  explicit Counted(std::size_t max_held_sessions = 0, std::uint32_t max_hold_ms = 0) {
    bindings::PluginGate gate;
    gate.api = plugin.api();
    gate.instance = plugin.instance();
    gate.max_held_sessions = max_held_sessions;
    gate.max_hold_ms = max_hold_ms;
    bindings::ServerOptions options;
    options.listeners = {{"127.0.0.1", 0, false}, {"127.0.0.1", 0, true}};
    options.keys = gate;
    options.max_sessions = 3;
    options.max_sessions_per_source = options.max_handshakes = options.max_handshakes_per_source =
        3;
    auto started = StartServer(std::move(options), handler);
    BOOST_TEST_REQUIRE(started.has_value());
    server = std::move(*started);
  }
  std::unique_ptr<bindings::Client> Open(const std::string& identity) const {
    bindings::ClientOptions options;
    options.uri = {bindings::Scheme::kHttps, "127.0.0.1", server->ports().at(1), ""};
    options.credential = bindings::PskCredential{identity + "@maf.example.com",
                                                 *onem2m::Secret::FromHex(test::kKeyHex)};
    auto opened = OpenClient(std::move(options));
    BOOST_TEST_REQUIRE(opened.has_value());
    return std::move(*opened);
  }
  bindings::ServerStatistics now() const { return server->statistics(); }

  test::TestPlugin plugin{std::chrono::hours(1)};
  test::TestHandler handler;
  std::unique_ptr<bindings::Server> server;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(http_statistics)

BOOST_AUTO_TEST_CASE(sessions_handshakes_requests) {
  const Counted counted;
  BOOST_TEST(counted.now().sessions_opened == 0u);
  auto client = counted.Open("hit-a");
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(client->SendAndWait(Retrieve("x"), kTimeout).has_value());
  }
  BOOST_TEST(counted.now().sessions == 1u);
  BOOST_TEST(counted.now().handshakes == 0u);
  BOOST_TEST(counted.now().handshakes_done == 1u);
  BOOST_TEST(counted.now().requests == 3u);
  BOOST_TEST(!counted.Open("nobody")->Connect().has_value());
  BOOST_TEST(Eventually([&] { return counted.now().handshakes_failed == 1u; }));
  BOOST_TEST(!counted.Open("denied-a")->SendAndWait(Retrieve("x"), kTimeout).has_value());
  // It may have tried more than once.
  BOOST_TEST(Eventually([&] { return counted.now().handshakes_failed >= 2u; }));
  BOOST_TEST(Eventually([&] { return counted.now().sessions == 1u; }));
  {
    // A plain connection shakes no hands.
    test::RawPeer plain(counted.server->ports().at(0));
    BOOST_TEST(plain.Write(test::RawGet("/x")));
    BOOST_TEST(plain.ReadUntil("200 OK"));
    const auto now = counted.now();
    BOOST_TEST(now.sessions_opened == now.handshakes_done + now.handshakes_failed + 1);
    BOOST_TEST(now.handshakes == 0u);
    BOOST_TEST(counted.now().requests == 4u);
  }
  client.reset();
  BOOST_TEST(Eventually([&] { return counted.now().sessions == 0u; }));
  BOOST_TEST(counted.now().handshakes_done == 1u);
}

BOOST_AUTO_TEST_CASE(who_is_turned_away) {
  const Counted counted;
  const std::uint16_t port = counted.server->ports().at(0);
  std::optional<test::RawPeer> first(port), second(port), third(port);
  BOOST_TEST(Eventually([&] { return counted.now().sessions == 3u; }));
  test::RawPeer one_too_many(port);
  BOOST_TEST(one_too_many.ReadToEnd());
  BOOST_TEST(counted.now().refused_by_total_bound == 1u);
  BOOST_TEST(counted.now().sessions_opened == 3u);
}

BOOST_AUTO_TEST_CASE(who_waits_at_the_gate) {
  const Counted counted(1);
  auto slow = counted.Open("slow-a");
  slow->Send(Retrieve("x"), kTimeout, [](const auto&) {});
  BOOST_TEST(Eventually([&] { return counted.now().held_sessions == 1u; }));
  BOOST_TEST(counted.now().held_bytes > 0u);
  BOOST_TEST(counted.now().handshakes == 1u);
  BOOST_TEST(!counted.Open("slow-b")->Connect().has_value());
  BOOST_TEST(Eventually([&] { return counted.now().gate_refusals_for_sessions == 1u; }));
  slow.reset();
  BOOST_TEST(Eventually([&] { return counted.now().held_sessions == 0u; }));
  BOOST_TEST(counted.now().held_bytes == 0u);
  BOOST_TEST(Eventually([&] { return counted.now().handshakes == 0u; }));
  BOOST_TEST(counted.now().handshakes_failed == 2u);
}

BOOST_AUTO_TEST_CASE(who_waits_in_vain) {
  const Counted counted(0, 50);
  BOOST_TEST(!counted.Open("slow-a")->Connect().has_value());
  BOOST_TEST(Eventually([&] { return counted.now().gate_refusals_for_time == 1u; }));
  BOOST_TEST(Eventually([&] { return counted.now().handshakes == 0u; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::http
