/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "saef/gate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/random.h>

#include "buffer.h"
#include "datagram.h"
#include "peer.h"

#define DEFAULT_HELD_SESSIONS 16384u
#define DEFAULT_HELD_BYTES 16384u
#define DEFAULT_HOLD_MS 30000u
#define WAITERS_IN_BLOCK 64u
#define HIDING_KEY_LENGTH                                                 \
  32u /* as long as Kc, so that it costs the handshake what a Kc costs it \
       */

#define TLS_RECORD_HEADER 5u

/* One answer that is waited for. It belongs to the gate and lives as long as it, so that a callback
 * never meets freed memory; the ticket, which no other look-up ever has, tells its uses apart. */
struct waiter {
  struct saef_gate *gate;
  struct saef_gate_session *session; /* the listener's thread only */
  saef_ticket ticket;
  int32_t outcome; /* under the gate's mutex, as are the next two */
  int answered;
  TAILQ_ENTRY(waiter) answer; /* in gate->answers */
  SLIST_ENTRY(waiter) spare;  /* in gate->spare_waiters */
};

struct waiter_block {
  SLIST_ENTRY(waiter_block) next;
  struct waiter waiters[WAITERS_IN_BLOCK];
};

/* STATE_OVERRUN: a stream whose held bytes passed the bound; it can only be closed. */
enum state { STATE_OPEN, STATE_HOLDING, STATE_RELEASED, STATE_REFUSED, STATE_OVERRUN };

TAILQ_HEAD(session_list, saef_gate_session);

struct saef_gate_session {
  /* First, since it is all that a byte of an established session costs. */
  int passing;
  enum state state;
  int32_t outcome;
  saef_gate *gate;
  void *context;
  struct waiter *waiter;
  struct saef_buffer seen; /* what must be read together to find the identity */
  struct saef_buffer
      held;          /* datagrams as saef_buffer_put_datagram lays them, or a stretch of stream */
  size_t record_end; /* TLS: where in `seen` the first incomplete record begins */
  int64_t deadline;
  saef_association association;
  struct saef_peer_copy peer; /* what the host has told of it */
  int key_asked;
  int key_given;
  int hiding_key_made;
  uint8_t hiding_key[HIDING_KEY_LENGTH];
  size_t identity_length;
  uint8_t identity[SAEF_MAX_IDENTITY];
  TAILQ_ENTRY(saef_gate_session) link;
  struct session_list *listed; /* gate->holding, gate->ready, or null */
};

struct saef_gate {
  const saef_api *api;
  saef_instance *instance;
  int32_t transport;
  int32_t refusal;
  size_t max_held_sessions;
  size_t max_held_bytes;
  uint32_t max_hold_ms;
  void *context;
  void (*wake)(void *context);

  size_t held_sessions;
  size_t held_bytes;
  struct session_list holding; /* by deadline, which is the order of arrival */
  struct session_list ready;   /* have their answer, are to be fed */
  saef_gate_session *feeding;  /* null again once it was closed from within `feed` */
  SLIST_HEAD(, waiter) spare_waiters;
  SLIST_HEAD(, waiter_block) blocks;

  pthread_mutex_t mutex;
  TAILQ_HEAD(answer_list, waiter) answers; /* under the mutex */
};

/* ---- Waiters ---- */

static int add_waiters(saef_gate *gate) {
  struct waiter_block *block = calloc(1, sizeof(*block));
  size_t i;

  if (block == NULL) {
    return 0;
  }
  SLIST_INSERT_HEAD(&gate->blocks, block, next);
  for (i = 0; i < WAITERS_IN_BLOCK; ++i) {
    block->waiters[i].gate = gate;
    SLIST_INSERT_HEAD(&gate->spare_waiters, &block->waiters[i], spare);
  }
  return 1;
}

/* Null when a bound or memory ends it. */
static struct waiter *take_waiter(saef_gate *gate, saef_gate_session *session) {
  struct waiter *waiter;

  if (gate->held_sessions >= gate->max_held_sessions ||
      (SLIST_EMPTY(&gate->spare_waiters) && !add_waiters(gate))) {
    return NULL;
  }
  waiter = SLIST_FIRST(&gate->spare_waiters);
  SLIST_REMOVE_HEAD(&gate->spare_waiters, spare);
  waiter->session = session;
  waiter->ticket = 0;
  waiter->answered = 0;
  return waiter;
}

static void give_waiter_back(saef_gate *gate, struct waiter *waiter) {
  waiter->session = NULL;
  waiter->ticket = 0;
  SLIST_INSERT_HEAD(&gate->spare_waiters, waiter, spare);
}

/* On the plugin's thread, also before lookup_async has returned. `wake` is called under the mutex,
 * so that saef_gate_destroy, which takes it, waits for it. */
static void on_answer(void *context, saef_ticket ticket, int32_t outcome) {
  struct waiter *waiter = context;
  saef_gate *gate = waiter->gate;
  int was_empty;

  pthread_mutex_lock(&gate->mutex);
  if (waiter->ticket == ticket && !waiter->answered) {
    waiter->answered = 1;
    waiter->outcome = outcome;
    was_empty = TAILQ_EMPTY(&gate->answers);
    TAILQ_INSERT_TAIL(&gate->answers, waiter, answer);
    if (was_empty) {
      gate->wake(gate->context);
    }
  }
  pthread_mutex_unlock(&gate->mutex);
}

/* After it, no callback runs for this waiter and no answer of it is queued. */
static void cancel_waiter(saef_gate *gate, struct waiter *waiter) {
  (void)gate->api->lookup_cancel(gate->instance, waiter->ticket);
  pthread_mutex_lock(&gate->mutex);
  if (waiter->answered) {
    TAILQ_REMOVE(&gate->answers, waiter, answer);
  }
  pthread_mutex_unlock(&gate->mutex);
  give_waiter_back(gate, waiter);
}

/* ---- A session's way through its states ---- */

static void settle(saef_gate_session *session, enum state state, int32_t outcome) {
  session->state = state;
  session->outcome = outcome;
  saef_buffer_free(&session->seen);
}

/* The answer is here: what it means. SAEF_PENDING isn't one. */
static void settle_by_answer(saef_gate_session *session, int32_t outcome) {
  int released = outcome == SAEF_KEY || outcome == SAEF_NOT_MINE;
  settle(session, released ? STATE_RELEASED : STATE_REFUSED, outcome);
}

static int32_t pass(saef_gate_session *session) {
  session->passing = 1;
  return SAEF_GATE_PASS;
}

/* Adds to what is held. 0: it doesn't fit, or there is no memory. */
static int hold(saef_gate_session *session, const uint8_t *data, size_t length) {
  saef_gate *gate = session->gate;
  size_t before = session->held.length;
  int kept;

  kept = gate->transport == SAEF_DTLS
             ? saef_buffer_put_datagram(&session->held, data, length, gate->max_held_bytes)
             : saef_buffer_put(&session->held, data, length, gate->max_held_bytes);
  gate->held_bytes += session->held.length - before;
  return kept;
}

static void start_holding(saef_gate_session *session, struct waiter *waiter, int64_t now_ms) {
  saef_gate *gate = session->gate;

  settle(session, STATE_HOLDING, SAEF_PENDING);
  session->waiter = waiter;
  session->deadline = now_ms + (int64_t)gate->max_hold_ms;
  ++gate->held_sessions;
  TAILQ_INSERT_TAIL(&gate->holding, session, link);
  session->listed = &gate->holding;
}

/* From the holding ones to those that are to be fed. The waiter is the caller's again. */
static void stop_holding(saef_gate_session *session, int32_t outcome) {
  saef_gate *gate = session->gate;

  TAILQ_REMOVE(&gate->holding, session, link);
  --gate->held_sessions;
  session->waiter = NULL;
  settle_by_answer(session, outcome);
  TAILQ_INSERT_TAIL(&gate->ready, session, link);
  session->listed = &gate->ready;
}

/* From then on the gate doesn't know this session, and no answer finds it. */
static void leave_lists(saef_gate_session *session) {
  saef_gate *gate = session->gate;

  if (session->waiter != NULL) {
    cancel_waiter(gate, session->waiter);
    session->waiter = NULL;
    --gate->held_sessions;
  }
  if (session->listed != NULL) {
    TAILQ_REMOVE(session->listed, session, link);
    session->listed = NULL;
  }
  if (gate->feeding == session) {
    gate->feeding = NULL;
  }
}

/* No session may wait any more: then only what can be told at once counts. */
static int32_t answer_without_waiting(saef_gate_session *session) {
  saef_gate *gate = session->gate;
  uint8_t key[SAEF_MAX_KEY];
  size_t key_length = sizeof(key);
  int32_t result;

  result = gate->api->lookup(gate->instance, session->identity, session->identity_length, key,
                             &key_length);
  explicit_bzero(key, sizeof(key));
  return result == SAEF_PENDING ? SAEF_UNAVAILABLE : result;
}

/* The identity is known: asks the plugin. */
static int32_t ask(saef_gate_session *session, const uint8_t *data, size_t length, int64_t now_ms) {
  saef_gate *gate = session->gate;
  struct waiter *waiter = take_waiter(gate, session);
  int32_t result;

  if (waiter == NULL) {
    settle_by_answer(session, answer_without_waiting(session));
    return pass(session);
  }
  result = gate->api->lookup_async(gate->instance, session->identity, session->identity_length,
                                   on_answer, waiter, &waiter->ticket);
  if (result != SAEF_PENDING) {
    give_waiter_back(gate, waiter);
    settle_by_answer(session, result);
    return pass(session);
  }
  if (!hold(session, data, length)) {
    cancel_waiter(gate, waiter);
    settle(session, STATE_REFUSED, SAEF_UNAVAILABLE);
    return pass(session);
  }
  start_holding(session, waiter, now_ms);
  return SAEF_GATE_HELD;
}

static int32_t peek(saef_gate_session *session, const uint8_t *data, size_t length) {
  saef_gate *gate = session->gate;
  size_t identity_length = sizeof(session->identity);
  int32_t result;

  result =
      gate->api->peek_identity(gate->transport, data, length, session->identity, &identity_length);
  session->identity_length = result == SAEF_IDENTITY ? identity_length : 0;
  return result;
}

/* ---- DTLS ---- */

/* Anyone can send a datagram in a client's name, so one without an identity decides nothing: the
 * TLS library drops what is wrong, and saef_gate_key() refuses a session without an identity. */
static int32_t receive_open_datagram(saef_gate_session *session, const uint8_t *data, size_t length,
                                     int64_t now_ms) {
  size_t limit = session->gate->max_held_bytes;
  int32_t result = peek(session, data, length);

  if (result == SAEF_NEED_MORE && saef_datagram_has_key_exchange(data, length)) {
    /* A piece of a ClientKeyExchange. Only now is it worth memory. */
    if (!saef_buffer_put(&session->seen, data, length, limit)) {
      settle(session, STATE_REFUSED, SAEF_UNAVAILABLE);
      return pass(session);
    }
    result = peek(session, session->seen.data, session->seen.length);
  }
  return result == SAEF_IDENTITY ? ask(session, data, length, now_ms) : SAEF_GATE_PASS;
}

/* A client sends its flight again until it is answered; one copy of each datagram is enough. What
 * the bound doesn't allow is dropped too, as any network may do: the client sends it again. */
static int32_t receive_held_datagram(saef_gate_session *session, const uint8_t *data,
                                     size_t length) {
  const uint8_t *held;
  size_t held_length, offset = 0;

  while (saef_buffer_next_datagram(&session->held, &offset, &held, &held_length)) {
    if (saef_datagram_is_repeated(held, held_length, data, length)) {
      return SAEF_GATE_HELD;
    }
  }
  (void)hold(session, data, length);
  return SAEF_GATE_HELD;
}

/* ---- TLS ---- */

/* Whether `seen` now ends at or beyond the end of a record that it didn't before; only then is
 * there anything new to read, so a client that sends byte by byte doesn't cost a look at each. */
static int record_completed(saef_gate_session *session) {
  const struct saef_buffer *seen = &session->seen;
  int completed = 0;

  while (seen->length >= session->record_end + TLS_RECORD_HEADER) {
    const uint8_t *header = seen->data + session->record_end;
    size_t end = session->record_end + TLS_RECORD_HEADER + ((size_t)header[3] << 8 | header[4]);
    if (seen->length < end) {
      break;
    }
    session->record_end = end;
    completed = 1;
  }
  return completed;
}

static int32_t receive_open_stream(saef_gate_session *session, const uint8_t *data, size_t length,
                                   int64_t now_ms) {
  int32_t result;

  if (!saef_buffer_put(&session->seen, data, length, session->gate->max_held_bytes)) {
    settle(session, STATE_REFUSED, SAEF_UNAVAILABLE);
    return pass(session);
  }
  if (!record_completed(session)) {
    return SAEF_GATE_PASS;
  }
  result = peek(session, session->seen.data, session->seen.length);
  switch (result) {
    case SAEF_IDENTITY:
      return ask(session, data, length, now_ms);
    case SAEF_NEED_MORE:
      return SAEF_GATE_PASS;
    case SAEF_NO_IDENTITY:
      settle(session, STATE_RELEASED, SAEF_NO_IDENTITY);
      return pass(session);
    default:
      settle(session, STATE_REFUSED, result);
      return pass(session);
  }
}

/* Bytes of a stream can't be dropped, and no client sends so much before the server's Finished. */
static int32_t receive_held_stream(saef_gate_session *session, const uint8_t *data, size_t length) {
  saef_gate *gate = session->gate;

  if (hold(session, data, length)) {
    return SAEF_GATE_HELD;
  }
  if (session->state == STATE_HOLDING) {
    leave_lists(session);
  }
  gate->held_bytes -= session->held.length;
  saef_buffer_free(&session->held);
  settle(session, STATE_OVERRUN, SAEF_UNAVAILABLE);
  return SAEF_E_LIMIT;
}

/* ---- The functions of the header ---- */

static int arguments_are_right(const saef_gate_arguments *arguments) {
  return arguments != NULL && arguments->size >= sizeof(*arguments) && arguments->api != NULL &&
         arguments->instance != NULL && arguments->wake != NULL &&
         (arguments->transport == SAEF_TLS || arguments->transport == SAEF_DTLS) &&
         (arguments->refusal == SAEF_GATE_ALERT || arguments->refusal == SAEF_GATE_HIDE);
}

int32_t saef_gate_create(const saef_gate_arguments *arguments, saef_gate **gate) {
  saef_gate *made;

  if (gate == NULL || !arguments_are_right(arguments)) {
    return SAEF_E_ARGUMENT;
  }
  *gate = NULL;
  made = calloc(1, sizeof(*made));
  if (made == NULL) {
    return SAEF_E_MEMORY;
  }
  made->api = arguments->api;
  made->instance = arguments->instance;
  made->transport = arguments->transport;
  made->refusal = arguments->refusal;
  made->max_held_sessions =
      arguments->max_held_sessions == 0 ? DEFAULT_HELD_SESSIONS : arguments->max_held_sessions;
  made->max_held_bytes =
      arguments->max_held_bytes == 0 ? DEFAULT_HELD_BYTES : arguments->max_held_bytes;
  made->max_hold_ms = arguments->max_hold_ms == 0 ? DEFAULT_HOLD_MS : arguments->max_hold_ms;
  made->context = arguments->context;
  made->wake = arguments->wake;
  TAILQ_INIT(&made->holding);
  TAILQ_INIT(&made->ready);
  TAILQ_INIT(&made->answers);
  SLIST_INIT(&made->spare_waiters);
  SLIST_INIT(&made->blocks);
  /* At once, so that a hit allocates nothing. */
  if (!add_waiters(made) || pthread_mutex_init(&made->mutex, NULL) != 0) {
    free(SLIST_FIRST(&made->blocks));
    free(made);
    return SAEF_E_MEMORY;
  }
  *gate = made;
  return SAEF_DONE;
}

void saef_gate_destroy(saef_gate *gate) {
  struct waiter_block *block;

  if (gate == NULL) {
    return;
  }
  pthread_mutex_lock(&gate->mutex); /* a `wake` that is running ends */
  pthread_mutex_unlock(&gate->mutex);
  pthread_mutex_destroy(&gate->mutex);
  while ((block = SLIST_FIRST(&gate->blocks)) != NULL) {
    SLIST_REMOVE_HEAD(&gate->blocks, next);
    free(block);
  }
  free(gate);
}

int32_t saef_gate_session_open(saef_gate *gate, void *context, saef_gate_session **session) {
  *session = calloc(1, sizeof(**session));
  if (*session == NULL) {
    return SAEF_E_MEMORY;
  }
  (*session)->gate = gate;
  (*session)->context = context;
  (*session)->state = STATE_OPEN;
  (*session)->outcome = SAEF_NEED_MORE;
  return SAEF_DONE;
}

void saef_gate_session_close(saef_gate_session *session) {
  saef_gate *gate;

  if (session == NULL) {
    return;
  }
  gate = session->gate;
  leave_lists(session);
  gate->held_bytes -= session->held.length;
  saef_buffer_free(&session->held);
  saef_buffer_free(&session->seen);
  if (session->association != SAEF_NO_ASSOCIATION) {
    (void)gate->api->dissociate(gate->instance, session->association);
  }
  explicit_bzero(session->hiding_key, sizeof(session->hiding_key));
  saef_peer_copy_clear(&session->peer);
  free(session);
}

int32_t saef_gate_receive(saef_gate_session *session, const uint8_t *data, size_t length,
                          int64_t now_ms) {
  int is_datagram;

  if (session->passing || length == 0) {
    return SAEF_GATE_PASS;
  }
  is_datagram = session->gate->transport == SAEF_DTLS;
  switch (session->state) {
    case STATE_OPEN:
      return is_datagram ? receive_open_datagram(session, data, length, now_ms)
                         : receive_open_stream(session, data, length, now_ms);
    case STATE_OVERRUN:
      return SAEF_E_LIMIT;
    default: /* holding, or still being fed: these bytes come after those */
      return is_datagram ? receive_held_datagram(session, data, length)
                         : receive_held_stream(session, data, length);
  }
}

int32_t saef_gate_wait(saef_gate_session *session, const uint8_t *identity, size_t length,
                       uint32_t timeout_ms) {
  saef_gate *gate = session->gate;
  uint8_t key[SAEF_MAX_KEY];
  size_t key_length = sizeof(key);
  int32_t result = SAEF_INVALID;

  if (session->state != STATE_OPEN) {
    return session->outcome;
  }
  session->passing = 1;
  if (length > 0 && length <= sizeof(session->identity)) {
    memcpy(session->identity, identity, length);
    session->identity_length = length;
    result = gate->api->lookup_wait(gate->instance, identity, length, timeout_ms, key, &key_length);
    explicit_bzero(key, sizeof(key));
  }
  settle_by_answer(session, result);
  return result;
}

/* Those whose answer has come. */
static void collect_answers(saef_gate *gate) {
  struct answer_list answers = TAILQ_HEAD_INITIALIZER(answers);
  struct waiter *waiter;

  pthread_mutex_lock(&gate->mutex);
  TAILQ_CONCAT(&answers, &gate->answers, answer);
  pthread_mutex_unlock(&gate->mutex);
  while ((waiter = TAILQ_FIRST(&answers)) != NULL) {
    TAILQ_REMOVE(&answers, waiter, answer);
    stop_holding(waiter->session, waiter->outcome);
    give_waiter_back(gate, waiter);
  }
}

/* Those whose time is over. An answer that comes later finds nobody. */
static void collect_late(saef_gate *gate, int64_t now_ms) {
  saef_gate_session *session;

  while ((session = TAILQ_FIRST(&gate->holding)) != NULL && session->deadline <= now_ms) {
    cancel_waiter(gate, session->waiter);
    stop_holding(session, SAEF_UNAVAILABLE);
  }
}

/* `feed` may close this session; gate->feeding tells. What is handed on is no longer the session's,
 * so that it outlives a close. */
static void feed_one(saef_gate *gate, saef_gate_session *session, saef_gate_feed feed) {
  struct saef_buffer taken;
  const uint8_t *data;
  size_t length, offset;

  gate->feeding = session;
  while (gate->feeding != NULL && session->held.length > 0) {
    taken = session->held;
    memset(&session->held, 0, sizeof(session->held));
    gate->held_bytes -= taken.length;
    offset = 0;
    if (gate->transport == SAEF_TLS) {
      feed(session->context, taken.data, taken.length);
    } else {
      while (gate->feeding != NULL && saef_buffer_next_datagram(&taken, &offset, &data, &length)) {
        feed(session->context, data, length);
      }
    }
    saef_buffer_free(&taken);
  }
  if (gate->feeding != NULL && session->state != STATE_OVERRUN) {
    session->passing = 1;
  }
  gate->feeding = NULL;
}

size_t saef_gate_process(saef_gate *gate, int64_t now_ms, saef_gate_feed feed) {
  saef_gate_session *session;
  size_t count = 0;

  collect_answers(gate);
  collect_late(gate, now_ms);
  while ((session = TAILQ_FIRST(&gate->ready)) != NULL) {
    TAILQ_REMOVE(&gate->ready, session, link);
    session->listed = NULL;
    feed_one(gate, session, feed);
    ++count;
  }
  return count;
}

int64_t saef_gate_deadline(const saef_gate *gate) {
  const saef_gate_session *first = TAILQ_FIRST(&gate->holding);
  if (!TAILQ_EMPTY(&gate->ready)) {
    return 0;
  }
  return first == NULL ? -1 : first->deadline;
}

int32_t saef_gate_refuse(saef_gate_session *session, int32_t outcome, uint8_t *key,
                         size_t *key_length) {
  if (session->state == STATE_HOLDING) {
    cancel_waiter(session->gate, session->waiter);
    stop_holding(session, outcome);
  }
  settle(session, STATE_REFUSED, outcome);
  session->key_given = 0;
  if (session->gate->refusal != SAEF_GATE_HIDE) {
    return outcome;
  }
  if (*key_length < sizeof(session->hiding_key)) {
    return SAEF_E_BUFFER_TOO_SMALL;
  }
  if (!session->hiding_key_made) {
    if (getrandom(session->hiding_key, sizeof(session->hiding_key), GRND_NONBLOCK) !=
        (ssize_t)sizeof(session->hiding_key)) {
      return outcome;
    }
    session->hiding_key_made = 1;
  }
  memcpy(key, session->hiding_key, sizeof(session->hiding_key));
  *key_length = sizeof(session->hiding_key);
  return SAEF_KEY;
}

int32_t saef_gate_key(saef_gate_session *session, const uint8_t *identity, size_t length,
                      uint8_t *key, size_t *key_length) {
  saef_gate *gate = session->gate;
  int32_t result;

  session->key_asked = 1;
  if (session->state == STATE_REFUSED) {
    return saef_gate_refuse(session, session->outcome, key, key_length);
  }
  if (session->state != STATE_RELEASED || length != session->identity_length || length == 0 ||
      memcmp(identity, session->identity, length) != 0) {
    return saef_gate_refuse(session, SAEF_INVALID, key, key_length);
  }
  if (session->outcome == SAEF_NOT_MINE) {
    return SAEF_NOT_MINE;
  }
  result = gate->api->lookup(gate->instance, identity, length, key, key_length);
  if (result != SAEF_KEY) {
    /* It has ended, or was pushed out of the cache, since the answer came. */
    return saef_gate_refuse(session, result == SAEF_PENDING ? SAEF_UNAVAILABLE : result, key,
                            key_length);
  }
  session->key_given = 1;
  return SAEF_KEY;
}

int32_t saef_gate_session_peer(saef_gate_session *session, const saef_peer *peer) {
  return saef_peer_copy_set(&session->peer, peer);
}

/* After a handshake that did without saef_gate_key. */
static int32_t associate_by_certificate(saef_gate_session *session) {
  saef_gate *gate = session->gate;
  int32_t result;

  if (session->peer.memory == NULL || session->key_asked) {
    return SAEF_NOT_MINE;
  }
  result = gate->api->associate(gate->instance, &session->peer.peer, &session->association);
  saef_peer_copy_clear(&session->peer);
  return result;
}

/* An identity that was only seen on the wire proves nothing: what counts is that the handshake was
 * done with the plugin's key for it. */
int32_t saef_gate_session_established(saef_gate_session *session) {
  saef_gate *gate = session->gate;
  saef_peer peer = {0};

  if (session->association != SAEF_NO_ASSOCIATION) {
    return SAEF_DONE;
  }
  if (session->state == STATE_OPEN) {
    settle(session, STATE_RELEASED, SAEF_NO_IDENTITY);
  }
  if (session->listed == NULL && gate->feeding != session) {
    session->passing = 1;
  }
  if (!session->key_given) {
    return session->key_asked && session->state == STATE_REFUSED
               ? session->outcome
               : associate_by_certificate(session);
  }
  peer.size = sizeof(peer);
  peer.psk_identity.data = session->identity;
  peer.psk_identity.length = session->identity_length;
  return gate->api->associate(gate->instance, &peer, &session->association);
}

saef_association saef_gate_session_association(const saef_gate_session *session) {
  return session->association;
}

saef_bytes saef_gate_session_identity(const saef_gate_session *session) {
  saef_bytes identity = {session->identity, session->identity_length};
  return identity;
}

int32_t saef_gate_session_outcome(const saef_gate_session *session) { return session->outcome; }

size_t saef_gate_held_sessions(const saef_gate *gate) { return gate->held_sessions; }

size_t saef_gate_held_bytes(const saef_gate *gate) { return gate->held_bytes; }
