// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many Entity As at once with KcIds that the CSE hasn't seen, the MAF being as far away as one
// likes; beside it the same storm when all keys are cached, and what a CSE whose PSK callback
// blocks would take. Each storm meets a CSE that was just started: one that has had a storm has its
// memory at hand for the next one's sessions, which is worth a tenth of the time.
#include <algorithm>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/bench_parties.h"
#include "tests/bench/group.h"
#include "tests/bench/process_threads.h"
#include "tests/bench/relayed_parties.h"
#include "tests/bench/storm.h"

namespace saef::bench {
namespace {

using std::chrono::milliseconds;

struct Case {
  std::string name;  // "5k/200ms"
  std::size_t clients;
  milliseconds delay;
  saef_transport transport;
  int times = 1;  // in each repetition
  // What clients with a cached key saw in all repetitions, for one storm of a thousand is over too
  // soon to tell a 99th percentile of.
  std::vector<double> hit_ms{};
  std::vector<double> cached_hit_ms{};
};

// A blocking CSE serves them one after the other, so a few tell how long many would take.
constexpr std::size_t kBlocked = 20;
constexpr milliseconds kBlockedDelay{200};

// A thousand whose keys are cached are served in a tenth of a second, in which some thirty others
// ask. Three repetitions of these storms tell of a hundred, of which the 99th percentile is the
// worst one: between 9 and 64 ms, for some of them find a queue and others none, as the scheduler
// likes. Six times as many make it a figure.
constexpr int kTimes = 6;

std::vector<Case> Cases(bool smoke) {
  if (smoke) {
    return {{"1k/200ms", 20, milliseconds(20), SAEF_DTLS},
            {"5k/200ms", 30, milliseconds(20), SAEF_DTLS},
            {"tls-1k/200ms", 20, milliseconds(20), SAEF_TLS}};
  }
  return {{"100/0ms", 100, milliseconds(0), SAEF_DTLS},
          {"100/50ms", 100, milliseconds(50), SAEF_DTLS},
          {"100/200ms", 100, milliseconds(200), SAEF_DTLS},
          {"1k/0ms", 1000, milliseconds(0), SAEF_DTLS},
          {"1k/50ms", 1000, milliseconds(50), SAEF_DTLS},
          {"1k/200ms", 1000, milliseconds(200), SAEF_DTLS, kTimes},
          {"5k/0ms", 5000, milliseconds(0), SAEF_DTLS},
          {"5k/50ms", 5000, milliseconds(50), SAEF_DTLS},
          {"5k/200ms", 5000, milliseconds(200), SAEF_DTLS},
          {"tls-1k/200ms", 1000, milliseconds(200), SAEF_TLS, kTimes}};
}

bool IsWanted(const Settings& settings, const Case& of) {
  const auto& wanted = settings.effort.wanted;
  const std::string name = "storm/" + of.name;
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [&](const std::string& begin) {
           return name.starts_with(begin) || begin.starts_with(name);
         });
}

// After the first answer, for the CSE to open its other sessions with the MAF.
constexpr milliseconds kSessions{200};

// A few at a time, so that the CSE has had no more sessions than those.
constexpr std::size_t kFetchedAtOnce = 16;

// The CSE fetches keys, from that number on.
Problem FetchKeys(BenchParties& parties, saef_transport transport, std::size_t first,
                  std::size_t count) {
  PskClientsOptions options;
  options.transport = transport;
  options.port = parties.port(transport);
  options.at_once = kFetchedAtOnce;
  options.sources = kFetchedAtOnce;
  auto made = PskClients::Make(options);
  if (auto* const problem = std::get_if<std::string>(&made)) return std::move(*problem);
  for (const PskResult& result : std::get<PskClients>(made).Run(parties.clients(first, count))) {
    if (!result.established) return "a key wasn't fetched: " + result.failure;
  }
  std::this_thread::sleep_for(kSessions);
  return std::nullopt;
}

// A CSE with an empty cache but for key 0, and its sessions with the MAF.
Problem Renew(BenchParties& parties, saef_transport transport) {
  if (auto problem = parties.RestartCse()) return problem;
  return FetchKeys(parties, transport, 0, 1);
}

void Tell(const std::string& name, const StormResult& storm) {
  if (storm.again == 0 && storm.hit_failures == 0) return;
  std::cerr << "saef-bench: " << name << ": " << storm.again << " associations and "
            << storm.hit_failures << " of cached keys not at once: " << storm.failure << "\n";
}

void Add(Results& results, const std::string& name, const StormResult& storm) {
  results.Add({name + "/last", "ms", {storm.last_ms}});
  results.Add({name + "/not-at-first", "", {static_cast<double>(storm.again)}});
  results.Add({name + "/repeated-flights", "", {static_cast<double>(storm.retransmissions)}});
}

void AddHits(Results& results, const std::string& name, const std::vector<double>& hit_ms) {
  results.Add({name + "/hit-p50", "ms", {Percentile(hit_ms, 0.5)}});
  results.Add({name + "/hit-p99", "ms", {Percentile(hit_ms, 0.99)}});
}

Problem MeasureCase(RelayedParties& world, Case& of, Results& results) {
  StormOptions options;
  options.transport = of.transport;
  options.clients = of.clients;
  options.asks_for = std::chrono::seconds(of.clients < 1000 ? 1 : of.clients < 5000 ? 2 : 5);
  // A few clients are served before the next one asks at the usual pace.
  if (of.clients < 100) options.asks_a_second *= 20;
  // Each start of the CSE has a relay of its own, without a delay.
  if (auto problem = Renew(world.parties(), of.transport)) return problem;
  world.relay().SetDelay(of.delay);
  const StormResult unseen = RunStorm(world.parties(), options);
  if (auto problem = Renew(world.parties(), of.transport)) return problem;
  if (auto problem = FetchKeys(world.parties(), of.transport, 1, of.clients)) return problem;
  world.relay().SetDelay(of.delay);
  const StormResult cached = RunStorm(world.parties(), options);
  const std::string name = "storm/" + of.name;
  Tell(name, unseen);
  Tell(name + " cached", cached);
  Add(results, name, unseen);
  Add(results, name + "/cached", cached);
  of.hit_ms.insert(of.hit_ms.end(), unseen.hit_ms.begin(), unseen.hit_ms.end());
  of.cached_hit_ms.insert(of.cached_hit_ms.end(), cached.hit_ms.begin(), cached.hit_ms.end());
  results.Add({name + "/cached-and-round-trip",
               "ms",
               {cached.last_ms + static_cast<double>(of.delay.count())}});
  return std::nullopt;
}

// What a CSE without the gate takes, which waits in the callback.
Problem MeasureBlocking(const Settings& settings, Results& results) {
  RelayedParties world;
  if (auto problem = world.Start(settings, kBlocked + 1, R"(,"limits":{"blockingMs":10000})")) {
    return problem;
  }
  if (auto problem = Renew(world.parties(), SAEF_DTLS)) return problem;
  world.relay().SetDelay(kBlockedDelay);
  StormOptions options;
  options.clients = kBlocked;
  options.asks_for = std::chrono::seconds(1);
  const StormResult storm = RunStorm(world.parties(), options);
  results.Add({"storm/20/200ms/blocking/last", "ms", {storm.last_ms}});
  for (const std::size_t clients : {100, 1000, 5000}) {
    const std::string name = clients < 1000 ? "100" : std::to_string(clients / 1000) + "k";
    results.Add({"storm/" + name + "/200ms/blocking-extrapolated",
                 "ms",
                 {storm.last_ms * static_cast<double>(clients) / kBlocked}});
  }
  return std::nullopt;
}

void Compare(const std::vector<Case>& cases, Results& results) {
  for (const Case& of : cases) {
    const std::string name = "storm/" + of.name;
    results.Compare(name + "/last", name + "/cached-and-round-trip");
    results.Compare(name + "/last", name + "/cached/last");
    results.Compare(name + "/last", name + "/blocking-extrapolated");
    results.Compare(name + "/hit-p50", name + "/cached/hit-p50");
    results.Compare(name + "/hit-p99", name + "/cached/hit-p99");
  }
}

}  // namespace

Problem MeasureStorm(const Settings& settings, Results& results) {
  std::vector<Case> cases = Cases(settings.effort.smoke);
  std::erase_if(cases, [&](const Case& of) { return !IsWanted(settings, of); });
  std::size_t most = 0;
  for (const Case& of : cases) most = std::max(most, of.clients);
  // Both storms' clients and the one whose key is cached.
  if (auto problem = AllowSockets(2 * most + 1000)) return problem;
  RelayedParties world;
  if (auto problem = world.Start(settings, most + 1, "")) return problem;
  // It is far away: what it does takes no time of the CSE's and its clients'.
  LetGiveWay(world.parties().maf());
  // Each takes seconds; what they have to show is far apart.
  const int repetitions = std::min(settings.effort.repetitions, 3);
  for (int i = 0; i < repetitions; ++i) {
    for (Case& of : cases) {
      for (int time = 0; time < of.times; ++time) {
        if (auto problem = MeasureCase(world, of, results)) return problem;
      }
    }
    if (!settings.effort.smoke) {
      if (auto problem = MeasureBlocking(settings, results)) return problem;
    }
  }
  for (const Case& of : cases) {
    AddHits(results, "storm/" + of.name, of.hit_ms);
    AddHits(results, "storm/" + of.name + "/cached", of.cached_hit_ms);
  }
  Compare(cases, results);
  return std::nullopt;
}

}  // namespace saef::bench
