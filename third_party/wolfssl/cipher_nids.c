// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two functions that libcoap asks wolfSSL for and that wolfSSL has only with OPENSSL_ALL, which is
// off (user_settings.h says why). third_party/build adds them to the library. They tell how long a
// record of a suite is beyond its content, so the suites that are built in are all they know:
// AES-128 with CCM, GCM, or CBC and SHA-256.
#include <wolfssl/wolfcrypt/settings.h>
// settings.h first.
#include <string.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/asn.h>

int wolfSSL_CIPHER_get_cipher_nid(const WOLFSSL_CIPHER *cipher);
int wolfSSL_CIPHER_get_digest_nid(const WOLFSSL_CIPHER *cipher);

int wolfSSL_CIPHER_get_cipher_nid(const WOLFSSL_CIPHER *cipher) {
  const char *name = wolfSSL_CIPHER_get_name(cipher);

  if (name == NULL) {
    return WC_NID_undef;
  }
  if (strstr(name, "CCM") != NULL) {
    return WC_NID_aes_128_ccm;
  }
  return strstr(name, "GCM") != NULL ? WC_NID_aes_128_gcm : WC_NID_aes_128_cbc;
}

int wolfSSL_CIPHER_get_digest_nid(const WOLFSSL_CIPHER *cipher) {
  return wolfSSL_CIPHER_get_name(cipher) == NULL ? WC_NID_undef : WC_NID_sha256;
}
