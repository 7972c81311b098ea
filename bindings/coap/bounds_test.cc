// SPDX-License-Identifier: GPL-3.0-or-later
//
// Handshakes that don't come to their end: what they cost, for how long, and whom.
#include <boost/test/unit_test.hpp>
#include <functional>
#include <thread>

#include "bindings/coap/echo_server.h"
#include "bindings/coap/half_open_handshake.h"
#include "bindings/coap/server_io.h"
#include "bindings/coap/server_thread.h"
#include "tests/abi/fake_plugin.h"

namespace saef::coap::test {

namespace {

constexpr char kServerHello = HalfOpenHandshake::kServerHello;
constexpr char kHelloVerifyRequest = HalfOpenHandshake::kHelloVerifyRequest;

// A server behind a plugin that has "known" and never answers for "slow".
struct Bounded {
  void Start(const std::function<void(bindings::ServerOptions&)>& change) {
    plugin.AnswerAtOnce("known", SAEF_KEY, key);
    plugin.Withhold("slow");
    server = std::make_unique<EchoServer>([&](bindings::ServerOptions& options) {
      bindings::PluginGate gate;
      gate.api = plugin.api();
      gate.instance = plugin.instance();
      options.keys = gate;
      change(options);
    });
    BOOST_REQUIRE(server->server);
    port = server->server->ports().at(1);
  }
  bindings::ServerStatistics now() const { return server->server->statistics(); }
  bool CanConnect() const {
    return server->Open(server->Options(true, key, "known"))->Connect().has_value();
  }
  bool IsEmpty() const {
    return Eventually([&] {
      const auto s = now();
      return s.sessions == 0 && s.handshakes == 0 && s.held_sessions == 0 && s.held_bytes == 0;
    });
  }

  const std::string key = "alice's key 0123";
  abi_test::FakePlugin plugin;
  std::unique_ptr<EchoServer> server;
  std::uint16_t port = 0;
};

BOOST_FIXTURE_TEST_SUITE(coap_bounds, Bounded)

// There is room for one handshake alone, and it is free again after each of these.
BOOST_AUTO_TEST_CASE(each_half_open_handshake_frees_itself) {
  Start([](auto& options) {
    options.handshake_timeout = 1s;
    options.max_handshakes = 1;
  });
  const std::vector<std::function<void(HalfOpenHandshake&)>> rests = {
      [](auto&) {},
      [](auto& client) { BOOST_TEST(client.SendCookie() == kServerHello); },
      [](auto& client) {
        BOOST_TEST(client.SendCookie() == kServerHello);
        client.SendKeyExchange("slow");
      },
      [](auto& client) {
        BOOST_TEST(client.SendCookie() == kServerHello);
        client.SendKeyExchange("known");
        client.SendWrongFinished();
      },
      [](auto& client) {
        BOOST_TEST(client.SendCookie() == kServerHello);
        client.SendKeyExchange("nobody");
      },
  };
  for (std::size_t i = 0; i < rests.size(); ++i) {
    BOOST_TEST_CONTEXT("half-open handshake " << i) {
      HalfOpenHandshake client(port);
      BOOST_TEST(client.SendHello() == kHelloVerifyRequest);
      rests[i](client);
      BOOST_TEST(IsEmpty());
      BOOST_TEST(now().handshakes_failed == i);  // without its cookie it wasn't one
    }
  }
  BOOST_TEST(now().refused_by_total_bound == 0u);
  BOOST_TEST(CanConnect());
}

// One that has ended well leaves its place to the next.
BOOST_AUTO_TEST_CASE(handshakes_leave_room_for_sessions) {
  Start([](auto& options) { options.max_handshakes = options.max_handshakes_per_source = 1; });
  std::vector<std::unique_ptr<bindings::Client>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server->Open(server->Options(true, key, "known")));
    BOOST_TEST(clients.back()->Connect().has_value());
  }
  BOOST_TEST(now().sessions == 3u);
  BOOST_TEST(now().refused_by_total_bound + now().refused_by_source_bound == 0u);
}

BOOST_AUTO_TEST_CASE(a_held_handshake_takes_its_place) {
  Start([](auto& options) { options.max_handshakes = 1; });
  HalfOpenHandshake first(port), second(port, 2);
  BOOST_TEST(first.SendHello() == kHelloVerifyRequest);
  BOOST_TEST(first.SendCookie() == kServerHello);
  first.SendKeyExchange("slow");
  BOOST_TEST(Eventually([&] { return now().held_sessions == 1; }));
  BOOST_TEST(second.SendHello() == kHelloVerifyRequest);
  second.SendCookieInVain();
  BOOST_TEST(Eventually([&] { return now().refused_by_total_bound == 1; }));
  BOOST_TEST(Eventually([&] { return now().sessions == 1; }));  // it costs no memory
  BOOST_TEST(now().refused_by_source_bound == 0u);
  plugin.Answer("slow", SAEF_UNKNOWN);
  BOOST_TEST(IsEmpty());
  BOOST_TEST(CanConnect());
}

// The client's flight is there, so nothing is repeated that it answers (RFC 6347 4.2.4).
BOOST_AUTO_TEST_CASE(a_held_handshake_repeats_nothing) {
  Start([](auto&) {});
  RawSocket socket(port);
  HalfOpenHandshake client(socket);
  BOOST_TEST(client.SendHello() == kHelloVerifyRequest);
  BOOST_TEST(client.SendCookie() == kServerHello);
  client.SendKeyExchange("slow");
  BOOST_TEST(Eventually([&] { return now().held_sessions == 1; }));
  BOOST_TEST(!socket.ReceiveNow().empty());  // ServerHelloDone
  std::this_thread::sleep_for(4s);           // it would have, after one second and after three
  BOOST_TEST(socket.ReceiveNow().empty());
  BOOST_TEST(now().held_sessions == 1u);
}

BOOST_AUTO_TEST_CASE(one_source_leaves_room_for_others) {
  Start([](auto& options) {
    options.threads = 2;  // which makes no difference
    options.max_handshakes_per_source = 2;
  });
  std::vector<std::unique_ptr<HalfOpenHandshake>> clients;
  for (int i = 0; i < 2; ++i) {
    clients.push_back(std::make_unique<HalfOpenHandshake>(port));
    BOOST_TEST(clients.back()->SendHello() == kHelloVerifyRequest);
    BOOST_TEST(clients.back()->SendCookie() == kServerHello);
  }
  HalfOpenHandshake third(port), other(port, 2);
  BOOST_TEST(third.SendHello() == kHelloVerifyRequest);
  third.SendCookieInVain();
  BOOST_TEST(Eventually([&] { return now().refused_by_source_bound == 1; }));
  BOOST_TEST(other.SendHello() == kHelloVerifyRequest);
  BOOST_TEST(other.SendCookie() == kServerHello);
  BOOST_TEST(now().handshakes == 3u);
  BOOST_TEST(now().refused_by_total_bound == 0u);
}

BOOST_AUTO_TEST_CASE(sessions_of_one_source) {
  Start([](auto& options) { options.max_sessions_per_source = 1; });
  auto first = server->Open(server->Options(true, key, "known"));
  BOOST_TEST(first->Connect().has_value());
  HalfOpenHandshake second(port);
  BOOST_TEST(second.SendHello() == kHelloVerifyRequest);
  second.SendCookieInVain();
  BOOST_TEST(Eventually([&] { return now().refused_by_source_bound == 1; }));
  first.reset();
  BOOST_TEST(IsEmpty());
  BOOST_TEST(CanConnect());
}

BOOST_AUTO_TEST_CASE(a_cookie_is_good_for_one_address) {
  Start([](auto&) {});
  HalfOpenHandshake own(port), thief(port);
  BOOST_TEST(own.SendHello() == kHelloVerifyRequest);
  BOOST_TEST(thief.SendCookie(own.cookie()) == kHelloVerifyRequest);
  BOOST_TEST(thief.cookie() != own.cookie());
  BOOST_TEST(now().handshakes == 0u);
  BOOST_TEST(own.SendCookie() == kServerHello);
}

// Any number of addresses that may not exist cost a fixed amount of memory, and one who does exist
// nothing.
BOOST_AUTO_TEST_CASE(invented_addresses_cost_nobody_anything) {
  Start([](auto&) {});
  HalfOpenHandshake honest(port);
  BOOST_TEST(honest.SendHello() == kHelloVerifyRequest);
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < ServerThread::kMaxUnverified + 200; ++i) {
    BOOST_REQUIRE(HalfOpenHandshake(port).SendHello() == kHelloVerifyRequest);
    most = std::max(most, now().sessions);
  }
  BOOST_TEST(most <= ServerThread::kMaxUnverified + 2 * ServerIo::kMany);
  BOOST_TEST(now().refused_by_total_bound == 0u);
  BOOST_TEST(honest.SendCookie() == kServerHello);
  BOOST_TEST(CanConnect());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::coap::test
