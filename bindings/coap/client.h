// SPDX-License-Identifier: GPL-3.0-or-later
//
// The CoAP client of oneM2M (TS-0008) on libcoap: DTLS 1.2 with TLS_PSK_WITH_AES_128_CCM_8, SNI,
// one kept session, many requests in it. Its own thread and context; nothing here touches a
// server's or a host's libcoap.
#ifndef SAEF_BINDINGS_COAP_CLIENT_H_
#define SAEF_BINDINGS_COAP_CLIENT_H_

#include <memory>

#include "bindings/client.h"

namespace saef::coap {

// No packet is sent yet. kBadUri (scheme, host), kLibrary.
bindings::Result<std::unique_ptr<bindings::Client>> OpenClient(bindings::ClientOptions options);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_CLIENT_H_
