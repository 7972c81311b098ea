// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/top/snapshot.h"

#include <utility>

#include "onem2m/json.h"

namespace saef::tools {
namespace {

using rapidjson::Value;

std::optional<double> NumberOf(const Value& object, std::string_view member) {
  const Value* const value = onem2m::FindMember(object, member);
  if (value == nullptr || !value->IsNumber()) return std::nullopt;
  return value->GetDouble();
}

const Value* ArrayOf(const Value& object, std::string_view member) {
  const Value* const value = onem2m::FindMember(object, member);
  return value != nullptr && value->IsArray() ? value : nullptr;
}

// "{a=b,c=d}", or nothing.
std::string LabelsOf(const Value& sample) {
  const Value* const labels = onem2m::FindMember(sample, "labels");
  if (labels == nullptr || !labels->IsObject() || labels->ObjectEmpty()) return {};
  std::string text;
  for (const auto& label : labels->GetObject()) {
    text += text.empty() ? "{" : ",";
    text += label.name.GetString();
    if (label.value.IsString()) text.append("=").append(label.value.GetString());
  }
  return text + "}";
}

std::optional<Histogram> ReadHistogram(const Value& sample) {
  const auto count = NumberOf(sample, "count");
  const auto sum = NumberOf(sample, "sum");
  const Value* const buckets = ArrayOf(sample, "buckets");
  if (!count || !sum || buckets == nullptr) return std::nullopt;
  Histogram histogram{*count, *sum, {}};
  for (const Value& bucket : buckets->GetArray()) {
    const auto in_it = NumberOf(bucket, "count");
    if (!in_it) return std::nullopt;
    histogram.buckets.push_back({NumberOf(bucket, "le"), *in_it});
  }
  return histogram;
}

void ReadSample(const std::string& name, const Value& sample, Snapshot& snapshot) {
  if (const auto value = NumberOf(sample, "value")) {
    snapshot.values[name + LabelsOf(sample)] = *value;
  } else if (auto histogram = ReadHistogram(sample)) {
    snapshot.histograms[name] = std::move(*histogram);
  }
}

// Who it is stands in the labels of saef_build_info.
void ReadBuildInfo(const Value& sample, Snapshot& snapshot) {
  const Value* const labels = onem2m::FindMember(sample, "labels");
  if (labels == nullptr) return;
  const auto party = onem2m::GetString(*labels, "party");
  const auto version = onem2m::GetString(*labels, "version");
  if (party) snapshot.party = *party;
  if (version) snapshot.version = *version;
}

}  // namespace

std::optional<double> Snapshot::Value(std::string_view series) const {
  const auto found = values.find(series);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Snapshot> ReadSnapshot(std::string_view json,
                                     std::chrono::steady_clock::time_point taken) {
  const auto document = onem2m::ParseJson(json);
  if (!document) return std::nullopt;
  const rapidjson::Value* const metrics = ArrayOf(*document, "metrics");
  if (metrics == nullptr) return std::nullopt;
  Snapshot snapshot;
  snapshot.taken = taken;
  for (const auto& metric : metrics->GetArray()) {
    const auto name = onem2m::GetString(metric, "name");
    const rapidjson::Value* const samples = ArrayOf(metric, "samples");
    if (!name || samples == nullptr) return std::nullopt;
    for (const auto& sample : samples->GetArray()) {
      if (*name == "saef_build_info") ReadBuildInfo(sample, snapshot);
      ReadSample(*name, sample, snapshot);
    }
  }
  if (snapshot.party.empty()) return std::nullopt;
  return snapshot;
}

}  // namespace saef::tools
