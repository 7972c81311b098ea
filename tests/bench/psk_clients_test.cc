// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/psk_clients.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <set>
#include <thread>

#include "bindings/coap/server.h"
#include "bindings/http/server.h"
#include "onem2m/secret.h"

namespace saef::bench {
namespace {

constexpr saef_transport kTransports[] = {SAEF_DTLS, SAEF_TLS};
const std::string kStaticKey = "0123456789abcdef";

// Answers every request; remembers who came.
class KnownKeyServer : public bindings::RequestHandler {
 public:
  explicit KnownKeyServer(saef_transport transport) {
    bindings::ServerOptions options;
    options.listeners = {{.address = "127.0.0.1", .port = 0, .secure = true}};
    options.keys =
        bindings::PskTable([](std::string_view identity) -> onem2m::Result<onem2m::Secret> {
          if (!identity.starts_with("client")) return onem2m::Error::kOutOfRange;
          return onem2m::Secret::Copy(
              {reinterpret_cast<const std::uint8_t*>(kStaticKey.data()), kStaticKey.size()});
        });
    options.log = [](bindings::LogLevel, std::string_view) {};
    auto started = transport == SAEF_DTLS ? coap::StartServer(std::move(options), *this)
                                          : http::StartServer(std::move(options), *this);
    BOOST_REQUIRE(started.has_value());
    server_ = std::move(*started);
  }
  ~KnownKeyServer() override { server_.reset(); }

  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
              bindings::Respond respond) override {
    const std::string peer = session->peer();
    sources.insert(peer.substr(0, peer.rfind(':')));
    const bool known = request.from && *request.from != "Cnobody" && request.to == "base";
    respond(
        onem2m::RespondTo(request, known ? onem2m::ResponseStatusCode::kOk
                                         : onem2m::ResponseStatusCode::kOriginatorHasNoPrivilege));
  }

  std::uint16_t port() const { return server_->ports().at(0); }
  std::size_t sessions() const { return server_->sessions(); }
  void Stop() { server_.reset(); }

  std::set<std::string> sources;  // the server's thread's until it is stopped

 private:
  std::unique_ptr<bindings::Server> server_;
};

PskClients Make(const PskClientsOptions& options) {
  auto made = PskClients::Make(options);
  const auto* const problem = std::get_if<std::string>(&made);
  BOOST_REQUIRE_MESSAGE(problem == nullptr, (problem != nullptr ? *problem : ""));
  return std::move(std::get<PskClients>(made));
}

PskClientsOptions Patient(saef_transport transport, std::uint16_t port) {
  return {.transport = transport, .port = port, .time_limit = std::chrono::seconds(60)};
}

std::vector<PskClient> Several(std::size_t count) {
  std::vector<PskClient> clients;
  for (std::size_t i = 0; i < count; ++i) {
    clients.push_back({"client" + std::to_string(i), kStaticKey, "Cae1"});
  }
  return clients;
}

BOOST_AUTO_TEST_SUITE(psk_clients)

BOOST_AUTO_TEST_CASE(each_comes_through_and_gets_its_answers) {
  for (const saef_transport transport : kTransports) {
    KnownKeyServer server(transport);
    auto options = Patient(transport, server.port());
    options.source = boost::asio::ip::address_v4({127, 0, 5, 1});
    options.sources = 3;
    options.at_once = 16;
    options.requests = 3;
    PskClients clients = Make(options);
    const auto results = clients.Run(Several(60));
    BOOST_TEST(results.size() == 60U);
    for (const PskResult& result : results) {
      BOOST_TEST(result.established);
      BOOST_TEST(result.answered);
      BOOST_TEST(result.attempts == 1);
      BOOST_TEST(result.failure == "");
      BOOST_TEST(result.handshake.count() > 0);
      BOOST_TEST(result.first_answer.count() > 0);
      BOOST_TEST(result.all_answers.count() > result.first_answer.count());
    }
    BOOST_TEST(clients.kept() == 0U);
    server.Stop();
    const std::set<std::string> wanted = {"127.0.5.1", "127.0.5.2", "127.0.5.3"};
    BOOST_TEST(server.sources == wanted, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(sessions_are_kept_until_they_are_closed) {
  for (const saef_transport transport : kTransports) {
    const KnownKeyServer server(transport);
    auto options = Patient(transport, server.port());
    options.keep = true;
    PskClients clients = Make(options);
    clients.Run(Several(20));
    BOOST_TEST(clients.kept() == 20U);
    BOOST_TEST(server.sessions() == 20U);
    clients.Close();
    BOOST_TEST(clients.kept() == 0U);
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_identity_is_tried_as_often_as_told) {
  for (const saef_transport transport : kTransports) {
    const KnownKeyServer server(transport);
    auto options = Patient(transport, server.port());
    options.attempts = 3;
    const auto results =
        Make(options).Run({{"nobody", kStaticKey, "Cae1"}, {"client1", kStaticKey, ""}});
    BOOST_TEST(!results.at(0).established);
    BOOST_TEST(results.at(0).attempts == 3);
    BOOST_TEST(results.at(0).failure == "handshake: alert 115");
    BOOST_TEST(results.at(1).established);
    BOOST_TEST(!results.at(1).answered);
  }
}

BOOST_AUTO_TEST_CASE(a_refused_request_is_told) {
  for (const saef_transport transport : kTransports) {
    const KnownKeyServer server(transport);
    const auto results =
        Make(Patient(transport, server.port())).Run({{"client1", kStaticKey, "Cnobody"}});
    BOOST_TEST(results.at(0).established);
    BOOST_TEST(!results.at(0).answered);
    BOOST_TEST(results.at(0).failure == "the request was refused");
  }
}

BOOST_AUTO_TEST_CASE(where_nobody_answers_it_ends_in_time) {
  // A socket that is bound and not read.
  boost::asio::io_context io;
  const boost::asio::ip::udp::socket silent(
      io, {boost::asio::ip::address_v4::loopback(), std::uint16_t{0}});
  auto options = Patient(SAEF_DTLS, silent.local_endpoint().port());
  options.time_limit = std::chrono::milliseconds(1500);
  const auto results = Make(options).Run(Several(1));
  BOOST_TEST(!results.at(0).established);
  BOOST_TEST(results.at(0).retransmissions == 1);
  BOOST_TEST(results.at(0).failure == "no handshake in time");
}

BOOST_AUTO_TEST_CASE(they_can_be_stopped) {
  boost::asio::io_context io;
  boost::asio::ip::udp::socket silent(io,
                                      {boost::asio::ip::address_v4::loopback(), std::uint16_t{0}});
  auto options = Patient(SAEF_DTLS, silent.local_endpoint().port());
  options.at_once = 2;
  PskClients clients = Make(options);
  std::vector<PskResult> results;
  std::thread running([&] { results = clients.Run(Several(3)); });
  // Its first datagram has come, so it is under way.
  silent.wait(boost::asio::socket_base::wait_read);
  clients.Stop();
  running.join();
  BOOST_REQUIRE(results.size() == 3U);
  for (const PskResult& result : results) BOOST_TEST(result.failure == kStopped);
  BOOST_TEST(results.at(0).attempts == 1);
  BOOST_TEST(results.at(2).attempts == 0);
  BOOST_TEST(clients.kept() == 0U);
  // And again afterwards.
  const KnownKeyServer server(SAEF_DTLS);
  options.port = server.port();
  PskClients others = Make(options);
  BOOST_TEST(others.Run(Several(1)).at(0).established);
}

BOOST_AUTO_TEST_CASE(they_start_at_the_wanted_rate) {
  const KnownKeyServer server(SAEF_DTLS);
  auto options = Patient(SAEF_DTLS, server.port());
  options.starts_a_second = 100;
  const auto results = Make(options).Run(Several(21));
  for (const PskResult& result : results) BOOST_TEST(result.established);
  // Never sooner; how much later is the machine's business.
  const PskResult::Milliseconds took = results.back().began - results.front().began;
  BOOST_TEST(took.count() >= 199);
}

BOOST_AUTO_TEST_CASE(a_suite_that_there_is_not) {
  const auto made = PskClients::Make({.cipher_suite = "NO-SUCH-SUITE"});
  BOOST_REQUIRE(std::holds_alternative<std::string>(made));
  BOOST_TEST(std::get<std::string>(made) == "wolfSSL has no cipher suite NO-SUCH-SUITE");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bench
