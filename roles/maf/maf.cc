// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/maf.h"

#include <utility>

#include "bindings/coap/server.h"
#include "bindings/http/server.h"
#include "onem2m/maf_interface.h"
#include "roles/maf/client_certificates.h"
#include "roles/statistics/server_families.h"

namespace saef::maf {

std::variant<std::unique_ptr<Maf>, std::string> Maf::Start(const std::string& configuration,
                                                           bindings::Log log) {
  if (!log) {
    log = [](bindings::LogLevel, std::string_view) {};
  }
  auto read = ReadConfiguration(configuration);
  if (auto* error = std::get_if<std::string>(&read)) {
    return std::move(*error);
  }
  Configuration& checked = std::get<Configuration>(read);
  auto store_key = checked.store_key.Clone();
  if (!store_key) {
    return "the store key can't be copied: " + store_key.error().message();
  }
  auto opened = SqliteKeyStore::Open(checked.store, std::move(checked.store_key), checked.fqdn);
  if (auto* error = std::get_if<std::string>(&opened)) {
    return std::move(*error);
  }
  auto configured = std::make_unique<const Configuration>(std::move(checked));
  std::unique_ptr<RemoteProvisioning> remote;
  if (!configured->mefs.empty()) {
    auto made = RemoteProvisioning::Open(*configured, std::move(*store_key), log);
    if (auto* error = std::get_if<std::string>(&made)) {
      return std::move(*error);
    }
    remote = std::move(std::get<std::unique_ptr<RemoteProvisioning>>(made));
  }
  std::unique_ptr<Maf> maf(new Maf(std::move(configured),
                                   std::move(std::get<std::unique_ptr<SqliteKeyStore>>(opened)),
                                   std::move(remote), log));
  // Before it listens: one that can't do all that it is told does nothing.
  if (std::string error = maf->TellStatistics(log); !error.empty()) {
    return error;
  }
  if (std::string error = maf->Listen(log); !error.empty()) {
    return error;
  }
  return maf;
}

Maf::Maf(std::unique_ptr<const Configuration> configuration, std::unique_ptr<SqliteKeyStore> store,
         std::unique_ptr<RemoteProvisioning> remote, bindings::Log log)
    : owned_configuration_(std::move(configuration)),
      configuration_(*owned_configuration_),
      store_(std::move(store)),
      remote_(std::move(remote)),
      handler_(
          configuration_, *store_, std::move(log),
          [this](std::string_view path) { TellObservers(path); },
          remote_ ? &remote_->km_id_retrieval() : nullptr) {}

Maf::~Maf() {
  endpoint_.reset();
  // Whoever waits is answered while the servers still are there.
  handler_.Stop();
  const MutexLock lock(mutex_);
  servers_.clear();
}

void Maf::TellObservers(std::string_view path) {
  const MutexLock lock(mutex_);
  for (const auto& server : servers_) {
    server->Changed(path);
  }
}

std::string Maf::TellStatistics(const bindings::Log& log) {
  if (!configuration_.statistics) {
    return {};
  }
  auto started = statistics::Endpoint::Start(
      *configuration_.statistics, [this] { return Collect(); }, log);
  if (auto* error = std::get_if<std::string>(&started)) {
    return std::move(*error);
  }
  endpoint_ = std::move(std::get<std::unique_ptr<statistics::Endpoint>>(started));
  return {};
}

statistics::Families Maf::Collect() {
  statistics::Families families{statistics::BuildInfo("maf")};
  statistics::Append(families, handler_.Collect());
  families.push_back(statistics::CounterFamily(
      "saef_maf_transactions_total",
      "Transactions of the store that were committed; one keeps many registrations.",
      {statistics::Plain(static_cast<double>(store_->commits().transactions()))}));
  const MutexLock lock(mutex_);
  std::vector<statistics::NamedServer> named;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    named.push_back({bindings_[i], servers_[i].get()});
  }
  statistics::Append(families, statistics::ServerFamilies(named));
  return families;
}

std::string Maf::Listen(const bindings::Log& log) {
  uris_.resize(configuration_.listen.size());
  for (const bool coap : {true, false}) {
    if (std::string error = StartServer(coap, log); !error.empty()) {
      return error;
    }
  }
  return {};
}

std::string Maf::StartServer(bool coap, const bindings::Log& log) {
  bindings::ServerOptions options;
  std::vector<std::size_t> places;
  std::string names;
  for (std::size_t i = 0; i < configuration_.listen.size(); ++i) {
    const bindings::Uri& uri = configuration_.listen[i];
    if (uri.coap() == coap) {
      options.listeners.push_back({uri.host, uri.port, true});
      places.push_back(i);
      names += (names.empty() ? "" : ", ") + uri.text();
    }
  }
  if (places.empty()) {
    return {};
  }
  if (remote_) {
    options.keys = remote_->gate();
  } else {
    options.keys = bindings::PskTable([this](std::string_view psk_identity) {
      return configuration_.clients.KeyOf(psk_identity);
    });
  }
  if (configuration_.certificate) {
    auto certificate = bindings::Clone(configuration_.certificate->credential);
    if (!certificate) {
      return "the private key can't be copied: " + certificate.error().message();
    }
    options.certificate = std::move(*certificate);
    options.verify_peer = [this](std::span<const std::string> chain, std::string_view public_key) {
      return public_key.empty() && FindByChain(configuration_, chain, onem2m::Now()) != nullptr;
    };
  }
  options.observable = Handler::IsObservable;
  configuration_.server.SetIn(options);
  options.max_content_length = onem2m::maf::kMaxContentLength;
  options.log = log;
  auto server = coap ? saef::coap::StartServer(std::move(options), handler_)
                     : saef::http::StartServer(std::move(options), handler_);
  if (!server) {
    return "can't listen on " + names + ": " + server.error().message();
  }
  const auto ports = (*server)->ports();
  for (std::size_t i = 0; i < places.size(); ++i) {
    bindings::Uri uri = configuration_.listen[places[i]];
    uri.port = ports.at(i);
    uris_[places[i]] = uri.text();
  }
  const MutexLock lock(mutex_);
  servers_.push_back(std::move(*server));
  bindings_.emplace_back(coap ? "coap" : "http");
  return {};
}

}  // namespace saef::maf
