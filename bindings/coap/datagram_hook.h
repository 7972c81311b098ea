// SPDX-License-Identifier: GPL-3.0-or-later
//
// DatagramHook: a look at each datagram that comes to an endpoint of libcoap's on this thread,
// before the session that libcoap has for its sender gets it. libcoap has no place for that, and
// goes by the sender's address alone; so the linker puts us before coap_endpoint_get_session
// (-Wl,--wrap), which does what it always does on threads without a hook.
//
// Threads: a hook is its thread's alone, one at a time, from its construction to its destruction.
#ifndef SAEF_BINDINGS_COAP_DATAGRAM_HOOK_H_
#define SAEF_BINDINGS_COAP_DATAGRAM_HOOK_H_

#include <coap3/coap.h>

#include <cstdint>
#include <functional>
#include <span>

namespace saef::coap {

class DatagramHook {
 public:
  enum class Next {
    kGoOn,  // the session gets it
    kDrop,  // nobody does
    // The session, which coap_session_disconnected has ended and nobody has a reference to, is
    // freed, and the datagram is its sender's first.
    kFree,
  };
  using Look = std::function<Next(coap_session_t* session, std::span<const std::uint8_t> datagram)>;

  explicit DatagramHook(Look look);
  ~DatagramHook();
  DatagramHook(const DatagramHook&) = delete;
  DatagramHook& operator=(const DatagramHook&) = delete;

  Next Run(coap_session_t* session, std::span<const std::uint8_t> datagram) const {
    return look_(session, datagram);
  }

 private:
  const Look look_;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_DATAGRAM_HOOK_H_
