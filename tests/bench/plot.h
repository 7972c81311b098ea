// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plots of a run, made from what --json has written: a page of bars for each group and unit,
// medians with their quartiles, baselines in grey; and one of the ratios that must hold.
#ifndef SAEF_TESTS_BENCH_PLOT_H_
#define SAEF_TESTS_BENCH_PLOT_H_

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace saef::bench {

struct Plot {
  std::string name;  // "hit-ns", "goals": for the file
  std::string svg;
};

// `json`: of ToJson (report.h). Or a sentence: it is no such text. Nothing of it is trusted to be
// free of what XML has a meaning for.
std::variant<std::vector<Plot>, std::string> MakePlots(std::string_view json);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_PLOT_H_
