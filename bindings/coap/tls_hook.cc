// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/tls_hook.h"

#include "bindings/certificate_session.h"

// What the linker makes of -Wl,--wrap=wolfSSL_connect and -Wl,--wrap=wolfSSL_accept.
extern "C" {
int __real_wolfSSL_connect(WOLFSSL* ssl);
int __real_wolfSSL_accept(WOLFSSL* ssl);
int __wrap_wolfSSL_connect(WOLFSSL* ssl);
int __wrap_wolfSSL_accept(WOLFSSL* ssl);
}

namespace saef::coap {
namespace {

thread_local const TlsHook* the_hook = nullptr;

}  // namespace

TlsHook::TlsHook(Prepare prepare) : prepare_(std::move(prepare)) { the_hook = this; }

TlsHook::~TlsHook() { the_hook = nullptr; }

bool TlsHook::Run(WOLFSSL* ssl) const {
  return prepare_(ssl, static_cast<coap_session_t*>(wolfSSL_get_app_data(ssl)));
}

// libcoap calls each of the two once in a session, and goes on with wolfSSL_read; but some linkers
// put us before wolfSSL's own calls of them, too.
bool RunTlsHook(WOLFSSL* ssl) {
  return the_hook == nullptr || bindings::CertificateSession::IsPrepared(ssl) || the_hook->Run(ssl);
}

}  // namespace saef::coap

extern "C" int __wrap_wolfSSL_connect(WOLFSSL* ssl) {
  return saef::coap::RunTlsHook(ssl) ? __real_wolfSSL_connect(ssl) : 0;
}

extern "C" int __wrap_wolfSSL_accept(WOLFSSL* ssl) {
  return saef::coap::RunTlsHook(ssl) ? __real_wolfSSL_accept(ssl) : 0;
}
