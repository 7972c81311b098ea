// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/handshake_cost.h"

#include <chrono>
#include <thread>

#include "tests/bench/bench_parties.h"

namespace saef::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr std::chrono::milliseconds kLook{2};
constexpr int kMaxLooks = 500;

}  // namespace

std::chrono::nanoseconds SettledProcessorTime(pid_t process) {
  auto before = ProcessorTime(process);
  for (int i = 0; i < kMaxLooks; ++i) {
    std::this_thread::sleep_for(kLook);
    const auto now = ProcessorTime(process);
    if (now == before) break;
    before = now;
  }
  return before;
}

std::variant<HandshakeCost, std::string> CostOfHandshakes(const Served& server,
                                                          const std::vector<PskClient>& clients,
                                                          std::size_t at_once) {
  auto made =
      PskClients::Make({.transport = server.transport, .port = server.port, .at_once = at_once});
  if (auto* const problem = std::get_if<std::string>(&made)) return std::move(*problem);
  const auto used = SettledProcessorTime(server.process);
  const auto start = Clock::now();
  const auto results = std::get<PskClients>(made).Run(clients);
  const std::chrono::duration<double> took = Clock::now() - start;
  for (const PskResult& result : results) {
    if (!result.established) return "a client wasn't let in: " + result.failure;
  }
  const Microseconds processor = SettledProcessorTime(server.process) - used;
  const auto count = static_cast<double>(clients.size());
  return HandshakeCost{processor.count() / count, count / took.count()};
}

std::variant<double, std::string> RequestCost(const Served& server,
                                              const std::vector<PskClient>& clients,
                                              std::size_t requests) {
  auto made = PskClients::Make({.transport = server.transport,
                                .port = server.port,
                                .time_limit = std::chrono::minutes(1),
                                .requests = requests});
  if (auto* const problem = std::get_if<std::string>(&made)) return std::move(*problem);
  const auto used = SettledProcessorTime(server.process);
  for (const PskResult& result : std::get<PskClients>(made).Run(clients)) {
    if (!result.answered) return "a request wasn't answered: " + result.failure;
  }
  const Microseconds cost = SettledProcessorTime(server.process) - used;
  return cost.count() / static_cast<double>(clients.size() * requests);
}

}  // namespace saef::bench
