// SPDX-License-Identifier: GPL-3.0-or-later
//
// How clients are opened here: over CoAP/DTLS or HTTP/TLS, as the URI's scheme says.
#ifndef SAEF_END_POINT_OPEN_CLIENT_H_
#define SAEF_END_POINT_OPEN_CLIENT_H_

#include <functional>
#include <memory>

#include "bindings/client.h"

namespace saef::end_point {

// No packet is sent yet. Must be callable from any thread.
using ClientOpener = std::function<bindings::Result<std::unique_ptr<bindings::Client>>(
    bindings::ClientOptions options)>;

bindings::Result<std::unique_ptr<bindings::Client>> OpenClient(bindings::ClientOptions options);

}  // namespace saef::end_point

#endif  // SAEF_END_POINT_OPEN_CLIENT_H_
