// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/statistics/endpoint.h"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <iterator>
#include <list>
#include <stdexcept>
#include <thread>

#include "onem2m/json.h"
#include "roles/statistics/text_format_check.h"

namespace saef::statistics {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct WithEndpoint {
  WithEndpoint() { Start(); }
  void Start(const std::string& address = "127.0.0.1") {
    auto started = Endpoint::Start(
        {address, 0},
        [this]() -> Families {
          ++collected;
          if (throws) throw std::runtime_error("no memory");
          return {BuildInfo("test"), CounterFamily("saef_test_total", "A test.", {Plain(7)})};
        },
        [this](bindings::LogLevel, std::string_view text) { log.append(text).append("\n"); });
    endpoint = std::move(std::get<std::unique_ptr<Endpoint>>(started));
  }
  // A client that has sent this.
  tcp::socket Send(const std::string& request) {
    tcp::socket socket(io);
    socket.connect({asio::ip::make_address("127.0.0.1"), endpoint->port()});
    asio::write(socket, asio::buffer(request));
    return socket;
  }
  // All that comes until the end.
  static std::string Rest(tcp::socket& socket) {
    std::string answer;
    boost::system::error_code error;
    asio::read(socket, asio::dynamic_buffer(answer), error);
    return answer;
  }
  std::string Ask(const std::string& request) {
    tcp::socket socket = Send(request);
    return Rest(socket);
  }
  std::string Get(const std::string& target) {
    return Ask("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }

  std::atomic<int> collected{0};
  std::atomic<bool> throws{false};
  std::string log;
  asio::io_context io;
  std::unique_ptr<Endpoint> endpoint;
};

std::string BodyOf(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

std::ptrdiff_t Count(const char* folder) {
  const std::filesystem::directory_iterator entries(folder);
  return std::distance(begin(entries), end(entries));
}

bool IsSoon(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

BOOST_FIXTURE_TEST_SUITE(endpoint, WithEndpoint)

BOOST_AUTO_TEST_CASE(tells_prometheus_text) {
  const std::string answer = Get("/metrics");
  BOOST_TEST(answer.starts_with("HTTP/1.1 200 OK\r\n"), answer);
  BOOST_TEST(answer.find("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n") !=
             std::string::npos);
  BOOST_TEST(answer.find("Connection: close\r\n") != std::string::npos);
  BOOST_TEST(answer.find("Cache-Control: no-store\r\n") != std::string::npos);
  BOOST_TEST(FaultOfText(BodyOf(answer)) == "", answer);
  BOOST_TEST(answer.find("\nsaef_test_total 7\n") != std::string::npos);
  BOOST_TEST(answer.find("\nprocess_open_fds ") != std::string::npos);
  BOOST_TEST(answer.find("\nprocess_resident_memory_bytes ") != std::string::npos);
  BOOST_TEST(endpoint->uri() ==
             "http://127.0.0.1:" + std::to_string(endpoint->port()) + "/metrics");
  BOOST_TEST(log == "statistics at " + endpoint->uri() + "\n");
}

BOOST_AUTO_TEST_CASE(tells_the_same_as_json) {
  const std::string answer = Get("/statistics.json");
  BOOST_TEST(answer.find("Content-Type: application/json\r\n") != std::string::npos);
  const auto document = onem2m::ParseJson(BodyOf(answer));
  BOOST_REQUIRE(document.has_value());
  const auto& metrics = (*document)["metrics"];
  BOOST_TEST(metrics[0]["name"].GetString() == std::string("saef_build_info"));
  BOOST_TEST(metrics[1]["samples"][0]["value"].GetDouble() == 7);
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused_and_not_repeated) {
  const std::string secret = "s3cr3t";
  const struct {
    std::string request, status;
  } kCases[] = {
      {"GET /" + secret + " HTTP/1.1\r\n\r\n", "404 Not Found"},
      {"GET / HTTP/1.1\r\nX: " + secret + "\r\n\r\n", "404 Not Found"},
      {"GET /metrics?" + secret + " HTTP/1.1\r\n\r\n", "404 Not Found"},
      {"POST /metrics HTTP/1.1\r\nContent-Length: 6\r\n\r\n" + secret, "405 Method Not Allowed"},
      {"HEAD /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed"},
      {"PUT /statistics.json HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n" + secret,
       "405 Method Not Allowed"},
      {"DELETE /metrics HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", "405 Method Not Allowed"},
      {"GET /" + std::string(5000, 'x') + secret + " HTTP/1.1\r\n\r\n",
       "431 Request Header Fields Too Large"},
      {"GET /metrics HTTP/1.1\r\nX: " + std::string(5000, 'x') + secret + "\r\n\r\n",
       "431 Request Header Fields Too Large"},
      {secret + "\r\n\r\n", "400 Bad Request"},
      {std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8) + std::string(64, '\0'),
       "400 Bad Request"},
  };
  for (const auto& test : kCases) {
    BOOST_TEST_CONTEXT(test.request.substr(0, 40)) {
      const std::string answer = Ask(test.request);
      BOOST_TEST(answer.starts_with("HTTP/1.1 " + test.status + "\r\n"), answer);
      BOOST_TEST(answer.find(secret) == std::string::npos, answer);
      BOOST_TEST((answer.find("Allow: GET\r\n") != std::string::npos) ==
                 test.status.starts_with("405"));
    }
  }
  BOOST_TEST(collected == 0);
  BOOST_TEST(Get("/metrics").starts_with("HTTP/1.1 200"));
}

BOOST_AUTO_TEST_CASE(a_slow_client_is_given_up_and_keeps_nobody) {
  tcp::socket slow = Send("GET /metr");
  tcp::socket silent = Send("");
  BOOST_TEST(Get("/metrics").starts_with("HTTP/1.1 200"));
  BOOST_TEST(Rest(slow) == "");  // returns when it is closed
  BOOST_TEST(Rest(silent) == "");
}

BOOST_AUTO_TEST_CASE(one_that_never_stops_sending_is_given_up) {
  tcp::socket busy = Send("POST /metrics HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n");
  boost::system::error_code error;
  BOOST_TEST(IsSoon([&] {
    asio::write(busy, asio::buffer(std::string(100, 'x')), error);
    return static_cast<bool>(error);
  }));
}

BOOST_AUTO_TEST_CASE(connections_are_bounded) {
  std::list<tcp::socket> idle;
  for (std::size_t i = 0; i < Endpoint::kMaxConnections; ++i) idle.push_back(Send(""));
  BOOST_TEST(Get("/metrics") == "");
  idle.pop_front();
  BOOST_TEST(IsSoon([&] { return Get("/metrics").starts_with("HTTP/1.1 200"); }));
}

BOOST_AUTO_TEST_CASE(leaves_no_thread_and_no_descriptor) {
  BOOST_TEST(Get("/metrics").starts_with("HTTP/1.1 200"));  // has what Asio opens once for `io`
  endpoint.reset();
  const auto threads = Count("/proc/self/task");
  const auto descriptors = Count("/proc/self/fd");
  for (int round = 0; round < 3; ++round) {
    Start();
    tcp::socket slow = Send("GET /metr");
    BOOST_TEST(Get("/metrics").starts_with("HTTP/1.1 200"));
    endpoint.reset();
    BOOST_TEST(Rest(slow) == "");
  }
  BOOST_TEST(Count("/proc/self/fd") == descriptors);
  // The kernel takes a moment to forget a thread that was joined.
  BOOST_TEST(IsSoon([&] { return Count("/proc/self/task") == threads; }));
}

BOOST_AUTO_TEST_CASE(a_source_that_fails_is_an_answer_too) {
  throws = true;
  const std::string answer = Get("/metrics");
  BOOST_TEST(answer.starts_with("HTTP/1.1 500"), answer);
  BOOST_TEST(answer.find("memory") == std::string::npos);
  BOOST_TEST(log.find("no memory") != std::string::npos);
  throws = false;
  BOOST_TEST(Get("/metrics").starts_with("HTTP/1.1 200"));
}

BOOST_AUTO_TEST_CASE(is_on_loopback_and_says_what_is_wrong) {
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1", "nonsense"}) {
    const auto started = Endpoint::Start({address, 0}, [] { return Families(); }, {});
    BOOST_REQUIRE(std::holds_alternative<std::string>(started));
    BOOST_TEST(std::get<std::string>(started).find("loopback") != std::string::npos);
  }
  const auto taken =
      Endpoint::Start({"127.0.0.1", endpoint->port()}, [] { return Families(); }, {});
  BOOST_REQUIRE(std::holds_alternative<std::string>(taken));
  BOOST_TEST(std::get<std::string>(taken).find("another port") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::statistics
