/* SPDX-License-Identifier: BSD-2-Clause
 *
 * The loader: how a CSE core brings a security association plugin in. It maps the module,
 * negotiates the ABI, checks the table and opens an instance; where any of that fails it says which
 * and why, and leaves nothing behind. It fails closed: a host that can't load what its
 * configuration names must not listen.
 *
 * Threads: open and close from one thread; the rest from any. One loaded plugin per saef_loaded.
 */
#ifndef SAEF_LOADER_H_
#define SAEF_LOADER_H_

#include "saef/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct saef_loaded saef_loaded;

typedef struct saef_loader_arguments {
  size_t size; /* sizeof(saef_loader_arguments) */
  /* The file's name as for dlopen(3); with a '/' in it, that very file. NUL-terminated, as are the
   * next two. */
  const char *module;
  const char *config_path;
  const char *host_name; /* the host's name and version for the plugin's log, or null */
  const saef_host *host; /* copied by the plugin; may be null */
} saef_loader_arguments;

/* What failed; each with its own text. The text in `error` says what happened and what to do. Its
 * length is in and out as in plugin.h; a NUL follows it, which needs room but isn't counted. A null
 * `error_length` means that no text is wanted. */
enum saef_loader_result {
  SAEF_LOADER_DONE = 1,
  SAEF_LOADER_E_ARGUMENT = -101,
  /* dlopen failed: no such file, wrong architecture, unresolved symbol. */
  SAEF_LOADER_E_MODULE = -102,
  /* The module doesn't export SAEF_PLUGIN_ENTRY. */
  SAEF_LOADER_E_NO_ENTRY = -103,
  /* No common major version, or it picked one outside our range. */
  SAEF_LOADER_E_VERSION = -104,
  /* The table is missing, shorter than this major version's, or has null functions. */
  SAEF_LOADER_E_TABLE = -105,
  /* open() refused; its text follows. */
  SAEF_LOADER_E_OPEN = -106,
  SAEF_LOADER_E_MEMORY = -107
};

int32_t saef_loader_open(const saef_loader_arguments *arguments, saef_loaded **loaded, char *error,
                         size_t *error_length);

/* Valid until saef_loader_close; never null for what saef_loader_open returned. */
const saef_api *saef_loader_api(const saef_loaded *loaded);
saef_instance *saef_loader_instance(const saef_loaded *loaded);

/* Closes the instance and unmaps the module (which stays mapped if it was linked -z nodelete). Null
 * is allowed. */
void saef_loader_close(saef_loaded *loaded);

#ifdef __cplusplus
}
#endif

#endif /* SAEF_LOADER_H_ */
