// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/server_keys.h"

#include <array>
#include <span>
#include <utility>
#include <variant>

#include "bindings/http/gated_tls.h"

namespace saef::http {

using bindings::Error;
using bindings::PluginGate;
using bindings::PskTable;
using bindings::Result;

namespace {

onem2m::Result<onem2m::Secret> LookupWait(const PluginGate& plugin, std::string_view identity) {
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

}  // namespace

ServerKeys::ServerKeys(const bindings::ServerOptions& options,
                       const bindings::CertificateParty& party, bindings::ServerPart part,
                       std::function<void()> wake)
    : party_(party), part_(part), wake_(std::move(wake)) {
  if (const auto* table = std::get_if<PskTable>(&options.keys)) table_ = *table;
  plugin_ = std::get_if<PluginGate>(&options.keys);
}

ServerKeys::~ServerKeys() { saef_gate_destroy(gate_); }

Result<void> ServerKeys::Open() {
  if (plugin_ != nullptr && plugin_->blocking_ms != 0) UseBlockingLookups();
  if (plugin_ != nullptr && plugin_->blocking_ms == 0) return OpenGate();
  if (!table_ && !party_.in_use()) return Error::kBadRequest;
  Result<TlsContext> context = MakeServerContext();
  if (!context) return context.error();
  context_ = std::move(*context);
  return {};
}

Result<std::unique_ptr<TlsEngine>> ServerKeys::NewSession(std::function<void()> ready) {
  auto session = MakeSession(std::move(ready));
  if (!session || !party_.in_use()) return session;
  if (const auto used = (*session)->UseCertificates(party_); !used) return used.error();
  return session;
}

Result<std::unique_ptr<TlsEngine>> ServerKeys::MakeSession(std::function<void()> ready) {
  if (gate_ != nullptr) {
    auto gated = GatedTls::Open(context_.get(), gate_, plugin_->host_psk, std::move(ready));
    if (!gated) return gated.error();
    return std::unique_ptr<TlsEngine>(std::move(*gated));
  }
  auto buffered =
      BufferedTls::OpenServer(context_.get(), table_, plugin_ != nullptr ? &associator_ : nullptr);
  if (!buffered) return buffered.error();
  return std::unique_ptr<TlsEngine>(std::move(*buffered));
}

Result<void> ServerKeys::OpenGate() {
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
  const std::size_t held = plugin_->max_held_sessions;
  arguments.max_held_sessions = part_.Of(held == 0 ? bindings::kMaxHeldSessions : held);
  arguments.max_held_bytes = plugin_->max_held_bytes;
  arguments.max_hold_ms = plugin_->max_hold_ms;
  arguments.context = this;
  arguments.wake = [](void* self) { static_cast<ServerKeys*>(self)->wake_(); };
  if (saef_gate_create(&arguments, &gate_) != SAEF_DONE) return Error::kLibrary;
  return {};
}

// What a host does that can't hold a handshake: everybody waits in the PSK callback.
void ServerKeys::UseBlockingLookups() {
  table_ = [plugin = plugin_](std::string_view identity) { return LookupWait(*plugin, identity); };
  associator_.associate = [plugin = plugin_](const std::string& identity,
                                             const bindings::CertificateSession* certificates,
                                             saef_association& association) {
    bindings::PeerDescription described(certificates);
    saef_peer& peer = described.peer;
    if (!described.is_there()) {
      peer.psk_identity = {reinterpret_cast<const std::uint8_t*>(identity.data()), identity.size()};
    }
    const std::int32_t result = plugin->api->associate(plugin->instance, &peer, &association);
    if (result != SAEF_DONE) association = SAEF_NO_ASSOCIATION;
    return result == SAEF_DONE || result == SAEF_NOT_MINE;
  };
  associator_.dissociate = [plugin = plugin_](saef_association association) {
    plugin->api->dissociate(plugin->instance, association);
  };
}

}  // namespace saef::http
