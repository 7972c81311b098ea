// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo/parties.h"

#include <chrono>
#include <utility>
#include <vector>

#include "roles/entity-a/open_client.h"

namespace saef::tools {
namespace {

constexpr std::chrono::seconds kStartTimeout{30};
constexpr std::chrono::seconds kHandshakeTimeout{10};

Provisioning Provide(const std::filesystem::path& folder, const std::filesystem::path& module) {
  Provisioning p;
  p.folder = folder;
  p.plugin_module = module.string();
  p.other_cses = {"cse2"};
  p.maf_listen = {"coaps://127.0.0.1:0"};
  p.cse_listen = {"coaps://127.0.0.1:0", "https://127.0.0.1:0"};
  for (const char* name : {"sensor1", "sensor2"}) {
    ProvisionedEntity entity;
    entity.name = name;
    entity.may_register_for = {"//" + p.service_provider + "/cse1",
                               "//" + p.service_provider + "/cse2"};
    p.entities.push_back(entity);
  }
  return p;
}

// What went wrong, if anything did.
std::string Error(const Written& written) {
  const auto* error = std::get_if<std::string>(&written);
  return error == nullptr ? std::string() : *error;
}

std::variant<ChildProcess, std::string> StartProcess(const Provisioning& p,
                                                     const std::string& name) {
  return ChildProcess::Start({name, "-v", "--config", (p.folder / (name + ".json")).string()},
                             p.folder / (name + ".log"), kStartTimeout);
}

}  // namespace

std::variant<DemoParties, std::string> DemoParties::Start(const std::filesystem::path& folder,
                                                          const std::filesystem::path& module) {
  Provisioning p = Provide(folder, module);
  if (std::string error = Error(ProvisionMaf(p)); !error.empty()) return error;
  auto maf = StartProcess(p, "maf");
  if (auto* error = std::get_if<std::string>(&maf)) return std::move(*error);
  const std::string maf_uri = std::get<ChildProcess>(maf).uris().front();
  if (std::string error = Error(ProvisionCse(p, maf_uri)); !error.empty()) return error;
  auto cse = StartProcess(p, "cse");
  if (auto* error = std::get_if<std::string>(&cse)) return std::move(*error);
  if (std::string error = Error(ProvisionEntities(p, maf_uri, std::get<ChildProcess>(cse).uris()));
      !error.empty()) {
    return error;
  }
  return DemoParties(std::move(p), std::get<ChildProcess>(std::move(maf)),
                     std::get<ChildProcess>(std::move(cse)));
}

std::string DemoParties::cse_id() const {
  return "//" + provisioning_.service_provider + "/" + provisioning_.cse;
}

std::string DemoParties::other_cse_id() const {
  return "//" + provisioning_.service_provider + "/" + provisioning_.other_cses.front();
}

std::string DemoParties::CseUri(std::string_view scheme) const {
  for (const std::string& uri : cse_.uris()) {
    if (uri.starts_with(std::string(scheme) + ":")) return uri;
  }
  return {};
}

std::variant<std::unique_ptr<entity_a::EntityA>, std::string> DemoParties::OpenEntity(
    std::string_view name, const std::function<void(entity_a::Configuration&)>& change) const {
  auto read = entity_a::ReadConfiguration(
      (provisioning_.folder / ("entity-" + std::string(name) + ".json")).string());
  if (auto* error = std::get_if<std::string>(&read)) return std::move(*error);
  auto& configuration = std::get<entity_a::Configuration>(read);
  if (change) change(configuration);
  return std::make_unique<entity_a::EntityA>(std::move(configuration), entity_a::OpenClient,
                                             bindings::Log());
}

bindings::Result<void> DemoParties::Handshake(std::string_view cse_uri, std::string_view kc_id,
                                              onem2m::Secret kc) const {
  const auto uri = bindings::Uri::Parse(cse_uri);
  if (!uri) return uri.error();
  bindings::ClientOptions options;
  options.uri = *uri;
  options.server_name = provisioning_.cse + "." + provisioning_.service_provider;
  options.credential = bindings::PskCredential{std::string(kc_id), std::move(kc)};
  options.handshake_timeout = kHandshakeTimeout;
  auto client = entity_a::OpenClient(std::move(options));
  if (!client) return client.error();
  return (*client)->Connect();
}

std::string DemoParties::PluginOnKey(std::string_view kc_id) const {
  const std::string log = cse_.ReadLog();
  const std::size_t at = log.rfind("the key of " + bindings::Quote(kc_id));
  return at == std::string::npos ? std::string() : log.substr(at, log.find('\n', at) - at);
}

}  // namespace saef::tools
