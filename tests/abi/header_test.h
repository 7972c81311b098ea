/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Compiled as C11, C17 and C++20: plugin.h stands alone, and what major version 1 has laid down
 * stays where it is. Lines are added here when a minor version appends; none is ever changed. The
 * numbers are those of 64-bit machines.
 */
#include "saef/plugin.h"

/* Twice, and not from a C++ compiler's luck: only standard types may be needed. */
#include "saef/plugin.h"

#ifndef __cplusplus
#include <assert.h>
#endif

#if UINTPTR_MAX == UINT64_MAX
#define AT(type, member, offset) \
  static_assert(offsetof(type, member) == (offset), #type "." #member " has moved")
#define SIZE(type, bytes) static_assert(sizeof(type) >= (bytes), #type " has shrunk")

AT(saef_api, size, 0);
AT(saef_api, abi_major, 8);
AT(saef_api, abi_minor, 12);
AT(saef_api, version, 16);
AT(saef_api, version_length, 24);
AT(saef_api, open, 32);
AT(saef_api, close, 40);
AT(saef_api, lookup, 48);
AT(saef_api, lookup_async, 56);
AT(saef_api, lookup_cancel, 64);
AT(saef_api, lookup_wait, 72);
AT(saef_api, peek_identity, 80);
AT(saef_api, associate, 88);
AT(saef_api, describe, 96);
AT(saef_api, assign_ae_id, 104);
AT(saef_api, withdraw_ae_id, 112);
AT(saef_api, check_originator, 120);
AT(saef_api, dissociate, 128);
AT(saef_api, statistics, 136);
AT(saef_api, probe, 144);
SIZE(saef_api, 152);
AT(saef_api, verify_peer, 152);
SIZE(saef_api, 160);

AT(saef_host, size, 0);
AT(saef_host, context, 8);
AT(saef_host, log, 16);
AT(saef_host, is_registered_ae, 24);
AT(saef_host, is_registree_cse, 32);
AT(saef_host, end_association, 40);
SIZE(saef_host, 48);
AT(saef_host, retrieve, 48);
SIZE(saef_host, 56);

AT(saef_open_arguments, config_path, 8);
AT(saef_open_arguments, config_path_length, 16);
AT(saef_open_arguments, host, 24);
SIZE(saef_open_arguments, 32);

AT(saef_bytes, data, 0);
AT(saef_bytes, length, 8);
AT(saef_peer, psk_identity, 8);
AT(saef_peer, certificates, 24);
AT(saef_peer, certificate_count, 32);
SIZE(saef_peer, 40);
AT(saef_peer, public_key, 40);
SIZE(saef_peer, 56);

AT(saef_association_description, kind, 8);
AT(saef_association_description, suid, 12);
AT(saef_association_description, expires, 16);
AT(saef_association_description, entity_id, 24);
AT(saef_association_description, entity_id_length, 32);
AT(saef_association_description, credential_id, 40);
AT(saef_association_description, credential_id_length, 48);
SIZE(saef_association_description, 56);
AT(saef_association_description, allowed_ids, 56);
AT(saef_association_description, allowed_ids_length, 64);
SIZE(saef_association_description, 72);

AT(saef_request, operation, 8);
AT(saef_request, resource_type, 12);
AT(saef_request, originator, 16);
AT(saef_request, originator_length, 24);
SIZE(saef_request, 32);
AT(saef_request, app_id, 32);
AT(saef_request, app_id_length, 40);
SIZE(saef_request, 48);

AT(saef_statistics, lookups, 8);
AT(saef_statistics, maf_sessions, 160);
SIZE(saef_statistics, 168);
AT(saef_statistics, keys_withdrawn, 168);
AT(saef_statistics, observations, 176);
AT(saef_statistics, enrolments, 184);
SIZE(saef_statistics, 192);
AT(saef_statistics, misses, 192);
AT(saef_statistics, lookups_pending, 200);
AT(saef_statistics, lookups_unknown, 208);
AT(saef_statistics, lookups_denied, 216);
AT(saef_statistics, lookups_unavailable, 224);
AT(saef_statistics, lookups_left_alone, 232);
AT(saef_statistics, lookups_bound, 240);
AT(saef_statistics, fetches_denied_expired, 248);
AT(saef_statistics, fetches_denied_suid, 256);
AT(saef_statistics, fetches_denied_not_for_us, 264);
AT(saef_statistics, fetches_denied_bad_answer, 272);
AT(saef_statistics, fetches_unreachable, 280);
AT(saef_statistics, fetches_credential_refused, 288);
AT(saef_statistics, fetches_timed_out, 296);
AT(saef_statistics, fetches_failed_at_maf, 304);
AT(saef_statistics, fetches_queued, 312);
AT(saef_statistics, refusals_kept, 320);
AT(saef_statistics, issuers, 328);
AT(saef_statistics, issuers_left_alone, 336);
AT(saef_statistics, retrieval_buckets, 344);
AT(saef_statistics, retrieval_count, 472);
AT(saef_statistics, retrieval_sum_us, 480);
SIZE(saef_statistics, 488);

AT(saef_probe_report, maf_fqdn, 8);
AT(saef_probe_report, outcome, 24);
AT(saef_probe_report, round_trip_us, 32);
AT(saef_probe_report, has_clock_offset, 40);
AT(saef_probe_report, clock_offset_s, 48);
AT(saef_probe_report, text, 56);
SIZE(saef_probe_report, 72);

AT(saef_host_versions, major_min, 8);
AT(saef_host_versions, major_max, 12);
AT(saef_host_versions, name, 16);
SIZE(saef_host_versions, 32);
#endif

static_assert(sizeof(saef_association) == 8 && sizeof(saef_ticket) == 8, "handles have 64 bits");
static_assert(SAEF_ABI_MAJOR == 1u, "a new major version needs a table of its own here");
static_assert(SAEF_DONE == 1 && SAEF_KEY == 10 && SAEF_PENDING == 11 && SAEF_NOT_MINE == 12 &&
                  SAEF_UNKNOWN == 13 && SAEF_DENIED == 14 && SAEF_UNAVAILABLE == 15 &&
                  SAEF_INVALID == 16 && SAEF_IDENTITY == 20 && SAEF_NEED_MORE == 21 &&
                  SAEF_NO_IDENTITY == 22 && SAEF_YES == 30 && SAEF_NO == 31,
              "answers keep their numbers");
static_assert(SAEF_ENTITY_UNRESOLVED == 1 && SAEF_ENTITY_AE == 2 && SAEF_ENTITY_CSE == 3 &&
                  SAEF_ENTITY_AE_LIST == 4,
              "kinds keep their numbers");
static_assert(SAEF_ABI_MINOR >= 2u, "what was appended stays");
static_assert(SAEF_LATENCY_BUCKETS == 16u, "buckets keep their number");
static_assert(SAEF_E_ARGUMENT == -1 && SAEF_E_BUFFER_TOO_SMALL == -2 && SAEF_E_HANDLE == -3 &&
                  SAEF_E_FORKED == -4 && SAEF_E_MEMORY == -5 && SAEF_E_CONFIGURATION == -6 &&
                  SAEF_E_VERSION == -7 && SAEF_E_LIMIT == -8 && SAEF_E_INTERNAL == -9,
              "errors keep their numbers");
