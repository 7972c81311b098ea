// SPDX-License-Identifier: GPL-3.0-or-later
//
// Results: what was measured: figures, each with its samples, and which of them are to be read
// beside which. One thread.
#ifndef SAEF_TESTS_BENCH_RESULTS_H_
#define SAEF_TESTS_BENCH_RESULTS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace saef::bench {

// One thing that was measured, as often as it was repeated.
struct Figure {
  std::string name;             // "hit/lookup/1k/1t"
  std::string unit;             // "ns", "octets", "ms"
  std::vector<double> samples;  // at least one
  // Of timings: what the same repetitions took of all threads' processor time for each operation.
  std::vector<double> processor{};
};

// Of samples; 0 where there are none.
double Median(std::vector<double> samples);
// The samples' quartiles: half of them lie between.
struct Spread {
  double low = 0;
  double high = 0;
};
Spread Quartiles(std::vector<double> samples);
// How much of its baseline a figure takes. Samples of one place were measured soon after each
// other: where both have as many, each is compared with its own, and the median of these ratios
// counts, so that what the machine does for seconds or minutes falls on both or on neither.
// Otherwise, or where a baseline is 0, the medians are compared. None where the baseline's is 0.
std::optional<double> Ratio(const std::vector<double>& samples,
                            const std::vector<double>& baseline);

// "hit" of "hit/lookup/1k/1t".
std::string_view GroupOf(std::string_view figure);

// The baseline of a figure. A figure may have several.
struct Comparison {
  std::string figure;
  std::string baseline;
};

class Results {
 public:
  // Samples of a figure that is there already are added to it.
  void Add(Figure figure);
  void Compare(std::string_view figure, std::string_view baseline);
  // All figures "<group>/…", and what is said of them.
  void Drop(std::string_view group);

  const Figure* Find(std::string_view name) const;
  const std::vector<Figure>& figures() const noexcept { return figures_; }
  const std::vector<Comparison>& comparisons() const noexcept { return comparisons_; }

 private:
  std::vector<Figure> figures_;  // in the order in which they came
  std::vector<Comparison> comparisons_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_RESULTS_H_
