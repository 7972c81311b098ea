// SPDX-License-Identifier: GPL-3.0-or-later
//
// OpenEndpoint: a socket of libcoap's that the server listens on, at a port that it shares with
// nobody but its own other threads (udp_port.h).
#ifndef SAEF_BINDINGS_COAP_ENDPOINT_H_
#define SAEF_BINDINGS_COAP_ENDPOINT_H_

#include <coap3/coap.h>

#include <cstdint>

#include "bindings/coap/udp_port.h"
#include "bindings/error.h"
#include "bindings/server.h"

namespace saef::coap {

// Its port. kListen, also where somebody else has the port; kLibrary. The context frees it.
bindings::Result<std::uint16_t> OpenEndpoint(coap_context_t* context,
                                             const bindings::Listener& listener, PortUse use);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_ENDPOINT_H_
