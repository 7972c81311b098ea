// SPDX-License-Identifier: GPL-3.0-or-later
//
// What Prometheus' client libraries tell of every process (process_resident_memory_bytes,
// process_open_fds, …), and how many threads it has. From /proc; what can't be read there is left
// out. Threads: any.
#ifndef SAEF_ROLES_STATISTICS_PROCESS_FAMILIES_H_
#define SAEF_ROLES_STATISTICS_PROCESS_FAMILIES_H_

#include "roles/statistics/families.h"

namespace saef::statistics {

Families ProcessFamilies();

}  // namespace saef::statistics

#endif  // SAEF_ROLES_STATISTICS_PROCESS_FAMILIES_H_
