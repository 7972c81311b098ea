// SPDX-License-Identifier: GPL-3.0-or-later
//
// For tests: what an endpoint tells, as a scraper gets it.
#ifndef SAEF_ROLES_STATISTICS_SCRAPE_H_
#define SAEF_ROLES_STATISTICS_SCRAPE_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <string>

#include "bindings/uri.h"

namespace saef::statistics {

// The body of the answer to GET `uri` ("http://127.0.0.1:43123/metrics").
inline std::string Scrape(const std::string& uri) {
  namespace asio = boost::asio;
  const auto parsed = bindings::Uri::Parse(uri);
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::make_address(parsed.value().host), parsed->port});
  asio::write(socket, asio::buffer("GET " + parsed->path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  std::string answer;
  boost::system::error_code ended;
  asio::read(socket, asio::dynamic_buffer(answer), ended);
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

// The value of a series in Prometheus' text, "saef_x_total{outcome=\"hit\"}"; -1: there is none.
inline double ValueIn(const std::string& text, const std::string& series) {
  const std::size_t at = text.find("\n" + series + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + series.size() + 2));
}

}  // namespace saef::statistics

#endif  // SAEF_ROLES_STATISTICS_SCRAPE_H_
