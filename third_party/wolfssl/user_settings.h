// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every option that wolfSSL is built with, in one place. wolfSSL, libcoap and all code of ours that
// includes a wolfSSL header are compiled with -DWOLFSSL_USER_SETTINGS -DWOLFSSL_NO_OPTIONS_H and a
// copy of this file on the include path (third_party/build puts it beside the library), so that all
// three agree on the size and the content of wolfSSL's structures.
//
// The list is what TS-0003 10.2 asks for and what the security of the association rests on; what is
// absent here can't be negotiated by anyone.
#ifndef SAEF_THIRD_PARTY_WOLFSSL_USER_SETTINGS_H_
#define SAEF_THIRD_PARTY_WOLFSSL_USER_SETTINGS_H_

// Protocol: TLS 1.2 and DTLS 1.2 only (TS-0003 10.2). TLS 1.3 stays out: there an unknown PSK
// identity runs the callback up to 50 times in one handshake and tickets arrive as identities.
#define WOLFSSL_TLS12
#define NO_OLD_TLS
#define WOLFSSL_DTLS
#define WOLFSSL_DTLS_MTU
#define HAVE_TLS_EXTENSIONS
#define HAVE_SNI
#define HAVE_ALPN
#define HAVE_SUPPORTED_CURVES
#define HAVE_EXTENDED_MASTER   // RFC 7627: demanded wherever a key is exported.
#define HAVE_ENCRYPT_THEN_MAC  // RFC 7366, for the CBC suites.
#define HAVE_KEYING_MATERIAL   // RFC 5705 exporter (TS-0003 10.3.1).
#define HAVE_RPK               // RFC 7250 raw public keys (TS-0003 10.1.2).
// OpenSSL 3 clients refuse a server that doesn't answer RFC 5746's signalling.
#define HAVE_SERVER_RENEGOTIATION_INFO

// No resumption of any kind: a resumed session skips the PSK callback, so both the identity and
// the check of Kc's lifetime would be lost (TS-0003 8.2.2.3 step 13).
#define NO_SESSION_CACHE
// (HAVE_SESSION_TICKET is absent.)

// Cipher suites (TS-0003 10.2.2, 10.2.3): PSK and ECDHE-ECDSA with AES-128-CBC-SHA256 and CCM-8.
#define WOLFSSL_STATIC_PSK
#define HAVE_AES_CBC
#define HAVE_AESCCM
#define HAVE_AESGCM  // Encryption of stored keys; ECDHE-PSK suites.
#define HAVE_ECC
#define ECC_USER_CURVES  // P-256 and nothing else: NO_ECC256 is absent, the others are off.
#define ECC_TIMING_RESISTANT
#define TFM_TIMING_RESISTANT
#define NO_RSA
#define NO_DH
#define NO_DSA
#define NO_RC4
#define NO_DES3
#define NO_MD4
#define NO_MD5
#define WOLFSSL_AES_DIRECT

// An unknown psk_identity ends in the alert unknown_psk_identity (115) instead of silence.
#define WOLFSSL_EXTRA_ALERTS
// RFC 4279 5.3 demands keys up to 64 octets and identities up to 128. Room for longer identities
// lets our own code see and refuse one that is too long, instead of wolfSSL ending the handshake
// unheard.
#define MAX_PSK_KEY_LEN 64
#define MAX_PSK_ID_LEN 256

// libcoap's back end is written against the OpenSSL-shaped interface. OPENSSL_ALL is absent: with
// it come WOLFSSL_SEP and WOLFSSL_FPKI, whose parsers of otherName leak memory to any peer that
// sends two of them and refuse M2M Device IDs (TS-0003 10.1.1.4), which our own code reads.
#define OPENSSL_EXTRA
#define HAVE_EX_DATA
#define WOLFSSL_KEY_GEN
#define WOLFSSL_CERT_GEN
#define WOLFSSL_CERT_EXT
#define WOLFSSL_CERT_REQ
#define WOLFSSL_ALT_NAMES
#define WOLFSSL_DER_TO_PEM
#define WOLFSSL_PEM_TO_DER
#define WOLFSSL_PUB_PEM_TO_DER
#define WOLFSSL_EITHER_SIDE
#define WOLFSSL_ASN_TEMPLATE
#define WOLFSSL_BASE64_ENCODE
#define WOLFSSL_IP_ALT_NAME
#define HAVE_HASHDRBG
// The hash of tables whose keys a peer chooses (the plugin's key cache).
#define WOLFSSL_SIPHASH
#define KEEP_PEER_CERT
#define WOLFSSL_ALWAYS_VERIFY_CB

// Arithmetic: constant-time single-precision code for P-256, in assembly where there is one.
#define WOLFSSL_SP_MATH_ALL
#define WOLFSSL_HAVE_SP_ECC
#define WOLFSSL_SP_NO_DH
#if defined(__x86_64__)
#define WOLFSSL_SP_X86_64_ASM
#define WOLFSSL_X86_64_BUILD
#define WOLFSSL_AESNI
#define USE_INTEL_SPEEDUP
#endif

// Wipe what held keys; harden against what a fault or a side channel can do.
#define WOLFSSL_FORCE_ZERO

// What the platform offers. wolfSSL's own config.h is left out of the build, so that its headers
// read the same here, in libcoap and in our code.
#define SIZEOF_LONG 8
#define SIZEOF_LONG_LONG 8
#define HAVE___UINT128_T 1
#ifndef HAVE_LIMITS_H
#define HAVE_LIMITS_H
#endif
#define HAVE_THREAD_LS
#define HAVE_SYS_TIME_H 1
#define HAVE_GMTIME_R 1
#define HAVE_PTHREAD 1
#define ERROR_QUEUE_PER_THREAD

#endif  // SAEF_THIRD_PARTY_WOLFSSL_USER_SETTINGS_H_
