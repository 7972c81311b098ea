// SPDX-License-Identifier: GPL-3.0-or-later
//
// By how much the reference CSE's resident memory grows with each session: one that the gate holds
// because its key is still being fetched, and one that stands.
#ifndef SAEF_TESTS_BENCH_SESSION_MEMORY_H_
#define SAEF_TESTS_BENCH_SESSION_MEMORY_H_

#include "tests/bench/group.h"

namespace saef::bench {

// Adds "memory/held-session/…" and "memory/open-session/…" for each transport. Once.
Problem AddSessionMemory(const Settings& settings, Results& results);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_SESSION_MEMORY_H_
