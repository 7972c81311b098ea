// SPDX-License-Identifier: GPL-3.0-or-later
//
// The cookie of RFC 6347 4.2.1, by which the peer of a server's session shows that datagrams reach
// it where it says that it is. It is made of the peer's address, so that one's is no good for
// another, and with a secret that outlives any WOLFSSL, so that an answer is understood without the
// one that has sent it. Where the handshake would replace a session, it is also made of that one's
// Random: so a ClientHello that somebody has recorded ends no later session. All on the context's
// thread.
#ifndef SAEF_BINDINGS_COAP_COOKIE_H_
#define SAEF_BINDINGS_COAP_COOKIE_H_

#include <coap3/coap.h>
#include <wolfssl/ssl.h>

#include <cstdint>
#include <span>

#include "bindings/coap/client_hello.h"
#include "onem2m/secret.h"

namespace saef::coap {

// To be called before the server's WOLFSSL reads anything: its cookies will be those of the peer of
// `session`, which replaces that of `replaced` (all zero: none). False: wolfSSL refuses.
bool SetCookie(WOLFSSL* ssl, const coap_session_t* session, const onem2m::Secret& secret,
               const HelloRandom& replaced);

// Whether `datagram`, a ClientHello from the address of the peer of `session`, carries the cookie
// of one who replaces it, `replaced` being its Random. If not, it is answered with a
// HelloVerifyRequest. Either way the session, which may be anything but closed, stays as it was.
// False also where there is no memory.
bool HasCookie(const coap_session_t* session, std::span<const std::uint8_t> datagram,
               const onem2m::Secret& secret, const HelloRandom& replaced);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_COOKIE_H_
