// SPDX-License-Identifier: GPL-3.0-or-later
//
// The run as a page for people and as JSON for programs.
#ifndef SAEF_TESTS_BENCH_REPORT_H_
#define SAEF_TESTS_BENCH_REPORT_H_

#include <ostream>
#include <string>
#include <vector>

#include "tests/bench/goals.h"
#include "tests/bench/results.h"

namespace saef::bench {

struct Machine {
  std::string model;  // of the processor, as /proc/cpuinfo names it
  unsigned cores = 0;
  double load_before = 0;  // others' too: the average of the last minute
  double load_after = 0;
};

// `load_after` is left for the end of the run.
Machine ThisMachine();
// The system's load average of the last minute; 0 where it isn't told.
double LoadAverage();

// A group that was measured more than once, because a ratio didn't hold; the last time counts.
struct MeasuredAgain {
  std::string group;
  int times = 0;
};

struct Run {
  Machine machine;
  int repetitions = 0;
  Results results;
  std::vector<MeasuredAgain> again{};
};

void PrintReport(std::ostream& out, const Run& run);
// One line.
void PrintOutcome(std::ostream& out, const Outcome& outcome);
// One for each goal. True if none fails and at least one was measured.
bool PrintOutcomes(std::ostream& out, const std::vector<Outcome>& outcomes);
// {"machine": {…}, "repetitions": n, "figures": […], "comparisons": […], "goals": […]}
std::string ToJson(const Run& run, const std::vector<Outcome>& outcomes);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_REPORT_H_
