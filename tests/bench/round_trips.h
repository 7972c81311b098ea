// SPDX-License-Identifier: GPL-3.0-or-later
//
// RoundTrips: when the answers of a server that is far away arrive: the delay after the request
// that each answers, however long the server has taken for it here, as long as that is shorter. So
// a server that has to give way on this machine isn't further away for it. Requests and answers are
// matched by their order; an answer that comes without a request arrives the delay after it was
// sent. No answer overtakes another. One thread.
#ifndef SAEF_TESTS_BENCH_ROUND_TRIPS_H_
#define SAEF_TESTS_BENCH_ROUND_TRIPS_H_

#include <chrono>
#include <deque>

namespace saef::bench {

class RoundTrips {
 public:
  using Clock = std::chrono::steady_clock;

  // Nobody waits for an answer any longer; so the loss of one isn't remembered for ever.
  static constexpr std::chrono::seconds kLongest{10};

  // A request has passed.
  void Asked(Clock::time_point now) { asked_.push_back(now); }
  // The server has sent an answer `now`: when it arrives, which may be `now`.
  Clock::time_point Answered(Clock::time_point now, Clock::duration delay);

 private:
  std::deque<Clock::time_point> asked_;  // and not answered
  Clock::time_point last_{};             // when the last answer arrives
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_ROUND_TRIPS_H_
