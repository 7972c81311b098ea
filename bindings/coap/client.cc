// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/client.h"

#include <atomic>
#include <string>
#include <utility>
#include <variant>

#include "bindings/coap/client_engine.h"
#include "bindings/coap/client_exchange.h"
#include "bindings/coap/outcome.h"
#include "bindings/coap/tls_session.h"

namespace saef::coap {
namespace {

using bindings::ClientOptions;
using bindings::Error;
using bindings::Result;
using onem2m::Operation;

constexpr std::size_t kMaxIdentity = 128;  // RFC 4279 5.3
constexpr std::size_t kMaxKey = 64;
// What a call that waits for the loop waits at most beyond the time that the work itself may take.
constexpr std::chrono::milliseconds kGrace{5000};

class CoapClient final : public bindings::Client {
 public:
  CoapClient(std::shared_ptr<Loop> loop, ClientOptions options,
             bindings::CertificateParty certificates)
      : loop_(std::move(loop)),
        handshake_timeout_(options.handshake_timeout),
        engine_(*loop_, std::move(options), std::move(certificates)) {
    engine_.SetLoop(loop_);
  }

  ~CoapClient() override {
    loop_->Stop([this] { engine_.Disconnect(); });
  }

  Result<void> Start() {
    return loop_->Start([this](Clock::time_point now) { return engine_.Turn(now); });
  }

  Result<void> Connect() override;

  void Send(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
            Done done) override {
    auto exchange = std::make_shared<ClientExchangePtr>(std::make_unique<ClientExchange>());
    (*exchange)->request = std::move(request);
    (*exchange)->done = std::move(done);
    (*exchange)->deadline = Clock::now() + timeout;
    loop_->Post([this, exchange] { engine_.Add(std::move(*exchange)); });
  }

  std::uint64_t Observe(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
                        Notify notify) override;

  void CancelObserve(std::uint64_t id) override {
    loop_->RunAndWait([this, id] { engine_.CancelObserve(id); }, kGrace);
  }

  Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label, std::size_t length) override;

  void Disconnect() override {
    loop_->RunAndWait([this] { engine_.Disconnect(); }, kGrace);
  }

  std::uint64_t sessions_established() const override { return engine_.sessions_established(); }

 private:
  const std::shared_ptr<Loop> loop_;
  const std::chrono::milliseconds handshake_timeout_;
  std::atomic<std::uint64_t> last_observation_{0};
  ClientEngine engine_;
};

std::uint64_t CoapClient::Observe(onem2m::RequestPrimitive request,
                                  std::chrono::milliseconds timeout, Notify notify) {
  const std::uint64_t id = ++last_observation_;
  auto exchange = std::make_shared<ClientExchangePtr>(std::make_unique<ClientExchange>());
  (*exchange)->observation = id;
  (*exchange)->request = std::move(request);
  (*exchange)->done = std::move(notify);
  (*exchange)->deadline = Clock::now() + timeout;
  loop_->Post([this, exchange] {
    if ((*exchange)->request.operation == Operation::kRetrieve) {
      engine_.Add(std::move(*exchange));
    } else {
      (*exchange)->done(Error::kBadRequest);
    }
  });
  return id;
}

Result<void> CoapClient::Connect() {
  const auto outcome = std::make_shared<Outcome<void>>();
  loop_->Post([this, outcome] {
    engine_.Connect([outcome](Result<void> result) { outcome->Set(result); });
  });
  return outcome->Get(handshake_timeout_ + kGrace, Error::kUnreachable);
}

Result<onem2m::Secret> CoapClient::ExportKeyingMaterial(std::string_view label,
                                                        std::size_t length) {
  const auto outcome = std::make_shared<Outcome<onem2m::Secret>>();
  loop_->RunAndWait([this, outcome, label = std::string(label),
                     length] { outcome->Set(engine_.Export(label, length)); },
                    kGrace);
  return outcome->Get(std::chrono::milliseconds(0), Error::kLibrary);
}

Result<void> CheckOptions(const ClientOptions& options) {
  if (!options.uri.coap() || options.uri.host.empty()) return Error::kBadUri;
  if (options.max_in_flight == 0) return Error::kBadRequest;
  if (!options.uri.secure()) return {};
  // Never cut to fit: what is too long is refused here.
  const auto* psk = std::get_if<bindings::PskCredential>(&options.credential);
  if (psk == nullptr) return {};
  if (psk->identity.empty() || psk->identity.size() > kMaxIdentity ||
      psk->identity.find('\0') != std::string::npos || psk->key.empty() ||
      psk->key.size() > kMaxKey) {
    return Error::kBadRequest;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<bindings::Client>> OpenClient(ClientOptions options) {
  if (const auto checked = CheckOptions(options); !checked) return checked.error();
  bindings::CertificateParty certificates;
  if (options.uri.secure()) {
    auto party = bindings::MakeClientParty(options.credential, options.trust, kCertificateSuites,
                                           options.log);
    if (!party) return party.error();
    certificates = std::move(*party);
    if (!certificates.in_use() &&
        !std::holds_alternative<bindings::PskCredential>(options.credential)) {
      return Error::kBadRequest;
    }
  }
  auto loop = Loop::Create(options.log);
  if (!loop) return loop.error();
  auto client =
      std::make_unique<CoapClient>(std::move(*loop), std::move(options), std::move(certificates));
  if (const auto started = client->Start(); !started) return started.error();
  return Result<std::unique_ptr<bindings::Client>>(std::move(client));
}

}  // namespace saef::coap
