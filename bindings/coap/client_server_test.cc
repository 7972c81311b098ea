// SPDX-License-Identifier: GPL-3.0-or-later
//
// Client and server over real sockets: what goes over the wire and comes back.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "bindings/coap/echo_server.h"

namespace saef::coap::test {

using bindings::Error;
using onem2m::Operation;
using onem2m::ResponseStatusCode;

BOOST_AUTO_TEST_SUITE(client_server)

BOOST_AUTO_TEST_CASE(every_operation_in_the_clear_and_secured) {
  EchoServer server;
  BOOST_REQUIRE(server.server);
  for (const bool secure : {false, true}) {
    auto client = server.Open(secure);
    const struct {
      Operation operation;
      ResponseStatusCode status;
    } cases[] = {{Operation::kCreate, ResponseStatusCode::kCreated},
                 {Operation::kRetrieve, ResponseStatusCode::kOk},
                 {Operation::kUpdate, ResponseStatusCode::kUpdated},
                 {Operation::kDelete, ResponseStatusCode::kDeleted},
                 {Operation::kNotify, ResponseStatusCode::kOk}};
    for (const auto& c : cases) {
      BOOST_TEST_CONTEXT(onem2m::Name(c.operation) << " secure " << secure) {
        const auto response = client->SendAndWait(Request(c.operation, "/cse/x", "{}"), kLong);
        BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().message());
        BOOST_TEST((response->status == c.status));
        BOOST_TEST(response->request_identifier == "r1");
        BOOST_TEST(response->release_version.value_or("") == "3");
        BOOST_TEST(response->content == (c.operation == Operation::kNotify ? "" : "{}"));
        BOOST_TEST(response->location.has_value() == (c.operation == Operation::kCreate));
        const auto requests = server.handler.requests();
        BOOST_TEST((requests.back().operation == c.operation));
        BOOST_TEST(requests.back().to == "/cse/x");
        BOOST_TEST(requests.back().from.value_or("") == "CAdmin");
      }
    }
    BOOST_TEST(client->sessions_established() == (secure ? 1u : 1u));
    BOOST_TEST(server.handler.session()->secure() == secure);
    BOOST_TEST(server.handler.session()->psk_identity() == (secure ? "alice" : ""));
    BOOST_TEST((server.handler.session()->peer().find("127.0.0.1:") == 0));
  }
}

BOOST_AUTO_TEST_CASE(many_requests_share_one_session) {
  EchoServer server;
  auto client = server.Open();
  constexpr int kRequests = 300;
  std::atomic<int> good{0};
  std::atomic<int> done{0};
  for (int i = 0; i < kRequests; ++i) {
    const std::string content = "{\"n\":" + std::to_string(i) + "}";
    client->Send(Request(Operation::kUpdate, "c" + std::to_string(i), content), kLong,
                 [&, content](auto response) {
                   if (response && response->content == content) ++good;
                   ++done;
                 });
  }
  BOOST_TEST(Eventually([&] { return done == kRequests; }));
  BOOST_TEST(good == kRequests);
  BOOST_TEST(client->sessions_established() == 1u);
  BOOST_TEST(server.server->sessions() == 1u);
}

BOOST_AUTO_TEST_CASE(answers_that_come_later_and_from_another_thread) {
  EchoServer server;
  std::vector<std::thread> threads;
  Mutex mutex;
  server.handler.Set([&](const auto& request, auto, auto respond) {
    const MutexLock lock(mutex);
    threads.emplace_back([request, respond] { respond(EchoHandler::Echo(request)); });
  });
  auto client = server.Open();
  for (const std::size_t size : {std::size_t{2}, std::size_t{100000}}) {
    const std::string content(size, ' ');
    const auto response = client->SendAndWait(Request(Operation::kUpdate, "cse/x", content), kLong);
    BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().message());
    BOOST_TEST((response->content == content));
  }
  for (auto& thread : threads) thread.join();
}

BOOST_AUTO_TEST_CASE(a_request_that_nobody_answers_is_answered_5000) {
  EchoServer server;
  auto client = server.Open();
  server.handler.Set([](const auto&, auto, auto) {});
  auto response = client->SendAndWait(Request(Operation::kRetrieve), kLong);
  BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().message());
  BOOST_TEST((response->status == ResponseStatusCode::kInternalServerError));
  // Dropped later, by another thread.
  std::thread thread;
  server.handler.Set([&thread](const auto&, auto, auto respond) {
    thread = std::thread([respond = std::move(respond)]() mutable { respond = nullptr; });
  });
  response = client->SendAndWait(Request(Operation::kRetrieve), kLong);
  thread.join();
  BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().message());
  BOOST_TEST((response->status == ResponseStatusCode::kInternalServerError));
}

BOOST_AUTO_TEST_CASE(large_contents_both_ways) {
  EchoServer server;
  for (const bool secure : {false, true}) {
    auto client = server.Open(secure);
    for (const std::size_t size : {1000u, 1024u, 1025u, 200000u, 262144u}) {
      BOOST_TEST_CONTEXT(size << " secure " << secure) {
        std::string content(size, 'x');
        for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>('a' + i * i % 23);
        const auto response =
            client->SendAndWait(Request(Operation::kUpdate, "cse/x", content), kLong);
        BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().message());
        BOOST_TEST((response->content == content));
        BOOST_TEST((server.handler.requests().back().content == content));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_too_large_is_refused_on_either_side) {
  EchoServer server([](auto& options) { options.max_content_length = 5000; });
  auto client = server.Open();
  // 4.13 has no status code of its own (TS-0008 table 6.2.4-1): it is a bad request.
  auto response =
      client->SendAndWait(Request(Operation::kUpdate, "x", std::string(5001, 'x')), kLong);
  BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().message());
  BOOST_TEST((response->status == ResponseStatusCode::kBadRequest));
  BOOST_TEST(server.handler.requests().empty());
  response = client->SendAndWait(Request(Operation::kUpdate, "x", std::string(5000, 'x')), kLong);
  BOOST_REQUIRE(response.has_value());
  BOOST_TEST((response->status == ResponseStatusCode::kUpdated));

  auto options = server.Options();
  options.max_content_length = 3000;
  client = server.Open(std::move(options));
  response = client->SendAndWait(Request(Operation::kUpdate, "x", std::string(3001, 'x')), kLong);
  BOOST_REQUIRE(response.has_error());
  BOOST_TEST((response.error() == Error::kTooLarge));
  response = client->SendAndWait(Request(Operation::kUpdate, "x", std::string(3000, 'x')), kLong);
  BOOST_TEST(response.has_value());
}

BOOST_AUTO_TEST_CASE(bad_requests_are_answered_with_a_text) {
  EchoServer server;
  auto client = server.Open(false);
  auto request = Request(Operation::kRetrieve);
  request.request_identifier.clear();
  auto response = client->SendAndWait(request, kLong);
  BOOST_REQUIRE(response.has_error());
  BOOST_TEST((response.error() == Error::kBadRequest));

  request = Request(Operation::kUpdate, "x", "\xff");
  response = client->SendAndWait(request, kLong);
  BOOST_REQUIRE(response.has_value());
  BOOST_TEST((response->status == ResponseStatusCode::kBadRequest));
  BOOST_TEST(response->content.find("UTF-8") != std::string::npos);
  BOOST_TEST(server.handler.requests().empty());
}

BOOST_AUTO_TEST_CASE(cbor_is_passed_through) {
  EchoServer server;
  auto client = server.Open(false);
  auto request = Request(Operation::kUpdate, "x", "\xa0");
  request.content_format = onem2m::ContentFormat::kCbor;
  const auto response = client->SendAndWait(request, kLong);
  BOOST_REQUIRE(response.has_value());
  BOOST_TEST((response->status == ResponseStatusCode::kUpdated));
  BOOST_TEST((server.handler.requests().back().content_format == onem2m::ContentFormat::kCbor));
}

bindings::PskCredential& Psk(bindings::ClientOptions& options) {
  return std::get<bindings::PskCredential>(options.credential);
}

BOOST_AUTO_TEST_CASE(options_that_contradict_each_other_are_refused) {
  EchoServer server;
  const auto refused = [&server](auto change) {
    auto options = server.Options();
    change(options);
    const auto client = OpenClient(std::move(options));
    return client.has_error() ? client.error() : boost::system::error_code();
  };
  BOOST_TEST((refused([](auto& o) { o.uri.scheme = bindings::Scheme::kHttps; }) == Error::kBadUri));
  BOOST_TEST((refused([](auto& o) { o.credential = {}; }) == Error::kBadRequest));
  BOOST_TEST(
      (refused([](auto& o) { Psk(o).identity = std::string(129, 'x'); }) == Error::kBadRequest));
  BOOST_TEST(
      (refused([](auto& o) { Psk(o).identity = std::string("a\0b", 3); }) == Error::kBadRequest));
  BOOST_TEST(
      (refused([](auto& o) { Psk(o).key = Key(std::string(65, 'k')); }) == Error::kBadRequest));
  BOOST_TEST((refused([](auto& o) { Psk(o).key = {}; }) == Error::kBadRequest));
  BOOST_TEST(!refused([](auto& o) { Psk(o).identity = std::string(128, 'x'); }));

  EchoHandler handler;
  const auto error = [&handler](std::vector<bindings::Listener> listeners) {
    bindings::ServerOptions options;
    options.listeners = std::move(listeners);
    return StartServer(std::move(options), handler).error();
  };
  BOOST_TEST((error({}) == Error::kBadRequest));
  BOOST_TEST((error({{"127.0.0.1", 0, true}}) == Error::kBadRequest));  // no keys
  BOOST_TEST((error({{"nowhere.invalid", 0, false}}) == Error::kListen));
  BOOST_TEST((error({{"192.0.2.1", 0, false}}) == Error::kListen));
}

BOOST_AUTO_TEST_CASE(ipv6_and_the_name_localhost) {
  EchoHandler handler;
  bindings::ServerOptions options;
  options.listeners = {{"::1", 0, false}, {"127.0.0.1", 0, false}};
  auto server = StartServer(std::move(options), handler);
  BOOST_REQUIRE(server.has_value());
  const auto ports = (*server)->ports();
  BOOST_REQUIRE(ports.size() == 2u);
  BOOST_TEST(ports[0] != 0);
  bindings::ClientOptions to;
  to.uri = {bindings::Scheme::kCoap, "::1", ports[0], ""};
  auto client = *OpenClient(std::move(to));
  BOOST_TEST(client->SendAndWait(Request(Operation::kRetrieve), kLong).has_value());
  // By name: whichever address localhost has first, the other one is tried as well.
  bindings::ClientOptions by_name;
  by_name.uri = {bindings::Scheme::kCoap, "localhost", ports[1], ""};
  client = *OpenClient(std::move(by_name));
  const auto response = client->SendAndWait(Request(Operation::kRetrieve), kLong);
  BOOST_TEST(response.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
