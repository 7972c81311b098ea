// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/timings.h"

#include <algorithm>
#include <map>
#include <utility>

namespace saef::bench {
namespace {

constexpr double kSecondsOfOne = 0.1;
constexpr int kRoundsOfRepetition = 3;
constexpr int kSmokeOperations = 16;

// Takes each sample as it is, instead of printing it.
class Collector : public benchmark::BenchmarkReporter {
 public:
  using Operations = std::map<std::string, std::int64_t>;

  explicit Collector(Results& results) : results_(results) {}

  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred) error_ = run.run_name.function_name + ": " + run.error_message;
      if (run.error_occurred || run.run_type != Run::RT_Iteration) continue;
      const double processor = run.GetAdjustedCPUTime();
      const double sample = run.threads > 1 ? run.GetAdjustedRealTime() : processor;
      results_.Add({run.run_name.function_name, "ns", {sample}, {processor}});
      operations_[run.run_name.function_name] = run.iterations / run.threads;
    }
  }
  // Of each thread in the last sample.
  const Operations& operations() const { return operations_; }
  const std::optional<std::string>& error() const { return error_; }

 private:
  Results& results_;
  Operations operations_;
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
  timings_.push_back({name, threads, std::move(body), effort_.smoke ? kSmokeOperations : 0});
}

void Timings::Register(const Timing& timing) const {
  benchmark::internal::Benchmark* const added =
      benchmark::RegisterBenchmark(timing.name.c_str(), timing.body);
  added->Threads(timing.threads)->UseRealTime();
  if (timing.operations != 0) {
    added->Iterations(timing.operations);
  } else {
    added->MinTime(kSecondsOfOne);
  }
}

std::optional<std::string> Timings::Run(Results& results) {
  if (timings_.empty()) return std::nullopt;
  Interleave();
  Results measured;
  Collector collector(measured);
  const int rounds = effort_.smoke ? 1 : effort_.repetitions * kRoundsOfRepetition;
  for (int round = 0; round < rounds; ++round) {
    benchmark::ClearRegisteredBenchmarks();
    for (const Timing& timing : timings_) Register(timing);
    benchmark::RunSpecifiedBenchmarks(&collector, ".*");
    if (collector.error()) break;
    for (Timing& timing : timings_) timing.operations = collector.operations().at(timing.name);
  }
  for (const Timing& timing : timings_) {
    if (const Figure* const figure = measured.Find(timing.name)) results.Add(*figure);
  }
  return collector.error();
}

}  // namespace saef::bench
