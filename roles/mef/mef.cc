// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/mef/mef.h"

#include <utility>

#include "bindings/coap/server.h"
#include "bindings/http/server.h"
#include "onem2m/certificate.h"
#include "onem2m/mef_interface.h"
#include "roles/statistics/server_families.h"

namespace saef::mef {

std::variant<std::unique_ptr<Mef>, std::string> Mef::Start(const std::string& configuration,
                                                           bindings::Log log) {
  if (!log) log = [](bindings::LogLevel, std::string_view) {};
  auto read = ReadConfiguration(configuration);
  if (auto* const error = std::get_if<std::string>(&read)) return std::move(*error);
  auto& checked = std::get<Configuration>(read);
  auto opened = EnrolmentStore::Open(checked.store, std::move(checked.store_key), checked.fqdn);
  if (auto* const error = std::get_if<std::string>(&opened)) return std::move(*error);
  std::unique_ptr<Mef> mef(new Mef(
      std::move(checked), std::move(std::get<std::unique_ptr<EnrolmentStore>>(opened)), log));
  mef->uris_.resize(mef->configuration_.listen.size());
  for (const bool coap : {true, false}) {
    if (std::string error = mef->StartServer(coap, log); !error.empty()) return error;
  }
  if (std::string error = mef->TellStatistics(log); !error.empty()) return error;
  return mef;
}

Mef::Mef(Configuration configuration, std::unique_ptr<EnrolmentStore> store, bindings::Log log)
    : configuration_(std::move(configuration)),
      store_(std::move(store)),
      handler_(configuration_, *store_, std::move(log)) {}

Mef::~Mef() {
  endpoint_.reset();
  // Whoever waits is answered while the servers still are there.
  handler_.Stop();
  servers_.clear();
}

std::string Mef::TellStatistics(const bindings::Log& log) {
  if (!configuration_.statistics) return {};
  auto started = statistics::Endpoint::Start(
      *configuration_.statistics, [this] { return Collect(); }, log);
  if (auto* const error = std::get_if<std::string>(&started)) return std::move(*error);
  endpoint_ = std::move(std::get<std::unique_ptr<statistics::Endpoint>>(started));
  return {};
}

statistics::Families Mef::Collect() const {
  statistics::Families families{statistics::BuildInfo("mef")};
  statistics::Append(families, handler_.Collect());
  std::vector<statistics::NamedServer> named;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    named.push_back({bindings_[i], servers_[i].get()});
  }
  statistics::Append(families, statistics::ServerFamilies(named));
  return families;
}

// TS-0003 8.3.2.2: each side verifies the other's certificate; ours names the MEF's FQDN.
std::string Mef::SetCertificate(bindings::ServerOptions& options) const {
  if (!configuration_.certificate) return {};
  auto own = bindings::Clone(configuration_.certificate->own);
  if (!own) return "the certificate can't be used: " + own.error().message();
  options.certificate = std::move(*own);
  options.verify_peer = [this](std::span<const std::string> chain, std::string_view) {
    return !chain.empty() &&
           onem2m::VerifyCertificateChain(chain, configuration_.certificate->trust_anchors,
                                          onem2m::Now())
               .has_value() &&
           configuration_.participants.Knows(chain.front());
  };
  return {};
}

std::string Mef::StartServer(bool coap, const bindings::Log& log) {
  bindings::ServerOptions options;
  std::vector<std::size_t> places;
  std::string names;
  for (std::size_t i = 0; i < configuration_.listen.size(); ++i) {
    const bindings::Uri& uri = configuration_.listen[i];
    if (uri.coap() != coap) continue;
    options.listeners.push_back({uri.host, uri.port, true});
    places.push_back(i);
    names += (names.empty() ? "" : ", ") + uri.text();
  }
  if (places.empty()) return {};
  options.keys = bindings::PskTable([this](std::string_view psk_identity) {
    return configuration_.participants.KeyOf(psk_identity);
  });
  if (std::string error = SetCertificate(options); !error.empty()) return error;
  configuration_.server.SetIn(options);
  options.max_content_length = onem2m::mef::kMaxContentLength;
  options.log = log;
  auto server = coap ? saef::coap::StartServer(std::move(options), handler_)
                     : saef::http::StartServer(std::move(options), handler_);
  if (!server) return "can't listen on " + names + ": " + server.error().message();
  const auto ports = (*server)->ports();
  for (std::size_t i = 0; i < places.size(); ++i) {
    bindings::Uri uri = configuration_.listen[places[i]];
    uri.port = ports.at(i);
    uris_[places[i]] = uri.text();
  }
  servers_.push_back(std::move(*server));
  bindings_.emplace_back(coap ? "coap" : "http");
  return {};
}

}  // namespace saef::mef
