// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/server_keys.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <variant>

#include "bindings/coap/cookie.h"
#include "bindings/coap/tls_session.h"

namespace saef::coap {

using bindings::Error;
using bindings::PluginGate;
using bindings::PskTable;
using bindings::Result;

ServerKeys::ServerKeys(const bindings::ServerOptions& options,
                       const bindings::CertificateParty& certificates,
                       const onem2m::Secret& cookie_secret, bindings::ServerPart part,
                       Thread thread)
    : options_(options),
      certificates_(certificates),
      part_(part),
      cookie_secret_(cookie_secret),
      thread_(std::move(thread)) {}

Result<void> ServerKeys::SetUp(coap_context_t* context, coap_event_handler_t on_event) {
  const bool secure =
      std::any_of(options_.listeners.begin(), options_.listeners.end(),
                  [](const bindings::Listener& listener) { return listener.secure; });
  if (const auto* gate = std::get_if<PluginGate>(&options_.keys)) {
    return AttachGate(context, *gate, on_event);
  }
  const auto* table = std::get_if<PskTable>(&options_.keys);
  if ((table == nullptr || !*table) && !certificates_.in_use()) {
    if (secure) return Error::kBadRequest;
    return {};
  }
  coap_dtls_spsk_t psk{};
  psk.version = COAP_DTLS_SPSK_SETUP_VERSION;
  psk.validate_id_call_back = OnPsk;
  psk.id_call_back_arg = this;
  if (coap_context_set_psk2(context, &psk) == 0) return Error::kLibrary;
  return {};
}

Result<void> ServerKeys::AttachGate(coap_context_t* context, const PluginGate& keys,
                                    coap_event_handler_t on_event) {
  if (keys.api == nullptr || keys.instance == nullptr) return Error::kBadRequest;
  saef_coap_gate_arguments arguments{};
  arguments.size = sizeof(arguments);
  arguments.gate.size = sizeof(arguments.gate);
  arguments.gate.api = keys.api;
  arguments.gate.instance = keys.instance;
  arguments.gate.refusal = keys.refusal;
  const std::size_t held = keys.max_held_sessions;
  arguments.gate.max_held_sessions = part_.Of(held == 0 ? bindings::kMaxHeldSessions : held);
  arguments.gate.max_held_bytes = keys.max_held_bytes;
  arguments.gate.max_hold_ms = keys.max_hold_ms;
  arguments.blocking = keys.blocking_ms;
  arguments.event = on_event;
  if (keys.host_psk) {
    arguments.host_psk = OnHostPsk;
    arguments.host_psk_context = this;
  }
  if (saef_coap_gate_attach(context, &arguments, &gate_) != SAEF_DONE) return Error::kLibrary;
  return {};
}

void ServerKeys::Start() {
  hook_.emplace([this](WOLFSSL* ssl, coap_session_t* session) { return Prepare(ssl, session); });
}

void ServerKeys::Stop() {
  hook_.reset();
  saef_coap_gate_detach(gate_);
  gate_ = nullptr;
}

Clock::time_point ServerKeys::Turn(Clock::time_point now) {
  const auto later = now + std::chrono::hours(1);
  if (gate_ == nullptr) return later;
  saef_coap_gate_process(gate_);
  const std::int64_t wait = saef_coap_gate_timeout_ms(gate_);
  return wait >= 0 ? now + std::chrono::milliseconds(wait) : later;
}

saef_association ServerKeys::AssociationOf(coap_session_t* session) const {
  return gate_ == nullptr ? SAEF_NO_ASSOCIATION : saef_coap_gate_association(gate_, session);
}

void ServerKeys::EndAssociation(saef_association association) {
  if (gate_ != nullptr) saef_coap_gate_end_association(gate_, association);
}

const coap_bin_const_t* ServerKeys::OnPsk(coap_bin_const_t* identity, coap_session_t* session,
                                          void* self) {
  auto* keys = static_cast<ServerKeys*>(self);
  const auto* table = std::get_if<PskTable>(&keys->options_.keys);
  if (table == nullptr || !*table) return nullptr;
  KeepForExport(session);
  auto key = (*table)({reinterpret_cast<const char*>(identity->s), identity->length});
  if (!key || key->empty() || key->size() > SAEF_MAX_KEY) return nullptr;
  keys->key_ = std::move(*key);
  keys->key_view_ = {keys->key_.size(), keys->key_.data()};
  return &keys->key_view_;
}

std::size_t ServerKeys::OnHostPsk(void* self, const std::uint8_t* identity, std::size_t length,
                                  std::uint8_t* key, std::size_t capacity) {
  const auto& table = std::get<PluginGate>(static_cast<ServerKeys*>(self)->options_.keys).host_psk;
  const auto found = table({reinterpret_cast<const char*>(identity), length});
  if (!found || found->size() > capacity) return 0;
  std::memcpy(key, found->data(), found->size());
  return found->size();
}

bool ServerKeys::MayReplace(coap_session_t* session, std::span<const std::uint8_t> hello) const {
  return HasCookie(session, hello, cookie_secret_, thread_.session_of(session)->hello);
}

// Once for each session; that of MayReplace is nobody's.
bool ServerKeys::Prepare(WOLFSSL* ssl, coap_session_t* session) {
  if (session == nullptr) return true;
  bool& prepared = thread_.session_of(session)->prepared;
  if (prepared) return true;
  prepared = true;
  return (!certificates_.in_use() || PrepareCertificates(ssl, session)) &&
         PrepareCookies(ssl, session);
}

bool ServerKeys::PrepareCookies(WOLFSSL* ssl, coap_session_t* session) {
  wolfDTLS_SetChGoodCb(ssl, OnVerified, this);
  return SetCookie(ssl, session, cookie_secret_, thread_.session_of(session)->replaced);
}

int ServerKeys::OnVerified(WOLFSSL* ssl, void* self) {
  auto* const session = static_cast<coap_session_t*>(wolfSSL_get_app_data(ssl));
  return static_cast<ServerKeys*>(self)->thread_.verified(session);
}

// The gate is told whom it is to associate before the handshake is over.
bool ServerKeys::PrepareCertificates(WOLFSSL* ssl, coap_session_t* session) {
  const auto tell_gate = [this, session](const bindings::CertificateSession& accepted) {
    const bindings::PeerDescription described(&accepted);
    return gate_ == nullptr ||
           saef_coap_gate_session_peer(gate_, session, &described.peer) == SAEF_DONE;
  };
  auto& held = thread_.session_of(session)->certificates;
  held = std::make_unique<bindings::CertificateSession>(certificates_, tell_gate);
  return held->Prepare(ssl);
}

}  // namespace saef::coap
