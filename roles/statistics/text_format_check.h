// SPDX-License-Identifier: GPL-3.0-or-later
//
// For tests: is this Prometheus' text format (version 0.0.4), and as its conventions want it?
// Stricter than a scraper: HELP and TYPE come first, each family's samples stand together, none
// comes twice, counters end in _total, histograms have rising buckets that end with +Inf and with
// the count.
#ifndef SAEF_ROLES_STATISTICS_TEXT_FORMAT_CHECK_H_
#define SAEF_ROLES_STATISTICS_TEXT_FORMAT_CHECK_H_

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace saef::statistics {

// Empty: nothing is wrong.
inline std::string FaultOfText(const std::string& text) {
  static const std::regex help(R"(# HELP ([a-z_]+) [A-Z1][^\\]*\.)");
  static const std::regex type(R"(# TYPE ([a-z_]+) (counter|gauge|histogram))");
  static const std::regex sample(
      R"(([a-z_]+)(\{[a-z_]+="[^"\\]*"(?:,[a-z_]+="[^"\\]*")*\})? ([0-9.]+(?:e[+-][0-9]+)?))");
  std::string family, kind;
  std::set<std::string> families, series;
  double last_bucket = 0, count = 0;
  std::istringstream lines(text);
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_match(line, match, help)) {
      family = match[1];
      kind.clear();
      if (!families.insert(family).second) return "a second family: " + line;
    } else if (std::regex_match(line, match, type)) {
      kind = match[2];
      if (match[1] != family) return "no HELP before: " + line;
      if ((kind == "counter") != family.ends_with("_total")) return "not a counter's name: " + line;
      last_bucket = 0;
    } else if (std::regex_match(line, match, sample)) {
      const std::string name = match[1];
      const double value = std::stod(match[3]);
      if (!series.insert(name + match[2].str()).second) return "comes twice: " + line;
      if (kind == "histogram") {
        if (name == family + "_bucket") {
          if (value < last_bucket) return "a bucket below the one before: " + line;
          last_bucket = value;
          if (match[2] == "{le=\"+Inf\"}" && value != count) return "not the count: " + line;
        } else if (name == family + "_count") {
          count = value;  // stands before the buckets
        } else if (name != family + "_sum") {
          return "no part of a histogram: " + line;
        }
      } else if (kind.empty() || name != family) {
        return "no TYPE of this before: " + line;
      }
    } else {
      return "not a line of the format: " + line;
    }
  }
  return text.ends_with('\n') ? "" : "the last line has no end";
}

}  // namespace saef::statistics

#endif  // SAEF_ROLES_STATISTICS_TEXT_FORMAT_CHECK_H_
