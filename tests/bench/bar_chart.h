// SPDX-License-Identifier: GPL-3.0-or-later
//
// BarChart: bars beside their names, as SVG.
#ifndef SAEF_TESTS_BENCH_BAR_CHART_H_
#define SAEF_TESTS_BENCH_BAR_CHART_H_

#include <string>
#include <vector>

namespace saef::bench {

struct Bar {
  enum class Kind { kFigure, kBaseline, kHolds, kFails };
  std::string name;
  std::string label;  // at its end
  double value = 0;
  double low = 0;  // a line from low to high over the bar's end; none where they are alike
  double high = 0;
  Kind kind = Kind::kFigure;
};

struct BarChart {
  std::string title;
  std::string subtitle;
  std::vector<Bar> bars;
  double mark = 0;  // a line across all bars at this value; 0: none
};

// The axis begins at 0, or is logarithmic where the longest bar is more than 30 times the shortest.
// Any text may stand in it.
std::string ToSvg(const BarChart& chart);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_BAR_CHART_H_
