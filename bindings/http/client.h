// SPDX-License-Identifier: GPL-3.0-or-later
//
// The HTTP client of oneM2M (TS-0009) on Boost.Beast: HTTP/1.1 in the clear and over TLS 1.2 with
// TLS_PSK_WITH_AES_128_CBC_SHA256 (wolfSSL), SNI, one kept connection. Its own thread.
//
// One request at a time; others queue. Where a kept connection ends before the first byte of an
// answer, the request is sent once more on a fresh one, a CREATE too: a server that gives up an
// idle connection just then can't be told from one that fails, and the Request Identifier stays the
// same. On a fresh connection nothing is repeated.
//
// A request that expires while the session isn't established fails with kUnreachable; one that
// expires under way takes the connection with it, since its late answer would be taken for the next
// one's.
#ifndef SAEF_BINDINGS_HTTP_CLIENT_H_
#define SAEF_BINDINGS_HTTP_CLIENT_H_

#include <memory>

#include "bindings/client.h"

namespace saef::http {

// Nothing is sent yet. kBadUri, kLibrary.
bindings::Result<std::unique_ptr<bindings::Client>> OpenClient(bindings::ClientOptions options);

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_CLIENT_H_
