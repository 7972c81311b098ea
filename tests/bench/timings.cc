// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/timings.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace saef::bench {
namespace {

constexpr double kSecondsOfOne = 0.2;
constexpr int kSmokeOperations = 16;

// Takes each repetition as it is, instead of printing it.
class Collector : public benchmark::BenchmarkReporter {
 public:
  explicit Collector(Results& results) : results_(results) {}

  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred) error_ = run.run_name.function_name + ": " + run.error_message;
      if (run.error_occurred || run.run_type != Run::RT_Iteration) continue;
      const double processor = run.GetAdjustedCPUTime();
      const double sample = run.threads > 1 ? run.GetAdjustedRealTime() : processor;
      results_.Add({run.run_name.function_name, "ns", {sample}, {processor}});
    }
  }
  const std::optional<std::string>& error() const { return error_; }

 private:
  Results& results_;
  std::optional<std::string> error_;
};

// The one option that the library takes from a command line alone.
void Interleave() {
  static const bool done = [] {
    std::string program = "saef-bench";
    std::string option = "--benchmark_enable_random_interleaving=true";
    char* arguments[] = {program.data(), option.data(), nullptr};
    int count = 2;
    benchmark::Initialize(&count, arguments);
    return true;
  }();
  (void)done;
}

}  // namespace

void Timings::Add(const std::string& name, int threads, Body body) {
  const auto begins_so = [&name](const std::string& prefix) { return name.starts_with(prefix); };
  if (!effort_.wanted.empty() &&
      std::none_of(effort_.wanted.begin(), effort_.wanted.end(), begins_so)) {
    return;
  }
  names_.push_back(name);
  benchmark::internal::Benchmark* const added =
      benchmark::RegisterBenchmark(name.c_str(), std::move(body));
  added->Threads(threads)->UseRealTime();
  if (effort_.smoke) {
    added->Iterations(kSmokeOperations);
    return;
  }
  added->Repetitions(effort_.repetitions)->MinTime(kSecondsOfOne);
}

std::optional<std::string> Timings::Run(Results& results) {
  if (names_.empty()) return std::nullopt;
  Interleave();
  Results measured;
  Collector collector(measured);
  benchmark::RunSpecifiedBenchmarks(&collector, ".*");
  for (const std::string& name : names_) {
    if (const Figure* const figure = measured.Find(name)) results.Add(*figure);
  }
  return collector.error();
}

}  // namespace saef::bench
