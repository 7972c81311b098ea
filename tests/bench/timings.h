// SPDX-License-Identifier: GPL-3.0-or-later
//
// Timings: what takes nanoseconds, measured by Google Benchmark. All that was added is measured in
// one go, the repetitions in a random order, so that whatever else the machine does meanwhile falls
// on a figure and on its baseline alike.
//
// With one thread the figure is the thread's processor time, which others' work doesn't lengthen;
// with several it is the wall clock's, over all operations, since threads that wait for each other
// use no processor.
#ifndef SAEF_TESTS_BENCH_TIMINGS_H_
#define SAEF_TESTS_BENCH_TIMINGS_H_

#include <benchmark/benchmark.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/results.h"

namespace saef::bench {

struct Effort {
  int repetitions = 9;
  bool smoke = false;  // a few operations: does it run at all?
  // Figures whose names begin with one of these; all if there is none.
  std::vector<std::string> wanted{};
};

class Timings {
 public:
  using Body = std::function<void(benchmark::State&)>;

  explicit Timings(const Effort& effort) : effort_(effort) {}
  ~Timings() { benchmark::ClearRegisteredBenchmarks(); }
  Timings(const Timings&) = delete;
  Timings& operator=(const Timings&) = delete;

  // `body` holds the loop over its State; it runs in `threads` threads at once. Nothing where the
  // figure isn't wanted.
  void Add(const std::string& name, int threads, Body body);
  // A sentence where one of them couldn't be measured.
  std::optional<std::string> Run(Results& results);

 private:
  const Effort effort_;
  std::vector<std::string> names_;  // in the order in which they were added
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_TIMINGS_H_
