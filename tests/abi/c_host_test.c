/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A bare C11 host: knows saef/plugin.h and nothing else, loads the module with everything bound,
 * and gives each function what it must refuse.
 *
 *   c_host_test MODULE CONFIGURATION
 *
 * The configuration must be a good one. Exit code: the number of checks that failed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "saef/plugin.h"

static int failed;
static const saef_api *api;
static saef_instance *instance;

#define CHECK(expression, expected) check(#expression, (int64_t)(expression), (int64_t)(expected))

static void check(const char *expression, int64_t result, int64_t expected) {
  if (result != expected) {
    fprintf(stderr, "%s is %" PRId64 ", not %" PRId64 "\n", expression, result, expected);
    ++failed;
  }
}

static void on_answer(void *context, saef_ticket ticket, int32_t outcome) {
  (void)context;
  (void)ticket;
  (void)outcome;
}
static void on_report(void *context, const saef_probe_report *report) {
  (void)context;
  (void)report;
}

static void check_entry(saef_plugin_entry_function entry) {
  saef_host_versions versions = {.size = sizeof(versions), .major_min = 1, .major_max = 1};
  const saef_api *none = NULL;
  char reason[256];
  size_t length = sizeof(reason);

  CHECK(entry(NULL, &none, reason, &length), SAEF_E_ARGUMENT);
  CHECK(entry(&versions, NULL, NULL, NULL), SAEF_E_ARGUMENT);
  versions.size = 4;
  CHECK(entry(&versions, &none, NULL, NULL), SAEF_E_ARGUMENT);
  versions.size = sizeof(versions);
  versions.major_min = versions.major_max = 7;
  length = sizeof(reason);
  CHECK(entry(&versions, &none, reason, &length), SAEF_E_VERSION);
  CHECK(none == NULL, 1);
  CHECK(length > 0 && length <= sizeof(reason), 1);
  length = 1;
  reason[0] = '!';
  CHECK(entry(&versions, &none, reason, &length), SAEF_E_VERSION);
  CHECK(length > 1, 1);
  CHECK(reason[0], '!');
  versions.major_min = 0;
  CHECK(entry(&versions, &api, NULL, NULL), SAEF_DONE);
  CHECK(api->size >= sizeof(saef_api), 1);
  CHECK(api->abi_major, 1);
  CHECK(api->abi_minor >= 1, 1);
  CHECK(SAEF_HAS(saef_api, api, verify_peer), 1);
  CHECK(api->version_length > 0, 1);
}

static void check_open(const char *config_path) {
  saef_open_arguments arguments = {.size = sizeof(arguments),
                                   .config_path = config_path,
                                   .config_path_length = strlen(config_path)};
  const char missing[] = "no/such/file.json";
  char error[512];
  size_t length = sizeof(error);

  CHECK(api->open(NULL, &instance, error, &length), SAEF_E_ARGUMENT);
  CHECK(api->open(&arguments, NULL, error, &length), SAEF_E_ARGUMENT);
  arguments.size = 4;
  CHECK(api->open(&arguments, &instance, NULL, NULL), SAEF_E_ARGUMENT);
  arguments.size = sizeof(arguments);
  arguments.config_path = NULL;
  CHECK(api->open(&arguments, &instance, NULL, NULL), SAEF_E_ARGUMENT);
  arguments.config_path = missing;
  arguments.config_path_length = strlen(missing);
  length = sizeof(error);
  CHECK(api->open(&arguments, &instance, error, &length), SAEF_E_CONFIGURATION);
  CHECK(instance == NULL, 1);
  CHECK(length > 0 && length <= sizeof(error), 1);
  arguments.config_path = config_path;
  arguments.config_path_length = strlen(config_path);
  CHECK(api->open(&arguments, &instance, NULL, NULL), SAEF_DONE);
  CHECK(instance != NULL, 1);
}

static void check_look_ups(void) {
  const uint8_t identity[] = "nobody@elsewhere.example.com";
  const size_t length = sizeof(identity) - 1;
  uint8_t key[SAEF_MAX_KEY];
  size_t key_length = sizeof(key);
  saef_ticket ticket = 0;

  CHECK(api->lookup(NULL, identity, length, key, &key_length), SAEF_E_HANDLE);
  CHECK(api->lookup(instance, NULL, length, key, &key_length), SAEF_E_ARGUMENT);
  CHECK(api->lookup(instance, identity, length, key, NULL), SAEF_E_ARGUMENT);
  CHECK(api->lookup(instance, identity, length, NULL, &key_length), SAEF_E_ARGUMENT);
  CHECK(api->lookup(instance, identity, length, key, &key_length), SAEF_NOT_MINE);
  CHECK(api->lookup(instance, NULL, 0, key, &key_length), SAEF_INVALID);

  CHECK(api->lookup_async(NULL, identity, length, on_answer, NULL, &ticket), SAEF_E_HANDLE);
  CHECK(api->lookup_async(instance, NULL, length, on_answer, NULL, &ticket), SAEF_E_ARGUMENT);
  CHECK(api->lookup_async(instance, identity, length, NULL, NULL, &ticket), SAEF_E_ARGUMENT);
  CHECK(api->lookup_async(instance, identity, length, on_answer, NULL, NULL), SAEF_E_ARGUMENT);
  CHECK(api->lookup_async(instance, identity, length, on_answer, NULL, &ticket), SAEF_NOT_MINE);

  CHECK(api->lookup_cancel(NULL, 1), SAEF_E_HANDLE);
  CHECK(api->lookup_cancel(instance, 0), SAEF_E_HANDLE);
  CHECK(api->lookup_cancel(instance, 12345), SAEF_E_HANDLE);

  CHECK(api->lookup_wait(NULL, identity, length, 1, key, &key_length), SAEF_E_HANDLE);
  CHECK(api->lookup_wait(instance, NULL, length, 1, key, &key_length), SAEF_E_ARGUMENT);
  CHECK(api->lookup_wait(instance, identity, length, 1, key, NULL), SAEF_E_ARGUMENT);
  CHECK(api->lookup_wait(instance, identity, length, 1, key, &key_length), SAEF_NOT_MINE);
}

static void check_peek(void) {
  /* Two records: a ClientHello, whose content isn't looked at, and a ClientKeyExchange whose
   * identity is "a". */
  const uint8_t stream[] = {22, 3, 3, 0, 6, 1,  0, 0, 2, 9, 9, /* */
                            22, 3, 3, 0, 7, 16, 0, 0, 3, 0, 1, 'a'};
  uint8_t identity[SAEF_MAX_IDENTITY];
  size_t length = sizeof(identity);

  CHECK(api->peek_identity(0, stream, sizeof(stream), identity, &length), SAEF_E_ARGUMENT);
  CHECK(api->peek_identity(SAEF_TLS, NULL, 1, identity, &length), SAEF_E_ARGUMENT);
  CHECK(api->peek_identity(SAEF_TLS, stream, sizeof(stream), identity, NULL), SAEF_E_ARGUMENT);
  CHECK(api->peek_identity(SAEF_TLS, stream, sizeof(stream), NULL, &length), SAEF_E_ARGUMENT);
  CHECK(api->peek_identity(SAEF_TLS, NULL, 0, identity, &length), SAEF_NEED_MORE);
  length = 0;
  CHECK(api->peek_identity(SAEF_TLS, stream, sizeof(stream), NULL, &length),
        SAEF_E_BUFFER_TOO_SMALL);
  CHECK(length, 1);
  length = sizeof(identity);
  CHECK(api->peek_identity(SAEF_TLS, stream, sizeof(stream), identity, &length), SAEF_IDENTITY);
  CHECK(length == 1 && identity[0] == 'a', 1);
}

static void check_associations(void) {
  const uint8_t identity[] = "nobody@elsewhere.example.com";
  saef_peer peer = {.size = sizeof(peer), .psk_identity = {identity, sizeof(identity) - 1}};
  saef_association_description description = {.size = sizeof(description)};
  saef_association association = 77;

  CHECK(api->associate(NULL, &peer, &association), SAEF_E_HANDLE);
  CHECK(api->associate(instance, NULL, &association), SAEF_E_ARGUMENT);
  CHECK(api->associate(instance, &peer, NULL), SAEF_E_ARGUMENT);
  CHECK(api->associate(instance, &peer, &association), SAEF_NOT_MINE);
  CHECK(association, SAEF_NO_ASSOCIATION);
  peer.psk_identity.length = 0;
  CHECK(api->associate(instance, &peer, &association), SAEF_E_ARGUMENT);
  peer.size = 4;
  CHECK(api->associate(instance, &peer, &association), SAEF_E_ARGUMENT);
  /* As a host of version 1.0 has it: what lies behind isn't looked at. */
  peer.size = offsetof(saef_peer, public_key);
  peer.psk_identity.length = sizeof(identity) - 1;
  peer.public_key.length = 1;
  CHECK(api->associate(instance, &peer, &association), SAEF_NOT_MINE);
  --peer.size;
  CHECK(api->associate(instance, &peer, &association), SAEF_E_ARGUMENT);

  CHECK(api->describe(NULL, 1, &description), SAEF_E_HANDLE);
  CHECK(api->describe(instance, 1, NULL), SAEF_E_ARGUMENT);
  CHECK(api->describe(instance, 1, &description), SAEF_E_HANDLE);
  description.size = 4;
  CHECK(api->describe(instance, 1, &description), SAEF_E_ARGUMENT);
  description.size = offsetof(saef_association_description, allowed_ids);
  description.allowed_ids_length = 1;
  CHECK(api->describe(instance, 1, &description), SAEF_E_HANDLE);
  description.size = sizeof(description);
  CHECK(api->describe(instance, 1, &description), SAEF_E_ARGUMENT);

  CHECK(api->assign_ae_id(NULL, 1, "Cx", 2), SAEF_E_HANDLE);
  CHECK(api->assign_ae_id(instance, 1, NULL, 2), SAEF_E_ARGUMENT);
  CHECK(api->assign_ae_id(instance, 1, "Cx", 2), SAEF_E_HANDLE);
  CHECK(api->withdraw_ae_id(NULL, "Cx", 2), SAEF_E_HANDLE);
  CHECK(api->withdraw_ae_id(instance, NULL, 2), SAEF_E_ARGUMENT);
  CHECK(api->withdraw_ae_id(instance, "Cx", 2), SAEF_DONE);
  CHECK(api->dissociate(NULL, 1), SAEF_E_HANDLE);
  CHECK(api->dissociate(instance, SAEF_NO_ASSOCIATION), SAEF_E_HANDLE);
  CHECK(api->dissociate(instance, 1), SAEF_E_HANDLE);
}

/* No certificates and no public keys are configured. */
static void check_peers(void) {
  const uint8_t octets[] = {0x30, 0x00};
  const saef_bytes chain[] = {{octets, sizeof(octets)}};
  saef_peer peer = {.size = sizeof(peer), .certificates = chain, .certificate_count = 1};
  saef_association association = 77;

  CHECK(api->verify_peer(NULL, &peer), SAEF_E_HANDLE);
  CHECK(api->verify_peer(instance, NULL), SAEF_E_ARGUMENT);
  CHECK(api->verify_peer(instance, &peer), SAEF_NOT_MINE);
  CHECK(api->associate(instance, &peer, &association), SAEF_NOT_MINE);
  CHECK(association, SAEF_NO_ASSOCIATION);
  peer.public_key = chain[0]; /* both */
  CHECK(api->verify_peer(instance, &peer), SAEF_E_ARGUMENT);
  CHECK(api->associate(instance, &peer, &association), SAEF_E_ARGUMENT);
  peer.certificates = NULL; /* a count without certificates */
  peer.public_key.length = 0;
  CHECK(api->verify_peer(instance, &peer), SAEF_E_ARGUMENT);
  peer.certificate_count = 0; /* neither */
  CHECK(api->verify_peer(instance, &peer), SAEF_E_ARGUMENT);
  peer.public_key.length = sizeof(octets);
  CHECK(api->verify_peer(instance, &peer), SAEF_NOT_MINE);
  CHECK(api->associate(instance, &peer, &association), SAEF_NOT_MINE);
  peer.public_key.data = NULL;
  CHECK(api->verify_peer(instance, &peer), SAEF_E_ARGUMENT);
  peer.public_key = chain[0];
  peer.psk_identity = chain[0]; /* verify_peer is not for keys */
  CHECK(api->verify_peer(instance, &peer), SAEF_E_ARGUMENT);
}

static void check_originators(void) {
  saef_request request = {.size = sizeof(request),
                          .operation = SAEF_RETRIEVE,
                          .originator = "Cnobody",
                          .originator_length = 7};

  CHECK(api->check_originator(NULL, SAEF_NO_ASSOCIATION, &request), SAEF_E_HANDLE);
  CHECK(api->check_originator(instance, SAEF_NO_ASSOCIATION, NULL), SAEF_E_ARGUMENT);
  CHECK(api->check_originator(instance, 1, &request), SAEF_E_HANDLE);
  /* The host has no questions answered: no AE is registered with it. */
  CHECK(api->check_originator(instance, SAEF_NO_ASSOCIATION, &request), 4106);
  request.operation = 0;
  CHECK(api->check_originator(instance, SAEF_NO_ASSOCIATION, &request), SAEF_E_ARGUMENT);
  request.operation = SAEF_RETRIEVE;
  request.originator = NULL;
  CHECK(api->check_originator(instance, SAEF_NO_ASSOCIATION, &request), SAEF_E_ARGUMENT);
  request.originator = "/cse2";
  request.originator_length = 5;
  CHECK(api->check_originator(instance, SAEF_NO_ASSOCIATION, &request), 4107);
  request.app_id_length = 4; /* null */
  CHECK(api->check_originator(instance, SAEF_NO_ASSOCIATION, &request), SAEF_E_ARGUMENT);
  request.size = offsetof(saef_request, app_id); /* as a host of version 1.0 has it */
  CHECK(api->check_originator(instance, SAEF_NO_ASSOCIATION, &request), 4107);
  --request.size;
  CHECK(api->check_originator(instance, SAEF_NO_ASSOCIATION, &request), SAEF_E_ARGUMENT);
}

static void check_the_rest(void) {
  saef_statistics statistics = {.size = sizeof(statistics)};

  CHECK(api->statistics(NULL, &statistics), SAEF_E_HANDLE);
  CHECK(api->statistics(instance, NULL), SAEF_E_ARGUMENT);
  CHECK(api->statistics(instance, &statistics), SAEF_DONE);
  CHECK(statistics.size, sizeof(statistics));
  CHECK(statistics.not_mine > 0, 1);
  CHECK(statistics.issuers, 1);
  CHECK(statistics.lookups, statistics.hits + statistics.not_mine + statistics.invalid +
                                statistics.lookups_pending + statistics.lookups_unknown +
                                statistics.lookups_denied + statistics.lookups_unavailable);
  statistics.size = offsetof(saef_statistics, keys_withdrawn);
  statistics.keys_withdrawn = 4711;
  CHECK(api->statistics(instance, &statistics), SAEF_DONE);
  CHECK(statistics.keys_withdrawn, 4711);
  statistics.size = offsetof(saef_statistics, misses); /* as a host of version 1.1 has it */
  statistics.misses = 4711;
  CHECK(api->statistics(instance, &statistics), SAEF_DONE);
  CHECK(statistics.keys_withdrawn, 0);
  CHECK(statistics.misses, 4711);
  CHECK(api->probe(NULL, 1, on_report, NULL), SAEF_E_HANDLE);
  CHECK(api->probe(instance, 1, NULL, NULL), SAEF_E_ARGUMENT);
}

int main(int argc, char **argv) {
  saef_plugin_entry_function entry;
  void *module, *symbol;

  if (argc != 3) {
    return 100;
  }
  module = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  symbol = module == NULL ? NULL : dlsym(module, SAEF_PLUGIN_ENTRY);
  if (symbol == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 101;
  }
  memcpy(&entry, &symbol, sizeof(entry));
  check_entry(entry);
  check_open(argv[2]);
  if (instance == NULL) {
    return failed;
  }
  errno = 4711;
  check_look_ups();
  check_peek();
  check_associations();
  check_peers();
  check_originators();
  check_the_rest();
  CHECK(errno, 4711); /* never altered */
  CHECK(api->close(NULL), SAEF_E_HANDLE);
  CHECK(api->close(instance), SAEF_DONE);
  dlclose(module);
  return failed;
}
