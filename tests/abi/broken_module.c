/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A plugin that is broken in one way, told by one of these at compile time:
 *
 *   BROKEN_NO_ENTRY  BROKEN_VERSION  BROKEN_VERSION_MUTE  BROKEN_MAJOR  BROKEN_NO_TABLE
 *   BROKEN_SHORT_TABLE  BROKEN_NULL (the name of a function)  BROKEN_OPEN  BROKEN_OPEN_MUTE
 *   BROKEN_NO_INSTANCE  BROKEN_UNRESOLVED  BROKEN_SHORT_TABLE_1_1  BROKEN_SHORT_TABLE_1_2
 *
 * With none of them it opens, and with BROKEN_MINOR_0 and BROKEN_MINOR_2, which make it sound ones
 * of versions 1.0 and 1.2.
 */
#include <stdio.h>
#include <string.h>

#include "saef/plugin.h"

#define EXPORT __attribute__((visibility("default")))

struct saef_instance {
  int opened;
};
static struct saef_instance the_instance;
static saef_api table;

#ifdef BROKEN_UNRESOLVED
extern int saef_broken_module_function_that_nobody_has(void);
#endif

/* A text for a caller's buffer, as plugin.h has it. */
static void tell(const char *text, char *buffer, size_t *length) {
  size_t needed = strlen(text);
  if (buffer != NULL && *length >= needed) {
    memcpy(buffer, text, needed);
  }
  *length = needed;
}

static int32_t open_plugin(const saef_open_arguments *arguments, saef_instance **instance,
                           char *error, size_t *error_length) {
  (void)arguments;
  (void)tell;
  (void)the_instance;
  *instance = NULL;
#if defined(BROKEN_OPEN)
  tell("/mafs/0/fqdn: 'MAF.example' has capitals; write it in lower case.", error, error_length);
  return SAEF_E_CONFIGURATION;
#elif defined(BROKEN_OPEN_MUTE)
  (void)error;
  *error_length = 5000; /* a text longer than any buffer */
  return SAEF_E_CONFIGURATION;
#elif defined(BROKEN_NO_INSTANCE)
  (void)error;
  (void)error_length;
  return SAEF_DONE;
#else
  (void)error;
  (void)error_length;
  ++the_instance.opened;
  *instance = &the_instance;
  return SAEF_DONE;
#endif
}

static int32_t close_plugin(saef_instance *instance) {
  --instance->opened;
  return SAEF_DONE;
}
static int32_t lookup(saef_instance *i, const uint8_t *d, size_t n, uint8_t *k, size_t *kn) {
  (void)i, (void)d, (void)n, (void)k, (void)kn;
  return SAEF_NOT_MINE;
}
static int32_t lookup_async(saef_instance *i, const uint8_t *d, size_t n, saef_lookup_callback f,
                            void *c, saef_ticket *t) {
  (void)i, (void)d, (void)n, (void)f, (void)c, (void)t;
  return SAEF_NOT_MINE;
}
static int32_t lookup_cancel(saef_instance *i, saef_ticket t) {
  (void)i, (void)t;
  return SAEF_E_HANDLE;
}
static int32_t lookup_wait(saef_instance *i, const uint8_t *d, size_t n, uint32_t ms, uint8_t *k,
                           size_t *kn) {
  (void)i, (void)d, (void)n, (void)ms, (void)k, (void)kn;
  return SAEF_NOT_MINE;
}
static int32_t peek_identity(int32_t t, const uint8_t *d, size_t n, uint8_t *i, size_t *in) {
  (void)t, (void)d, (void)n, (void)i, (void)in;
  return SAEF_NEED_MORE;
}
static int32_t associate(saef_instance *i, const saef_peer *p, saef_association *a) {
  (void)i, (void)p, (void)a;
  return SAEF_NOT_MINE;
}
static int32_t describe(saef_instance *i, saef_association a, saef_association_description *d) {
  (void)i, (void)a, (void)d;
  return SAEF_E_HANDLE;
}
static int32_t assign_ae_id(saef_instance *i, saef_association a, const char *d, size_t n) {
  (void)i, (void)a, (void)d, (void)n;
  return SAEF_E_HANDLE;
}
static int32_t withdraw_ae_id(saef_instance *i, const char *d, size_t n) {
  (void)i, (void)d, (void)n;
  return SAEF_DONE;
}
static int32_t check_originator(saef_instance *i, saef_association a, const saef_request *r) {
  (void)i, (void)a, (void)r;
  return 2000;
}
static int32_t dissociate(saef_instance *i, saef_association a) {
  (void)i, (void)a;
  return SAEF_E_HANDLE;
}
static int32_t statistics(saef_instance *i, saef_statistics *s) {
  (void)i, (void)s;
  return SAEF_DONE;
}
static int32_t probe(saef_instance *i, uint32_t ms, saef_probe_callback f, void *c) {
  (void)i, (void)ms, (void)f, (void)c;
  return SAEF_DONE;
}
static int32_t verify_peer(saef_instance *i, const saef_peer *p) {
  (void)i, (void)p;
  return SAEF_NOT_MINE;
}

static void fill_table(void) {
  table.size = sizeof(table);
  table.abi_major = SAEF_ABI_MAJOR;
  table.abi_minor = SAEF_ABI_MINOR;
  table.version = "broken";
  table.version_length = 6;
  table.open = open_plugin;
  table.close = close_plugin;
  table.lookup = lookup;
  table.lookup_async = lookup_async;
  table.lookup_cancel = lookup_cancel;
  table.lookup_wait = lookup_wait;
  table.peek_identity = peek_identity;
  table.associate = associate;
  table.describe = describe;
  table.assign_ae_id = assign_ae_id;
  table.withdraw_ae_id = withdraw_ae_id;
  table.check_originator = check_originator;
  table.dissociate = dissociate;
  table.statistics = statistics;
  table.probe = probe;
  table.verify_peer = verify_peer;
#if defined(BROKEN_SHORT_TABLE)
  table.size = offsetof(saef_api, probe);
#elif defined(BROKEN_SHORT_TABLE_1_1)
  table.size = offsetof(saef_api, verify_peer);
#elif defined(BROKEN_SHORT_TABLE_1_2)
  table.size = offsetof(saef_api, verify_peer);
  table.abi_minor = 2;
#elif defined(BROKEN_MINOR_3)
  table.size =
      sizeof(table) + sizeof(table.probe); /* one function more, of which nobody knows yet */
  table.abi_minor = 3;
#elif defined(BROKEN_MINOR_0)
  table.size = offsetof(saef_api, verify_peer);
  table.abi_minor = 0;
  table.verify_peer = NULL; /* what lies behind the table is nobody's */
#elif defined(BROKEN_MAJOR)
  table.abi_major = SAEF_ABI_MAJOR + 1;
#elif defined(BROKEN_NULL)
  table.BROKEN_NULL = NULL;
#endif
}

#ifdef BROKEN_NO_ENTRY
#define ENTRY saef_other_entry
#else
#define ENTRY saef_plugin_entry
#endif

EXPORT int32_t ENTRY(const saef_host_versions *host, const saef_api **api, char *reason,
                     size_t *reason_length);

EXPORT int32_t ENTRY(const saef_host_versions *host, const saef_api **api, char *reason,
                     size_t *reason_length) {
  *api = NULL;
  if (host->size < sizeof(*host) || host->major_min > host->major_max) {
    return SAEF_E_ARGUMENT;
  }
  fill_table();
#if defined(BROKEN_VERSION)
  tell("speaks 7 to 8 only", reason, reason_length);
  return SAEF_E_VERSION;
#elif defined(BROKEN_VERSION_MUTE)
  (void)reason;
  *reason_length = 0;
  return SAEF_E_VERSION;
#elif defined(BROKEN_NO_TABLE)
  (void)reason;
  (void)reason_length;
  return SAEF_DONE;
#else
#if defined(BROKEN_UNRESOLVED)
  (void)saef_broken_module_function_that_nobody_has();
#endif

  (void)reason;
  (void)reason_length;
  *api = &table;
  return SAEF_DONE;
#endif
}
