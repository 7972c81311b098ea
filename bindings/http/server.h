// SPDX-License-Identifier: GPL-3.0-or-later
//
// The HTTP server of oneM2M (TS-0009) on Boost.Beast: HTTP/1.1 in the clear and over TLS 1.2
// (wolfSSL) behind the gate; its own thread.
//
// Bounds: ServerOptions::handshake_timeout is for the handshake and for each request's header (16
// KiB at most; 431); idle_timeout for the pause between requests, for a request's content (413
// beyond max_content_length), for the handler's answer (4008) and for the client's reading it.
// Requests on one connection are handled one after the other.
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
