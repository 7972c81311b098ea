// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the server says of what it does.
#include <atomic>
#include <boost/test/unit_test.hpp>

#include "bindings/coap/echo_server.h"
#include "bindings/coap/raw_socket.h"
#include "tests/abi/fake_plugin.h"

namespace saef::coap::test {

using bindings::ServerStatistics;
using onem2m::Operation;

namespace {

bindings::PluginGate GateOf(abi_test::FakePlugin& plugin) {
  bindings::PluginGate gate;
  gate.api = plugin.api();
  gate.instance = plugin.instance();
  return gate;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(coap_statistics)

BOOST_AUTO_TEST_CASE(sessions_handshakes_requests_observers) {
  EchoServer server(
      [](auto& options) { options.observable = [](std::string_view) { return true; }; });
  const auto now = [&] { return server.server->statistics(); };
  BOOST_TEST(now().sessions_opened == 0u);
  auto secure = server.Open();
  auto plain = server.Open(false);
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(secure->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
  }
  BOOST_TEST(plain->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
  BOOST_TEST(now().sessions == 2u);
  BOOST_TEST(now().sessions_opened == 2u);
  BOOST_TEST(now().handshakes == 0u);
  BOOST_TEST(now().handshakes_done == 1u);
  BOOST_TEST(now().requests == 4u);
  secure->Observe(Request(Operation::kRetrieve), kLong, [](const auto&) {});
  BOOST_TEST(Eventually([&] { return now().observers == 1u; }));
  secure.reset();
  BOOST_TEST(Eventually([&] { return now().sessions == 1u && now().observers == 0u; }));
  BOOST_TEST(now().sessions_opened == 2u);
  BOOST_TEST(now().handshakes_failed == 0u);

  const auto before = now().handshakes_failed;
  BOOST_TEST(!server.Open(server.Options(true, "x", "nobody"))->Connect().has_value());
  BOOST_TEST(Eventually([&] { return now().handshakes_failed > before; }));
  BOOST_TEST(Eventually([&] { return now().handshakes == 0u; }));
  BOOST_TEST(now().handshakes_done == 1u);
}

// DTLS drops what is encrypted with a wrong key, as if it hadn't come.
BOOST_AUTO_TEST_CASE(a_wrong_key_fails_when_its_time_is_over) {
  EchoServer server([](auto& options) { options.handshake_timeout = 1s; });
  BOOST_TEST(!server.Open(server.Options(true, "a wrong key 01234"))->Connect().has_value());
  BOOST_TEST(Eventually([&] { return server.server->statistics().handshakes == 0u; }));
  BOOST_TEST(server.server->statistics().handshakes_failed >= 1u);
  BOOST_TEST(server.server->statistics().handshakes_done == 0u);
}

BOOST_AUTO_TEST_CASE(who_waits_at_the_gate) {
  abi_test::FakePlugin plugin;
  plugin.Withhold("slow");
  plugin.Withhold("late");
  EchoServer server([&](auto& options) {
    auto gate = GateOf(plugin);
    gate.max_held_sessions = 1;
    options.keys = gate;
  });
  const auto now = [&] { return server.server->statistics(); };
  const std::string key = "alice's key 0123";
  std::atomic<bool> connected = false;
  auto slow = server.Open(server.Options(true, key, "slow"));
  slow->Send(Request(Operation::kRetrieve), kLong,
             [&](const auto& response) { connected = response.has_value(); });
  BOOST_TEST(Eventually([&] { return now().held_sessions == 1u; }));
  BOOST_TEST(now().held_bytes > 0u);
  BOOST_TEST(now().handshakes == 1u);
  BOOST_TEST(!server.Open(server.Options(true, key, "late"))->Connect().has_value());
  BOOST_TEST(Eventually([&] { return now().gate_refusals_for_sessions == 1u; }));
  plugin.Answer("slow", SAEF_KEY, key);
  BOOST_TEST(Eventually([&] { return now().handshakes_done == 1u; }));
  BOOST_TEST(Eventually([&] { return now().held_sessions == 0; }));
  BOOST_TEST(Eventually([&] { return now().held_bytes == 0; }));
  BOOST_TEST(Eventually([&] { return now().handshakes == 0u; }));
  BOOST_TEST(now().handshakes_failed == 1u);
  BOOST_TEST(Eventually([&] { return connected.load(); }));
}

BOOST_AUTO_TEST_CASE(who_waits_in_vain) {
  abi_test::FakePlugin plugin;
  plugin.Withhold("slow");
  EchoServer server([&](auto& options) {
    auto gate = GateOf(plugin);
    gate.max_hold_ms = 50;
    options.keys = gate;
  });
  auto slow = server.Open(server.Options(true, "alice's key 0123", "slow"));
  BOOST_TEST(!slow->Connect().has_value());
  BOOST_TEST(Eventually([&] { return server.server->statistics().gate_refusals_for_time == 1u; }));
  BOOST_TEST(Eventually([&] { return server.server->statistics().handshakes == 0u; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
