// SPDX-License-Identifier: GPL-3.0-or-later
//
// The HTTP server of oneM2M (TS-0009) on Boost.Beast: HTTP/1.1 in the clear and over TLS 1.2
// (wolfSSL) behind the gate; its own thread.
#ifndef SAEF_BINDINGS_HTTP_SERVER_H_
#define SAEF_BINDINGS_HTTP_SERVER_H_

#include <memory>

#include "bindings/server.h"

namespace saef::http {

// `handler` must outlive the server. kListen, kLibrary, kBadRequest.
bindings::Result<std::unique_ptr<bindings::Server>> StartServer(bindings::ServerOptions options,
                                                                bindings::RequestHandler& handler);

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_SERVER_H_
