// SPDX-License-Identifier: GPL-3.0-or-later
//
// The life of a DTLS session: handshakes that fail and why, ends, exported keys.
#include <dirent.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "bindings/coap/echo_server.h"

namespace saef::coap::test {

using bindings::Error;
using onem2m::Operation;
using onem2m::ResponseStatusCode;

namespace {

std::size_t OpenFiles() {
  DIR* directory = opendir("/proc/self/fd");
  std::size_t count = 0;
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  return count;
}

using Clock = std::chrono::steady_clock;

}  // namespace

BOOST_AUTO_TEST_SUITE(session)

BOOST_AUTO_TEST_CASE(an_unknown_identity_is_refused_at_once) {
  EchoServer server;
  auto client = server.Open(server.Options(true, "alice's key 0123", "mallory"));
  const auto start = Clock::now();
  const auto connected = client->Connect();
  BOOST_REQUIRE(connected.has_error());
  BOOST_TEST((connected.error() == Error::kCredentialRefused), connected.error().message());
  const auto response = client->SendAndWait(Request(Operation::kRetrieve), kLong);
  BOOST_REQUIRE(response.has_error());
  BOOST_TEST((response.error() == Error::kCredentialRefused));
  BOOST_TEST((Clock::now() - start < kLong));
  BOOST_TEST(client->sessions_established() == 0u);
  BOOST_TEST(server.handler.requests().empty());
  BOOST_TEST(Eventually([&] { return server.server->sessions() == 0; }));
}

BOOST_AUTO_TEST_CASE(a_wrong_key_is_a_refused_credential) {
  EchoServer server;
  auto options = server.Options(true, "another key 0123");
  options.handshake_timeout = 4s;
  auto client = server.Open(std::move(options));
  const auto connected = client->Connect();
  BOOST_REQUIRE(connected.has_error());
  BOOST_TEST((connected.error() == Error::kCredentialRefused), connected.error().message());
  BOOST_TEST(server.handler.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_port_where_nobody_listens_is_unreachable) {
  bindings::ClientOptions options;
  {
    EchoServer server;
    options = server.Options();
  }
  auto client = *OpenClient(std::move(options));
  const auto start = Clock::now();
  const auto response = client->SendAndWait(Request(Operation::kRetrieve), kLong);
  BOOST_REQUIRE(response.has_error());
  BOOST_TEST((response.error() == Error::kUnreachable), response.error().message());
  BOOST_TEST((Clock::now() - start < kLong));
}

BOOST_AUTO_TEST_CASE(silence_is_unreachable_and_a_name_that_does_not_exist) {
  // A plain listener doesn't understand a ClientHello and says nothing.
  EchoServer server;
  auto options = server.Options();
  options.uri.port = server.server->ports()[0];
  options.handshake_timeout = 700ms;
  auto client = server.Open(std::move(options));
  auto connected = client->Connect();
  BOOST_REQUIRE(connected.has_error());
  BOOST_TEST((connected.error() == Error::kUnreachable));

  options = server.Options();
  options.uri.host = "nowhere.invalid";
  options.handshake_timeout = 5s;
  client = server.Open(std::move(options));
  connected = client->Connect();
  BOOST_REQUIRE(connected.has_error());
  BOOST_TEST((connected.error() == Error::kUnreachable));
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_come_is_a_timeout) {
  EchoServer server;
  std::vector<bindings::Respond> held;
  server.handler.Set([&held](const auto&, auto, auto respond) { held.push_back(respond); });
  auto client = server.Open();
  const auto start = Clock::now();
  const auto response = client->SendAndWait(Request(Operation::kRetrieve), 300ms);
  BOOST_REQUIRE(response.has_error());
  BOOST_TEST((response.error() == Error::kTimeout));
  BOOST_TEST((Clock::now() - start >= 300ms));
  server.server.reset();
}

BOOST_AUTO_TEST_CASE(a_server_that_goes_ends_what_is_outstanding) {
  auto server = std::make_unique<EchoServer>();
  std::vector<bindings::Respond> held;
  std::atomic<int> waiting{0};
  server->handler.Set([&](const auto&, auto, auto respond) {
    held.push_back(respond);
    ++waiting;
  });
  auto client = server->Open();
  std::atomic<int> closed{0};
  for (int i = 0; i < 3; ++i) {
    client->Send(Request(Operation::kCreate), kLong, [&closed](auto response) {
      if (response.has_error() && response.error() == Error::kClosed) ++closed;
    });
  }
  BOOST_REQUIRE(Eventually([&] { return waiting == 3; }));
  server->server.reset();
  BOOST_TEST(Eventually([&] { return closed == 3; }));
  for (auto& respond : held) respond({});  // too late, and harmless
}

BOOST_AUTO_TEST_CASE(the_clients_end_fails_what_is_outstanding) {
  EchoServer server;
  std::vector<bindings::Respond> held;
  server.handler.Set([&held](const auto&, auto, auto respond) { held.push_back(respond); });
  auto client = server.Open();
  std::atomic<int> closed{0};
  client->Send(Request(Operation::kRetrieve), kLong, [&closed](auto response) {
    if (response.has_error() && response.error() == Error::kClosed) ++closed;
  });
  BOOST_REQUIRE(Eventually([&] { return !server.handler.requests().empty(); }));
  client.reset();
  BOOST_TEST(closed == 1);
  BOOST_TEST(Eventually([&] { return server.server->sessions() == 0; }));
  server.server.reset();
}

BOOST_AUTO_TEST_CASE(disconnect_and_again) {
  EchoServer server;
  auto client = server.Open();
  for (std::uint64_t i = 1; i <= 3; ++i) {
    BOOST_TEST(client->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
    BOOST_TEST(client->sessions_established() == i);
    client->Disconnect();
    BOOST_TEST(client->ExportKeyingMaterial("EXPORTER-test", 48).has_error());
    BOOST_TEST(Eventually([&] { return server.server->sessions() == 0; }));
  }
}

BOOST_AUTO_TEST_CASE(both_ends_export_the_same) {
  EchoServer server;
  auto client = server.Open();
  BOOST_TEST((client->ExportKeyingMaterial("EXPORTER-test", 48).error() == Error::kNotEstablished));
  BOOST_REQUIRE(client->Connect().has_value());
  std::string from_handler;
  server.handler.Set([&](const auto& request, auto session, auto respond) {
    // On the server's own thread, and from another one.
    from_handler = session->ExportKeyingMaterial("EXPORTER-oneM2M-Connection", 48)->ToHex();
    respond(EchoHandler::Echo(request));
  });
  BOOST_REQUIRE(client->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
  const auto ours = client->ExportKeyingMaterial("EXPORTER-oneM2M-Connection", 48);
  BOOST_REQUIRE_MESSAGE(ours.has_value(), ours.error().message());
  BOOST_TEST(ours->size() == 48u);
  BOOST_TEST(ours->ToHex() == from_handler);
  const auto session = server.handler.session();
  const auto theirs = session->ExportKeyingMaterial("EXPORTER-oneM2M-Connection", 48);
  BOOST_REQUIRE(theirs.has_value());
  BOOST_TEST(theirs->ToHex() == from_handler);
  const auto other = session->ExportKeyingMaterial("EXPORTER-other", 48);
  BOOST_REQUIRE(other.has_value());
  BOOST_TEST(other->ToHex() != from_handler);
  server.server.reset();
  BOOST_TEST((session->ExportKeyingMaterial("EXPORTER-test", 48).error() == Error::kClosed));
}

BOOST_AUTO_TEST_CASE(the_session_ends_after_the_response) {
  EchoServer server;
  for (const bool later : {false, true}) {
    std::vector<std::thread> threads;
    server.handler.Set([&](const auto& request, auto session, auto respond) {
      session->EndAfterResponse();
      if (!later) return respond(EchoHandler::Echo(request));
      threads.emplace_back([request, respond] { respond(EchoHandler::Echo(request)); });
    });
    auto client = server.Open();
    for (std::uint64_t i = 1; i <= 3; ++i) {
      const auto response = client->SendAndWait(Request(Operation::kRetrieve), kLong);
      BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().message());
      BOOST_TEST(client->sessions_established() == i);
      BOOST_TEST(Eventually([&] { return server.server->sessions() == 0; }));
    }
    for (auto& thread : threads) thread.join();
  }
}

// A MAF that ends its session after each procedure, and a client that doesn't wait to see it.
BOOST_AUTO_TEST_CASE(requests_outlive_a_session_that_ends_after_each) {
  EchoServer server;
  server.handler.Set([](const auto& request, auto session, auto respond) {
    session->EndAfterResponse();
    respond(EchoHandler::Echo(request));
  });
  auto client = server.Open();
  for (int i = 0; i < 20; ++i) {
    const auto response = client->SendAndWait(Request(Operation::kRetrieve), kLong);
    BOOST_REQUIRE_MESSAGE(response.has_value(), i << ": " << response.error().message());
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_was_restarted_is_found_again) {
  bindings::ServerOptions options;
  EchoHandler handler;
  auto first = std::make_unique<EchoServer>();
  const std::uint16_t port = first->server->ports()[1];
  auto client = first->Open();
  BOOST_REQUIRE(client->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
  first.reset();
  EchoServer second([port](auto& changed) { changed.listeners = {{"127.0.0.1", port, true}}; });
  BOOST_REQUIRE(second.server);
  const auto response = client->SendAndWait(Request(Operation::kRetrieve), kLong);
  BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().message());
  BOOST_TEST(client->sessions_established() == 2u);
}

BOOST_AUTO_TEST_CASE(beyond_the_queue_is_a_limit) {
  EchoServer server;
  std::vector<bindings::Respond> held;
  server.handler.Set([&held](const auto&, auto, auto respond) { held.push_back(respond); });
  auto options = server.Options();
  options.max_in_flight = 2;
  options.max_queued = 3;
  auto client = server.Open(std::move(options));
  BOOST_REQUIRE(client->Connect().has_value());
  std::atomic<int> limited{0};
  for (int i = 0; i < 10; ++i) {
    client->Send(Request(Operation::kRetrieve), kLong, [&limited](auto response) {
      if (response.has_error() && response.error() == Error::kLimit) ++limited;
    });
  }
  BOOST_TEST(Eventually([&] { return limited >= 5; }));
  BOOST_TEST(limited <= 7);
  client.reset();
  server.server.reset();
}

BOOST_AUTO_TEST_CASE(sessions_leave_nothing_behind) {
  EchoServer server;
  {
    auto warm = server.Open();
    BOOST_REQUIRE(warm->Connect().has_value());
  }
  BOOST_REQUIRE(Eventually([&] { return server.server->sessions() == 0; }));
  const std::size_t before = OpenFiles();
  for (int i = 0; i < 300; ++i) {
    auto client = server.Open();
    const auto response = client->SendAndWait(Request(Operation::kRetrieve), kLong);
    BOOST_REQUIRE_MESSAGE(response.has_value(), i << ": " << response.error().message());
  }
  BOOST_TEST(Eventually([&] { return server.server->sessions() == 0; }));
  BOOST_TEST(OpenFiles() == before);
}

BOOST_AUTO_TEST_CASE(a_handshake_that_stops_is_swept_away) {
  EchoServer server([](auto& options) { options.handshake_timeout = 1s; });
  auto options = server.Options(true, "another key 0123");
  options.handshake_timeout = 30s;
  auto client = server.Open(std::move(options));
  client->Send(Request(Operation::kRetrieve), 30s, [](auto) {});
  BOOST_REQUIRE(Eventually([&] { return server.server->sessions() == 1; }));
  BOOST_TEST(Eventually([&] { return server.server->sessions() == 0; }));
}

BOOST_AUTO_TEST_CASE(an_idle_session_ends) {
  EchoServer server([](auto& options) { options.idle_timeout = 1s; });
  auto client = server.Open();
  BOOST_REQUIRE(client->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
  BOOST_TEST(Eventually([&] { return server.server->sessions() == 0; }));
  // And the client has heard of it.
  BOOST_TEST(client->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
  BOOST_TEST(client->sessions_established() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
