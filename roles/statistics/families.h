// SPDX-License-Identifier: GPL-3.0-or-later
//
// Families of metrics as Prometheus knows them (prometheus-cpp's MetricFamily): a name, a sentence
// that says what it is, and a value for each combination of labels. Times are in seconds.
#ifndef SAEF_ROLES_STATISTICS_FAMILIES_H_
#define SAEF_ROLES_STATISTICS_FAMILIES_H_

#include <prometheus/metric_family.h>

#include <string>
#include <utility>
#include <vector>

#include "bindings/latency_histogram.h"

namespace saef::statistics {

using Families = std::vector<prometheus::MetricFamily>;
using Label = prometheus::ClientMetric::Label;

struct Sample {
  std::vector<Label> labels;
  double value;
};
inline Sample Plain(double value) { return {{}, value}; }
inline Sample With(std::string label, std::string is, double value) {
  return {{{std::move(label), std::move(is)}}, value};
}

// A counter's name ends in "_total".
prometheus::MetricFamily CounterFamily(std::string name, std::string help,
                                       std::vector<Sample> samples);
prometheus::MetricFamily GaugeFamily(std::string name, std::string help,
                                     std::vector<Sample> samples);
// Its name ends in "_seconds".
prometheus::MetricFamily HistogramFamily(std::string name, std::string help,
                                         const bindings::LatencyHistogram::Reading& reading);

// `saef_build_info`: which party this is, and of which version.
prometheus::MetricFamily BuildInfo(const std::string& party);

// `from` goes to the end of `to`.
void Append(Families& to, Families from);

}  // namespace saef::statistics

#endif  // SAEF_ROLES_STATISTICS_FAMILIES_H_
