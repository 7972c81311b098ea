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

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::bindings
