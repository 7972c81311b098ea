// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/report.h"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <stdlib.h>

#include <cstdio>
#include <fstream>
#include <iomanip>
#include <string_view>
#include <thread>

namespace saef::bench {
namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

// Three digits are more than the spread is worth.
std::string Short(double value) {
  char text[64];
  const char* const form = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f";
  std::snprintf(text, sizeof(text), form, value);
  return text;
}

std::string SpreadOf(const Figure& figure) {
  const Spread spread = Quartiles(figure.samples);
  return Short(spread.low) + " to " + Short(spread.high);
}

void PrintFigure(std::ostream& out, const Figure& figure) {
  out << std::left << std::setw(34) << figure.name << std::right << std::setw(9)
      << Short(Median(figure.samples)) << " " << std::left << std::setw(7) << figure.unit
      << std::setw(20) << SpreadOf(figure);
}

std::string_view Word(Outcome::State state) {
  switch (state) {
    case Outcome::State::kHolds:
      return "holds";
    case Outcome::State::kOutOfReach:
      return "out of reach";
    case Outcome::State::kFails:
      return "FAILS";
    case Outcome::State::kNotMeasured:
      break;
  }
  return "not measured";
}

void Put(Writer& json, const char* name, const std::string& value) {
  json.Key(name);
  json.String(value);
}
void Put(Writer& json, const char* name, double value) {
  json.Key(name);
  json.Double(value);
}
void Put(Writer& json, const char* name, const std::vector<double>& values) {
  json.Key(name);
  json.StartArray();
  for (const double value : values) json.Double(value);
  json.EndArray();
}

void PutFigure(Writer& json, const Figure& figure) {
  const Spread spread = Quartiles(figure.samples);
  json.StartObject();
  Put(json, "name", figure.name);
  Put(json, "unit", figure.unit);
  Put(json, "median", Median(figure.samples));
  Put(json, "lowerQuartile", spread.low);
  Put(json, "upperQuartile", spread.high);
  Put(json, "samples", figure.samples);
  if (!figure.processor.empty()) Put(json, "processor", figure.processor);
  json.EndObject();
}

void PutOutcome(Writer& json, const Outcome& outcome) {
  json.StartObject();
  Put(json, "what", std::string(outcome.goal->what));
  Put(json, "figure", std::string(outcome.goal->figure));
  if (!outcome.goal->baseline.empty()) Put(json, "baseline", std::string(outcome.goal->baseline));
  Put(json, outcome.goal->kind == Goal::Kind::kSpeedUp ? "atLeast" : "atMost", outcome.goal->limit);
  if (outcome.goal->reached != 0) Put(json, "reached", outcome.goal->reached);
  Put(json, "state", std::string(Word(outcome.state)));
  if (outcome.state != Outcome::State::kNotMeasured) Put(json, "value", outcome.value);
  json.EndObject();
}

void PutComparisons(Writer& json, const Results& results) {
  json.Key("comparisons");
  json.StartArray();
  for (const Comparison& comparison : results.comparisons()) {
    const Figure* const figure = results.Find(comparison.figure);
    const Figure* const baseline = results.Find(comparison.baseline);
    if (figure == nullptr || baseline == nullptr) continue;
    json.StartObject();
    Put(json, "figure", comparison.figure);
    Put(json, "baseline", comparison.baseline);
    // JSON knows no infinity.
    if (const auto ratio = Ratio(figure->samples, baseline->samples)) Put(json, "ratio", *ratio);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

double LoadAverage() {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? load : 0;
}

Machine ThisMachine() {
  Machine machine{"unknown processor", std::thread::hardware_concurrency(), LoadAverage(), 0};
  std::ifstream cpuinfo("/proc/cpuinfo");
  constexpr std::string_view kName = "model name";
  for (std::string line; std::getline(cpuinfo, line);) {
    const std::size_t colon = line.find(": ");
    if (!line.starts_with(kName) || colon == std::string::npos) continue;
    machine.model = line.substr(colon + 2);
    break;
  }
  return machine;
}

void PrintReport(std::ostream& out, const Run& run) {
  out << run.machine.model << ", " << run.machine.cores << " cores; load average "
      << Short(run.machine.load_before) << " before, " << Short(run.machine.load_after)
      << " after; medians of " << run.repetitions
      << " repetitions, interleaved with their baselines, and their quartiles\n";
  for (const MeasuredAgain& again : run.again) {
    out << again.group << " was measured " << again.times
        << " times, because a ratio didn't hold; the last time counts\n";
  }
  out << "\n";
  for (const Figure& figure : run.results.figures()) {
    PrintFigure(out, figure);
    bool first = true;
    for (const Comparison& comparison : run.results.comparisons()) {
      if (comparison.figure != figure.name) continue;
      const Figure* const baseline = run.results.Find(comparison.baseline);
      if (baseline == nullptr) continue;
      const auto ratio = Ratio(figure.samples, baseline->samples);
      if (!ratio) continue;
      if (!first) out << "\n" << std::setw(71) << "";
      first = false;
      out << Short(*ratio) << " x " << comparison.baseline << " ("
          << Short(Median(baseline->samples)) << ")";
    }
    out << "\n";
  }
}

void PrintOutcome(std::ostream& out, const Outcome& outcome) {
  out << std::left << std::setw(14) << Word(outcome.state) << outcome.goal->what << ": ";
  if (outcome.state != Outcome::State::kNotMeasured) out << Short(outcome.value) << ", ";
  const bool is_speed_up = outcome.goal->kind == Goal::Kind::kSpeedUp;
  out << "wanted" << (is_speed_up ? " >= " : " <= ") << Short(outcome.goal->limit);
  if (outcome.goal->reached != 0) {
    out << ", which may be out of reach: then " << Short(outcome.goal->reached);
  }
  out << "\n";
}

bool PrintOutcomes(std::ostream& out, const std::vector<Outcome>& outcomes) {
  int measured = 0;
  int failed = 0;
  int out_of_reach = 0;
  for (const Outcome& outcome : outcomes) {
    PrintOutcome(out, outcome);
    if (outcome.state != Outcome::State::kNotMeasured) ++measured;
    if (outcome.state == Outcome::State::kFails) ++failed;
    if (outcome.state == Outcome::State::kOutOfReach) ++out_of_reach;
  }
  out << measured - failed - out_of_reach << " of " << measured << " measured ratios hold";
  if (out_of_reach > 0) {
    out << "; " << out_of_reach << " out of reach, for the reasons in docs/performance.md";
  }
  out << "\n";
  return failed == 0 && measured > 0;
}

std::string ToJson(const Run& run, const std::vector<Outcome>& outcomes) {
  rapidjson::StringBuffer buffer;
  Writer json(buffer);
  json.StartObject();
  json.Key("machine");
  json.StartObject();
  Put(json, "model", run.machine.model);
  Put(json, "cores", run.machine.cores);
  Put(json, "loadBefore", run.machine.load_before);
  Put(json, "loadAfter", run.machine.load_after);
  json.EndObject();
  Put(json, "repetitions", run.repetitions);
  json.Key("measuredAgain");
  json.StartObject();
  for (const MeasuredAgain& again : run.again) Put(json, again.group.c_str(), again.times);
  json.EndObject();
  json.Key("figures");
  json.StartArray();
  for (const Figure& figure : run.results.figures()) PutFigure(json, figure);
  json.EndArray();
  PutComparisons(json, run.results);
  json.Key("goals");
  json.StartArray();
  for (const Outcome& outcome : outcomes) PutOutcome(json, outcome);
  json.EndArray();
  json.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace saef::bench
