// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/client_session.h"

#include <cstring>

#include "bindings/coap/tls_hook.h"
#include "bindings/coap/tls_session.h"
#include "bindings/coap/udp_buffers.h"

namespace saef::coap {
namespace {

using bindings::Error;

// The wait between the first and the second retransmission of RFC 7252 4.2. If nothing at all was
// answered in that time, the peer has lost the session (it was restarted, or its close_notify got
// lost): a UDP server says nothing to records that it can't place.
constexpr std::chrono::milliseconds kSilence{3900};

// Alerts (RFC 5246 7.2) by which a peer says that it doesn't take our credential.
bool IsAboutCredential(int alert, bool key_used) {
  switch (alert) {
    case 115:  // unknown_psk_identity (RFC 4279)
    case 42:   // bad_certificate … 46 certificate_unknown
    case 43:
    case 44:
    case 45:
    case 46:
    case 48:  // unknown_ca
    case 49:  // access_denied
      return true;
    case 20:  // bad_record_mac, decrypt_error, handshake_failure, decryption_failed: so ends a
    case 21:  // handshake with a wrong key. Before a key was used they mean something else.
    case 40:
    case 51:
      return key_used;
    default:
      return false;
  }
}

unsigned int PskCallback(WOLFSSL* tls, const char*, char* identity, unsigned int identity_size,
                         unsigned char* key, unsigned int key_size) {
  auto* session = static_cast<coap_session_t*>(wolfSSL_get_app_data(tls));
  auto* self = session == nullptr ? nullptr
                                  : static_cast<ClientSession*>(coap_session_get_app_data(session));
  return self == nullptr ? 0 : self->OnPsk(identity, identity_size, key, key_size);
}

}  // namespace

std::unique_ptr<ClientSession> ClientSession::Open(coap_context_t* context,
                                                   const coap_address_t& address,
                                                   const SessionSettings& settings) {
  std::unique_ptr<ClientSession> self(new ClientSession(settings));
  if (settings.secure) {
    if (!self->OpenSecure(context, address)) return nullptr;
  } else {
    self->session_ = coap_new_client_session(context, nullptr, &address, COAP_PROTO_UDP);
    if (self->session_ == nullptr) return nullptr;
    self->established_ = true;
  }
  if (const auto* const local = coap_session_get_addr_local(self->session_))
    RaiseUdpBuffers(*local);
  coap_session_set_app_data(self->session_, self.get());
  coap_session_set_nstart(self->session_, settings.nstart);
  return self;
}

bool ClientSession::OpenSecure(coap_context_t* context, const coap_address_t& address) {
  // libcoap would copy the key into memory that it doesn't wipe. It gets another one, and wolfSSL
  // asks us for ours.
  static constexpr std::uint8_t kPlaceholder[] = {0};
  server_name_ = settings_.server_name;
  coap_dtls_cpsk_t psk{};
  psk.version = COAP_DTLS_CPSK_SETUP_VERSION;
  psk.client_sni = server_name_.empty() ? nullptr : server_name_.data();
  psk.psk_info.identity.s = reinterpret_cast<const std::uint8_t*>(settings_.identity.data());
  psk.psk_info.identity.length = settings_.identity.size();
  psk.psk_info.key.s = kPlaceholder;
  psk.psk_info.key.length = sizeof(kPlaceholder);
  std::optional<TlsHook> hook;
  if (settings_.certificates.in_use()) {
    certificates_.emplace(settings_.certificates);
    hook.emplace([this](WOLFSSL* ssl, coap_session_t*) { return certificates_->Prepare(ssl); });
  }
  session_ = coap_new_client_session_psk2(context, nullptr, &address, COAP_PROTO_DTLS, &psk);
  if (session_ == nullptr) return false;
  WOLFSSL* tls = TlsOf(session_);
  if (tls == nullptr) {
    End(Error::kUnreachable);  // not even the first flight could be sent
    return true;
  }
  if (certificates_) return true;
  wolfSSL_set_psk_client_callback(tls, PskCallback);
  KeepForExport(session_);
  return true;
}

ClientSession::~ClientSession() {
  if (session_ == nullptr) return;
  coap_session_set_app_data(session_, nullptr);
  coap_session_release(session_);
}

unsigned int ClientSession::OnPsk(char* identity, unsigned int identity_size, unsigned char* key,
                                  unsigned int key_size) {
  key_used_ = true;
  // Both were checked when the client was opened; nothing is ever cut to fit.
  if (settings_.identity.size() >= identity_size || settings_.key.size() > key_size) return 0;
  std::memcpy(identity, settings_.identity.data(), settings_.identity.size());
  identity[settings_.identity.size()] = '\0';
  std::memcpy(key, settings_.key.data(), settings_.key.size());
  return static_cast<unsigned int>(settings_.key.size());
}

void ClientSession::OnEvent(coap_event_t event) {
  switch (event) {
    case COAP_EVENT_DTLS_CONNECTED:
      established_ = true;
      break;
    case COAP_EVENT_DTLS_ERROR:
      End(established_ ? Error::kClosed : HandshakeError());
      break;
    case COAP_EVENT_DTLS_CLOSED:
      End(established_ ? Error::kClosed : Error::kHandshake);
      break;
    case COAP_EVENT_MSG_RETRANSMITTED: {
      const auto now = Clock::now();
      if (!first_silent_) {
        first_silent_ = now;
      } else if (settings_.secure && now - *first_silent_ >= kSilence) {
        End(Error::kClosed);
      }
      break;
    }
    default:
      break;
  }
}

void ClientSession::OnNack(coap_nack_reason_t reason) {
  switch (reason) {
    case COAP_NACK_ICMP_ISSUE:
    case COAP_NACK_NOT_DELIVERABLE:
      End(established_ && settings_.secure ? Error::kClosed : Error::kUnreachable);
      break;
    case COAP_NACK_TLS_FAILED:
    case COAP_NACK_TLS_LAYER_FAILED:
      // Without a note of an alert before: libcoap has given up retransmitting.
      End(established_ ? Error::kClosed : Silence());
      break;
    case COAP_NACK_TOO_MANY_RETRIES:
      End(Error::kClosed);
      break;
    default:
      break;
  }
}

void ClientSession::End(Error error) {
  if (!end_) end_ = error;
}

Error ClientSession::HandshakeError() const {
  if (certificates_ && certificates_->refused()) return Error::kPeerNotAuthentic;
  return IsAboutCredential(ReceivedAlert(session_), key_used_ || certificates_)
             ? Error::kCredentialRefused
             : Error::kHandshake;
}

}  // namespace saef::coap
