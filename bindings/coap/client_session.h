// SPDX-License-Identifier: GPL-3.0-or-later
//
// ClientSession: one libcoap session to one address, from its handshake to its end, and why it
// ended. All on the loop's thread. libcoap's callbacks only take notes here; nothing is freed
// within them.
#ifndef SAEF_BINDINGS_COAP_CLIENT_SESSION_H_
#define SAEF_BINDINGS_COAP_CLIENT_SESSION_H_

#include <coap3/coap.h>

#include <memory>
#include <optional>
#include <string>

#include "bindings/certificate_session.h"
#include "bindings/client.h"
#include "bindings/coap/loop.h"

namespace saef::coap {

// What a session is made with; outlives it.
struct SessionSettings {
  bool secure = true;
  std::string identity;
  onem2m::Secret key;
  bindings::CertificateParty certificates;  // where in use, no PSK
  std::string server_name;                  // SNI; empty: none
  std::uint16_t nstart = 64;
};

class ClientSession {
 public:
  // Sends the first flight. Null: libcoap can't.
  static std::unique_ptr<ClientSession> Open(coap_context_t* context, const coap_address_t& address,
                                             const SessionSettings& settings);
  // Sends close_notify if the handshake is over. libcoap tells about what is outstanding meanwhile.
  ~ClientSession();
  ClientSession(const ClientSession&) = delete;
  ClientSession& operator=(const ClientSession&) = delete;

  coap_session_t* get() const { return session_; }
  bool established() const { return established_; }
  // Why it is over; none: it isn't.
  std::optional<bindings::Error> end() const { return end_; }
  // What silence in the handshake means: if our key has been used, the peer's is another, because
  // in DTLS what can't be decrypted is dropped.
  bindings::Error Silence() const {
    return key_used_ ? bindings::Error::kCredentialRefused : bindings::Error::kUnreachable;
  }

  // From libcoap's callbacks.
  void OnEvent(coap_event_t event);
  void OnNack(coap_nack_reason_t reason);
  // A response came: the peer is alive.
  void OnAnswer() { first_silent_.reset(); }
  unsigned int OnPsk(char* identity, unsigned int identity_size, unsigned char* key,
                     unsigned int key_size);

 private:
  ClientSession(const SessionSettings& settings) : settings_(settings) {}
  bool OpenSecure(coap_context_t* context, const coap_address_t& address);
  void End(bindings::Error error);
  bindings::Error HandshakeError() const;

  const SessionSettings& settings_;
  std::string server_name_;                                   // libcoap edits it in place
  std::optional<bindings::CertificateSession> certificates_;  // none: a PSK's session
  coap_session_t* session_ = nullptr;
  bool established_ = false;
  bool key_used_ = false;
  std::optional<bindings::Error> end_;
  std::optional<Clock::time_point> first_silent_;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_CLIENT_SESSION_H_
