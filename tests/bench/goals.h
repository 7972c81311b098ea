// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ratios that must hold, and whether they do in one run. Each compares figures of the same run:
// times of one machine say nothing about another's.
#ifndef SAEF_TESTS_BENCH_GOALS_H_
#define SAEF_TESTS_BENCH_GOALS_H_

#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/results.h"

namespace saef::bench {

struct Goal {
  enum class Kind {
    kAtMost,  // figure <= limit * baseline, or <= limit where there is no baseline
    kNever,   // no sample of the figure is beyond the limit
    // How much more two threads (figure) do than one (baseline), by the processor time of each
    // operation: what they cost each other. The wall clock would count what others do as well.
    kSpeedUp,
  };
  std::string_view what;
  std::string_view figure;
  std::string_view baseline;  // empty: `limit` is in the figure's unit
  Kind kind = Kind::kAtMost;
  double limit = 0;
  // Where the limit is out of reach and docs/performance.md says why: what is reached, with some
  // room, so that it doesn't get worse unseen. 0: the limit isn't out of reach.
  double reached = 0;
};

// All of them, in the order in which they are told.
const std::vector<Goal>& Goals();

struct Outcome {
  enum class State {
    kHolds,
    kOutOfReach,  // not the limit, but what is known to be reached
    kFails,
    kNotMeasured,
  };
  const Goal* goal;
  State state = State::kNotMeasured;
  double value = 0;  // to be compared with the limit
};

// `goals` outlive the outcomes.
std::vector<Outcome> Judge(const Results& results, const std::vector<Goal>& goals);

// Those of this group's ratios that fail.
std::vector<Outcome> FailuresOf(std::string_view group, std::vector<Outcome> outcomes);

// Others on the machine only make ratios worse, for minutes or for hours, so a group whose ratios
// all hold in one of several attempts has what they say. What must never happen and did counts:
// then there is no other try. Nor where there is no failure.
bool AreWorthAnotherTry(const std::vector<Outcome>& failures);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_GOALS_H_
