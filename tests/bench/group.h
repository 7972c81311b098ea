// SPDX-License-Identifier: GPL-3.0-or-later
//
// The benchmarks by groups: a group is a file here, <name>_group.cc, that measures figures
// "<name>/…" and the baselines that they are read beside.
#ifndef SAEF_TESTS_BENCH_GROUP_H_
#define SAEF_TESTS_BENCH_GROUP_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/results.h"
#include "tests/bench/timings.h"

namespace saef::bench {

struct Settings {
  std::string module;         // the file saef.so
  std::string saef;           // the program
  std::string static_server;  // the program saef-bench-static-server
  std::string bare_server;    // the program saef-bench-bare-server
  Effort effort{};
  std::size_t max_keys = 1000000;  // larger tables are left out
};

// A sentence where it couldn't be measured.
using Problem = std::optional<std::string>;

struct Group {
  std::string_view name;
  std::string_view what;
  Problem (*measure)(const Settings& settings, Results& results);
};

// In the order in which they run: first those that fork, before there are threads.
const std::vector<Group>& Groups();

Problem MeasureMemory(const Settings& settings, Results& results);
Problem MeasureStart(const Settings& settings, Results& results);
Problem MeasureHit(const Settings& settings, Results& results);
Problem MeasureNotMine(const Settings& settings, Results& results);
Problem MeasurePrimitive(const Settings& settings, Results& results);
Problem MeasureCold(const Settings& settings, Results& results);
Problem MeasureHandshake(const Settings& settings, Results& results);
Problem MeasureMaf(const Settings& settings, Results& results);
Problem MeasureStorm(const Settings& settings, Results& results);
Problem MeasureFlood(const Settings& settings, Results& results);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_GROUP_H_
