// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/server_session.h"

#include <array>

#include "bindings/coap/tls_session.h"

namespace saef::coap {
namespace {

using bindings::Error;

constexpr std::chrono::milliseconds kExportTimeout{5000};

std::string PeerOf(const coap_session_t* session) {
  std::array<unsigned char, 64> text{};
  const coap_address_t* address = coap_session_get_addr_remote(session);
  const std::size_t length =
      address == nullptr ? 0 : coap_print_addr(address, text.data(), text.size());
  return {reinterpret_cast<const char*>(text.data()), std::min(length, text.size())};
}

// An export's result; the thread that asked for it may have stopped waiting.
struct Exported {
  Mutex mutex;
  bindings::Result<onem2m::Secret> result SAEF_GUARDED_BY(mutex) = Error::kClosed;
};

}  // namespace

ServerSession::ServerSession(std::shared_ptr<Loop> loop, coap_session_t* session,
                             std::size_t max_content_length, OnEnd on_end)
    : bodies(max_content_length),
      loop_(std::move(loop)),
      session_(session),
      on_end_(std::move(on_end)),
      secure_(coap_session_get_proto(session) == COAP_PROTO_DTLS),
      peer_(PeerOf(session)) {}

std::string ServerSession::psk_identity() const {
  const MutexLock lock(mutex_);
  return identity_;
}

std::vector<std::string> ServerSession::peer_certificates() const {
  const MutexLock lock(mutex_);
  return peer_certificates_;
}

std::string ServerSession::peer_public_key() const {
  const MutexLock lock(mutex_);
  return peer_public_key_;
}

void ServerSession::SetPeer(const bindings::CertificateSession& session) {
  const MutexLock lock(mutex_);
  peer_certificates_ = session.certificates();
  peer_public_key_ = session.public_key();
}

void ServerSession::SetIdentity(std::string identity) {
  const MutexLock lock(mutex_);
  identity_ = std::move(identity);
}

bindings::Result<onem2m::Secret> ServerSession::ExportKeyingMaterial(std::string_view label,
                                                                     std::size_t length) {
  const auto exported = std::make_shared<Exported>();
  const bool done = loop_->RunAndWait(
      [self = shared_from_this(), exported, label = std::string(label), length] {
        auto result = self->session_ == nullptr ? bindings::Result<onem2m::Secret>(Error::kClosed)
                                                : Export(self->session_, label, length);
        const MutexLock lock(exported->mutex);
        exported->result = std::move(result);
      },
      kExportTimeout);
  const MutexLock lock(exported->mutex);
  if (!done) return Error::kClosed;
  return std::move(exported->result);
}

void ServerSession::EndAfterResponse() {
  if (end_wanted_.exchange(true)) return;
  loop_->Post([self = shared_from_this()] { self->on_end_(*self); });
}

void ServerSession::Close() {
  session_ = nullptr;
  place.Leave();
  association_ = SAEF_NO_ASSOCIATION;
}

}  // namespace saef::coap
