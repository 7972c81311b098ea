/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "saef/loader.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for a reason that the module gives. */
#define REASON_SIZE 1024

/* The table of major version 1 as minor version 0 and as minor version 1 had it. */
#define TABLE_SIZE_1_0 (offsetof(saef_api, probe) + sizeof(((saef_api *)0)->probe))
#define TABLE_SIZE_1_1 (offsetof(saef_api, verify_peer) + sizeof(((saef_api *)0)->verify_peer))

struct saef_loaded {
  void *module;
  const saef_api *api;
  saef_instance *instance;
};

/* Where the caller wants the text of a failure. */
struct report {
  char *text;
  size_t *length;
};

static int32_t fail(const struct report *report, int32_t result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int32_t fail(const struct report *report, int32_t result, const char *format, ...) {
  va_list arguments;
  size_t capacity;
  int length;

  if (report->length == NULL) {
    return result;
  }
  va_start(arguments, format);
  length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  capacity = *report->length;
  *report->length = length < 0 ? 0 : (size_t)length + 1;
  if (length >= 0 && report->text != NULL && (size_t)length < capacity) {
    va_start(arguments, format);
    (void)vsnprintf(report->text, capacity, format, arguments);
    va_end(arguments);
    *report->length = (size_t)length;
  }
  return result;
}

/* What a module wrote into a buffer of REASON_SIZE, or a word that it wrote nothing fitting. */
static const char *reason_text(char *reason, size_t length) {
  if (length == 0 || length >= REASON_SIZE) {
    return "it gave no reason";
  }
  reason[length] = '\0';
  return reason;
}

static const char *null_function(const saef_api *api) {
#define CHECK(name)        \
  if (api->name == NULL) { \
    return #name;          \
  }
  CHECK(open)
  CHECK(close)
  CHECK(lookup)
  CHECK(lookup_async)
  CHECK(lookup_cancel)
  CHECK(lookup_wait)
  CHECK(peek_identity)
  CHECK(associate)
  CHECK(describe)
  CHECK(assign_ae_id)
  CHECK(withdraw_ae_id)
  CHECK(check_originator)
  CHECK(dissociate)
  CHECK(statistics)
  CHECK(probe)
  if (api->abi_minor >= 1) {
    CHECK(verify_peer)
  }
#undef CHECK
  return NULL;
}

static int32_t refuse_short_table(const char *name, size_t size, unsigned minor, size_t needed,
                                  const struct report *report) {
  return fail(report, SAEF_LOADER_E_TABLE,
              "%s hands out a table of %zu bytes where ABI version %u.%u has at least %zu. The "
              "module is faulty; install another build of it.",
              name, size, SAEF_ABI_MAJOR, minor, needed);
}

static int32_t check_table(const char *name, const saef_api *api, const struct report *report) {
  const char *missing;

  if (api == NULL) {
    return fail(
        report, SAEF_LOADER_E_TABLE,
        "%s agreed on a version but handed out no table of functions. The module is faulty; "
        "install another build of it.",
        name);
  }
  if (api->size < TABLE_SIZE_1_0) {
    return refuse_short_table(name, api->size, 0, TABLE_SIZE_1_0, report);
  }
  if (api->abi_major != SAEF_ABI_MAJOR) {
    return fail(report, SAEF_LOADER_E_VERSION,
                "%s picked ABI version %" PRIu32
                " though this host speaks %u only. Install a module "
                "built for version %u.",
                name, api->abi_major, SAEF_ABI_MAJOR, SAEF_ABI_MAJOR);
  }
  if (api->abi_minor >= 1 && api->size < TABLE_SIZE_1_1) {
    return refuse_short_table(name, api->size, 1, TABLE_SIZE_1_1, report);
  }
  missing = null_function(api);
  if (missing != NULL) {
    return fail(report, SAEF_LOADER_E_TABLE,
                "%s hands out a table whose function '%s' is null. The module is faulty; install "
                "another build of it.",
                name, missing);
  }
  return SAEF_LOADER_DONE;
}

static int32_t negotiate(const saef_loader_arguments *arguments, void *module, const saef_api **api,
                         const struct report *report) {
  saef_host_versions versions = {0};
  saef_plugin_entry_function entry;
  char reason[REASON_SIZE];
  size_t reason_length = sizeof(reason) - 1;
  void *symbol;
  int32_t result;

  symbol = dlsym(module, SAEF_PLUGIN_ENTRY);
  if (symbol == NULL) {
    return fail(report, SAEF_LOADER_E_NO_ENTRY,
                "%s doesn't export %s, so it is no security association plugin. Name the plugin's "
                "own file, such as saef.so.",
                arguments->module, SAEF_PLUGIN_ENTRY);
  }
  memcpy(&entry, &symbol, sizeof(entry)); /* ISO C has no cast from an object to a function */

  versions.size = sizeof(versions);
  versions.major_min = SAEF_ABI_MAJOR;
  versions.major_max = SAEF_ABI_MAJOR;
  versions.name = arguments->host_name;
  versions.name_length = arguments->host_name == NULL ? 0 : strlen(arguments->host_name);
  result = entry(&versions, api, reason, &reason_length);
  if (result != SAEF_DONE) {
    return fail(report, SAEF_LOADER_E_VERSION,
                "%s refuses this host, which speaks ABI version %u (code %" PRId32
                "): %s. Install a module and a host that share a version.",
                arguments->module, SAEF_ABI_MAJOR, result, reason_text(reason, reason_length));
  }
  return check_table(arguments->module, *api, report);
}

static int32_t open_instance(const saef_loader_arguments *arguments, struct saef_loaded *loaded,
                             const struct report *report) {
  saef_open_arguments open_arguments = {0};
  char reason[REASON_SIZE];
  size_t reason_length = sizeof(reason) - 1;
  int32_t result;

  open_arguments.size = sizeof(open_arguments);
  open_arguments.config_path = arguments->config_path;
  open_arguments.config_path_length = strlen(arguments->config_path);
  open_arguments.host = arguments->host;
  /* check_table has refused a null one. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
  result = loaded->api->open(&open_arguments, &loaded->instance, reason, &reason_length);
  if (result != SAEF_DONE) {
    loaded->instance = NULL;
    return fail(report, SAEF_LOADER_E_OPEN,
                "%s doesn't open with configuration %s (code %" PRId32 "): %s", arguments->module,
                arguments->config_path, result, reason_text(reason, reason_length));
  }
  if (loaded->instance == NULL) {
    return fail(
        report, SAEF_LOADER_E_OPEN,
        "%s says that it opened with configuration %s but handed out no instance. The module "
        "is faulty; install another build of it.",
        arguments->module, arguments->config_path);
  }
  return SAEF_LOADER_DONE;
}

int32_t saef_loader_open(const saef_loader_arguments *arguments, saef_loaded **loaded, char *error,
                         size_t *error_length) {
  const struct report report = {error, error_length};
  struct saef_loaded *made;
  const char *why;
  int32_t result;

  if (loaded != NULL) {
    *loaded = NULL;
  }
  if (loaded == NULL || arguments == NULL || arguments->size < sizeof(*arguments) ||
      arguments->module == NULL || arguments->module[0] == '\0' || arguments->config_path == NULL) {
    return fail(&report, SAEF_LOADER_E_ARGUMENT,
                "The loader was called without a module or a configuration. Name both.");
  }
  made = calloc(1, sizeof(*made));
  if (made == NULL) {
    return fail(&report, SAEF_LOADER_E_MEMORY,
                "There is no memory to load %s. Free some and start again.", arguments->module);
  }
  /* Never globally: saef.so carries libraries of its own, whose names a host's may share. */
  made->module = dlopen(arguments->module, RTLD_NOW | RTLD_LOCAL);
  if (made->module == NULL) {
    why = dlerror();
    result = fail(&report, SAEF_LOADER_E_MODULE,
                  "%s can't be loaded: %s. Check the file's name, that it is readable, and that it "
                  "was built for this machine.",
                  arguments->module, why == NULL ? "no reason given" : why);
  } else {
    result = negotiate(arguments, made->module, &made->api, &report);
    if (result == SAEF_LOADER_DONE) {
      result = open_instance(arguments, made, &report);
    }
  }
  if (result != SAEF_LOADER_DONE) {
    saef_loader_close(made);
    return result;
  }
  *loaded = made;
  return SAEF_LOADER_DONE;
}

const saef_api *saef_loader_api(const saef_loaded *loaded) { return loaded->api; }

saef_instance *saef_loader_instance(const saef_loaded *loaded) { return loaded->instance; }

void saef_loader_close(saef_loaded *loaded) {
  if (loaded == NULL) {
    return;
  }
  if (loaded->instance != NULL) {
    (void)loaded->api->close(loaded->instance);
  }
  if (loaded->module != NULL) {
    (void)dlclose(loaded->module);
  }
  free(loaded);
}
