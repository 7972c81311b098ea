// SPDX-License-Identifier: GPL-3.0-or-later
//
// TlsHook: a look at each WOLFSSL that libcoap makes on this thread, before its first flight is
// sent or read. libcoap's own interface can't give one session both PSKs and certificates, nor a
// raw public key beside a certificate, and has no such hook on wolfSSL; so the linker puts us
// before wolfSSL_connect and wolfSSL_accept (-Wl,--wrap), which do what they always do on threads
// without a hook.
//
// Threads: a hook is its thread's alone, one at a time, from its construction to its destruction.
#ifndef SAEF_BINDINGS_COAP_TLS_HOOK_H_
#define SAEF_BINDINGS_COAP_TLS_HOOK_H_

#include <coap3/coap.h>
#include <wolfssl/ssl.h>

#include <functional>

namespace saef::coap {

class TlsHook {
 public:
  // `session` is null where libcoap hasn't joined the two yet. False ends the handshake.
  using Prepare = std::function<bool(WOLFSSL* ssl, coap_session_t* session)>;

  explicit TlsHook(Prepare prepare);
  ~TlsHook();
  TlsHook(const TlsHook&) = delete;
  TlsHook& operator=(const TlsHook&) = delete;

  bool Run(WOLFSSL* ssl) const;

 private:
  const Prepare prepare_;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_TLS_HOOK_H_
