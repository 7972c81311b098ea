// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/gated_tls.h"

#include <time.h>

#include <cstring>

namespace saef::http {

using bindings::Error;
using bindings::Result;

// It is read with whatever comes in, so the cheap clock is.
std::int64_t GateNow() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1000000;
}

GatedTls::GatedTls(Ssl ssl, const bindings::PskTable& host_psk, std::function<void()> ready)
    : TlsEngine(std::move(ssl)), host_psk_(host_psk), ready_(std::move(ready)) {}

// Before wolfSSL_free, which the base does.
GatedTls::~GatedTls() {
  if (session_ != nullptr) saef_tls_session_close(session_);
}

Result<std::unique_ptr<GatedTls>> GatedTls::Open(WOLFSSL_CTX* context, saef_gate* gate,
                                                 const bindings::PskTable& host_psk,
                                                 std::function<void()> ready) {
  Result<Ssl> session = MakeSsl(context);
  if (!session) return session.error();
  std::unique_ptr<GatedTls> tls(new GatedTls(std::move(*session), host_psk, std::move(ready)));
  saef_tls_session_arguments arguments{};
  arguments.size = sizeof(arguments);
  arguments.context = tls.get();
  arguments.ready = &GatedTls::Ready;
  arguments.host_psk = host_psk ? &GatedTls::HostPsk : nullptr;
  if (saef_tls_session_open(gate, tls->ssl(), &arguments, &tls->session_) != SAEF_DONE) {
    return Error::kLibrary;
  }
  return tls;
}

bool GatedTls::Put(std::span<const std::uint8_t> ciphertext) {
  return saef_tls_session_put(session_, ciphertext.data(), ciphertext.size(), GateNow()) ==
         SAEF_DONE;
}

std::span<const std::uint8_t> GatedTls::Take() {
  const saef_bytes bytes = saef_tls_session_take(session_);
  return {bytes.data, bytes.length};
}

void GatedTls::Taken(std::size_t length) { saef_tls_session_taken(session_, length); }

bool GatedTls::Associate() {
  const bindings::PeerDescription described(certificate_session());
  if (described.is_there() && saef_gate_session_peer(saef_tls_session_gate_session(session_),
                                                     &described.peer) != SAEF_DONE) {
    return false;
  }
  const std::int32_t result =
      saef_gate_session_established(saef_tls_session_gate_session(session_));
  return result == SAEF_DONE || result == SAEF_NOT_MINE;
}

saef_association GatedTls::association() const {
  return saef_gate_session_association(saef_tls_session_gate_session(session_));
}

std::string GatedTls::identity() const {
  const saef_bytes bytes = saef_gate_session_identity(saef_tls_session_gate_session(session_));
  if (bytes.length == 0) return {};
  return {reinterpret_cast<const char*>(bytes.data), bytes.length};
}

void GatedTls::Ready(void* self) { static_cast<GatedTls*>(self)->ready_(); }

std::size_t GatedTls::HostPsk(void* self, const std::uint8_t* identity, std::size_t length,
                              std::uint8_t* key, std::size_t capacity) {
  const auto found =
      static_cast<GatedTls*>(self)->host_psk_({reinterpret_cast<const char*>(identity), length});
  // 0 is "unknown"; a key that doesn't fit isn't cut.
  if (!found || found->empty() || found->size() > capacity) return 0;
  std::memcpy(key, found->data(), found->size());
  return found->size();
}

}  // namespace saef::http
