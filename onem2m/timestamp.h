// SPDX-License-Identifier: GPL-3.0-or-later
//
// Timestamps of oneM2M (TS-0004 6.3.3 m2m:timestamp): "YYYYMMDDThhmmss" in UTC, optionally with
// ",ffffff". Seconds precision inside; a fraction is read and dropped (rounding down).
#ifndef SAEF_ONEM2M_TIMESTAMP_H_
#define SAEF_ONEM2M_TIMESTAMP_H_

#include <chrono>
#include <string>
#include <string_view>

#include "onem2m/error.h"

namespace saef::onem2m {

using Time = std::chrono::sys_seconds;

Result<Time> ParseTimestamp(std::string_view text);  // kBadTime
std::string FormatTimestamp(Time time);
Time Now();

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_TIMESTAMP_H_
