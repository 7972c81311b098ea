// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/top/place.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

namespace saef::tools {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint64_t kMaxAnswer = 1 << 20;
constexpr std::uint32_t kMaxHeader = 8192;

bool IsPort(std::string_view text) {
  if (text.empty() || text.size() > 5) return false;
  unsigned port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    port = 10 * port + static_cast<unsigned>(c - '0');
  }
  return port >= 1 && port <= 65535;
}

// One request, its deadline being that of the stream.
class Exchange {
 public:
  explicit Exchange(std::chrono::milliseconds timeout) : stream_(io_) {
    stream_.expires_after(timeout);
    parser_.header_limit(kMaxHeader);
    parser_.body_limit(kMaxAnswer);
  }

  error_code Connect(const Place& place) {
    error_code error;
    const auto found = tcp::resolver(io_).resolve(place.host, place.port, error);
    if (error) return error;
    stream_.async_connect(found,
                          [&](const error_code& ended, const tcp::endpoint&) { error = ended; });
    io_.run();
    return error;
  }
  error_code Ask(const Place& place) {
    http::request<http::empty_body> request(http::verb::get, "/statistics.json", 11);
    request.set(http::field::host, place.text());
    request.set(http::field::connection, "close");
    error_code error;
    http::async_write(stream_, request, [&](const error_code& written, std::size_t) {
      error = written;
      if (error) return;
      http::async_read(stream_, buffer_, parser_,
                       [&](const error_code& read, std::size_t) { error = read; });
    });
    io_.restart();
    io_.run();
    return error;
  }
  const http::response<http::string_body>& answer() const { return parser_.get(); }

 private:
  asio::io_context io_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
};

PlaceFault NotOurs(const Place& place) {
  return {ExitCode::kUsage,
          place.text() +
              " answers, but tells no statistics of ours. Give the port that the "
              "program prints after \"statistics\", not one after \"listening\"."};
}

PlaceFault Unreached(const Place& place, const error_code& error) {
  if (error == beast::error::timeout) {
    return {ExitCode::kUnreachable,
            place.text() + " doesn't answer in time. Is the program stopped, or the machine busy?"};
  }
  return {ExitCode::kUnreachable,
          place.text() + ": " + error.message() +
              ". Does the program run, and has its configuration \"statistics\": {\"port\": " +
              place.port + "}? It prints the address after \"statistics\"."};
}

}  // namespace

std::optional<Place> ReadPlace(std::string_view text) {
  if (text.starts_with("http://")) {
    text.remove_prefix(7);
    text = text.substr(0, text.find('/'));
  }
  if (IsPort(text)) return Place{"127.0.0.1", std::string(text)};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !IsPort(text.substr(colon + 1))) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool is_bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  const bool has_colon = host.find(':') != std::string_view::npos;
  const bool has_bracket = host.find_first_of("[]") != std::string_view::npos;
  if (host.empty() || host.size() > 253 || has_bracket || has_colon != is_bracketed) {
    return std::nullopt;
  }
  return Place{std::string(host), std::string(text.substr(colon + 1))};
}

std::variant<Snapshot, PlaceFault> TakeSnapshot(const Place& place,
                                                std::chrono::milliseconds timeout) {
  Exchange exchange(timeout);
  if (const auto error = exchange.Connect(place)) return Unreached(place, error);
  if (const auto error = exchange.Ask(place)) {
    return error == beast::error::timeout ? Unreached(place, error) : NotOurs(place);
  }
  if (exchange.answer().result() != http::status::ok) return NotOurs(place);
  auto snapshot = ReadSnapshot(exchange.answer().body(), std::chrono::steady_clock::now());
  if (!snapshot) return NotOurs(place);
  return std::move(*snapshot);
}

}  // namespace saef::tools
