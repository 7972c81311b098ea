// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/cse.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include "bindings/coap/server.h"
#include "bindings/http/server.h"
#include "onem2m/thread_annotations.h"
#include "roles/cse/configuration.h"
#include "roles/cse/forwarder.h"
#include "roles/cse/plugin.h"
#include "roles/cse/plugin_families.h"
#include "roles/cse/remote_cses.h"
#include "roles/cse/request_handler.h"
#include "roles/cse/resource_service.h"
#include "roles/statistics/endpoint.h"
#include "roles/statistics/server_families.h"

namespace saef::cse {
namespace {

using bindings::LogLevel;

constexpr std::chrono::seconds kSweepInterval{1};

LogLevel ToLogLevel(int32_t level) {
  switch (level) {
    case SAEF_LOG_ERROR:
      return LogLevel::kError;
    case SAEF_LOG_WARNING:
      return LogLevel::kWarning;
    case SAEF_LOG_INFO:
      return LogLevel::kInfo;
    default:
      return LogLevel::kDebug;
  }
}

}  // namespace

class Cse::Impl {
 public:
  Impl(Configuration configuration, bindings::Log log)
      : configuration_(std::move(configuration)),
        log_(std::move(log)),
        service_(configuration_.id, configuration_.resource_name, configuration_.tree, onem2m::Now,
                 configuration_.policy),
        forwarder_(configuration_.id, service_, configuration_.forwarding) {}
  ~Impl();

  // What went wrong, or nothing.
  std::optional<std::string> Start();

  const std::vector<std::string>& uris() const { return uris_; }
  const Configuration& configuration() const { return configuration_; }
  std::size_t sessions();
  std::size_t resources() { return service_.resources(); }
  bool registered() const { return remote_cses_ && remote_cses_->registered(); }
  std::string statistics_uri() const { return endpoint_ ? endpoint_->uri() : std::string(); }

 private:
  using StartServer = bindings::Result<std::unique_ptr<bindings::Server>> (*)(
      bindings::ServerOptions, bindings::RequestHandler&);

  saef_host Host();
  std::optional<std::string> LoadPlugin();
  bindings::ServerOptions Options(bool coap) const;
  std::optional<std::string> Listen(bool coap, StartServer start);
  void EndAssociation(saef_association association) SAEF_EXCLUDES(servers_mutex_);
  void Retrieve(std::string to, saef_retrieve_done done, void* done_context);
  void SweepUntilStopped() SAEF_EXCLUDES(stop_mutex_);
  std::optional<std::string> TellStatistics();
  // On the endpoint's thread.
  statistics::Families Collect() SAEF_EXCLUDES(servers_mutex_);

  const Configuration configuration_;
  const bindings::Log log_;
  ResourceService service_;
  Forwarder forwarder_;
  std::unique_ptr<RemoteCses> remote_cses_;
  std::optional<Plugin> plugin_;  // asks service_, so it goes first
  std::optional<RequestHandler> handler_;
  std::vector<std::string> uris_;
  std::atomic<std::uint64_t> own_requests_{0};

  Mutex servers_mutex_;
  std::vector<std::unique_ptr<bindings::Server>> servers_ SAEF_GUARDED_BY(servers_mutex_);
  std::vector<std::string> bindings_ SAEF_GUARDED_BY(servers_mutex_);  // one for each of servers_

  Mutex stop_mutex_;
  CondVar stopped_;
  bool stop_ SAEF_GUARDED_BY(stop_mutex_) = false;
  std::thread sweeper_;
  std::unique_ptr<statistics::Endpoint> endpoint_;  // asks all the rest
};

// First who looks at all the rest: the endpoint and the sweeper. Then what waits for other CSEs,
// while those who asked can still be answered. Then the sessions, so that nothing calls the plugin
// when it closes; no lock is held while they end, since the plugin may ask for the end of an
// association meanwhile.
Cse::Impl::~Impl() {
  endpoint_.reset();
  {
    MutexLock lock(stop_mutex_);
    stop_ = true;
  }
  stopped_.NotifyAll();
  if (sweeper_.joinable()) {
    sweeper_.join();
  }
  if (remote_cses_) {
    remote_cses_->Stop();
  }
  std::vector<std::unique_ptr<bindings::Server>> servers;
  {
    MutexLock lock(servers_mutex_);
    servers.swap(servers_);
  }
  servers.clear();
  handler_.reset();
  plugin_.reset();
}

std::optional<std::string> Cse::Impl::Start() {
  // Before the plugin, which may ask for other CSEs' resources from the beginning.
  auto remote_cses = RemoteCses::Open(configuration_, forwarder_, log_);
  if (auto* error = std::get_if<std::string>(&remote_cses)) {
    return std::move(*error);
  }
  remote_cses_ = std::move(std::get<std::unique_ptr<RemoteCses>>(remote_cses));
  if (auto error = LoadPlugin()) {
    return error;
  }
  handler_.emplace(configuration_.id,
                   plugin_ ? OriginatorCheck(plugin_->api(), plugin_->instance())
                           : OriginatorCheck(nullptr, nullptr),
                   service_, log_, &forwarder_);
  // Before it listens: one that can't do all that it is told does nothing.
  if (auto error = TellStatistics()) {
    return error;
  }
  uris_.resize(configuration_.listen.size());
  if (auto error = Listen(true, coap::StartServer)) {
    return error;
  }
  if (auto error = Listen(false, http::StartServer)) {
    return error;
  }
  service_.SetPointsOfAccess(uris_);
  remote_cses_->Start(configuration_, service_, uris_);
  sweeper_ = std::thread([this] { SweepUntilStopped(); });
  return std::nullopt;
}

std::optional<std::string> Cse::Impl::TellStatistics() {
  if (!configuration_.statistics) {
    return std::nullopt;
  }
  auto started = statistics::Endpoint::Start(
      *configuration_.statistics, [this] { return Collect(); }, log_);
  if (auto* error = std::get_if<std::string>(&started)) {
    return std::move(*error);
  }
  endpoint_ = std::move(std::get<std::unique_ptr<statistics::Endpoint>>(started));
  return std::nullopt;
}

statistics::Families Cse::Impl::Collect() {
  statistics::Families families{statistics::BuildInfo("cse")};
  if (plugin_) {
    statistics::Append(families, PluginFamilies(*plugin_->api(), plugin_->instance()));
  }
  families.push_back(
      statistics::GaugeFamily("saef_cse_resources", "Resources in the tree.",
                              {statistics::Plain(static_cast<double>(service_.resources()))}));
  MutexLock lock(servers_mutex_);
  std::vector<statistics::NamedServer> named;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    named.push_back({bindings_[i], servers_[i].get()});
  }
  statistics::Append(families, statistics::ServerFamilies(named));
  return families;
}

std::optional<std::string> Cse::Impl::LoadPlugin() {
  if (!configuration_.plugin) {
    log_(LogLevel::kWarning,
         "no security association plugin is configured: From is believed as it comes");
    return std::nullopt;
  }
  auto loaded = Plugin::Load(*configuration_.plugin, Host());
  if (auto* error = std::get_if<std::string>(&loaded)) {
    return std::move(*error);
  }
  plugin_.emplace(std::move(std::get<Plugin>(loaded)));
  return std::nullopt;
}

saef_host Cse::Impl::Host() {
  saef_host host = {};
  host.size = sizeof(host);
  host.context = this;
  host.log = [](void* context, int32_t level, const char* text, size_t length) {
    static_cast<Impl*>(context)->log_(ToLogLevel(level), {text, length});
  };
  host.is_registered_ae = [](void* context, const char* ae_id, size_t length) -> int32_t {
    return static_cast<Impl*>(context)->service_.IsRegisteredAe({ae_id, length}) ? SAEF_YES
                                                                                 : SAEF_NO;
  };
  host.is_registree_cse = [](void* context, const char* cse_id, size_t length) -> int32_t {
    return static_cast<Impl*>(context)->service_.IsRegisteredCse({cse_id, length}) ? SAEF_YES
                                                                                   : SAEF_NO;
  };
  host.end_association = [](void* context, saef_association association) {
    static_cast<Impl*>(context)->EndAssociation(association);
  };
  host.retrieve = [](void* context, const char* to, size_t to_length, saef_retrieve_done done,
                     void* done_context) {
    static_cast<Impl*>(context)->Retrieve({to, to_length}, done, done_context);
  };
  return host;
}

// On the plugin's thread. From this CSE's own tree, or from another CSE through a link, as this CSE
// itself (TS-0001 10.2.2.2 step 003).
void Cse::Impl::Retrieve(std::string to, saef_retrieve_done done, void* done_context) {
  onem2m::RequestPrimitive request;
  request.operation = onem2m::Operation::kRetrieve;
  request.to = std::move(to);
  request.from = configuration_.id.SpRelative();
  request.request_identifier = "plugin-" + std::to_string(++own_requests_);
  request.release_version = "3";
  const auto tell = [done, done_context](const onem2m::ResponsePrimitive& response) {
    done(done_context, onem2m::Number(response.status), response.content.data(),
         response.content.size());
  };
  if (const auto elsewhere = forwarder_.Elsewhere(request)) {
    forwarder_.SendOwn(std::move(request), *elsewhere, tell);
    return;
  }
  tell(service_.RetrieveOwn(request));
}

bindings::ServerOptions Cse::Impl::Options(bool coap) const {
  bindings::ServerOptions options;
  for (const bindings::Uri& uri : configuration_.listen) {
    if (uri.coap() == coap) {
      options.listeners.push_back({uri.host, uri.port, uri.secure()});
    }
  }
  if (plugin_) {
    bindings::PluginGate gate;
    gate.api = plugin_->api();
    gate.instance = plugin_->instance();
    gate.refusal = configuration_.refusal;
    gate.max_held_sessions = configuration_.gate.max_held_sessions;
    gate.max_held_bytes = configuration_.gate.max_held_bytes;
    gate.max_hold_ms = configuration_.gate.max_hold_ms;
    gate.blocking_ms = configuration_.gate.blocking_ms;
    options.keys = std::move(gate);
  }
  options.threads = configuration_.server.threads;
  options.max_sessions = configuration_.server.max_sessions;
  options.max_sessions_per_source = configuration_.server.max_sessions_per_source;
  options.max_handshakes = configuration_.server.max_handshakes;
  options.max_handshakes_per_source = configuration_.server.max_handshakes_per_source;
  options.max_content_length = configuration_.server.max_content_length;
  options.idle_timeout = configuration_.server.idle_timeout;
  options.handshake_timeout = configuration_.server.handshake_timeout;
  options.log = log_;
  return options;
}

std::optional<std::string> Cse::Impl::Listen(bool coap, StartServer start) {
  bindings::ServerOptions options = Options(coap);
  if (options.listeners.empty()) {
    return std::nullopt;
  }
  if (plugin_) {
    if (auto error =
            Offer(configuration_.credentials, plugin_->api(), plugin_->instance(), options)) {
      return error;
    }
  }
  auto server = start(std::move(options), *handler_);
  if (!server) {
    std::string text = "can't listen at";
    for (const bindings::Uri& uri : configuration_.listen) {
      text += uri.coap() == coap ? " " + uri.text() : std::string();
    }
    return text + ": " + server.error().message();
  }
  const std::vector<std::uint16_t> ports = (*server)->ports();
  std::size_t next = 0;
  for (std::size_t i = 0; i < configuration_.listen.size(); ++i) {
    bindings::Uri uri = configuration_.listen[i];
    if (uri.coap() == coap && next < ports.size()) {
      uri.port = ports[next++];
      uris_[i] = uri.text();
    }
  }
  MutexLock lock(servers_mutex_);
  servers_.push_back(*std::move(server));
  bindings_.emplace_back(coap ? "coap" : "http");
  return std::nullopt;
}

// On the plugin's thread. Server::EndAssociation only leaves word for the server's own thread, so
// the lock, under which nothing calls the plugin, is held for a moment.
void Cse::Impl::EndAssociation(saef_association association) {
  MutexLock lock(servers_mutex_);
  for (const auto& server : servers_) {
    server->EndAssociation(association);
  }
}

// Each request sees no expired resource anyway; this is for memory, and so that the plugin learns
// of <AE>s that ended while nobody asked.
void Cse::Impl::SweepUntilStopped() {
  MutexLock lock(stop_mutex_);
  while (!stop_) {
    const auto next = std::chrono::steady_clock::now() + kSweepInterval;
    while (!stop_ && stopped_.WaitUntil(stop_mutex_, next) != std::cv_status::timeout) {
    }
    if (!stop_) {
      service_.Sweep();
      handler_->WithdrawRemoved();
      remote_cses_->Check();
    }
  }
}

std::size_t Cse::Impl::sessions() {
  MutexLock lock(servers_mutex_);
  std::size_t sum = 0;
  for (const auto& server : servers_) {
    sum += server->sessions();
  }
  return sum;
}

Cse::Cse(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Cse::~Cse() = default;

std::variant<std::unique_ptr<Cse>, std::string> Cse::Start(const std::string& config_path,
                                                           bindings::Log log) {
  if (!log) {
    log = [](LogLevel, std::string_view) {};
  }
  auto configuration = ReadConfiguration(config_path);
  if (auto* error = std::get_if<std::string>(&configuration)) {
    return std::move(*error);
  }
  auto impl =
      std::make_unique<Impl>(std::move(std::get<Configuration>(configuration)), std::move(log));
  if (auto error = impl->Start()) {
    return *std::move(error);
  }
  return std::unique_ptr<Cse>(new Cse(std::move(impl)));
}

std::vector<std::string> Cse::uris() const { return impl_->uris(); }
std::string Cse::statistics_uri() const { return impl_->statistics_uri(); }
std::string Cse::id() const { return impl_->configuration().id.Absolute(); }
std::size_t Cse::sessions() const { return impl_->sessions(); }
std::size_t Cse::resources() const { return impl_->resources(); }
bool Cse::registered() const { return impl_->registered(); }

}  // namespace saef::cse
