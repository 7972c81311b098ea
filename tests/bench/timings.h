// SPDX-License-Identifier: GPL-3.0-or-later
//
// Timings: what takes nanoseconds, measured by Google Benchmark. All that was added is measured in
// rounds, each of them once in a random order: a sample. So a figure and its baseline are measured
// within a few seconds of each other, and whatever else the machine does meanwhile falls on both.
//
// With one thread the figure is the thread's processor time, which others' work doesn't lengthen;
// with several it is the wall clock's, over all operations, since threads that wait for each other
// use no processor.
#ifndef SAEF_TESTS_BENCH_TIMINGS_H_
#define SAEF_TESTS_BENCH_TIMINGS_H_

#include <benchmark/benchmark.h>

#include <cstdint>
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
  // figure isn't wanted. It is called once for each sample, and to find out how many operations one
  // takes: what must not be the same operations each time, it has to remember.
  void Add(const std::string& name, int threads, Body body);
  // A sentence where one of them couldn't be measured.
  std::optional<std::string> Run(Results& results);

 private:
  struct Timing {
    std::string name;
    int threads;
    Body body;
    std::int64_t operations = 0;  // of each thread in a sample, once that is known
  };
  void Register(const Timing& timing) const;

  const Effort effort_;
  std::vector<Timing> timings_;  // in the order in which they were added
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_TIMINGS_H_
