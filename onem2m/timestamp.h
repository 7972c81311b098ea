// SPDX-License-Identifier: GPL-3.0-or-later
//
// Timestamps of oneM2M (TS-0004 6.3.3 m2m:timestamp): "YYYYMMDDThhmmss" in UTC, optionally with ','
// and 1 to 6 digits. Seconds precision inside; a fraction is read and dropped (rounding down, so an
// expiry is never later than meant).
#ifndef SAEF_ONEM2M_TIMESTAMP_H_
#define SAEF_ONEM2M_TIMESTAMP_H_

#include <chrono>
#include <string>
#include <string_view>

#include "onem2m/error.h"

namespace saef::onem2m {

using Time = std::chrono::sys_seconds;

// Any bytes in. kBadTime for anything else than the form above, days that the calendar doesn't
// have, and a second 60.
Result<Time> ParseTimestamp(std::string_view text);
// Without a fraction. The form has four digits for the year: what lies before the year 0 or after
// 9999 gives the nearest second that it can say.
std::string FormatTimestamp(Time time);
Time Now();

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_TIMESTAMP_H_
