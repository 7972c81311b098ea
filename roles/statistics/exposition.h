// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same families of metrics in two forms: Prometheus' text format (version 0.0.4), and JSON for
// `saef top`, so that nobody has to read that text:
//
//   {"metrics": [{"name": …, "help": …, "type": "counter", "samples": [{"labels": {…}, "value":
//   3}]},
//                {…, "type": "histogram", "samples": [{"labels": {}, "count": 7, "sum": 0.12,
//                    "buckets": [{"le": 0.00025, "count": 1}, …, {"le": null, "count": 7}]}]}]}
//
// Buckets are cumulative in both; the last has no bound. Threads: any; pure.
#ifndef SAEF_ROLES_STATISTICS_EXPOSITION_H_
#define SAEF_ROLES_STATISTICS_EXPOSITION_H_

#include <string>

#include "roles/statistics/families.h"

namespace saef::statistics {

inline constexpr const char* kTextType = "text/plain; version=0.0.4; charset=utf-8";
std::string ToText(const Families& families);
std::string ToJson(const Families& families);

}  // namespace saef::statistics

#endif  // SAEF_ROLES_STATISTICS_EXPOSITION_H_
