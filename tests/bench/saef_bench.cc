// SPDX-License-Identifier: GPL-3.0-or-later
//
// saef-bench: what the plugin costs, each figure beside its baseline. docs/performance.md says what
// each measures.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "tests/bench/goals.h"
#include "tests/bench/group.h"
#include "tests/bench/plot.h"
#include "tests/bench/report.h"

namespace saef::bench {
namespace {

enum ExitCode { kDone = 0, kGoalMissed = 1, kUsage = 2, kNotMeasured = 3 };

struct Wishes {
  Settings settings{.module = SAEF_BENCH_MODULE,
                    .saef = SAEF_BENCH_PROGRAM,
                    .static_server = SAEF_BENCH_STATIC_SERVER,
                    .bare_server = SAEF_BENCH_BARE_SERVER};
  std::string json_file;
  std::string plots;  // a folder
  std::string earlier;
  bool verify = false;
  bool list = false;
  int times = 3;
};

// Is a figure of this group wanted?
bool IsWanted(const Wishes& wishes, std::string_view group) {
  const std::vector<std::string>& wanted = wishes.settings.effort.wanted;
  const auto is_of_it = [group](const std::string& prefix) {
    return prefix.substr(0, prefix.find('/')) == group;
  };
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), is_of_it);
}

// Of "hit" or "hit/lookup/1k": nothing, or why there can't be such a figure.
std::string CheckName(const std::string& name) {
  const std::string group = name.substr(0, name.find('/'));
  for (const Group& known : Groups()) {
    if (known.name == group) return {};
  }
  return "there is no group " + group + "; --list names them";
}

void AddOptions(CLI::App& app, Wishes& wishes) {
  app.add_option("figure", wishes.settings.effort.wanted,
                 "Groups, or how the names of figures begin: hit, hit/lookup/1k; all if none")
      ->check(CLI::Validator(CheckName, "NAME"));
  app.add_flag("--list", wishes.list, "Say which groups there are");
  app.add_flag("--verify", wishes.verify, "Say which of the ratios that must hold do; 1 if not");
  app.add_option("--json", wishes.json_file, "Write all samples to this file");
  app.add_option("--plots", wishes.plots, "Draw the run into this folder, as SVG");
  app.add_option("--of", wishes.earlier, "Measure nothing; take what --json wrote here before")
      ->check(CLI::ExistingFile)
      ->needs("--plots");
  app.add_option("--module", wishes.settings.module, "The module to measure")
      ->capture_default_str();
  app.add_option("--program", wishes.settings.saef, "The saef whose MAF and CSE are measured")
      ->capture_default_str();
  app.add_option("--repetitions", wishes.settings.effort.repetitions, "How often each is measured")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--times", wishes.times,
                 "With --verify: how often a group is measured, at most, until its ratios hold")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--max-keys", wishes.settings.max_keys, "Leave out tables with more keys")
      ->capture_default_str();
  app.add_flag("--smoke", wishes.settings.effort.smoke,
               "A few operations of each, to see that it runs; the figures mean nothing");
  app.footer(
      "Example: saef-bench hit/lookup not-mine --verify\nExit codes: 0 done, 1 a ratio doesn't "
      "hold, 2 "
      "wrong usage, 3 something couldn't be measured");
}

int List() {
  for (const Group& group : Groups()) std::cout << group.name << ": " << group.what << "\n";
  return kDone;
}

bool WriteFile(const std::string& name, const std::string& text) {
  std::ofstream file(name);
  file << text;
  if (file.flush()) return true;
  std::cerr << "saef-bench: " << name << " can't be written\n";
  return false;
}

int Draw(const std::string& json, const std::string& folder) {
  const auto made = MakePlots(json);
  if (const auto* const problem = std::get_if<std::string>(&made)) {
    std::cerr << "saef-bench: no plots can be made: " << *problem << "\n";
    return kUsage;
  }
  for (const Plot& plot : std::get<std::vector<Plot>>(made)) {
    const std::string name = folder + "/" + plot.name + ".svg";
    if (!WriteFile(name, plot.svg)) return kUsage;
    std::cerr << "drawn: " << name << "\n";
  }
  return kDone;
}

int DrawEarlier(const Wishes& wishes) {
  std::ifstream file(wishes.earlier);
  std::ostringstream text;
  text << file.rdbuf();
  return Draw(text.str(), wishes.plots);
}

// False where it can't be measured, which is said.
bool MeasureGroup(const Group& group, const Settings& settings, Results& results) {
  std::cerr << "measuring " << group.name << ": " << group.what << "\n";
  const auto problem = group.measure(settings, results);
  if (problem) std::cerr << "saef-bench: " << group.name << ": " << *problem << "\n";
  return !problem;
}

bool MeasureWell(const Group& group, const Wishes& wishes, Run& run) {
  bool is_whole = MeasureGroup(group, wishes.settings, run.results);
  int times = 1;
  while (is_whole && wishes.verify && times < wishes.times) {
    const auto failures = FailuresOf(group.name, Judge(run.results, Goals()));
    if (!AreWorthAnotherTry(failures)) break;
    for (const Outcome& failure : failures) PrintOutcome(std::cerr, failure);
    run.results.Drop(group.name);
    is_whole = MeasureGroup(group, wishes.settings, run.results);
    ++times;
  }
  if (times > 1) run.again.push_back({std::string(group.name), times});
  return is_whole;
}

int Measure(Wishes& wishes) {
  if (wishes.settings.effort.smoke) {
    wishes.settings.effort.repetitions = 1;
    wishes.settings.max_keys = 1000;
    wishes.times = 1;
  }
  Run run{ThisMachine(), wishes.settings.effort.repetitions, {}};
  // One that can't be measured doesn't take the others along, which were minutes of work.
  bool is_whole = true;
  for (const Group& group : Groups()) {
    if (IsWanted(wishes, group.name) && !MeasureWell(group, wishes, run)) is_whole = false;
  }
  run.machine.load_after = LoadAverage();
  PrintReport(std::cout, run);
  const std::vector<Outcome> outcomes = Judge(run.results, Goals());
  const std::string json = ToJson(run, outcomes);
  if (!wishes.json_file.empty() && !WriteFile(wishes.json_file, json)) return kUsage;
  if (!wishes.plots.empty()) {
    if (const int drawn = Draw(json, wishes.plots); drawn != kDone) return drawn;
  }
  bool all_hold = true;
  if (wishes.verify) {
    std::cout << "\n";
    all_hold = PrintOutcomes(std::cout, outcomes);
  }
  if (!is_whole) return kNotMeasured;
  return all_hold ? kDone : kGoalMissed;
}

int Main(int argc, char** argv) {
  CLI::App app{"What saef.so costs, each figure beside its baseline", "saef-bench"};
  Wishes wishes;
  AddOptions(app, wishes);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  if (wishes.list) return List();
  return wishes.earlier.empty() ? Measure(wishes) : DrawEarlier(wishes);
}

}  // namespace
}  // namespace saef::bench

int main(int argc, char** argv) {
  try {
    return saef::bench::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "saef-bench: " << error.what() << "\n";
    return saef::bench::kNotMeasured;
  }
}
