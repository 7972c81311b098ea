// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a handshake, or a request, costs a server: processor time of its process, in user and kernel
// mode, and time on the wall. The clients share the machine with it, so the processor time is the
// figure; how many a second that would be on one core follows from it.
#ifndef SAEF_TESTS_BENCH_HANDSHAKE_COST_H_
#define SAEF_TESTS_BENCH_HANDSHAKE_COST_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tests/bench/other_servers.h"
#include "tests/bench/psk_clients.h"

namespace saef::bench {

struct HandshakeCost {
  double processor = 0;  // the server's, of each handshake, in microseconds
  double a_second = 0;   // handshakes
};

// The process's time when it has dealt with what its clients said last: it uses none for a while.
std::chrono::nanoseconds SettledProcessorTime(pid_t process);

// What it costs `server` that each of `clients` shakes hands once and goes, `at_once` of them at a
// time. A sentence where one of them isn't let in.
std::variant<HandshakeCost, std::string> CostOfHandshakes(const Served& server,
                                                          const std::vector<PskClient>& clients,
                                                          std::size_t at_once);

// Processor time of the server for each RETRIEVE of CSEBase, in microseconds: each of `clients`
// sends `requests` of them over a session of its own. The session's beginning and end are in it, so
// there should be many. Or a sentence where one isn't answered with a success.
std::variant<double, std::string> RequestCost(const Served& server,
                                              const std::vector<PskClient>& clients,
                                              std::size_t requests);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_HANDSHAKE_COST_H_
