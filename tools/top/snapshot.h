// SPDX-License-Identifier: GPL-3.0-or-later
//
// Snapshot: what a program told at one moment at its /statistics.json
// (roles/statistics/exposition.h).
#ifndef SAEF_TOOLS_TOP_SNAPSHOT_H_
#define SAEF_TOOLS_TOP_SNAPSHOT_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace saef::tools {

struct Histogram {
  struct Bucket {
    std::optional<double> bound_s;  // none: the last
    double count = 0;               // of those in it and below
  };
  double count = 0;
  double sum_s = 0;
  std::vector<Bucket> buckets;
};

struct Snapshot {
  std::chrono::steady_clock::time_point taken;
  std::string party;    // "cse", "maf", "mef"
  std::string version;  // of the program
  // By name and labels: "saef_plugin_lookups_total{outcome=hit}".
  std::map<std::string, double, std::less<>> values;
  std::map<std::string, Histogram, std::less<>> histograms;  // by name

  std::optional<double> Value(std::string_view series) const;
};

// Nothing where the text isn't that of one of our programs.
std::optional<Snapshot> ReadSnapshot(std::string_view json,
                                     std::chrono::steady_clock::time_point taken);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_TOP_SNAPSHOT_H_
