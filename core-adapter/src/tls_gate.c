/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "saef/tls_gate.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "gate_session.h"

/* What the gate has passed and wolfSSL hasn't read yet, and what wolfSSL has written and the host
 * hasn't sent yet. Beyond these wolfSSL is told to wait, and the host to end the connection. */
#define MAX_UNREAD (1u << 18)
#define MAX_UNSENT (1u << 18)

/* TS-0003 10.2.2 and 10.2.3: the suites that are mandatory over TLS, and no others. */
#define CIPHER_LIST "PSK-AES128-CBC-SHA256:ECDHE-ECDSA-AES128-SHA256"

struct saef_tls_session {
  WOLFSSL *ssl;
  /* As long as the gate doesn't know who the client is, all that came; then, what isn't read. */
  struct saef_buffer unread;
  size_t read; /* of `unread`, from its front */
  struct saef_buffer unsent;
  int failed; /* `unread` or memory was exceeded: the stream has a hole and is read no further */
  void *context;
  void (*ready)(void *context);
  size_t (*host_psk)(void *context, const uint8_t *identity, size_t length, uint8_t *key,
                     size_t capacity);
  saef_gate_session gate_session; /* last, since not all of it is ever read */
};

/* ---- What wolfSSL calls ---- */

static int on_receive(WOLFSSL *ssl, char *buffer, int size, void *context) {
  struct saef_tls_session *session = context;
  size_t length = session == NULL ? 0 : session->unread.length - session->read;
  (void)ssl;

  if (session == NULL || session->failed) {
    return WOLFSSL_CBIO_ERR_GENERAL;
  }
  if (length == 0) {
    return WOLFSSL_CBIO_ERR_WANT_READ;
  }
  if (length > (size_t)size) {
    length = (size_t)size;
  }
  memcpy(buffer, session->unread.data + session->read, length);
  session->read += length;
  return (int)length;
}

static int on_send(WOLFSSL *ssl, char *buffer, int size, void *context) {
  struct saef_tls_session *session = context;
  size_t length = (size_t)size;
  (void)ssl;

  if (session == NULL) {
    return WOLFSSL_CBIO_ERR_GENERAL;
  }
  if (length > MAX_UNSENT - session->unsent.length) {
    length = MAX_UNSENT - session->unsent.length;
  }
  if (length == 0) {
    return WOLFSSL_CBIO_ERR_WANT_WRITE;
  }
  if (!saef_buffer_put(&session->unsent, (const uint8_t *)buffer, length, MAX_UNSENT)) {
    return WOLFSSL_CBIO_ERR_GENERAL;
  }
  return (int)length;
}

/* 0 makes wolfSSL send the alert unknown_psk_identity. */
static unsigned int on_psk(WOLFSSL *ssl, const char *identity, unsigned char *key,
                           unsigned int capacity) {
  struct saef_tls_session *session = wolfSSL_GetIOReadCtx(ssl);
  const uint8_t *octets = (const uint8_t *)identity;
  size_t length = identity == NULL ? 0 : strlen(identity);
  size_t key_length = capacity;
  size_t host_length = 0;
  int32_t result;

  if (session == NULL) {
    return 0;
  }
  result = saef_gate_key(&session->gate_session, octets, length, key, &key_length);
  if (result == SAEF_NOT_MINE) {
    if (session->host_psk != NULL) {
      host_length = session->host_psk(session->context, octets, length, key, capacity);
    }
    if (host_length > 0 && host_length <= capacity) {
      return (unsigned int)host_length;
    }
    key_length = capacity;
    result = saef_gate_refuse(&session->gate_session, SAEF_NOT_MINE, key, &key_length);
  }
  return result == SAEF_KEY ? (unsigned int)key_length : 0;
}

/* ---- The functions of the header ---- */

int32_t saef_tls_gate_prepare_context(WOLFSSL_CTX *ctx) {
  if (ctx == NULL) {
    return SAEF_E_ARGUMENT;
  }
  if (wolfSSL_CTX_SetMinVersion(ctx, WOLFSSL_TLSV1_2) != WOLFSSL_SUCCESS ||
      wolfSSL_CTX_set_cipher_list(ctx, CIPHER_LIST) != WOLFSSL_SUCCESS) {
    return SAEF_E_INTERNAL;
  }
#if defined(WOLFSSL_TLS13)
  if (wolfSSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION) != WOLFSSL_SUCCESS) {
    return SAEF_E_INTERNAL;
  }
#endif
#if defined(HAVE_SESSION_TICKET)
  (void)wolfSSL_CTX_NoTicketTLSv12(ctx);
#endif
#if !defined(NO_SESSION_CACHE)
  (void)wolfSSL_CTX_set_session_cache_mode(ctx, WOLFSSL_SESS_CACHE_OFF);
#endif
  wolfSSL_CTX_set_psk_server_callback(ctx, on_psk);
  wolfSSL_CTX_SetIORecv(ctx, on_receive);
  wolfSSL_CTX_SetIOSend(ctx, on_send);
  return SAEF_DONE;
}

int32_t saef_tls_session_open(saef_gate *gate, WOLFSSL *ssl,
                              const saef_tls_session_arguments *arguments,
                              saef_tls_session **session) {
  struct saef_tls_session *made;

  if (session == NULL) {
    return SAEF_E_ARGUMENT;
  }
  *session = NULL;
  if (gate == NULL || ssl == NULL || arguments == NULL || arguments->size < sizeof(*arguments) ||
      arguments->ready == NULL) {
    return SAEF_E_ARGUMENT;
  }
  made = malloc(sizeof(*made));
  if (made == NULL) {
    return SAEF_E_MEMORY;
  }
  memset(made, 0, offsetof(struct saef_tls_session, gate_session));
  saef_session_begin(&made->gate_session, gate, made);
  made->ssl = ssl;
  made->context = arguments->context;
  made->ready = arguments->ready;
  made->host_psk = arguments->host_psk;
  wolfSSL_SetIOReadCtx(ssl, made);
  wolfSSL_SetIOWriteCtx(ssl, made);
  /* Else the secrets that a key export needs are gone once the handshake is done (TS-0003 10.3.1).
   */
  wolfSSL_KeepArrays(ssl);
  *session = made;
  return SAEF_DONE;
}

void saef_tls_session_close(saef_tls_session *session) {
  if (session == NULL) {
    return;
  }
  wolfSSL_SetIOReadCtx(session->ssl, NULL);
  wolfSSL_SetIOWriteCtx(session->ssl, NULL);
  saef_session_end(&session->gate_session);
  saef_buffer_free(&session->unread);
  saef_buffer_free(&session->unsent);
  free(session);
}

static int32_t let_in(saef_tls_session *session, const uint8_t *data, size_t length) {
  saef_buffer_drop(&session->unread, session->read);
  session->read = 0;
  if (!saef_buffer_put(&session->unread, data, length, MAX_UNREAD)) {
    session->failed = 1;
    return SAEF_E_LIMIT;
  }
  return SAEF_DONE;
}

/* The gate reads it where it is put for wolfSSL. */
static int32_t let_in_seen(saef_tls_session *session, const uint8_t *data, size_t length,
                           int64_t now_ms) {
  struct saef_buffer *stream = &session->unread;

  if (!saef_buffer_put(stream, data, length, session->read + MAX_UNREAD)) {
    session->failed = 1;
    return SAEF_E_LIMIT;
  }
  if (saef_session_look_at_stream(&session->gate_session, stream->data, stream->length, length) !=
      SAEF_GATE_PASS) {
    stream->length -= length; /* the gate has kept it */
    saef_session_set_deadline(&session->gate_session, now_ms);
  }
  return SAEF_DONE;
}

int32_t saef_tls_session_put(saef_tls_session *session, const uint8_t *data, size_t length,
                             int64_t now_ms) {
  int32_t verdict;

  if (session->failed) {
    return SAEF_E_LIMIT;
  }
  if (session->gate_session.state == SAEF_STATE_OPEN) {
    return let_in_seen(session, data, length, now_ms);
  }
  verdict = saef_gate_receive(&session->gate_session, data, length, now_ms);
  if (verdict < 0) {
    session->failed = 1;
    return verdict;
  }
  return verdict == SAEF_GATE_PASS ? let_in(session, data, length) : SAEF_DONE;
}

saef_bytes saef_tls_session_take(saef_tls_session *session) {
  saef_bytes bytes = {session->unsent.data, session->unsent.length};
  return bytes;
}

void saef_tls_session_taken(saef_tls_session *session, size_t length) {
  saef_buffer_drop(&session->unsent,
                   length < session->unsent.length ? length : session->unsent.length);
}

static void feed(void *context, const uint8_t *data, size_t length) {
  struct saef_tls_session *session = context;
  (void)let_in(session, data, length);
  session->ready(session->context);
}

size_t saef_tls_gate_process(saef_gate *gate, int64_t now_ms) {
  return saef_gate_process(gate, now_ms, feed);
}

saef_gate_session *saef_tls_session_gate_session(saef_tls_session *session) {
  return &session->gate_session;
}
