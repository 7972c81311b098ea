// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/statistics/exposition.h"

#include <prometheus/text_serializer.h>
#include <rapidjson/document.h>

#include <cmath>
#include <sstream>

#include "onem2m/json.h"

namespace saef::statistics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricType;
using rapidjson::Value;
using Allocator = rapidjson::Document::AllocatorType;

const char* TypeName(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Histogram:
      return "histogram";
    default:
      return "gauge";
  }
}

void AddHistogram(const ClientMetric::Histogram& histogram, Value& sample, Allocator& allocator) {
  Value buckets(rapidjson::kArrayType);
  for (const ClientMetric::Bucket& bucket : histogram.bucket) {
    Value entry(rapidjson::kObjectType);
    // JSON has no infinity.
    entry.AddMember("le", std::isinf(bucket.upper_bound) ? Value() : Value(bucket.upper_bound),
                    allocator);
    entry.AddMember("count", bucket.cumulative_count, allocator);
    buckets.PushBack(entry, allocator);
  }
  sample.AddMember("count", histogram.sample_count, allocator);
  sample.AddMember("sum", histogram.sample_sum, allocator);
  sample.AddMember("buckets", buckets, allocator);
}

Value ToSample(const ClientMetric& metric, MetricType type, Allocator& allocator) {
  Value sample(rapidjson::kObjectType);
  Value labels(rapidjson::kObjectType);
  for (const Label& label : metric.label) {
    labels.AddMember(Value(label.name, allocator), Value(label.value, allocator), allocator);
  }
  sample.AddMember("labels", labels, allocator);
  if (type == MetricType::Histogram) {
    AddHistogram(metric.histogram, sample, allocator);
  } else {
    const double value = type == MetricType::Counter ? metric.counter.value : metric.gauge.value;
    sample.AddMember("value", value, allocator);
  }
  return sample;
}

}  // namespace

std::string ToText(const Families& families) {
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families);
  return std::move(text).str();
}

std::string ToJson(const Families& families) {
  rapidjson::Document document(rapidjson::kObjectType);
  Allocator& allocator = document.GetAllocator();
  Value metrics(rapidjson::kArrayType);
  for (const prometheus::MetricFamily& family : families) {
    Value samples(rapidjson::kArrayType);
    for (const ClientMetric& metric : family.metric) {
      samples.PushBack(ToSample(metric, family.type, allocator), allocator);
    }
    Value entry(rapidjson::kObjectType);
    entry.AddMember("name", family.name, allocator);
    entry.AddMember("help", family.help, allocator);
    entry.AddMember("type", Value(TypeName(family.type), allocator), allocator);
    entry.AddMember("samples", samples, allocator);
    metrics.PushBack(entry, allocator);
  }
  document.AddMember("metrics", metrics, allocator);
  return onem2m::WriteJson(document);
}

}  // namespace saef::statistics
