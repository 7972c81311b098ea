// SPDX-License-Identifier: GPL-3.0-or-later
//
// saef-bench-static-server: what the reference CSE would be without a plugin: the same bindings and
// the same resources, but one key that it has always known, and no originator check. It is the
// baseline of handshakes and of requests.
//
// usage: saef-bench-static-server IDENTITY KEY. Says on standard output where it listens, then
// "ready", and ends on SIGINT or SIGTERM.
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/coap/server.h"
#include "bindings/http/server.h"
#include "onem2m/secret.h"
#include "onem2m/timestamp.h"
#include "roles/cse/request_handler.h"
#include "roles/cse/resource_service.h"
#include "tests/bench/csebase_request.h"
#include "tools/signal_wait.h"

namespace saef::bench {
namespace {

using StartFunction = bindings::Result<std::unique_ptr<bindings::Server>> (*)(
    bindings::ServerOptions, bindings::RequestHandler&);

void ToNowhere(bindings::LogLevel /*level*/, std::string_view /*text*/) {}

bindings::PskTable OneKey(const std::string& identity, const std::string& key) {
  return [identity, key](std::string_view asked) -> onem2m::Result<onem2m::Secret> {
    if (asked != identity) return onem2m::Error::kOutOfRange;
    return onem2m::Secret::Copy({reinterpret_cast<const std::uint8_t*>(key.data()), key.size()});
  };
}

int ServeOneKey(const std::string& identity, const std::string& key) {
  tools::SignalWait signals;
  const auto self = onem2m::CseId::ParseAbsolute("//sp.example.com/cse1");
  if (!self) return 1;
  cse::ResourceService service(*self, kCseBase, cse::Limits{}, onem2m::Now);
  cse::RequestHandler handler(*self, cse::OriginatorCheck(nullptr, nullptr), service, ToNowhere);
  const std::pair<const char*, StartFunction> kinds[] = {{"coaps", coap::StartServer},
                                                         {"https", http::StartServer}};
  std::vector<std::unique_ptr<bindings::Server>> servers;
  for (const auto& [scheme, start] : kinds) {
    bindings::ServerOptions options;
    options.listeners = {{.address = "127.0.0.1", .port = 0, .secure = true}};
    options.keys = OneKey(identity, key);
    options.log = ToNowhere;
    options.threads = 0;  // as the CSE has
    auto started = start(std::move(options), handler);
    if (!started) {
      std::cerr << scheme << ": " << started.error().message() << "\n";
      return 1;
    }
    servers.push_back(std::move(*started));
    std::cout << "listening " << scheme << "://127.0.0.1:" << servers.back()->ports().at(0) << "\n";
  }
  std::cout << "ready" << std::endl;  // flushed: it is read through a pipe
  signals.Wait();
  return 0;
}

}  // namespace
}  // namespace saef::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: saef-bench-static-server IDENTITY KEY\n";
    return 2;
  }
  return saef::bench::ServeOneKey(argv[1], argv[2]);
}
