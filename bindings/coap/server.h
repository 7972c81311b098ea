// SPDX-License-Identifier: GPL-3.0-or-later
//
// The CoAP server of oneM2M (TS-0008) on libcoap: CoAP over UDP and over DTLS 1.2, its own thread,
// block-wise transfer through libcoap, both sets of option numbers.
#ifndef SAEF_BINDINGS_COAP_SERVER_H_
#define SAEF_BINDINGS_COAP_SERVER_H_

#include <memory>

#include "bindings/server.h"

namespace saef::coap {

// `handler` must outlive the server. kListen, kLibrary, kBadRequest (options that contradict each
// other).
bindings::Result<std::unique_ptr<bindings::Server>> StartServer(bindings::ServerOptions options,
                                                                bindings::RequestHandler& handler);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_SERVER_H_
