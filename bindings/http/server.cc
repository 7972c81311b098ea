// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/server.h"

#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <thread>
#include <unordered_map>

#include "bindings/http/buffered_tls.h"
#include "bindings/http/gated_tls.h"
#include "bindings/http/server_connection.h"

namespace saef::http {
namespace {

using bindings::Error;
using bindings::Listener;
using bindings::LogLevel;
using bindings::PluginGate;
using bindings::PskTable;
using bindings::Result;
using bindings::ServerOptions;
using boost::asio::ip::tcp;
using boost::system::error_code;

// When there are no descriptors left, the next try to accept.
constexpr std::chrono::milliseconds kAcceptPause{100};

std::string Text(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

// Where keys come from, whichever of ServerOptions::keys it is, and the sessions made with them.
class Keys {
 public:
  Keys(ServerOptions& options, bindings::CertificateParty party, std::function<void()> wake)
      : party_(std::move(party)), wake_(std::move(wake)) {
    if (auto* table = std::get_if<PskTable>(&options.keys)) table_ = *table;
    if (auto* plugin = std::get_if<PluginGate>(&options.keys)) plugin_ = plugin;
  }
  ~Keys() { saef_gate_destroy(gate_); }
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;

  Result<void> Open() {
    if (plugin_ != nullptr && plugin_->blocking_ms != 0) UseBlockingLookups();
    if (plugin_ != nullptr && plugin_->blocking_ms == 0) return OpenGate();
    if (!table_ && !party_.in_use()) return Error::kBadRequest;
    Result<TlsContext> context = MakeServerContext();
    if (!context) return context.error();
    context_ = std::move(*context);
    return {};
  }

  // `ready` as in gated_tls.h.
  Result<std::unique_ptr<TlsEngine>> NewSession(std::function<void()> ready) {
    auto session = Open(std::move(ready));
    if (!session || !party_.in_use()) return session;
    if (const auto used = (*session)->UseCertificates(party_); !used) return used.error();
    return session;
  }

  saef_gate* gate() const { return gate_; }

 private:
  Result<std::unique_ptr<TlsEngine>> Open(std::function<void()> ready) {
    if (gate_ != nullptr) {
      auto gated = GatedTls::Open(context_.get(), gate_, plugin_->host_psk, std::move(ready));
      if (!gated) return gated.error();
      return std::unique_ptr<TlsEngine>(std::move(*gated));
    }
    auto buffered = BufferedTls::OpenServer(context_.get(), table_,
                                            plugin_ != nullptr ? &associator_ : nullptr);
    if (!buffered) return buffered.error();
    return std::unique_ptr<TlsEngine>(std::move(*buffered));
  }

  Result<void> OpenGate() {
    if (plugin_->api == nullptr || plugin_->instance == nullptr) return Error::kBadRequest;
    Result<TlsContext> context = MakeGatedContext();
    if (!context) return context.error();
    context_ = std::move(*context);
    saef_gate_arguments arguments{};
    arguments.size = sizeof(arguments);
    arguments.api = plugin_->api;
    arguments.instance = plugin_->instance;
    arguments.transport = SAEF_TLS;
    arguments.refusal = plugin_->refusal;
    arguments.max_held_sessions = plugin_->max_held_sessions;
    arguments.max_held_bytes = plugin_->max_held_bytes;
    arguments.max_hold_ms = plugin_->max_hold_ms;
    arguments.context = this;
    arguments.wake = [](void* self) { static_cast<Keys*>(self)->wake_(); };
    if (saef_gate_create(&arguments, &gate_) != SAEF_DONE) return Error::kLibrary;
    return {};
  }

  // What a host does that can't hold a handshake: everybody waits in the PSK callback.
  void UseBlockingLookups() {
    table_ = [plugin = plugin_](std::string_view identity) {
      return LookupWait(*plugin, identity);
    };
    associator_.associate = [plugin = plugin_](const std::string& identity,
                                               const bindings::CertificateSession* certificates,
                                               saef_association& association) {
      bindings::PeerDescription described(certificates);
      saef_peer& peer = described.peer;
      if (!described.is_there()) {
        peer.psk_identity = {reinterpret_cast<const std::uint8_t*>(identity.data()),
                             identity.size()};
      }
      const std::int32_t result = plugin->api->associate(plugin->instance, &peer, &association);
      if (result != SAEF_DONE) association = SAEF_NO_ASSOCIATION;
      return result == SAEF_DONE || result == SAEF_NOT_MINE;
    };
    associator_.dissociate = [plugin = plugin_](saef_association association) {
      plugin->api->dissociate(plugin->instance, association);
    };
  }

  static onem2m::Result<onem2m::Secret> LookupWait(const PluginGate& plugin,
                                                   std::string_view identity) {
    std::array<std::uint8_t, SAEF_MAX_KEY> key{};
    std::size_t length = key.size();
    const std::int32_t result = plugin.api->lookup_wait(
        plugin.instance, reinterpret_cast<const std::uint8_t*>(identity.data()), identity.size(),
        plugin.blocking_ms, key.data(), &length);
    if (result == SAEF_NOT_MINE && plugin.host_psk) return plugin.host_psk(identity);
    if (result != SAEF_KEY) return onem2m::Error::kOutOfRange;
    auto secret = onem2m::Secret::Copy(std::span(key).first(length));
    onem2m::Wipe(std::span<std::uint8_t>(key));
    return secret;
  }

  const bindings::CertificateParty party_;
  std::function<void()> wake_;
  PskTable table_;
  BufferedTls::Associator associator_;
  const PluginGate* plugin_ = nullptr;
  TlsContext context_;
  saef_gate* gate_ = nullptr;
};

class HttpServer final : public bindings::Server, public ServerConnection::Owner {
 public:
  HttpServer(ServerOptions options, bindings::RequestHandler& handler)
      : options_(std::move(options)),
        handler_(handler),
        mailbox_(std::make_shared<Mailbox>(io_)),
        gate_timer_(io_) {}

  // Without memory for a word to its own thread there is no way to end it.
  // NOLINTNEXTLINE(bugprone-exception-escape)
  ~HttpServer() override {
    if (thread_.joinable()) {
      mailbox_->Post([this] { Stop(); });
      thread_.join();
    }
    mailbox_->Close();
  }

  Result<void> Start();

  std::vector<std::uint16_t> ports() const override { return ports_; }
  std::size_t sessions() const override { return counters_.sessions.Get(); }
  bindings::ServerStatistics statistics() const override { return counters_.Read(); }
  void EndAssociation(saef_association association) override {
    mailbox_->Post([this, association] {
      const auto found = associations_.find(association);
      if (found == associations_.end()) return;
      if (const auto connection = found->second.lock()) connection->End(/*linger=*/true);
    });
  }

 private:
  struct Acceptor {
    Acceptor(boost::asio::io_context& io, bool is_secure)
        : socket(io), pause(io), secure(is_secure) {}
    tcp::acceptor socket;
    boost::asio::steady_timer pause;
    bool secure;
  };

  Result<void> Listen(const Listener& listener);
  void Accept(Acceptor& acceptor);
  void Accepted(Acceptor& acceptor, tcp::socket socket);
  void Stop();
  void Wake();
  void ProcessGate();

  // ServerConnection::Owner
  void Established(ServerConnection& connection) override;
  void Closed(ServerConnection& connection) override;
  void GateMoved() override;
  void CountRequest() override { counters_.requests.Add(); }
  void Log(LogLevel level, const std::string& text) override {
    if (options_.log) options_.log(level, text);
  }
  const ServerOptions& options() const override { return options_; }
  bindings::RequestHandler& handler() override { return handler_; }
  const std::shared_ptr<Mailbox>& mailbox() const override { return mailbox_; }

  ServerOptions options_;
  bindings::RequestHandler& handler_;
  boost::asio::io_context io_{1};
  const std::shared_ptr<Mailbox> mailbox_;
  std::vector<std::uint16_t> ports_;
  bindings::ServerCounters counters_;
  std::thread thread_;

  // Of the thread's only, once it runs.
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::optional<Keys> keys_;
  boost::asio::steady_timer gate_timer_;
  std::int64_t gate_deadline_ = -1;
  std::array<std::uint8_t, kScratchSize> scratch_{};
  std::unordered_map<ServerConnection*, std::weak_ptr<Channel>> connections_;
  std::unordered_map<saef_association, std::weak_ptr<ServerConnection>> associations_;
  std::atomic<bool> woken_{false};
};

Result<void> HttpServer::Start() {
  bool secure = false;
  for (const Listener& listener : options_.listeners) {
    secure = secure || listener.secure;
    if (const auto listening = Listen(listener); !listening) return listening.error();
  }
  if (acceptors_.empty()) return Error::kBadRequest;
  if (secure) {
    auto party = bindings::MakeServerParty(options_, kAllSuites);
    if (!party) return party.error();
    keys_.emplace(options_, std::move(*party), [this] { Wake(); });
    if (const auto opened = keys_->Open(); !opened) return opened.error();
  }
  for (const auto& acceptor : acceptors_) Accept(*acceptor);
  thread_ = std::thread([this] {
    // Returns when Stop has closed everything and the last connection is gone; only then the gate.
    io_.run();
    keys_.reset();
  });
  return {};
}

Result<void> HttpServer::Listen(const Listener& listener) {
  error_code error;
  const auto address = boost::asio::ip::make_address(listener.address, error);
  if (error) return Error::kListen;
  const tcp::endpoint endpoint(address, listener.port);
  auto acceptor = std::make_unique<Acceptor>(io_, listener.secure);
  acceptor->socket.open(endpoint.protocol(), error);
  if (!error) acceptor->socket.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->socket.bind(endpoint, error);
  if (!error) acceptor->socket.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) {
    Log(LogLevel::kError, "can't listen on " + Text(endpoint) + ": " + error.message());
    return Error::kListen;
  }
  ports_.push_back(acceptor->socket.local_endpoint(error).port());
  acceptors_.push_back(std::move(acceptor));
  return {};
}

void HttpServer::Accept(Acceptor& acceptor) {
  acceptor.socket.async_accept([this, &acceptor](error_code error, tcp::socket socket) {
    if (!acceptor.socket.is_open()) return;
    if (!error) {
      Accepted(acceptor, std::move(socket));
      return Accept(acceptor);
    }
    Log(LogLevel::kWarning, "can't accept: " + error.message());
    acceptor.pause.expires_after(kAcceptPause);
    acceptor.pause.async_wait([this, &acceptor](error_code) {
      if (acceptor.socket.is_open()) Accept(acceptor);
    });
  });
}

void HttpServer::Accepted(Acceptor& acceptor, tcp::socket socket) {
  error_code error;
  const tcp::endpoint remote = socket.remote_endpoint(error);
  if (error) return;
  if (connections_.size() >= options_.max_sessions) {
    counters_.refused_by_total_bound.Add();
    Log(LogLevel::kWarning, "too many sessions: " + Text(remote) + " is turned away");
    return;
  }
  const auto connection =
      std::make_shared<ServerConnection>(std::move(socket), scratch_, *this, Text(remote));
  if (acceptor.secure) {
    auto tls = keys_->NewSession([weak = std::weak_ptr<ServerConnection>(connection), this] {
      boost::asio::post(io_, [weak] {
        if (const auto alive = weak.lock()) alive->Advance();
      });
    });
    if (!tls) return Log(LogLevel::kError, "no TLS session for " + Text(remote));
    connection->UseTls(std::move(*tls));
  }
  connections_.emplace(connection.get(), connection);
  counters_.sessions.Set(connections_.size());
  counters_.sessions_opened.Add();
  if (acceptor.secure) counters_.handshakes.Add();
  connection->StartWithDeadline();
}

void HttpServer::Stop() {
  for (const auto& acceptor : acceptors_) {
    error_code ignored;
    acceptor->socket.close(ignored);
    acceptor->pause.cancel();
  }
  // Close takes each out of the map.
  while (!connections_.empty()) {
    const auto connection = connections_.begin()->second.lock();
    if (connection) {
      connection->Close();
    } else {
      connections_.erase(connections_.begin());
    }
  }
  gate_timer_.cancel();
  gate_deadline_ = -1;
}

void HttpServer::Established(ServerConnection& connection) {
  if (connection.handshaking()) counters_.EndHandshake(true);
  if (connection.association() == SAEF_NO_ASSOCIATION) return;
  associations_[connection.association()] =
      std::static_pointer_cast<ServerConnection>(connection.shared_from_this());
}

void HttpServer::Closed(ServerConnection& connection) {
  if (connection.handshaking()) counters_.EndHandshake(false);
  if (connection.association() != SAEF_NO_ASSOCIATION) {
    associations_.erase(connection.association());
  }
  connections_.erase(&connection);
  // Once its gate session is gone too.
  boost::asio::post(io_, [this] { GateMoved(); });
  counters_.sessions.Set(connections_.size());
}

// Any thread; many wakes are one.
void HttpServer::Wake() {
  if (woken_.exchange(true)) return;
  mailbox_->Post([this] {
    woken_ = false;
    ProcessGate();
  });
}

void HttpServer::ProcessGate() {
  if (!keys_ || keys_->gate() == nullptr) return;
  saef_tls_gate_process(keys_->gate(), GateNow());
  GateMoved();
}

void HttpServer::GateMoved() {
  if (!keys_ || keys_->gate() == nullptr) return;
  counters_.Take(keys_->gate());
  const std::int64_t deadline = saef_gate_deadline(keys_->gate());
  if (deadline == gate_deadline_) return;
  gate_deadline_ = deadline;
  gate_timer_.cancel();
  if (deadline < 0) return;
  gate_timer_.expires_after(
      std::chrono::milliseconds(std::max<std::int64_t>(0, deadline - GateNow())));
  gate_timer_.async_wait([this](error_code error) {
    if (error) return;
    gate_deadline_ = -1;
    ProcessGate();
  });
}

}  // namespace

Result<std::unique_ptr<bindings::Server>> StartServer(ServerOptions options,
                                                      bindings::RequestHandler& handler) {
  auto server = std::make_unique<HttpServer>(std::move(options), handler);
  if (const auto started = server->Start(); !started) return started.error();
  return std::unique_ptr<bindings::Server>(std::move(server));
}

}  // namespace saef::http
