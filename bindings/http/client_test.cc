// SPDX-License-Identifier: GPL-3.0-or-later
//
// The client against servers that do what they shouldn't.
#include "bindings/http/client.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "bindings/http/test_peer.h"

namespace saef::http {
namespace {

using bindings::Error;
using onem2m::ResponseStatusCode;
using test::kTimeout;
using test::RawServer;
using test::Retrieve;

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nX-M2M-RSC: 2000\r\nContent-Length: 2\r\nContent-Type: application/json"
    "\r\n\r\n{}";

std::unique_ptr<bindings::Client> NewClient(std::uint16_t port, std::size_t max_content = 1 << 18,
                                            std::size_t max_queued = 4096,
                                            std::size_t max_connections = 1) {
  bindings::ClientOptions options;
  options.uri = {bindings::Scheme::kHttp, "127.0.0.1", port, ""};
  options.max_content_length = max_content;
  options.max_queued = max_queued;
  options.max_connections = max_connections;
  options.handshake_timeout = std::chrono::milliseconds(5000);
  auto opened = OpenClient(std::move(options));
  BOOST_TEST_REQUIRE(opened.has_value());
  return std::move(*opened);
}

// Reads up to the end of one header; false at the end of the connection.
bool ReadRequest(int socket) {
  std::string got;
  char buffer[4096];
  while (got.find("\r\n\r\n") == std::string::npos) {
    pollfd waiting{socket, POLLIN, 0};
    if (::poll(&waiting, 1, 15000) <= 0) return false;
    const ssize_t length = ::recv(socket, buffer, sizeof(buffer), 0);
    if (length <= 0) return false;
    got.append(buffer, static_cast<std::size_t>(length));
  }
  return true;
}

void Write(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

// What becomes of a request that is answered with these bytes and the end of the connection.
bindings::Result<onem2m::ResponsePrimitive> AnswerTo(const std::string& bytes) {
  const RawServer server([bytes](int socket) {
    if (ReadRequest(socket)) Write(socket, bytes);
  });
  return NewClient(server.port(), 1000)->SendAndWait(Retrieve("x"), kTimeout);
}

boost::system::error_code ErrorOf(const std::string& bytes) {
  const auto answer = AnswerTo(bytes);
  return answer ? boost::system::error_code() : answer.error();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_client)

BOOST_AUTO_TEST_CASE(nobody_there) {
  std::uint16_t port = 0;
  {
    const RawServer gone([](int) {});
    port = gone.port();
  }
  const auto client = NewClient(port);
  BOOST_TEST((client->Connect().error() == Error::kUnreachable));
  BOOST_TEST((client->SendAndWait(Retrieve("x"), kTimeout).error() == Error::kUnreachable));
}

BOOST_AUTO_TEST_CASE(bad_answers) {
  BOOST_TEST((ErrorOf("SSH-2.0-x\r\n\r\n") == Error::kBadResponse));
  BOOST_TEST((ErrorOf("") == Error::kClosed));
  BOOST_TEST((ErrorOf("HTTP/1.1 200") == Error::kClosed));
  BOOST_TEST((ErrorOf("HTTP/1.1 103 Hints\r\n\r\n") == Error::kClosed));
  BOOST_TEST((ErrorOf("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}") == Error::kClosed));
  BOOST_TEST((ErrorOf("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n") == Error::kTooLarge));
  BOOST_TEST((ErrorOf("HTTP/1.1 200 OK\r\nA: " + std::string(20000, 'a')) == Error::kTooLarge));
  BOOST_TEST((ErrorOf("HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'a')) == Error::kTooLarge));
  BOOST_TEST((ErrorOf("HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n") ==
              Error::kBadResponse));
  BOOST_TEST((ErrorOf("HTTP/1.1 200 OK\r\nX-M2M-RI: other\r\nContent-Length: 0\r\n\r\n") ==
              Error::kBadResponse));
  BOOST_TEST(AnswerTo(std::string(kAnswer)).has_value());
  // Without a length, up to the end; and after an interim answer.
  const auto plain = AnswerTo("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[1]");
  BOOST_TEST_REQUIRE(plain.has_value());
  BOOST_TEST(plain->content == "[1]");
  BOOST_TEST(plain->request_identifier == "r-x");
  BOOST_TEST(AnswerTo("HTTP/1.1 103 Hints\r\n\r\n" + std::string(kAnswer)).has_value());
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_the_server_gives_up) {
  std::atomic<int> requests{0};
  const RawServer server([&](int socket) {
    // The first connection answers once, takes a second request and ends without a word.
    if (!ReadRequest(socket)) return;
    ++requests;
    Write(socket, kAnswer);
    if (requests == 1 && ReadRequest(socket)) ++requests;
  });
  const auto client = NewClient(server.port());
  BOOST_TEST(client->SendAndWait(Retrieve("x"), kTimeout).has_value());
  BOOST_TEST(client->SendAndWait(Retrieve("y"), kTimeout).has_value());
  BOOST_TEST(requests == 3);
  BOOST_TEST(client->sessions_established() == 2u);
}

BOOST_AUTO_TEST_CASE(a_fresh_connection_that_ends_is_not_tried_again) {
  std::atomic<int> requests{0};
  const RawServer server([&](int socket) { requests += ReadRequest(socket) ? 1 : 0; });
  BOOST_TEST(
      (NewClient(server.port())->SendAndWait(Retrieve("x"), kTimeout).error() == Error::kClosed));
  BOOST_TEST(requests == 1);
}

BOOST_AUTO_TEST_CASE(a_request_is_repeated_once_at_most) {
  std::atomic<int> requests{0};
  const RawServer server([&](int socket) {
    if (!ReadRequest(socket)) return;
    if (++requests == 1) {
      Write(socket, kAnswer);
      requests += ReadRequest(socket) ? 1 : 0;
    }
  });
  const auto client = NewClient(server.port());
  BOOST_TEST(client->SendAndWait(Retrieve("x"), kTimeout).has_value());
  BOOST_TEST((client->SendAndWait(Retrieve("y"), kTimeout).error() == Error::kClosed));
  BOOST_TEST(requests == 3);
}

BOOST_AUTO_TEST_CASE(however_many_connections_are_kept_it_is_repeated_once) {
  constexpr int kKept = 3;
  std::atomic<int> requests{0};
  std::vector<std::thread> connections;  // the server's thread's, until it has gone
  auto server = std::make_unique<RawServer>([&](int socket) {
    connections.emplace_back([&requests, own = ::dup(socket)] {
      if (ReadRequest(own)) {
        ++requests;
        // So that each has a connection.
        test::Eventually([&] { return requests >= kKept; });
        Write(own, kAnswer);
        requests += ReadRequest(own) ? 1 : 0;
      }
      ::close(own);
    });
  });
  {
    std::atomic<int> answered{0};
    const auto client = NewClient(server->port(), 1000, 4096, kKept);
    for (int i = 0; i < kKept; ++i) {
      client->Send(Retrieve("x"), kTimeout,
                   [&](const auto& response) { answered += response.has_value() ? 1 : 0; });
    }
    BOOST_TEST(test::Eventually([&] { return answered == kKept; }));
    BOOST_TEST((client->SendAndWait(Retrieve("y"), kTimeout).error() == Error::kClosed));
    BOOST_TEST(requests == kKept + 2);
  }
  server.reset();
  for (std::thread& connection : connections) connection.join();
}

BOOST_AUTO_TEST_CASE(a_silent_server) {
  std::atomic<bool> done{false};
  const RawServer server([&](int) { test::Eventually([&] { return done.load(); }); });
  std::atomic<int> limit{0};
  std::atomic<int> closed{0};
  const auto count = [&](bindings::Result<onem2m::ResponsePrimitive> result) {
    if (result.has_error() && result.error() == Error::kLimit) ++limit;
    if (result.has_error() && result.error() == Error::kClosed) ++closed;
  };
  // Last, since its destructor still calls back.
  const auto client = NewClient(server.port(), 1000, 2);
  BOOST_TEST((client->SendAndWait(Retrieve("x"), std::chrono::milliseconds(50)).error() ==
              Error::kTimeout));
  BOOST_TEST(client->Connect().has_value());
  // One is under way, two wait, the rest is beyond the bound.
  for (int i = 0; i < 6; ++i) client->Send(Retrieve("x"), kTimeout, count);
  BOOST_TEST(test::Eventually([&] { return limit == 3; }));
  client->Disconnect();
  BOOST_TEST(test::Eventually([&] { return closed == 1; }));
  done = true;
}

BOOST_AUTO_TEST_CASE(the_destructor_fails_what_is_outstanding) {
  std::atomic<bool> done{false};
  const RawServer server([&](int) { test::Eventually([&] { return done.load(); }); });
  std::atomic<int> closed{0};
  {
    const auto client = NewClient(server.port());
    for (int i = 0; i < 5; ++i) {
      client->Send(Retrieve("x"), kTimeout,
                   [&](bindings::Result<onem2m::ResponsePrimitive> result) {
                     if (result.has_error() && result.error() == Error::kClosed) ++closed;
                   });
    }
  }
  BOOST_TEST(closed == 5);
  done = true;
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sent_or_opened) {
  const RawServer server([](int) {});
  const auto client = NewClient(server.port());
  BOOST_TEST((client->SendAndWait(Retrieve(""), kTimeout).error() == Error::kBadRequest));
  BOOST_TEST((client->ExportKeyingMaterial("EXPORTER-x", 48).error() == Error::kNotEstablished));
  bindings::ClientOptions options;
  options.uri = {bindings::Scheme::kCoap, "127.0.0.1", 1, ""};
  BOOST_TEST((OpenClient(std::move(options)).error() == Error::kBadUri));
  options = {};
  options.uri = {bindings::Scheme::kHttps, "127.0.0.1", 1, ""};
  BOOST_TEST((OpenClient(std::move(options)).error() == Error::kBadRequest));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::http
