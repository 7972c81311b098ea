// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/results.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>

namespace saef::bench {
namespace {

// Between the two samples that lie around it.
double Quantile(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  const double at = part * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(at));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - std::floor(at)) * (sorted[above] - sorted[below]);
}

}  // namespace

double Median(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  return Quantile(samples, 0.5);
}

Spread Quartiles(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  return {Quantile(samples, 0.25), Quantile(samples, 0.75)};
}

std::optional<double> Ratio(const std::vector<double>& samples,
                            const std::vector<double>& baseline) {
  const bool are_pairs = samples.size() == baseline.size() &&
                         std::find(baseline.begin(), baseline.end(), 0) == baseline.end();
  if (!are_pairs) {
    const double against = Median(baseline);
    return against != 0 ? std::optional(Median(samples) / against) : std::nullopt;
  }
  std::vector<double> ratios(samples.size());
  std::transform(samples.begin(), samples.end(), baseline.begin(), ratios.begin(),
                 std::divides<>());
  return Median(std::move(ratios));
}

void Results::Add(Figure figure) {
  for (Figure& known : figures_) {
    if (known.name != figure.name) continue;
    known.samples.insert(known.samples.end(), figure.samples.begin(), figure.samples.end());
    known.processor.insert(known.processor.end(), figure.processor.begin(), figure.processor.end());
    return;
  }
  figures_.push_back(std::move(figure));
}

void Results::Compare(std::string_view figure, std::string_view baseline) {
  comparisons_.push_back({std::string(figure), std::string(baseline)});
}

std::string_view GroupOf(std::string_view figure) { return figure.substr(0, figure.find('/')); }

void Results::Drop(std::string_view group) {
  std::erase_if(figures_, [group](const Figure& figure) { return GroupOf(figure.name) == group; });
  std::erase_if(comparisons_, [group](const Comparison& comparison) {
    return GroupOf(comparison.figure) == group;
  });
}

const Figure* Results::Find(std::string_view name) const {
  const auto it = std::find_if(figures_.begin(), figures_.end(),
                               [name](const Figure& figure) { return figure.name == name; });
  return it == figures_.end() ? nullptr : &*it;
}

}  // namespace saef::bench
