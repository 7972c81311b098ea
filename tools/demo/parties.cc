// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/demo/parties.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "end-point/open_client.h"
#include "tools/demo/steps.h"

namespace saef::tools {
namespace {

constexpr std::chrono::seconds kStartTimeout{60};
constexpr std::chrono::seconds kHandshakeTimeout{10};

// What went wrong, if anything did.
std::optional<std::string> WrongOf(const Written& written) {
  const auto* error = std::get_if<std::string>(&written);
  return error == nullptr ? std::nullopt : std::optional(*error);
}

// A UDP port of loopback that was free a moment ago; 0: none could be had.
std::uint16_t FreeUdpPort() {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return 0;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  const bool bound = ::bind(fd, any, size) == 0 && ::getsockname(fd, any, &size) == 0;
  ::close(fd);
  return bound ? ntohs(address.sin_port) : 0;
}

// Puts a started process into its place, or answers why there is none.
std::optional<std::string> Take(std::variant<ChildProcess, std::string> started,
                                std::optional<ChildProcess>* place) {
  if (auto* error = std::get_if<std::string>(&started)) return std::move(*error);
  *place = std::get<ChildProcess>(std::move(started));
  return std::nullopt;
}

}  // namespace

std::variant<ChildProcess, std::string> StartParty(const std::filesystem::path& folder,
                                                   const std::string& party,
                                                   const std::string& name) {
  return ChildProcess::Start({party, "-v", "--config", (folder / (name + ".json")).string()},
                             folder / (name + ".log"), kStartTimeout);
}

Provisioning DemoProvisioning(const DemoOptions& options) {
  Provisioning p;
  p.folder = options.folder;
  p.plugin_module = std::filesystem::absolute(options.module).string();
  p.maf_listen = {"coaps://127.0.0.1:0"};
  p.cse_listen = {"coaps://127.0.0.1:0", "https://127.0.0.1:0"};
  for (const char* name : {"sensor1", "sensor2"}) {
    ProvisionedEntity entity;
    entity.name = name;
    p.entities.push_back(entity);
  }
  return p;
}

std::variant<DemoParties, std::string> DemoParties::Start(Provisioning provisioning) {
  DemoParties parties(std::move(provisioning));
  if (auto error = parties.StartAll()) return std::move(*error);
  return std::variant<DemoParties, std::string>(std::move(parties));
}

std::optional<std::string> DemoParties::StartAll() {
  const Provisioning& p = provisioning_;
  if (auto error = WrongOf(ProvisionCertificates(p))) return error;
  if (NeedsMef(p)) {
    // Each of the two must know where the other is before it starts.
    const std::uint16_t port = FreeUdpPort();
    provisioning_.maf_listen = {"coaps://127.0.0.1:" + std::to_string(port)};
    if (auto error = WrongOf(ProvisionMef(p, p.maf_listen.front()))) return error;
    if (auto error = Take(StartParty(p.folder, "mef", "mef"), &mef_)) return error;
  }
  if (NeedsMaf(p)) {
    if (auto error = WrongOf(ProvisionMaf(p, mef_uri()))) return error;
    if (auto error = Take(StartParty(p.folder, "maf", "maf"), &maf_)) return error;
  }
  if (auto error = WrongOf(ProvisionCse(p, maf_uri(), mef_uri()))) return error;
  if (auto error = Take(StartParty(p.folder, "cse", "cse"), &cse_)) return error;
  return WrongOf(ProvisionEntities(p, maf_uri(), cse_->uris(), mef_uri()));
}

std::string DemoParties::cse_id() const {
  return "//" + provisioning_.service_provider + "/" + provisioning_.cse;
}

std::string DemoParties::other_cse_id() const {
  return "//" + provisioning_.service_provider + "/" + provisioning_.other_cses.front();
}

std::string DemoParties::cse_server_name() const {
  return provisioning_.cse + "." + provisioning_.service_provider;
}

std::string DemoParties::CseUri(std::string_view scheme) const {
  for (const std::string& uri : cse_->uris()) {
    if (uri.starts_with(std::string(scheme) + ":")) return uri;
  }
  return {};
}

std::vector<std::string> DemoParties::statistics_uris() const {
  std::vector<std::string> uris;
  for (const auto* party : {&cse_, &maf_, &mef_}) {
    if (*party) uris.push_back((*party)->statistics_uri());
  }
  return uris;
}

std::variant<std::unique_ptr<entity_a::EntityA>, std::string> DemoParties::OpenEntity(
    std::string_view name, const std::function<void(entity_a::Configuration&)>& change) const {
  auto read = entity_a::ReadConfiguration(
      (provisioning_.folder / ("entity-" + std::string(name) + ".json")).string());
  if (auto* error = std::get_if<std::string>(&read)) return std::move(*error);
  auto& configuration = std::get<entity_a::Configuration>(read);
  if (change) change(configuration);
  return std::make_unique<entity_a::EntityA>(std::move(configuration), end_point::OpenClient,
                                             bindings::Log());
}

bindings::Result<void> DemoParties::Handshake(std::string_view cse_uri,
                                              std::string_view psk_identity,
                                              onem2m::Secret key) const {
  const auto uri = bindings::Uri::Parse(cse_uri);
  if (!uri) return uri.error();
  bindings::ClientOptions options;
  options.uri = *uri;
  options.server_name = cse_server_name();
  options.credential = bindings::PskCredential{std::string(psk_identity), std::move(key)};
  options.handshake_timeout = kHandshakeTimeout;
  auto client = end_point::OpenClient(std::move(options));
  if (!client) return client.error();
  return (*client)->Connect();
}

std::string DemoParties::CseOn(std::string_view text) const {
  const std::string log = cse_->ReadLog();
  const std::size_t at = log.rfind(text);
  return at == std::string::npos ? std::string() : log.substr(at, log.find('\n', at) - at);
}

std::string DemoParties::PluginOnKey(std::string_view kc_id) const {
  return CseOn("the key of " + bindings::Quote(kc_id));
}

std::optional<DemoParties> StartAsStep(Provisioning provisioning, std::string_view step,
                                       Account& account) {
  account.Step(step);
  auto started = DemoParties::Start(std::move(provisioning));
  if (auto* error = std::get_if<std::string>(&started)) {
    account.Tell(Bad({*error}));
    return std::nullopt;
  }
  auto& parties = std::get<DemoParties>(started);
  std::vector<std::string> lines;
  if (!parties.mef_uri().empty())
    lines.push_back(parties.provisioning().mef_fqdn + " at " + parties.mef_uri());
  if (!parties.maf_uri().empty()) lines.push_back(parties.maf_fqdn() + " at " + parties.maf_uri());
  lines.push_back(parties.cse_id() + " at " + parties.CseUri("coaps") + " and " +
                  parties.CseUri("https"));
  account.Tell(Good(std::move(lines)));
  return std::move(parties);
}

}  // namespace saef::tools
