// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/storm.h"

#include <algorithm>
#include <cmath>
#include <latch>
#include <thread>

namespace saef::bench {
namespace {

using Clock = PskResult::Clock;
using Milliseconds = PskResult::Milliseconds;

constexpr std::chrono::milliseconds kTimeLimit{60000};
// The client with the cached key is at work before the storm begins.
constexpr std::chrono::milliseconds kLead{100};
// For the CSE to see the ends of the sessions.
constexpr std::chrono::milliseconds kSettle{300};

PskClientsOptions OptionsFor(const BenchParties& parties, const StormOptions& options) {
  PskClientsOptions clients;
  clients.transport = options.transport;
  clients.port = parties.port(options.transport);
  clients.time_limit = kTimeLimit;
  clients.sources = 200;
  return clients;
}

std::vector<PskResult> RunClients(const PskClientsOptions& options,
                                  const std::vector<PskClient>& clients) {
  auto made = PskClients::Make(options);
  if (made.index() != 0) return std::vector<PskResult>(clients.size());
  return std::get<PskClients>(made).Run(clients);
}

// Those who ask while the storm is on.
std::vector<PskResult> RunHits(const BenchParties& parties, const StormOptions& options) {
  PskClientsOptions clients = OptionsFor(parties, options);
  clients.starts_a_second = options.asks_a_second;
  clients.at_once = 10000;
  clients.source = boost::asio::ip::address_v4::from_string("127.9.0.1");
  const auto count = static_cast<std::size_t>(options.asks_a_second *
                                              static_cast<double>(options.asks_for.count()));
  return RunClients(clients, std::vector<PskClient>(count, parties.client(0, true)));
}

struct Moments {
  Clock::time_point first = Clock::time_point::max();
  Clock::time_point last{};
};

Moments TakeStorm(const std::vector<PskResult>& results, StormResult& storm) {
  Moments moments;
  for (const PskResult& result : results) {
    moments.first = std::min(moments.first, result.began);
    moments.last =
        std::max(moments.last, result.began + std::chrono::ceil<Clock::duration>(result.handshake));
    if (!result.established || result.attempts != 1) ++storm.again;
    storm.retransmissions += static_cast<std::size_t>(result.retransmissions);
    if (!result.failure.empty()) storm.failure = result.failure;
  }
  storm.last_ms = Milliseconds(moments.last - moments.first).count();
  return moments;
}

double HitMs(const PskResult& result) {
  return result.handshake.count() + result.first_answer.count();
}

bool Began(const PskResult& result, const Moments& during) {
  return result.answered && result.began >= during.first && result.began <= during.last;
}

bool WasUnderWay(const PskResult& result, const Moments& during) {
  return result.answered && result.began <= during.last &&
         result.began + Milliseconds(HitMs(result)) >= during.first;
}

// Those that began in the storm; where it was too short for any, those that it met under way.
void TakeHits(const std::vector<PskResult>& results, const Moments& moments, StormResult& storm) {
  for (const PskResult& result : results) {
    if (!result.answered) {
      ++storm.hit_failures;
      if (!result.failure.empty()) storm.failure = result.failure;
    }
    if (Began(result, moments)) storm.hit_ms.push_back(HitMs(result));
  }
  if (!storm.hit_ms.empty()) return;
  for (const PskResult& result : results) {
    if (WasUnderWay(result, moments)) storm.hit_ms.push_back(HitMs(result));
  }
}

}  // namespace

StormResult RunStorm(const BenchParties& parties, const StormOptions& options) {
  const std::vector<PskClient> clients = parties.clients(1, options.clients);
  PskClientsOptions wishes = OptionsFor(parties, options);
  wishes.at_once = options.clients;
  wishes.keep = true;
  StormResult storm;
  std::vector<PskResult> hits;
  std::thread hit_thread([&] { hits = RunHits(parties, options); });
  std::this_thread::sleep_for(kLead);
  auto made = PskClients::Make(wishes);
  std::vector<PskResult> results(clients.size());
  if (made.index() == 0) results = std::get<PskClients>(made).Run(clients);
  hit_thread.join();
  const Moments moments = TakeStorm(results, storm);
  TakeHits(hits, moments, storm);
  if (made.index() == 0) std::get<PskClients>(made).Close();
  std::this_thread::sleep_for(kSettle);
  return storm;
}

double Percentile(std::vector<double> samples, double share) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  const auto place =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
  return samples[std::min(std::max<std::size_t>(place, 1), samples.size()) - 1];
}

}  // namespace saef::bench
