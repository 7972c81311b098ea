// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/session_client.h"

#include <string>
#include <utility>
#include <variant>

#include "bindings/coap/client_exchange.h"
#include "bindings/coap/outcome.h"
#include "bindings/coap/tls_session.h"

namespace saef::coap {

using bindings::ClientOptions;
using bindings::Error;
using bindings::Result;
using onem2m::Operation;

namespace {

// What a call that waits for the loop waits at most beyond the time that the work itself may take.
constexpr std::chrono::milliseconds kGrace{5000};

}  // namespace

SessionClient::SessionClient(std::shared_ptr<Loop> loop, ClientOptions options,
                             bindings::CertificateParty certificates)
    : loop_(std::move(loop)),
      handshake_timeout_(options.handshake_timeout),
      engine_(*loop_, std::move(options), std::move(certificates)) {
  engine_.SetLoop(loop_);
}

Result<std::unique_ptr<SessionClient>> SessionClient::Open(ClientOptions options) {
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
  std::unique_ptr<SessionClient> client(
      new SessionClient(std::move(*loop), std::move(options), std::move(certificates)));
  if (const auto started = client->Start(); !started) return started.error();
  return client;
}

Result<void> SessionClient::Start() {
  loop_->Post([this] { engine_.Start(); });
  return loop_->Start([this](Clock::time_point now) { return engine_.Turn(now); });
}

void SessionClient::Stop() {
  loop_->Stop([this] { engine_.Stop(); });
}

void SessionClient::StartConnecting(ClientConnection::Connected connected) {
  loop_->Post([this, connected = std::move(connected)] { engine_.Connect(connected); });
}

Result<void> SessionClient::Connect() {
  const auto outcome = std::make_shared<Outcome<void>>();
  StartConnecting([outcome](Result<void> result) { outcome->Set(result); });
  return outcome->Get(handshake_timeout_ + kGrace, Error::kUnreachable);
}

void SessionClient::Send(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
                         Done done) {
  auto exchange = std::make_shared<ClientExchangePtr>(std::make_unique<ClientExchange>());
  (*exchange)->request = std::move(request);
  (*exchange)->done = std::move(done);
  (*exchange)->deadline = Clock::now() + timeout;
  loop_->Post([this, exchange] { engine_.Add(std::move(*exchange)); });
}

std::uint64_t SessionClient::Observe(onem2m::RequestPrimitive request,
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

void SessionClient::CancelObserve(std::uint64_t id) {
  loop_->RunAndWait([this, id] { engine_.CancelObserve(id); }, kGrace);
}

Result<onem2m::Secret> SessionClient::ExportKeyingMaterial(std::string_view label,
                                                           std::size_t length) {
  const auto outcome = std::make_shared<Outcome<onem2m::Secret>>();
  loop_->RunAndWait([this, outcome, label = std::string(label),
                     length] { outcome->Set(engine_.Export(label, length)); },
                    kGrace);
  return outcome->Get(std::chrono::milliseconds(0), Error::kLibrary);
}

void SessionClient::Disconnect() {
  loop_->RunAndWait([this] { engine_.Disconnect(); }, kGrace);
}

}  // namespace saef::coap
