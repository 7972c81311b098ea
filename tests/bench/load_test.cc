// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/load.h"

#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>

#include "bindings/coap/server.h"
#include "onem2m/secret.h"

namespace saef::bench {
namespace {

using std::chrono::milliseconds;

const std::string kLoadKey = "0123456789abcdef";

// Answers all requests but for those to "no".
class LoadedServer : public bindings::RequestHandler {
 public:
  LoadedServer() {
    bindings::ServerOptions options;
    options.listeners = {{.address = "127.0.0.1", .port = 0, .secure = true}};
    options.keys =
        bindings::PskTable([](std::string_view identity) -> onem2m::Result<onem2m::Secret> {
          if (identity != "load") return onem2m::Error::kOutOfRange;
          return onem2m::Secret::Copy(
              {reinterpret_cast<const std::uint8_t*>(kLoadKey.data()), kLoadKey.size()});
        });
    options.log = [](bindings::LogLevel, std::string_view) {};
    auto started = coap::StartServer(std::move(options), *this);
    BOOST_REQUIRE(started.has_value());
    server_ = std::move(*started);
  }
  ~LoadedServer() override { server_.reset(); }

  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session>,
              bindings::Respond respond) override {
    ++handled;
    respond(onem2m::RespondTo(request, request.to == "no" ? onem2m::ResponseStatusCode::kNotFound
                                                          : onem2m::ResponseStatusCode::kOk));
  }

  LoadTarget Target(std::size_t sessions, const std::string& identity = "load") const {
    return {.uri = "coaps://127.0.0.1:" + std::to_string(server_->ports().at(0)),
            .server = getpid(),
            .identity = identity,
            .key = kLoadKey,
            .sessions = sessions};
  }
  std::size_t sessions() const { return server_->sessions(); }
  void Stop() { server_.reset(); }

  std::atomic<std::size_t> handled{0};

 private:
  std::unique_ptr<bindings::Server> server_;
};

onem2m::RequestPrimitive RetrievalOf(std::string to) {
  onem2m::RequestPrimitive request;
  request.operation = onem2m::Operation::kRetrieve;
  request.to = std::move(to);
  request.from = "Cload";
  request.request_identifier = "r1";
  request.release_version = "3";
  return request;
}

Load Connected(const LoadTarget& target) {
  auto connected = Load::Connect(target);
  const auto* const problem = std::get_if<std::string>(&connected);
  BOOST_REQUIRE_MESSAGE(problem == nullptr, (problem != nullptr ? *problem : ""));
  return std::move(std::get<Load>(connected));
}

BOOST_AUTO_TEST_SUITE(load)

BOOST_AUTO_TEST_CASE(each_answer_is_counted) {
  LoadedServer server;
  Load asked = Connected(server.Target(3));
  BOOST_TEST(server.sessions() == 3u);
  std::size_t made = 0;
  for (int run = 0; run < 2; ++run) {
    const std::size_t before = server.handled;
    const auto result = asked.Run(4, milliseconds(50), [&made] {
      ++made;
      return RetrievalOf("base");
    });
    BOOST_REQUIRE(result.index() == 0u);
    const LoadResult& load = std::get<LoadResult>(result);
    // Each of the window's answers makes another request while there is time.
    BOOST_TEST(load.answers > 12u);
    BOOST_TEST(load.answers == server.handled - before);
    BOOST_TEST(load.seconds >= 0.05);
    BOOST_TEST(load.processor > 0);
  }
  BOOST_TEST(made == server.handled);
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_a_problem) {
  LoadedServer server;
  Load asked = Connected(server.Target(1));
  const auto result = asked.Run(1, milliseconds(50), [] { return RetrievalOf("no"); });
  BOOST_REQUIRE(result.index() == 1u);
  BOOST_TEST(std::get<std::string>(result) == "refused");
}

BOOST_AUTO_TEST_CASE(a_server_that_ends_is_a_problem) {
  LoadedServer server;
  Load asked = Connected(server.Target(1));
  server.Stop();
  const auto result = asked.Run(1, milliseconds(50), [] { return RetrievalOf("base"); });
  BOOST_REQUIRE(result.index() == 1u);
  BOOST_TEST(std::get<std::string>(result).find("there was no answer") == 0u);
}

BOOST_AUTO_TEST_CASE(who_is_not_known_has_no_session) {
  LoadedServer server;
  const auto connected = Load::Connect(server.Target(1, "stranger"));
  BOOST_REQUIRE(connected.index() == 1u);
  BOOST_TEST(std::get<std::string>(connected).find("handshake") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bench
