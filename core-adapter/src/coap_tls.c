/* SPDX-License-Identifier: BSD-2-Clause */
#include "coap_tls.h"

#if defined(SAEF_COAP_GATE_WOLFSSL)

#ifndef WOLFSSL_USER_SETTINGS
#include <wolfssl/options.h>
#endif
#include <wolfssl/ssl.h>

/* TS-0003 10.2.2 and 10.2.3: the suites that are mandatory over DTLS, and no others:
 * TLS_PSK_WITH_AES_128_CCM_8 (RFC 6655) and TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 (RFC 7251), of this
 * session and, where WOLFSSLs made later inherit them, of its context. */
#if defined(OPENSSL_EXTRA) || defined(WOLFSSL_SET_CIPHER_BYTES)
static int set_ciphers(WOLFSSL *ssl) {
  static const unsigned char suites[] = {0xC0, 0xA8, 0xC0, 0xAE};
  (void)wolfSSL_set_cipher_list_bytes(ssl, suites, (int)sizeof(suites));
  return wolfSSL_CTX_set_cipher_list_bytes(wolfSSL_get_SSL_CTX(ssl), suites, (int)sizeof(suites)) ==
         WOLFSSL_SUCCESS;
}
#else
static int set_ciphers(WOLFSSL *ssl) {
  static const char suites[] = "PSK-AES128-CCM-8:ECDHE-ECDSA-AES128-CCM-8";
  (void)wolfSSL_set_cipher_list(ssl, suites);
  return wolfSSL_CTX_set_cipher_list(wolfSSL_get_SSL_CTX(ssl), suites) == WOLFSSL_SUCCESS;
}
#endif

/* libcoap 4.3.5 gives the address of its WOLFSSL*, not the WOLFSSL* itself. */
static WOLFSSL *ssl_of(coap_session_t *session) {
  WOLFSSL *const *held = (WOLFSSL *const *)coap_session_get_tls(session, NULL);
  return held == NULL ? NULL : *held;
}

int saef_coap_tls_is_resumed(coap_session_t *session) {
  WOLFSSL *ssl = ssl_of(session);
  return ssl != NULL && wolfSSL_session_reused(ssl);
}

void saef_coap_tls_keep_secrets(coap_session_t *session) {
  WOLFSSL *ssl = ssl_of(session);

  if (ssl != NULL) {
    wolfSSL_KeepArrays(ssl);
  }
}

/* libcoap makes a session's WOLFSSL after it has told of the session. */
int saef_coap_tls_prepare(coap_session_t *session, int is_prepared) {
  WOLFSSL *ssl = is_prepared ? NULL : ssl_of(session);

  if (is_prepared) {
    return 1;
  }
  if (ssl == NULL) {
    return 0;
  }
#if defined(HAVE_SESSION_TICKET)
  (void)wolfSSL_CTX_NoTicketTLSv12(wolfSSL_get_SSL_CTX(ssl));
#endif
#if !defined(NO_SESSION_CACHE)
  (void)wolfSSL_CTX_set_session_cache_mode(wolfSSL_get_SSL_CTX(ssl), WOLFSSL_SESS_CACHE_OFF);
#endif
  return set_ciphers(ssl);
}

#if defined(MAX_PSK_KEY_LEN)
size_t saef_coap_tls_key_capacity(void) { return MAX_PSK_KEY_LEN; }
#else
size_t saef_coap_tls_key_capacity(void) { return 64; }
#endif

#elif defined(SAEF_COAP_GATE_OPENSSL)

#include <openssl/ssl.h>

void saef_coap_tls_keep_secrets(coap_session_t *session) { (void)session; /* it does */ }

int saef_coap_tls_is_resumed(coap_session_t *session) {
  SSL *ssl = (SSL *)coap_session_get_tls(session, NULL);
  return ssl != NULL && SSL_session_reused(ssl);
}

/* The first session of a context has chosen its suite, and promised a ticket, before it can be
 * told. What is set on the context holds for all whose SSL is made afterwards, which that of the
 * second isn't: it would take that ticket (saef_coap_tls_is_resumed). */
int saef_coap_tls_prepare(coap_session_t *session, int is_prepared) {
  SSL *ssl = (SSL *)coap_session_get_tls(session, NULL);
  SSL_CTX *context = ssl == NULL ? NULL : SSL_get_SSL_CTX(ssl);

  (void)is_prepared;
  if (context == NULL) {
    return 0;
  }
  SSL_set_options(ssl, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  (void)SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION);
  (void)SSL_CTX_set_cipher_list(context, "PSK-AES128-CCM8:ECDHE-ECDSA-AES128-CCM8");
  return 0;
}

size_t saef_coap_tls_key_capacity(void) { return PSK_MAX_PSK_LEN; }

#else

void saef_coap_tls_keep_secrets(coap_session_t *session) { (void)session; }

int saef_coap_tls_prepare(coap_session_t *session, int is_prepared) {
  (void)session;
  (void)is_prepared;
  return 0;
}

int saef_coap_tls_is_resumed(coap_session_t *session) {
  (void)session;
  return 0;
}

size_t saef_coap_tls_key_capacity(void) {
  switch ((int)coap_get_tls_library_version()->type) {
    case COAP_TLS_LIBRARY_TINYDTLS:
      return 16; /* DTLS_PSK_MAX_KEY_LEN */
    case COAP_TLS_LIBRARY_MBEDTLS:
      return 32; /* MBEDTLS_PSK_MAX_LEN of its older versions */
    default:
      return 64;
  }
}

#endif
