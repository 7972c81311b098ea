// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/round_trips.h"

#include <algorithm>

namespace saef::bench {

RoundTrips::Clock::time_point RoundTrips::Answered(Clock::time_point now, Clock::duration delay) {
  while (!asked_.empty() && asked_.front() + kLongest < now) asked_.pop_front();
  Clock::time_point due = now + delay;
  if (!asked_.empty()) {
    due = asked_.front() + delay;
    asked_.pop_front();
  }
  last_ = std::max({due, now, last_});
  return last_;
}

}  // namespace saef::bench
