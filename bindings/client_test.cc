// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/client.h"

#include <boost/test/unit_test.hpp>
#include <thread>

namespace saef::bindings {
namespace {

// Answers each request on a thread of its own.
class EchoClient final : public Client {
 public:
  ~EchoClient() override {
    if (thread_.joinable()) thread_.join();
  }
  Result<void> Connect() override { return {}; }
  void Send(onem2m::RequestPrimitive request, std::chrono::milliseconds, Done done) override {
    thread_ = std::thread([request = std::move(request), done = std::move(done)] {
      if (request.to == "closed") {
        done(Error::kClosed);
        return;
      }
      onem2m::ResponsePrimitive response;
      response.status = onem2m::ResponseStatusCode::kOk;
      response.content = request.content;
      done(std::move(response));
    });
  }
  Result<onem2m::Secret> ExportKeyingMaterial(std::string_view, std::size_t) override {
    return Error::kNotEstablished;
  }
  void Disconnect() override {}
  std::uint64_t sessions_established() const override { return 0; }

 private:
  std::thread thread_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(client)

BOOST_AUTO_TEST_CASE(send_and_wait_gives_the_answer) {
  EchoClient client;
  onem2m::RequestPrimitive request;
  request.content = "{}";
  const auto response = client.SendAndWait(std::move(request), std::chrono::seconds(10));
  BOOST_REQUIRE(response.has_value());
  BOOST_TEST(response->content == "{}");
}

BOOST_AUTO_TEST_CASE(send_and_wait_gives_the_error) {
  EchoClient client;
  onem2m::RequestPrimitive request;
  request.to = "closed";
  const auto response = client.SendAndWait(std::move(request), std::chrono::seconds(10));
  BOOST_REQUIRE(response.has_error());
  BOOST_TEST((response.error() == Error::kClosed));
}

BOOST_AUTO_TEST_CASE(a_clone_of_options_has_all_of_them) {
  ClientOptions options;
  options.uri = *Uri::Parse("coaps://maf.example.com:5685/kr");
  options.server_name = "other.example.com";
  options.credential = PskCredential{"identity", *onem2m::Secret::FromHex("0102")};
  options.trust.public_keys = {"a key"};
  options.handshake_timeout = std::chrono::milliseconds(1);
  options.max_in_flight = 2;
  options.max_sessions = 3;
  options.max_connections = 4;
  options.max_queued = 5;
  options.max_content_length = 6;
  int said = 0;
  options.log = [&said](LogLevel, std::string_view) { ++said; };
  const auto clone = Clone(options);
  BOOST_REQUIRE(clone.has_value());
  BOOST_TEST(clone->uri.text() == options.uri.text());
  BOOST_TEST(clone->server_name == options.server_name);
  const auto& psk = std::get<PskCredential>(clone->credential);
  BOOST_TEST(psk.identity == "identity");
  BOOST_TEST(psk.key.ToHex() == "0102");
  BOOST_TEST(clone->trust.public_keys == options.trust.public_keys);
  BOOST_TEST((clone->handshake_timeout == options.handshake_timeout));
  BOOST_TEST(clone->max_in_flight == options.max_in_flight);
  BOOST_TEST(clone->max_sessions == options.max_sessions);
  BOOST_TEST(clone->max_connections == options.max_connections);
  BOOST_TEST(clone->max_queued == options.max_queued);
  BOOST_TEST(clone->max_content_length == options.max_content_length);
  clone->log(LogLevel::kInfo, "");
  BOOST_TEST(said == 1);
  options.credential = {};
  BOOST_TEST(std::holds_alternative<std::monostate>(Clone(options)->credential));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::bindings
