// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the plugin costs a request: the reference CSE's processor time for a RETRIEVE over an
// associated session, beside the same server with a static key, which asks nobody who the
// originator is. The whole of a request: (D)TLS, binding, originator check, resource, answer.
#ifndef SAEF_TESTS_BENCH_PRIMITIVE_REQUESTS_H_
#define SAEF_TESTS_BENCH_PRIMITIVE_REQUESTS_H_

#include "tests/bench/group.h"

namespace saef::bench {

// Adds "primitive/<coap, http>/<associated, static>".
Problem AddRequests(const Settings& settings, Results& results);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_PRIMITIVE_REQUESTS_H_
