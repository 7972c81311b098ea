// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/server.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "bindings/coap/server_thread.h"
#include "bindings/coap/tls_session.h"

namespace saef::coap {
namespace {

using bindings::Error;
using bindings::Result;
using bindings::ServerOptions;

constexpr std::size_t kCookieSecret = 32;  // octets

class CoapServer final : public bindings::Server {
 public:
  CoapServer(ServerOptions options, bindings::CertificateParty certificates,
             onem2m::Secret cookie_secret, bindings::RequestHandler& handler)
      : options_(std::move(options)),
        certificates_(std::move(certificates)),
        cookie_secret_(std::move(cookie_secret)),
        handler_(handler),
        bounds_(bindings::SessionBounds::Limits::Of(options_)) {}

  Result<void> Start();
  std::vector<std::uint16_t> ports() const override { return ports_; }
  void EndAssociation(saef_association association) override {
    for (const auto& thread : threads_) thread->EndAssociation(association);
  }
  void Changed(std::string_view path) override {
    for (const auto& thread : threads_) thread->Changed(path);
  }
  std::size_t observers() const override { return statistics().observers; }
  std::size_t sessions() const override { return statistics().sessions; }
  bindings::ServerStatistics statistics() const override {
    bindings::ServerStatistics sum;
    for (const auto& thread : threads_) sum += thread->statistics();
    return sum;
  }

 private:
  Result<void> Listen(ServerThread& thread, bindings::ServerPart part);

  const ServerOptions options_;
  const bindings::CertificateParty certificates_;
  const onem2m::Secret cookie_secret_;
  bindings::RequestHandler& handler_;
  bindings::SessionBounds bounds_;
  std::vector<std::uint16_t> ports_;
  std::vector<std::unique_ptr<ServerThread>> threads_;
};

// All sockets are there before any thread serves, since the kernel spreads peers over those that
// there are.
Result<void> CoapServer::Start() {
  const std::size_t count = bindings::CountServerThreads(options_.threads);
  for (std::size_t i = 0; i < count; ++i) {
    auto loop = Loop::Create(options_.log);
    if (!loop) return loop.error();
    const bindings::ServerPart part{i, count};
    threads_.push_back(std::make_unique<ServerThread>(
        std::move(*loop),
        ServerThread::Common{options_, certificates_, handler_, bounds_, cookie_secret_}, part));
    if (const auto done = threads_.back()->SetUp(); !done) return done;
    if (const auto done = Listen(*threads_.back(), part); !done) return done;
  }
  for (const auto& thread : threads_) {
    if (const auto started = thread->Start(); !started) return started;
  }
  return {};
}

Result<void> CoapServer::Listen(ServerThread& thread, bindings::ServerPart part) {
  const PortUse shared = part.is_first() ? PortUse::kFirst : PortUse::kFurther;
  for (std::size_t i = 0; i < options_.listeners.size(); ++i) {
    bindings::Listener listener = options_.listeners[i];
    if (!part.is_first()) listener.port = ports_[i];
    const bool is_alone = part.count == 1 && !listener.secure;
    const auto port = thread.Listen(listener, is_alone ? PortUse::kAlone : shared);
    if (!port) return port.error();
    if (part.is_first()) ports_.push_back(*port);
  }
  return {};
}

Result<void> CheckOptions(const ServerOptions& options) {
  if (options.listeners.empty() || options.max_sessions == 0 || options.max_content_length == 0 ||
      options.max_sessions > 1000000 || options.idle_timeout.count() <= 0) {
    return Error::kBadRequest;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<bindings::Server>> StartServer(ServerOptions options,
                                                      bindings::RequestHandler& handler) {
  if (const auto checked = CheckOptions(options); !checked) return checked.error();
  auto certificates = bindings::MakeServerParty(options, kAllSuites);
  if (!certificates) return certificates.error();
  auto cookie_secret = onem2m::Secret::Random(kCookieSecret);
  if (!cookie_secret) return Error::kLibrary;
  auto server = std::make_unique<CoapServer>(std::move(options), std::move(*certificates),
                                             std::move(*cookie_secret), handler);
  if (const auto started = server->Start(); !started) return started.error();
  return Result<std::unique_ptr<bindings::Server>>(std::move(server));
}

}  // namespace saef::coap
