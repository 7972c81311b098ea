/* SPDX-License-Identifier: BSD-2-Clause
 *
 * A host in C: a CoAP server on libcoap that loads saef.so, lets the plugin provide the keys of its
 * DTLS sessions, and asks it before each request whether this originator may speak here. It stands
 * for a CSE; in place of resources it answers who is speaking. docs/embedding.md walks through it.
 *
 *   host MODULE CONFIGURATION PORT      e.g.  host ./saef.so saef.json 5684
 *
 * It prints the port (0 lets the system choose one) and runs until SIGTERM or SIGINT.
 */
#include <coap3/coap.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saef/coap_gate.h"
#include "saef/loader.h"

/* oneM2M in CoAP options (TS-0008): the two that the check reads. A CSE knows all of them, and
 * answers with a response status code in one, which this example writes into the content, for any
 * CoAP client to show. */
#define OPTION_FROM 279
#define OPTION_RESOURCE_TYPE 267

#define MAX_REGISTERED 100

struct host {
  saef_loaded *loaded;
  saef_coap_gate *gate;
  pthread_mutex_t mutex; /* the plugin asks from a thread of its own, too */
  int gate_is_open;      /* under the mutex */
  char registered[MAX_REGISTERED][64];
  size_t registered_count; /* under the mutex, as is the array */
};

static struct host host = {.mutex = PTHREAD_MUTEX_INITIALIZER};
static volatile sig_atomic_t stopping;

static void on_signal(int number) {
  (void)number;
  stopping = 1;
}

/* ---- What the plugin asks ---- */

static void on_log(void *context, int32_t level, const char *text, size_t length) {
  (void)context;
  fprintf(stderr, "%" PRId32 " %.*s\n", level, (int)length, text);
}

static int32_t on_is_registered_ae(void *context, const char *ae_id, size_t length) {
  int32_t answer = SAEF_NO;
  size_t i;
  (void)context;

  pthread_mutex_lock(&host.mutex);
  for (i = 0; i < host.registered_count; ++i) {
    if (strlen(host.registered[i]) == length && memcmp(host.registered[i], ae_id, length) == 0) {
      answer = SAEF_YES;
    }
  }
  pthread_mutex_unlock(&host.mutex);
  return answer;
}

/* A key has expired, or its MAF has taken it back: the session made with it ends. */
static void on_end_association(void *context, saef_association association) {
  (void)context;
  pthread_mutex_lock(&host.mutex);
  if (host.gate_is_open) {
    saef_coap_gate_end_association(host.gate, association);
  }
  pthread_mutex_unlock(&host.mutex);
}

static const saef_host questions = {
    .size = sizeof(saef_host),
    .log = on_log,
    .is_registered_ae = on_is_registered_ae,
    .end_association = on_end_association,
};

/* ---- Loading ---- */

static int load(const char *module, const char *config_path) {
  saef_loader_arguments arguments = {.size = sizeof(arguments),
                                     .module = module,
                                     .config_path = config_path,
                                     .host_name = "embedding example 1",
                                     .host = &questions};
  char error[1024];
  size_t error_length = sizeof(error);

  if (saef_loader_open(&arguments, &host.loaded, error, &error_length) != SAEF_LOADER_DONE) {
    fprintf(stderr, "host: %s\n",
            error_length < sizeof(error) ? error : "the plugin can't be loaded");
    return 0; /* and the host doesn't listen */
  }
  return 1;
}

/* ---- Listening ---- */

static int attach_gate(coap_context_t *context) {
  saef_coap_gate_arguments arguments = {
      .size = sizeof(arguments),
      .gate = {.size = sizeof(saef_gate_arguments),
               .api = saef_loader_api(host.loaded),
               .instance = saef_loader_instance(host.loaded),
               .refusal = SAEF_GATE_ALERT},
  };
  if (saef_coap_gate_attach(context, &arguments, &host.gate) != SAEF_DONE) {
    return 0;
  }
  pthread_mutex_lock(&host.mutex);
  host.gate_is_open = 1;
  pthread_mutex_unlock(&host.mutex);
  return 1;
}

static void detach_gate(void) {
  pthread_mutex_lock(&host.mutex);
  host.gate_is_open = 0;
  pthread_mutex_unlock(&host.mutex);
  saef_coap_gate_detach(host.gate);
}

static int listen_on(coap_context_t *context, uint16_t port) {
  coap_endpoint_t *endpoint;
  coap_address_t address;

  coap_address_init(&address);
  address.size = sizeof(address.addr.sin);
  address.addr.sin.sin_family = AF_INET;
  address.addr.sin.sin_port = htons(port);
  endpoint = coap_new_endpoint(context, &address, COAP_PROTO_DTLS);
  if (endpoint == NULL) {
    return 0;
  }
  printf("%s\n", coap_endpoint_str(endpoint));
  fflush(stdout);
  return 1;
}

static void serve(coap_context_t *context) {
  while (!stopping) {
    int64_t due = saef_coap_gate_timeout_ms(host.gate);
    coap_io_process(context, due > 0 && due < 1000 ? (uint32_t)due : 1000);
    saef_coap_gate_process(host.gate);
  }
}

/* ---- Requests ---- */

static int32_t operation_of(coap_pdu_code_t code) {
  switch (code) {
    case COAP_REQUEST_CODE_GET:
      return SAEF_RETRIEVE;
    case COAP_REQUEST_CODE_POST:
      return SAEF_CREATE;
    case COAP_REQUEST_CODE_PUT:
      return SAEF_UPDATE;
    default:
      return SAEF_DELETE;
  }
}

/* May this request go on? 2000, or the response status code to answer with. */
static int32_t check(coap_session_t *session, const coap_pdu_t *pdu, saef_request *request) {
  saef_association association = saef_coap_gate_association(host.gate, session);
  coap_opt_iterator_t iterator;
  coap_opt_t *option;
  int32_t status;

  request->size = sizeof(*request);
  request->operation = operation_of(coap_pdu_get_code(pdu));
  option = coap_check_option(pdu, OPTION_RESOURCE_TYPE, &iterator);
  if (option != NULL) {
    request->resource_type =
        (int32_t)coap_decode_var_bytes(coap_opt_value(option), coap_opt_length(option));
  }
  option = coap_check_option(pdu, OPTION_FROM, &iterator);
  if (option != NULL) {
    request->originator = (const char *)coap_opt_value(option);
    request->originator_length = coap_opt_length(option);
  }
  status = saef_loader_api(host.loaded)
               ->check_originator(saef_loader_instance(host.loaded), association, request);
  return status < 0 ? 5000 : status;
}

/* TS-0008: response status codes as CoAP ones. */
static coap_pdu_code_t code_of(int32_t status) {
  switch (status) {
    case 2000:
      return COAP_RESPONSE_CODE_CONTENT;
    case 2001:
      return COAP_RESPONSE_CODE_CREATED;
    case 4000:
      return COAP_RESPONSE_CODE_BAD_REQUEST;
    case 4106:
    case 4107:
      return COAP_RESPONSE_CODE_FORBIDDEN;
    default:
      return COAP_RESPONSE_CODE_INTERNAL_ERROR;
  }
}

static int32_t register_ae(const saef_request *request) {
  int32_t status = 5000;

  if (request->originator_length < 2) {
    return 4000; /* it asks for an AE-ID; this example assigns none */
  }
  pthread_mutex_lock(&host.mutex);
  if (host.registered_count < MAX_REGISTERED &&
      request->originator_length < sizeof(host.registered[0])) {
    memcpy(host.registered[host.registered_count++], request->originator,
           request->originator_length);
    status = 2001;
  }
  pthread_mutex_unlock(&host.mutex);
  return status;
}

static void on_request(coap_resource_t *resource, coap_session_t *session, const coap_pdu_t *pdu,
                       const coap_string_t *query, coap_pdu_t *response) {
  saef_request request = {0};
  char text[16];
  int32_t status;
  (void)resource;
  (void)query;

  status = check(session, pdu, &request);
  if (status == 2000 && request.operation == SAEF_CREATE && request.resource_type == 2) {
    status = register_ae(&request); /* a CSE's own work begins here */
  }
  coap_pdu_set_code(response, code_of(status));
  if (status == 2000) {
    coap_add_data(response, request.originator_length, (const uint8_t *)request.originator);
  } else {
    snprintf(text, sizeof(text), "%" PRId32, status);
    coap_add_data(response, strlen(text), (const uint8_t *)text);
  }
}

static void serve_requests(coap_context_t *context) {
  coap_resource_t *all = coap_resource_unknown_init(on_request);

  coap_register_handler(all, COAP_REQUEST_GET, on_request);
  coap_register_handler(all, COAP_REQUEST_POST, on_request);
  coap_register_handler(all, COAP_REQUEST_DELETE, on_request);
  coap_add_resource(context, all);
  coap_register_option(context, OPTION_FROM);
  coap_register_option(context, OPTION_RESOURCE_TYPE);
}

int main(int argc, char **argv) {
  struct sigaction action = {.sa_handler = on_signal};
  coap_context_t *context;
  int done = 0;

  if (argc != 4) {
    fprintf(stderr, "host MODULE CONFIGURATION PORT, e.g. host ./saef.so saef.json 5684\n");
    return 2;
  }
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  if (!load(argv[1], argv[2])) {
    return 2;
  }
  coap_startup();
  context = coap_new_context(NULL);
  if (context != NULL && attach_gate(context)) {
    serve_requests(context);
    done = listen_on(context, (uint16_t)atoi(argv[3]));
    if (done) {
      serve(context);
    }
    detach_gate();
  }
  coap_free_context(context);
  coap_cleanup();
  saef_loader_close(host.loaded);
  return done ? 0 : 2;
}
