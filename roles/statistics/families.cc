// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/statistics/families.h"

#include <iterator>
#include <limits>

namespace saef::statistics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr double kMicrosecondsASecond = 1e6;

MetricFamily Family(std::string name, std::string help, MetricType type) {
  MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type;
  return family;
}

}  // namespace

MetricFamily CounterFamily(std::string name, std::string help, std::vector<Sample> samples) {
  MetricFamily family = Family(std::move(name), std::move(help), MetricType::Counter);
  for (Sample& sample : samples) {
    ClientMetric& metric = family.metric.emplace_back();
    metric.label = std::move(sample.labels);
    metric.counter.value = sample.value;
  }
  return family;
}

MetricFamily GaugeFamily(std::string name, std::string help, std::vector<Sample> samples) {
  MetricFamily family = Family(std::move(name), std::move(help), MetricType::Gauge);
  for (Sample& sample : samples) {
    ClientMetric& metric = family.metric.emplace_back();
    metric.label = std::move(sample.labels);
    metric.gauge.value = sample.value;
  }
  return family;
}

MetricFamily HistogramFamily(std::string name, std::string help,
                             const bindings::LatencyHistogram::Reading& reading) {
  MetricFamily family = Family(std::move(name), std::move(help), MetricType::Histogram);
  ClientMetric::Histogram& histogram = family.metric.emplace_back().histogram;
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < reading.buckets.size(); ++i) {
    so_far += reading.buckets[i];
    const auto& bounds = bindings::LatencyHistogram::kBoundsUs;
    const double bound = i < bounds.size() ? static_cast<double>(bounds[i]) / kMicrosecondsASecond
                                           : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({so_far, bound});
  }
  histogram.sample_count = so_far;
  histogram.sample_sum = static_cast<double>(reading.sum_us) / kMicrosecondsASecond;
  return family;
}

MetricFamily BuildInfo(const std::string& party) {
  return GaugeFamily("saef_build_info", "1; which party this is, and of which version.",
                     {{{{"party", party}, {"version", SAEF_VERSION}}, 1}});
}

void Append(Families& to, Families from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace saef::statistics
