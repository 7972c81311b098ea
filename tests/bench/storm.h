// SPDX-License-Identifier: GPL-3.0-or-later
//
// Storm: many Entity As that come to one CSE in the same moment, and what a client whose key is
// cached sees meanwhile. Threads: one, which has another for that client.
#ifndef SAEF_TESTS_BENCH_STORM_H_
#define SAEF_TESTS_BENCH_STORM_H_

#include <cstddef>
#include <string>
#include <vector>

#include "saef/plugin.h"
#include "tests/bench/bench_parties.h"

namespace saef::bench {

struct StormOptions {
  saef_transport transport = SAEF_DTLS;
  std::size_t clients = 100;         // with the keys from 1 on
  double asks_a_second = 250;        // handshakes and requests with key 0, which is cached
  std::chrono::seconds asks_for{4};  // at least
};

struct StormResult {
  double last_ms = 0;               // from the first ClientHello to the last association
  std::size_t again = 0;            // associations that came to nothing, or not at once
  std::size_t retransmissions = 0;  // of DTLS flights
  std::vector<double> hit_ms{};     // of the client whose key is cached: handshake and answer
  std::size_t hit_failures = 0;
  std::string failure{};  // one of those of clients
};

// Of `parties`, whose keys are more than the clients. Returns once all sessions are closed.
StormResult RunStorm(const BenchParties& parties, const StormOptions& options);

// The smallest sample that `share` of the samples don't exceed; 0 where there are none.
double Percentile(std::vector<double> samples, double share);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_STORM_H_
