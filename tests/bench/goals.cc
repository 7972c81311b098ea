// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/goals.h"

#include <algorithm>
#include <optional>

namespace saef::bench {
namespace {

using Kind = Goal::Kind;

constexpr double kThreadsOfSpeedUp = 2;
// Processor time of each, so that as many handshakes fit into the same time as the factor says.
constexpr double kCachedOfStatic = 1 / 0.97;
constexpr double kOursOfOpenssl = 1 / 0.9;
// 0.7 of the requests in the same processor time.
constexpr double kMafAgainstBare = 1 / 0.7;
// 4.7 to 6.8 by the machine's neighbours (docs/performance.md).
constexpr double kFlatReached = 7.5;

std::optional<double> ValueOf(const Results& results, const Goal& goal) {
  const Figure* const figure = results.Find(goal.figure);
  if (figure == nullptr) return std::nullopt;
  if (goal.kind == Goal::Kind::kNever) {
    return *std::max_element(figure->samples.begin(), figure->samples.end());
  }
  if (goal.baseline.empty()) return Median(figure->samples);
  const Figure* const baseline = results.Find(goal.baseline);
  if (baseline == nullptr) return std::nullopt;
  if (goal.kind == Goal::Kind::kAtMost) return Ratio(figure->samples, baseline->samples);
  const auto cost = Ratio(figure->processor, baseline->processor);
  return cost ? std::optional(kThreadsOfSpeedUp / *cost) : std::nullopt;
}

bool Keeps(double value, double limit, Goal::Kind kind) {
  return kind == Goal::Kind::kSpeedUp ? value >= limit : value <= limit;
}

Outcome JudgeOne(const Results& results, const Goal& goal) {
  const auto value = ValueOf(results, goal);
  if (!value) return {.goal = &goal};
  Outcome outcome{&goal, Outcome::State::kFails, *value};
  if (Keeps(*value, goal.limit, goal.kind)) {
    outcome.state = Outcome::State::kHolds;
  } else if (goal.reached != 0 && Keeps(*value, goal.reached, goal.kind)) {
    outcome.state = Outcome::State::kOutOfReach;
  }
  return outcome;
}

}  // namespace

const std::vector<Goal>& Goals() {
  static const std::vector<Goal> goals = {
      {"a hit against a bare hash of the same octets, 1 k keys", "hit/lookup/1k/1t",
       "hit/bare-hash/1k/1t", Kind::kAtMost, 5},
      {"a hit against the map with a mutex, 1 k keys", "hit/lookup/1k/1t", "hit/mutex-map/1k/1t",
       Kind::kAtMost, 0.6},
      {"a hit against the map with a mutex, 100 k keys", "hit/lookup/100k/1t",
       "hit/mutex-map/100k/1t", Kind::kAtMost, 0.6},
      {"a hit against the map with a mutex, 1 M keys", "hit/lookup/1M/1t", "hit/mutex-map/1M/1t",
       Kind::kAtMost, 0.6},
      {"the same with two threads, 1 k keys", "hit/lookup/1k/2t", "hit/mutex-map/1k/2t",
       Kind::kAtMost, 0.6},
      {"the same with two threads, 100 k keys", "hit/lookup/100k/2t", "hit/mutex-map/100k/2t",
       Kind::kAtMost, 0.6},
      {"the same with two threads, 1 M keys", "hit/lookup/1M/2t", "hit/mutex-map/1M/2t",
       Kind::kAtMost, 0.6},
      {"flat: a hit among 1 M keys against one among 1 k", "hit/lookup/1M/1t", "hit/lookup/1k/1t",
       Kind::kAtMost, 6, kFlatReached},
      {"two threads against one, 1 k keys", "hit/lookup/1k/2t", "hit/lookup/1k/1t", Kind::kSpeedUp,
       1.7},
      {"two threads against one, 100 k keys", "hit/lookup/100k/2t", "hit/lookup/100k/1t",
       Kind::kSpeedUp, 1.7},
      {"two threads against one, 1 M keys", "hit/lookup/1M/2t", "hit/lookup/1M/1t", Kind::kSpeedUp,
       1.7},
      {"not mine, no KcId's shape, against a hit", "not-mine/no-at", "not-mine/hit", Kind::kAtMost,
       1},
      {"not mine, another FQDN, against a hit", "not-mine/other-fqdn", "not-mine/hit",
       Kind::kAtMost, 1},
      {"the originator check through an association, in ns", "primitive/check", "", Kind::kAtMost,
       2000},
      {"a handshake over DTLS, key cached, against one with a static key", "handshake/dtls/cached",
       "handshake/dtls/static", Kind::kAtMost, kCachedOfStatic},
      {"the same over TLS", "handshake/tls/cached", "handshake/tls/static", Kind::kAtMost,
       kCachedOfStatic},
      {"a handshake over DTLS, key cached, against openssl s_server",
       "handshake/dtls/cached-one-by-one", "handshake/dtls/openssl", Kind::kAtMost, kOursOfOpenssl},
      {"a handshake over TLS, key cached, against openssl s_server",
       "handshake/tls/cached-one-by-one", "handshake/tls/openssl", Kind::kAtMost, kOursOfOpenssl},
      {"octets for each cached key", "memory/cached-key", "", Kind::kAtMost, 320},
      {"the MAF's processor time for a Key Retrieval against a bare server's, kept session",
       "maf/retrieval/1k/kept", "maf/bare-retrieval/kept", Kind::kAtMost, kMafAgainstBare},
      {"the same in many sessions", "maf/retrieval/1k/many", "maf/bare-retrieval/many",
       Kind::kAtMost, kMafAgainstBare},
      {"flat: a Key Retrieval among 1 M keys against one among 1 k", "maf/retrieval/1M/kept",
       "maf/retrieval/1k/kept", Kind::kAtMost, 2},
      {"the last of a storm against a cached one and a round trip, 1 k", "storm/1k/200ms/last",
       "storm/1k/200ms/cached-and-round-trip", Kind::kAtMost, 1.5},
      {"the last of a storm against a cached one and a round trip, 5 k", "storm/5k/200ms/last",
       "storm/5k/200ms/cached-and-round-trip", Kind::kAtMost, 1.5},
      {"the same over TLS, 1 k", "storm/tls-1k/200ms/last",
       "storm/tls-1k/200ms/cached-and-round-trip", Kind::kAtMost, 1.5},
      {"associations of a storm that weren't at first, 1 k", "storm/1k/200ms/not-at-first", "",
       Kind::kNever, 0},
      {"associations of a storm that weren't at first, 5 k", "storm/5k/200ms/not-at-first", "",
       Kind::kNever, 0},
      {"the same over TLS, 1 k", "storm/tls-1k/200ms/not-at-first", "", Kind::kNever, 0},
      {"a hit's p99 in a storm against a cached one, 1 k", "storm/1k/200ms/hit-p99",
       "storm/1k/200ms/cached/hit-p99", Kind::kAtMost, 3},
      {"a hit's p99 in a storm against a cached one, 5 k", "storm/5k/200ms/hit-p99",
       "storm/5k/200ms/cached/hit-p99", Kind::kAtMost, 3},
      {"the same over TLS, 1 k", "storm/tls-1k/200ms/hit-p99", "storm/tls-1k/200ms/cached/hit-p99",
       Kind::kAtMost, 3},
      {"honest clients that a flood costs their success", "flood/flooded/failures", "",
       Kind::kNever, 0},
      {"an honest client's median in a flood against none", "flood/flooded/p50", "flood/quiet/p50",
       Kind::kAtMost, 2},
      {"requests to the MAF for each invented identity", "flood/flooded/maf-requests-each", "",
       Kind::kNever, 1},
  };
  return goals;
}

std::vector<Outcome> Judge(const Results& results, const std::vector<Goal>& goals) {
  std::vector<Outcome> outcomes;
  outcomes.reserve(goals.size());
  for (const Goal& goal : goals) outcomes.push_back(JudgeOne(results, goal));
  return outcomes;
}

std::vector<Outcome> FailuresOf(std::string_view group, std::vector<Outcome> outcomes) {
  std::erase_if(outcomes, [group](const Outcome& outcome) {
    return outcome.state != Outcome::State::kFails || GroupOf(outcome.goal->figure) != group;
  });
  return outcomes;
}

bool AreWorthAnotherTry(const std::vector<Outcome>& failures) {
  return !failures.empty() && std::ranges::none_of(failures, [](const Outcome& outcome) {
    return outcome.goal->kind == Goal::Kind::kNever;
  });
}

}  // namespace saef::bench
