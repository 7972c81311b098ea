/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Opens the installed module with a configuration, as a CSE would, and says what it is.
 * usage: open_module MODULE CONFIG
 */
#include <saef/gate.h>
#include <saef/loader.h>
#include <stdio.h>

static void wake(void *context) { (void)context; }

int main(int argc, char **argv) {
  char error[1024];
  size_t length = sizeof(error);
  saef_loaded *loaded = NULL;
  saef_gate *gate = NULL;
  if (argc != 3) return 2;
  const saef_loader_arguments arguments = {
      .size = sizeof(arguments), .module = argv[1], .config_path = argv[2], .host_name = "outside"};
  if (saef_loader_open(&arguments, &loaded, error, &length) != SAEF_LOADER_DONE) {
    fprintf(stderr, "%s\n", length < sizeof(error) ? error : "the module can't be opened");
    return 1;
  }
  const saef_api *const api = saef_loader_api(loaded);
  printf("opened %.*s, ABI %u\n", (int)api->version_length, api->version, api->abi_major);
  const saef_gate_arguments gate_arguments = {.size = sizeof(gate_arguments),
                                              .api = api,
                                              .instance = saef_loader_instance(loaded),
                                              .transport = SAEF_DTLS,
                                              .refusal = SAEF_GATE_ALERT,
                                              .wake = wake};
  const int32_t created = saef_gate_create(&gate_arguments, &gate);
  printf("gate %d\n", (int)created);
  saef_gate_destroy(gate);
  saef_loader_close(loaded);
  return created == SAEF_DONE ? 0 : 1;
}
