// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server on plain sockets, with clients that do what they shouldn't.
#include "bindings/http/server.h"

#include <boost/test/unit_test.hpp>

#include "bindings/http/client.h"
#include "bindings/http/test_peer.h"

namespace saef::http {
namespace {

using bindings::Error;
using onem2m::Operation;
using onem2m::ResponseStatusCode;
using test::Eventually;
using test::kTimeout;
using test::RawGet;
using test::RawPeer;
using test::Retrieve;

struct Plain {
  explicit Plain(std::chrono::seconds header_time = std::chrono::seconds(30),
                 std::size_t max_sessions = 20000) {
    bindings::ServerOptions options;
    options.listeners = {{"127.0.0.1", 0, false}};
    options.handshake_timeout = header_time;
    options.max_sessions = options.max_sessions_per_source = max_sessions;
    options.max_handshakes = options.max_handshakes_per_source = max_sessions;
    auto started = StartServer(std::move(options), handler);
    BOOST_TEST_REQUIRE(started.has_value());
    server = std::move(*started);
  }
  std::uint16_t port() const { return server->ports().at(0); }
  std::unique_ptr<bindings::Client> NewClient() const {
    bindings::ClientOptions options;
    options.uri = {bindings::Scheme::kHttp, "127.0.0.1", port(), ""};
    auto opened = OpenClient(std::move(options));
    BOOST_TEST_REQUIRE(opened.has_value());
    return std::move(*opened);
  }
  // The status line that answers these bytes, which end the connection.
  std::string StatusOf(const std::string& bytes) const {
    RawPeer peer(port());
    peer.Write(bytes);
    BOOST_TEST(peer.ReadToEnd());
    return peer.received().substr(0, 12);
  }

  test::TestHandler handler;
  std::unique_ptr<bindings::Server> server;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(http_server)

BOOST_AUTO_TEST_CASE(every_operation_on_one_kept_connection) {
  const Plain plain;
  const auto client = plain.NewClient();
  for (const Operation operation : {Operation::kCreate, Operation::kRetrieve, Operation::kUpdate,
                                    Operation::kDelete, Operation::kNotify}) {
    auto request = Retrieve("//sp.example.com/cse1/x");
    request.operation = operation;
    if (operation == Operation::kCreate) request.resource_type = 2;
    if (operation != Operation::kRetrieve) request.content = "{}";
    const auto response = client->SendAndWait(std::move(request), kTimeout);
    BOOST_TEST_REQUIRE(response.has_value());
    BOOST_TEST((response->status == ResponseStatusCode::kOk));
    BOOST_TEST((response->release_version == "3"));
    BOOST_TEST(response->content.find("\"op\":" + std::to_string(int(operation)) +
                                      ",\"to\":\"//sp.example.com/cse1/x\",\"fr\":\"Cae1\"") !=
               std::string::npos);
  }
  BOOST_TEST(client->sessions_established() == 1u);
  BOOST_TEST(plain.server->sessions() == 1u);
}

BOOST_AUTO_TEST_CASE(large_content_both_ways) {
  const Plain plain;
  const auto client = plain.NewClient();
  auto request = Retrieve("x");
  request.operation = Operation::kUpdate;
  request.content = "\"" + std::string(200000, 'a') + "\"";
  auto response = client->SendAndWait(std::move(request), kTimeout);
  BOOST_TEST_REQUIRE(response.has_value());
  BOOST_TEST(response->content.find("\"length\":200002") != std::string::npos);
  response = client->SendAndWait(Retrieve("big"), kTimeout);
  BOOST_TEST_REQUIRE(response.has_value());
  BOOST_TEST(response->content.size() == 200002u);
}

BOOST_AUTO_TEST_CASE(answers_that_are_dropped_or_late) {
  Plain plain;
  const auto client = plain.NewClient();
  const auto dropped = client->SendAndWait(Retrieve("drop"), kTimeout);
  BOOST_TEST_REQUIRE(dropped.has_value());
  BOOST_TEST((dropped->status == ResponseStatusCode::kInternalServerError));
  BOOST_TEST(dropped->request_identifier == "r-drop");

  const auto late = client->SendAndWait(Retrieve("hold"), std::chrono::milliseconds(50));
  BOOST_TEST((late.has_error() && late.error() == Error::kTimeout));
  // The next request must not get that answer.
  plain.handler.Release();
  const auto next = client->SendAndWait(Retrieve("x"), kTimeout);
  BOOST_TEST_REQUIRE(next.has_value());
  BOOST_TEST(next->request_identifier == "r-x");
  BOOST_TEST(client->sessions_established() == 2u);
}

BOOST_AUTO_TEST_CASE(an_answer_after_the_server_has_gone) {
  Plain plain;
  const auto client = plain.NewClient();
  client->Send(Retrieve("hold"), kTimeout, [](auto) {});
  BOOST_TEST_REQUIRE(Eventually([&] { return plain.handler.held() == 1; }));
  plain.server.reset();
  plain.handler.Release();
  BOOST_TEST((plain.handler.last_session()
                  ->ExportKeyingMaterial("EXPORTER-oneM2M-Connection", 48)
                  .error() == Error::kNotEstablished));
}

BOOST_AUTO_TEST_CASE(a_session_ends_after_the_response) {
  const Plain plain;
  const auto client = plain.NewClient();
  BOOST_TEST(client->SendAndWait(Retrieve("end"), kTimeout).has_value());
  BOOST_TEST(client->SendAndWait(Retrieve("x"), kTimeout).has_value());
  BOOST_TEST(client->sessions_established() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_no_request) {
  const Plain plain;
  BOOST_TEST(plain.StatusOf("\x16\x03\x01\x02\x00garbage\r\n\r\n") == "HTTP/1.1 400");
  BOOST_TEST(plain.StatusOf("GET /x HTTP/2.0\r\n\r\n") == "HTTP/1.1 505");
  BOOST_TEST(plain.StatusOf("GET /x HTTP/1.1\r\nA: " + std::string(20000, 'a') + "\r\n\r\n") ==
             "HTTP/1.1 431");
  BOOST_TEST(plain.StatusOf("PUT /x HTTP/1.1\r\nHost: c\r\nContent-Length: 262145\r\n\r\n") ==
             "HTTP/1.1 413");
  BOOST_TEST(plain.StatusOf("PUT /x HTTP/1.1\r\nHost: c\r\nContent-Length: 99999999999999999999"
                            "\r\n\r\n") == "HTTP/1.1 400");
  std::string chunks = "PUT /x HTTP/1.1\r\nHost: c\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 5; ++i) chunks += "10000\r\n" + std::string(0x10000, 'a') + "\r\n";
  BOOST_TEST(plain.StatusOf(chunks) == "HTTP/1.1 413");
  BOOST_TEST(plain.StatusOf("GET /x HTTP/1.1\r\nX-M2M-RI: r\r\nConnection: close\r\n\r\n") ==
             "HTTP/1.1 400");
  BOOST_TEST(plain.StatusOf("PATCH /x HTTP/1.1\r\nHost: c\r\nX-M2M-RI: r\r\nConnection: close"
                            "\r\n\r\n") == "HTTP/1.1 405");
  BOOST_TEST(plain.StatusOf("GET /x HTTP/1.0\r\nX-M2M-RI: r\r\n\r\n") == "HTTP/1.0 200");
  BOOST_TEST(Eventually([&] { return plain.server->sessions() == 0; }));
}

BOOST_AUTO_TEST_CASE(bad_primitives_keep_the_connection) {
  const Plain plain;
  RawPeer peer(plain.port());
  peer.Write("GET /x HTTP/1.1\r\nHost: c\r\n\r\n");
  BOOST_TEST(peer.ReadUntil("X-M2M-RI is missing"));
  BOOST_TEST(peer.received().find("X-M2M-RSC: 4000") != std::string::npos);
  peer.received().clear();
  peer.Write(RawGet("/x"));
  BOOST_TEST(peer.ReadUntil("X-M2M-RSC: 2000"));
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  const Plain plain;
  RawPeer peer(plain.port());
  std::string all;
  for (int i = 0; i < 300; ++i) all += RawGet("/x" + std::to_string(i));
  peer.Write(all);
  BOOST_TEST(peer.ReadUntil("\"to\":\"x299\""));
  std::size_t at = 0;
  for (int i = 0; i < 300 && at != std::string::npos; ++i) {
    at = peer.received().find("\"to\":\"x" + std::to_string(i) + "\"", at);
  }
  BOOST_TEST(at != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_client_that_waits_for_100_continue) {
  const Plain plain;
  RawPeer peer(plain.port());
  peer.Write(
      "PUT /x HTTP/1.1\r\nHost: c\r\nX-M2M-RI: r\r\nContent-Type: application/json\r\n"
      "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  BOOST_TEST(peer.ReadUntil("HTTP/1.1 100 Continue\r\n\r\n"));
  peer.Write("{}");
  BOOST_TEST(peer.ReadUntil("\"length\":2}"));
}

BOOST_AUTO_TEST_CASE(byte_by_byte) {
  const Plain plain;
  RawPeer peer(plain.port());
  for (const char c : RawGet("/x")) peer.Write({&c, 1});
  BOOST_TEST(peer.ReadUntil("\"to\":\"x\""));
}

BOOST_AUTO_TEST_CASE(a_client_that_closes_its_side_is_answered) {
  const Plain plain;
  RawPeer peer(plain.port());
  peer.Write(RawGet("/x"));
  peer.HalfClose();
  BOOST_TEST(peer.ReadToEnd());
  BOOST_TEST(peer.received().find("\"to\":\"x\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_header_that_trickles_is_cut_off) {
  const Plain plain{std::chrono::seconds(1)};
  RawPeer peer(plain.port());
  const auto start = std::chrono::steady_clock::now();
  peer.Write("GET /x HTTP/1.1\r\n");
  BOOST_TEST(Eventually([&] { return !peer.Write("A: b\r\n"); }));
  BOOST_TEST(peer.ReadToEnd());
  BOOST_TEST(peer.received().substr(0, 12) == "HTTP/1.1 408");
  BOOST_TEST((std::chrono::steady_clock::now() - start >= std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_CASE(curl_is_served) {
  if (test::Run("sh -c 'command -v curl'").exit_code != 0) {
    BOOST_TEST_MESSAGE("curl isn't installed: skipped");
    return;
  }
  const Plain plain;
  // Twice on one connection, with content that curl asks leave for (Expect).
  const std::string request =
      "-X PUT -H 'X-M2M-RI: r' -H 'X-M2M-Origin: Cae1' -H 'Content-Type: application/json' "
      "-H 'Expect: 100-continue' -d '{\"a\":1}' http://127.0.0.1:" +
      std::to_string(plain.port()) + "/~/cse1/x ";
  const auto done = test::Run("curl -s " + request + "--next -s " + request);
  BOOST_TEST(done.exit_code == 0);
  const std::string answer = "\"to\":\"/cse1/x\",\"fr\":\"Cae1\"";
  const std::size_t first = done.output.find(answer);
  BOOST_TEST(first != std::string::npos, done.output);
  BOOST_TEST(done.output.find(answer, first + 1) != std::string::npos, done.output);
}

BOOST_AUTO_TEST_CASE(a_bound_on_sessions) {
  const Plain plain{std::chrono::seconds(30), 2};
  RawPeer one(plain.port());
  RawPeer two(plain.port());
  BOOST_TEST(Eventually([&] { return plain.server->sessions() == 2; }));
  RawPeer three(plain.port());
  BOOST_TEST(three.ReadToEnd());
  one.Write(RawGet("/x"));
  BOOST_TEST(one.ReadUntil("X-M2M-RSC: 2000"));
}

BOOST_AUTO_TEST_CASE(a_thousand_connections_leave_nothing) {
  const Plain plain;
  const std::size_t before = test::OpenDescriptors();
  for (int i = 0; i < 1000; ++i) {
    RawPeer peer(plain.port());
    if (i % 3 == 0) peer.Write(RawGet("/x"));
    if (i % 3 == 1) peer.Write("GET /x HT");
    if (i % 6 == 0) BOOST_TEST(peer.ReadUntil("X-M2M-RSC: 2000"));
  }
  BOOST_TEST(Eventually([&] { return plain.server->sessions() == 0; }));
  BOOST_TEST(Eventually([&] { return test::OpenDescriptors() == before; }));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_started) {
  test::TestHandler handler;
  const auto error = [&](std::vector<bindings::Listener> listeners) {
    bindings::ServerOptions options;
    options.listeners = std::move(listeners);
    const auto started = StartServer(std::move(options), handler);
    return started ? boost::system::error_code() : started.error();
  };
  BOOST_TEST((error({}) == Error::kBadRequest));
  BOOST_TEST((error({{"127.0.0.1", 0, true}}) == Error::kBadRequest));
  BOOST_TEST((error({{"localhost", 0, false}}) == Error::kListen));
  const Plain plain;
  BOOST_TEST((error({{"127.0.0.1", plain.port(), false}}) == Error::kListen));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::http
