// SPDX-License-Identifier: GPL-3.0-or-later
//
// Exchange: a request of the HTTP client's on its way, from Send to its end. Threads: the client's.
#ifndef SAEF_BINDINGS_HTTP_EXCHANGE_H_
#define SAEF_BINDINGS_HTTP_EXCHANGE_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <utility>

#include "bindings/client.h"
#include "onem2m/secret.h"

namespace saef::http {

struct Exchange {
  Exchange(boost::asio::io_context& io, std::string request_bytes, std::string identifier,
           bindings::Client::Done callback)
      : bytes(std::move(request_bytes)),
        request_identifier(std::move(identifier)),
        done(std::move(callback)),
        timer(io) {}
  ~Exchange() { onem2m::Wipe(bytes); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Calls `done`, once.
  void Finish(bindings::Result<onem2m::ResponsePrimitive> result) {
    timer.cancel();
    const auto call = std::exchange(done, nullptr);
    if (call) call(std::move(result));
  }

  std::string bytes;  // may hold a key
  std::string request_identifier;
  bindings::Client::Done done;
  boost::asio::steady_timer timer;
  bool repeated = false;
};
using ExchangePtr = std::shared_ptr<Exchange>;

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_EXCHANGE_H_
