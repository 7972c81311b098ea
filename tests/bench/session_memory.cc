// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/session_memory.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "tests/bench/bench_parties.h"
#include "tests/bench/handshake_cost.h"

namespace saef::bench {
namespace {

// The first, which aren't counted, because with them come buffers and what the allocator sets
// aside; and those that are.
struct Waves {
  std::size_t first;
  std::size_t counted;
  std::chrono::milliseconds patience;
};
Waves WavesFor(const Settings& settings) {
  if (settings.effort.smoke) return {20, 40, std::chrono::milliseconds(50)};
  return {500, 1000, std::chrono::milliseconds(1600)};
}

// So slowly that no datagram finds the CSE's buffers full.
constexpr double kStartsASecond = 2000;

// Clients whose handshakes go no further, on a thread of their own until this goes.
class WaitingClients {
 public:
  WaitingClients(PskClients clients, std::vector<PskClient> who)
      : clients_(std::move(clients)),
        who_(std::move(who)),
        thread_([this] { results_ = clients_.Run(who_); }) {}
  ~WaitingClients() { Stop(); }
  WaitingClients(const WaitingClients&) = delete;
  WaitingClients& operator=(const WaitingClients&) = delete;

  // How many did go further.
  std::size_t Stop() {
    clients_.Stop();
    if (thread_.joinable()) thread_.join();
    std::size_t ended = 0;
    for (const PskResult& result : results_) {
      if (result.established || result.failure != kStopped) ++ended;
    }
    return ended;
  }

 private:
  PskClients clients_;
  const std::vector<PskClient> who_;
  std::vector<PskResult> results_;
  std::thread thread_;
};

PskClients MakeClients(const BenchParties& parties, saef_transport transport, std::size_t at_once,
                       bool keep) {
  // The suites are wolfSSL's own.
  return std::move(
      std::get<PskClients>(PskClients::Make({.transport = transport,
                                             .port = parties.port(transport),
                                             .at_once = at_once,
                                             .starts_a_second = keep ? 0 : kStartsASecond,
                                             .time_limit = std::chrono::minutes(5),
                                             .keep = keep})));
}

// When `count` clients have started and, over DTLS, have repeated themselves once: wolfSSL does so
// after a second, and again two seconds later. By then even those are held whose first datagrams
// were lost.
double ResidentAfter(const BenchParties& parties, const Waves& waves, std::size_t count) {
  std::this_thread::sleep_for(
      std::chrono::duration<double>(static_cast<double>(count) / kStartsASecond) + waves.patience);
  SettledProcessorTime(parties.cse());
  return ResidentOctets(parties.cse());
}

std::vector<PskClient> ClientsOf(const KeyIds& ids, std::size_t first, std::size_t count) {
  std::vector<PskClient> clients;
  for (std::size_t i = first; i < first + count; ++i) {
    clients.push_back({std::string(ids.text(i)), "0123456789abcdef", ""});
  }
  return clients;
}

std::variant<double, std::string> HeldSession(const Settings& settings, saef_transport transport) {
  const Waves waves = WavesFor(settings);
  // A MAF that never answers: a socket that nobody reads.
  boost::asio::io_context io;
  const boost::asio::ip::udp::socket silence(
      io, {boost::asio::ip::address_v4::loopback(), std::uint16_t{0}});
  auto started = BenchParties::Start(
      {.command = settings.saef,
       .module = settings.module,
       .relay = [&silence](std::uint16_t) { return silence.local_endpoint().port(); },
       .plugin_more = R"(,"fetch":{"timeoutMs":120000,"maxInFlight":65536})",
       .cse_more = R"(,"limits":{"maxHoldMs":300000,"handshakeTimeoutSeconds":600})"});
  if (auto* const problem = std::get_if<std::string>(&started)) return std::move(*problem);
  const BenchParties& parties = std::get<BenchParties>(started);
  const KeyIds ids(waves.first + waves.counted);
  WaitingClients first(MakeClients(parties, transport, waves.first, false),
                       ClientsOf(ids, 0, waves.first));
  const double before = ResidentAfter(parties, waves, waves.first);
  WaitingClients counted(MakeClients(parties, transport, waves.counted, false),
                         ClientsOf(ids, waves.first, waves.counted));
  const double after = ResidentAfter(parties, waves, waves.counted);
  if (first.Stop() + counted.Stop() > 0) return "a client wasn't held";
  return (after - before) / static_cast<double>(waves.counted);
}

std::variant<double, std::string> OpenSession(const Settings& settings, saef_transport transport) {
  const Waves waves = WavesFor(settings);
  auto started = BenchParties::Start({.command = settings.saef, .module = settings.module});
  if (auto* const problem = std::get_if<std::string>(&started)) return std::move(*problem);
  const BenchParties& parties = std::get<BenchParties>(started);
  double resident = 0;
  std::vector<PskClients> kept;
  for (const std::size_t count : {waves.first, waves.counted}) {
    SettledProcessorTime(parties.cse());
    resident = ResidentOctets(parties.cse());
    kept.push_back(MakeClients(parties, transport, 8, true));
    kept.back().Run(std::vector<PskClient>(count, parties.client(0)));
    if (kept.back().kept() != count) return "a client wasn't let in";
  }
  SettledProcessorTime(parties.cse());
  return (ResidentOctets(parties.cse()) - resident) / static_cast<double>(waves.counted);
}

}  // namespace

Problem AddSessionMemory(const Settings& settings, Results& results) {
  const Waves waves = WavesFor(settings);
  if (auto problem = AllowSockets(waves.first + waves.counted)) return problem;
  for (const saef_transport transport : {SAEF_DTLS, SAEF_TLS}) {
    const std::string suffix = transport == SAEF_DTLS ? "/dtls" : "/tls";
    const auto held = HeldSession(settings, transport);
    if (const auto* const problem = std::get_if<std::string>(&held)) return *problem;
    const auto open = OpenSession(settings, transport);
    if (const auto* const problem = std::get_if<std::string>(&open)) return *problem;
    results.Add({"memory/held-session" + suffix, "octets", {std::get<double>(held)}});
    results.Add({"memory/open-session" + suffix, "octets", {std::get<double>(open)}});
  }
  return std::nullopt;
}

}  // namespace saef::bench
