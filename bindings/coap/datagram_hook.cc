// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/datagram_hook.h"

#include <utility>

// libcoap's own, which no public header has; the last is what the linker makes of
// -Wl,--wrap=coap_endpoint_get_session.
extern "C" {
struct coap_packet_t;
void coap_packet_get_memmapped(struct coap_packet_t* packet, unsigned char** octets,
                               std::size_t* length);
void coap_session_free(coap_session_t* session);
coap_session_t* __real_coap_endpoint_get_session(coap_endpoint_t* endpoint,
                                                 struct coap_packet_t* packet, coap_tick_t now);
coap_session_t* __wrap_coap_endpoint_get_session(coap_endpoint_t* endpoint,
                                                 struct coap_packet_t* packet, coap_tick_t now);
}

namespace saef::coap {
namespace {

thread_local const DatagramHook* the_datagram_hook = nullptr;

DatagramHook::Next Look(coap_session_t* session, coap_packet_t* packet) {
  if (session == nullptr || the_datagram_hook == nullptr) return DatagramHook::Next::kGoOn;
  unsigned char* octets = nullptr;
  std::size_t length = 0;
  coap_packet_get_memmapped(packet, &octets, &length);
  return the_datagram_hook->Run(session, {octets, length});
}

}  // namespace

DatagramHook::DatagramHook(Look look) : look_(std::move(look)) { the_datagram_hook = this; }

DatagramHook::~DatagramHook() { the_datagram_hook = nullptr; }

coap_session_t* SessionFor(coap_endpoint_t* endpoint, coap_packet_t* packet, coap_tick_t now) {
  coap_session_t* session = __real_coap_endpoint_get_session(endpoint, packet, now);
  auto next = Look(session, packet);
  if (next == DatagramHook::Next::kFree) {
    coap_handle_event(coap_session_get_context(session), COAP_EVENT_SERVER_SESSION_DEL, session);
    coap_session_free(session);
    session = __real_coap_endpoint_get_session(endpoint, packet, now);
    next = Look(session, packet);
  }
  return next == DatagramHook::Next::kGoOn ? session : nullptr;
}

}  // namespace saef::coap

extern "C" coap_session_t* __wrap_coap_endpoint_get_session(coap_endpoint_t* endpoint,
                                                            coap_packet_t* packet,
                                                            coap_tick_t now) {
  return saef::coap::SessionFor(endpoint, packet, now);
}
