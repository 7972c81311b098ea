// SPDX-License-Identifier: GPL-3.0-or-later
//
// SessionLooksOff: while one is there, libcoap doesn't look at all sessions of its context after
// each datagram that it has read on this thread, to see which has to repeat a flight or was silent
// for too long; with thousands of them that takes longer than a handshake. Whoever says so sees to
// it that coap_io_prepare_epoll looks soon. One at a time on a thread.
#ifndef SAEF_BINDINGS_COAP_SESSION_LOOKS_H_
#define SAEF_BINDINGS_COAP_SESSION_LOOKS_H_

namespace saef::coap {

class SessionLooksOff {
 public:
  SessionLooksOff();
  ~SessionLooksOff();
  SessionLooksOff(const SessionLooksOff&) = delete;
  SessionLooksOff& operator=(const SessionLooksOff&) = delete;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_SESSION_LOOKS_H_
