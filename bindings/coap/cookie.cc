// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/cookie.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <tuple>

#include "bindings/coap/tls_session.h"

namespace saef::coap {
namespace {

struct FreeTls {
  void operator()(WOLFSSL* ssl) const { wolfSSL_free(ssl); }
};

// What a WOLFSSL that only looks for a cookie reads, and what it has found.
struct Hello {
  std::span<const std::uint8_t> unread;
  bool has_cookie = false;
};

int ReadHello(WOLFSSL*, char* buffer, int size, void* hello) {
  auto& unread = static_cast<Hello*>(hello)->unread;
  if (unread.empty() || size <= 0) return WOLFSSL_CBIO_ERR_WANT_READ;
  const std::size_t length = std::min(unread.size(), static_cast<std::size_t>(size));
  std::memcpy(buffer, unread.data(), length);
  unread = {};  // one datagram, one read
  return static_cast<int>(length);
}

int SendNothing(WOLFSSL*, char*, int size, void*) { return size; }

// The handshake isn't this WOLFSSL's, so nothing more is read or sent.
int OnCookie(WOLFSSL* ssl, void* hello) {
  static_cast<Hello*>(hello)->has_cookie = true;
  wolfSSL_SSLSetIOSend(ssl, SendNothing);
  return -1;
}

}  // namespace

bool SetCookie(WOLFSSL* ssl, const coap_session_t* session, const onem2m::Secret& secret,
               const HelloRandom& replaced) {
  coap_address_t from = *coap_session_get_addr_remote(session);
  std::array<std::uint8_t, onem2m::Secret::kMaxSize + std::tuple_size_v<HelloRandom>> key;
  std::ranges::copy(replaced, std::copy_n(secret.data(), secret.size(), key.begin()));
  // Else wolfSSL makes a secret of its own when it learns which side it is.
  wolfSSL_set_accept_state(ssl);
  const bool set =
      wolfSSL_dtls_set_peer(ssl, &from.addr.sa, from.size) == WOLFSSL_SUCCESS &&
      wolfSSL_DTLS_SetCookieSecret(ssl, key.data(),
                                   static_cast<unsigned>(secret.size() + replaced.size())) == 0;
  onem2m::Wipe(key);
  return set;
}

bool HasCookie(const coap_session_t* session, std::span<const std::uint8_t> datagram,
               const onem2m::Secret& secret, const HelloRandom& replaced) {
  WOLFSSL* const own = TlsOf(session);
  if (own == nullptr) return false;
  const std::unique_ptr<WOLFSSL, FreeTls> ssl(wolfSSL_new(wolfSSL_get_SSL_CTX(own)));
  if (!ssl || !SetCookie(ssl.get(), session, secret, replaced)) return false;
  Hello hello{datagram};
  wolfSSL_SSLSetIORecv(ssl.get(), ReadHello);
  wolfSSL_SetIOReadCtx(ssl.get(), &hello);
  wolfSSL_SetIOWriteCtx(ssl.get(), wolfSSL_GetIOWriteCtx(own));  // it sends as libcoap does
  wolfDTLS_SetChGoodCb(ssl.get(), OnCookie, &hello);
  wolfSSL_accept(ssl.get());
  return hello.has_cookie;
}

}  // namespace saef::coap
