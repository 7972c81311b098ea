// SPDX-License-Identifier: GPL-3.0-or-later
//
// A flood beside 50 honest clients: 1000 handshakes a second with identities that somebody invents,
// each sent twice, and 10000 datagrams of garbage a second, from some hundred addresses. The same
// without the flood stands beside it. Each half meets a CSE that was just started, so an honest
// client's first handshake has to fetch its key; the others find it cached.
#include <sys/resource.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <thread>

#include "tests/bench/bench_parties.h"
#include "tests/bench/garbage.h"
#include "tests/bench/group.h"
#include "tests/bench/relayed_parties.h"
#include "tests/bench/storm.h"

namespace saef::bench {
namespace {

constexpr std::size_t kHonest = 50;
constexpr double kHonestStarts = 50;  // a second
constexpr double kInventedStarts = 1000;
constexpr std::size_t kGarbage = 10000;
constexpr std::chrono::seconds kSettle{2};

std::chrono::seconds LengthFor(const Settings& settings) {
  return std::chrono::seconds(settings.effort.smoke ? 1 : 6);
}

// What one half has shown.
struct Half {
  std::vector<double> ms;  // of the honest: handshake and answer
  std::size_t failures = 0;
  std::string failure;
  double maf_requests = 0;  // from the plugin to the MAF
  double identities = 0;    // different ones that were invented
  double before = 0;        // octets of the CSE
  double during = 0;
  double after = 0;
  double flood_cores = 0;  // processors that the flood and the honest clients used
  double cse_cores = 0;
};

std::chrono::nanoseconds OwnProcessorTime() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

// The second half of the vector is the first once more.
std::vector<PskClient> Invent(std::size_t count, std::size_t series) {
  std::vector<PskClient> clients;
  for (std::size_t i = 0; i < count; ++i) {
    std::string number = std::to_string(series * 1000000 + i % ((count + 1) / 2));
    number.insert(0, 32 - number.size(), 'F');
    clients.push_back({number + "@maf.example.com", std::string(32, 'x'), ""});
  }
  return clients;
}

class Flood {
 public:
  explicit Flood(const Settings& settings) : settings_(settings) {}

  Problem Start() { return world_.Start(settings_, kHonest, ""); }

  Problem Run(bool flooded, std::size_t series, Half& half) {
    if (auto problem = world_.parties().RestartCse()) return problem;
    half.before = ResidentOctets(world_.parties().cse());
    std::optional<Garbage> garbage;
    std::thread invented;
    if (flooded) {
      const auto length = static_cast<std::size_t>(LengthFor(settings_).count());
      const auto clients = Invent(static_cast<std::size_t>(kInventedStarts) * length, series);
      half.identities = static_cast<double>((clients.size() + 1) / 2);
      garbage.emplace(world_.parties().port(SAEF_DTLS), kGarbage);
      invented =
          std::thread([this, clients] { RunClients(clients, kInventedStarts, "127.16.0.1"); });
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    RunHonest(half);
    half.during = ResidentOctets(world_.parties().cse());
    if (invented.joinable()) invented.join();
    garbage.reset();
    half.maf_requests = static_cast<double>(world_.relay().long_from_clients());
    std::this_thread::sleep_for(kSettle);
    half.after = ResidentOctets(world_.parties().cse());
    return std::nullopt;
  }

 private:
  std::vector<PskResult> RunClients(const std::vector<PskClient>& clients, double starts,
                                    const char* source) const {
    PskClientsOptions options;
    options.port = world_.parties().port(SAEF_DTLS);
    options.source = boost::asio::ip::address_v4::from_string(source);
    options.sources = 250;
    options.at_once = clients.size();
    options.starts_a_second = starts;
    options.time_limit = std::chrono::milliseconds(20000);
    auto made = PskClients::Make(options);
    if (made.index() != 0) return std::vector<PskResult>(clients.size());
    return std::get<PskClients>(made).Run(clients);
  }

  void RunHonest(Half& half) const {
    // While the flood lasts.
    const auto rounds = std::max<std::int64_t>(LengthFor(settings_).count() - 1, 1);
    std::vector<PskClient> clients;
    for (std::int64_t i = 0; i < rounds; ++i) {
      const auto some = world_.parties().clients(0, kHonest, true);
      clients.insert(clients.end(), some.begin(), some.end());
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto own = OwnProcessorTime();
    const auto cse = ProcessorTime(world_.parties().cse());
    const auto results = RunClients(clients, kHonestStarts, "127.24.0.1");
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    const auto cores = [&wall](std::chrono::duration<double> used) { return used / wall; };
    half.flood_cores = cores(OwnProcessorTime() - own);
    half.cse_cores = cores(ProcessorTime(world_.parties().cse()) - cse);
    for (const PskResult& result : results) {
      if (!result.answered || result.attempts != 1) {
        ++half.failures;
        half.failure = result.failure;
      } else {
        half.ms.push_back(result.handshake.count() + result.first_answer.count());
      }
    }
  }

  const Settings& settings_;
  RelayedParties world_;
};

void Add(Results& results, const std::string& name, const Half& half) {
  results.Add({name + "/p50", "ms", {Percentile(half.ms, 0.5)}});
  results.Add({name + "/p99", "ms", {Percentile(half.ms, 0.99)}});
  results.Add({name + "/failures", "", {static_cast<double>(half.failures)}});
  results.Add({name + "/cse-before", "octets", {half.before}});
  results.Add({name + "/cse-during", "octets", {half.during}});
  results.Add({name + "/cse-after", "octets", {half.after}});
  results.Add({name + "/clients-cores", "", {half.flood_cores}});
  results.Add({name + "/cse-cores", "", {half.cse_cores}});
  results.Add({name + "/maf-requests", "", {half.maf_requests}});
  if (half.failures != 0) {
    std::cerr << "saef-bench: " << name << ": " << half.failures
              << " of the honest didn't succeed at once: " << half.failure << "\n";
  }
}

}  // namespace

Problem MeasureFlood(const Settings& settings, Results& results) {
  if (auto problem = AllowSockets(10000)) return problem;
  Flood flood(settings);
  if (auto problem = flood.Start()) return problem;
  const int repetitions = std::min(settings.effort.repetitions, 3);
  for (int i = 0; i < repetitions; ++i) {
    Half quiet;
    Half flooded;
    if (auto problem = flood.Run(false, 0, quiet)) return problem;
    if (auto problem = flood.Run(true, static_cast<std::size_t>(i) + 1, flooded)) return problem;
    Add(results, "flood/quiet", quiet);
    Add(results, "flood/flooded", flooded);
    // What the honest clients' keys and the handshake with the MAF take is in the quiet half.
    results.Add({"flood/flooded/maf-requests-each",
                 "",
                 {(flooded.maf_requests - quiet.maf_requests) / flooded.identities}});
  }
  for (const char* const figure : {"p50", "p99", "cse-before", "cse-during", "cse-after"}) {
    results.Compare("flood/flooded/" + std::string(figure), "flood/quiet/" + std::string(figure));
  }
  return std::nullopt;
}

}  // namespace saef::bench
