// SPDX-License-Identifier: GPL-3.0-or-later
//
// A client of several connections: how many requests its server has at a time, what becomes of the
// others when one is lost, and what it costs a server that has no room for them.
#include <atomic>
#include <boost/test/unit_test.hpp>

#include "bindings/http/client.h"
#include "bindings/http/server.h"
#include "bindings/http/test_peer.h"

namespace saef::http {
namespace {

using bindings::Error;
using test::Eventually;
using test::kTimeout;
using test::Retrieve;

constexpr std::size_t kConnections = 4;

struct Several {
  Several() { Start(1000); }
  void Start(std::size_t max_sessions) {
    server.reset();
    bindings::ServerOptions options;
    options.listeners = {{"127.0.0.1", 0, true}};
    options.keys = test::OneKey();
    options.max_sessions = options.max_sessions_per_source = max_sessions;
    options.max_handshakes = options.max_handshakes_per_source = max_sessions;
    auto started = StartServer(std::move(options), handler);
    BOOST_TEST_REQUIRE(started.has_value());
    server = std::move(*started);
  }
  std::unique_ptr<bindings::Client> Open(std::size_t connections = kConnections,
                                         std::string_view key = test::kKeyHex) {
    bindings::ClientOptions options;
    options.uri = {bindings::Scheme::kHttps, "127.0.0.1", server->ports().at(0), ""};
    options.credential =
        bindings::PskCredential{std::string(test::kIdentity), *onem2m::Secret::FromHex(key)};
    options.max_connections = connections;
    auto opened = OpenClient(std::move(options));
    BOOST_TEST_REQUIRE(opened.has_value());
    return std::move(*opened);
  }
  // So many requests, which are counted when they end.
  void Send(bindings::Client& client, const std::string& to, std::size_t count,
            std::chrono::milliseconds timeout = kTimeout) {
    for (std::size_t i = 0; i < count; ++i) {
      client.Send(Retrieve(to), timeout, [this](const auto& response) {
        if (response) {
          ++answered;
        } else if (response.error() == Error::kClosed) {
          ++closed;
        } else if (response.error() == Error::kTimeout) {
          ++timed_out;
        } else if (response.error() == Error::kCredentialRefused) {
          ++refused;
        }
      });
    }
  }
  bindings::ServerStatistics now() const { return server->statistics(); }

  std::atomic<std::size_t> answered{0}, closed{0}, timed_out{0}, refused{0};
  test::TestHandler handler;
  std::unique_ptr<bindings::Server> server;
};

BOOST_FIXTURE_TEST_SUITE(http_connections, Several)

BOOST_AUTO_TEST_CASE(each_carries_a_request_at_a_time) {
  constexpr std::size_t kRounds = 3;
  const auto client = Open();
  Send(*client, "hold", kRounds * kConnections);
  for (std::size_t round = 1; round <= kRounds; ++round) {
    BOOST_TEST(Eventually([&] { return handler.held() == kConnections; }));
    BOOST_TEST(now().requests == round * kConnections);
    handler.Release();
  }
  BOOST_TEST(Eventually([&] { return answered == kRounds * kConnections; }));
  BOOST_TEST(client->sessions_established() == kConnections);
  BOOST_TEST(now().sessions_opened == kConnections);
  // They are kept, and serve again.
  Send(*client, "hold", kConnections);
  BOOST_TEST(Eventually([&] { return handler.held() == kConnections; }));
  BOOST_TEST(client->sessions_established() == kConnections);
  handler.Release();
  BOOST_TEST(Eventually([&] { return answered == (kRounds + 1) * kConnections; }));
}

BOOST_AUTO_TEST_CASE(no_more_are_opened_than_requests_wait) {
  const auto client = Open();
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST(client->SendAndWait(Retrieve("x"), kTimeout).has_value());
  }
  BOOST_TEST(client->sessions_established() == 1u);
  Send(*client, "hold", 2);
  BOOST_TEST(Eventually([&] { return handler.held() == 2; }));
  BOOST_TEST(client->sessions_established() == 2u);
  handler.Release();
  BOOST_TEST(Eventually([&] { return answered == 2; }));
}

BOOST_AUTO_TEST_CASE(one_connection_unless_more_are_wanted) {
  const auto client = Open(bindings::ClientOptions().max_connections);
  Send(*client, "hold", 3);
  for (std::size_t i = 1; i <= 3; ++i) {
    BOOST_TEST(Eventually([&] { return handler.held() == 1; }));
    BOOST_TEST(now().requests == i);
    handler.Release();
  }
  BOOST_TEST(Eventually([&] { return answered == 3; }));
  BOOST_TEST(client->sessions_established() == 1u);
}

// However many requests wait for it. They are sent on the client's own thread, so that all of them
// wait before the server can have refused the first one.
BOOST_AUTO_TEST_CASE(who_is_refused_has_tried_once) {
  const auto client = Open(kConnections, "ff");
  client->Send(Retrieve("x"), kTimeout, [&](const auto& /*refused*/) { Send(*client, "x", 10); });
  BOOST_TEST(Eventually([&] { return refused == 10; }));
  BOOST_TEST(Eventually([&] { return now().handshakes_failed == 2; }));
  BOOST_TEST(now().sessions_opened == 2u);
}

// All are answered through those that it has room for, and it isn't asked for more each time.
BOOST_AUTO_TEST_CASE(a_server_with_room_for_fewer) {
  constexpr std::size_t kRequests = 200;
  Start(2);
  const auto client = Open();
  Send(*client, "x", kRequests);
  BOOST_TEST(Eventually([&] { return answered == kRequests; }));
  BOOST_TEST(now().sessions_opened == 2u);
  BOOST_TEST(now().refused_by_source_bound + now().refused_by_total_bound >= 1u);
  BOOST_TEST(now().refused_by_source_bound + now().refused_by_total_bound < kRequests / 4);
}

BOOST_AUTO_TEST_CASE(one_that_is_lost_is_not_the_others) {
  const auto client = Open();
  Send(*client, "hold", kConnections - 1);
  BOOST_TEST(Eventually([&] { return handler.held() == kConnections - 1; }));
  Send(*client, "hold", 1, std::chrono::milliseconds(100));
  BOOST_TEST(Eventually([&] { return timed_out == 1; }));
  // There is room for another one again.
  BOOST_TEST(client->SendAndWait(Retrieve("x"), kTimeout).has_value());
  BOOST_TEST(answered == 0u);
  handler.Release();
  BOOST_TEST(Eventually([&] { return answered == kConnections - 1; }));
  BOOST_TEST(closed == 0u);
}

BOOST_AUTO_TEST_CASE(disconnecting_ends_them_all) {
  const auto client = Open();
  Send(*client, "hold", kConnections + 1);
  BOOST_TEST(Eventually([&] { return handler.held() == kConnections; }));
  client->Disconnect();
  BOOST_TEST(Eventually([&] { return closed == kConnections; }));
  // The one that waited goes through a new one.
  BOOST_TEST(Eventually([&] { return handler.held() == kConnections + 1; }));
  handler.Release();
  BOOST_TEST(Eventually([&] { return answered == 1; }));
  BOOST_TEST(Eventually([&] { return now().sessions == 1; }));
}

BOOST_AUTO_TEST_CASE(the_server_gives_them_up_and_new_ones_serve) {
  const auto client = Open();
  Send(*client, "hold", kConnections);
  BOOST_TEST(Eventually([&] { return handler.held() == kConnections; }));
  handler.Release();
  BOOST_TEST(Eventually([&] { return answered == kConnections; }));
  Send(*client, "end", kConnections);
  BOOST_TEST(Eventually([&] { return answered == 2 * kConnections; }));
  Send(*client, "x", 2 * kConnections);
  BOOST_TEST(Eventually([&] { return answered == 4 * kConnections; }));
  BOOST_TEST(closed == 0u);
}

BOOST_AUTO_TEST_CASE(nothing_is_left_of_them) {
  const std::size_t before = test::OpenDescriptors();
  for (int i = 0; i < 3; ++i) {
    const auto client = Open();
    Send(*client, "hold", 2 * kConnections);
    BOOST_TEST(Eventually([&] { return handler.held() >= kConnections; }));
    handler.Release();
  }
  BOOST_TEST(Eventually([&] { return now().sessions == 0; }));
  BOOST_TEST(test::OpenDescriptors() == before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::http
