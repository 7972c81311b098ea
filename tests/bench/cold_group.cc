// SPDX-License-Identifier: GPL-3.0-or-later
//
// One association over DTLS whose KcId the CSE hasn't seen, taken apart by the times at which
// datagrams pass two relays: one between client and CSE, one between the plugin and the MAF. Beside
// it the same with the key cached, through the same relay. Times on the wall, in microseconds; each
// sample is the median of several associations.
//
//   hello    ClientHello to ClientKeyExchange: the cookie, and the server's flight
//   ask      … to the plugin's first datagram to the MAF: the gate, and starting the look-up
//   session  … to its request: the handshake with the MAF; nothing where a session is kept
//   answer   … to the MAF's answer
//   rest     … to the CSE's last flight: answer checked and cached, gate let go, key exchange
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "tests/bench/bench_parties.h"
#include "tests/bench/group.h"
#include "tests/bench/noting_relay.h"

namespace saef::bench {
namespace {

using Moment = Passed::Clock::time_point;
using What = Passed::What;
// By part; in microseconds.
using Parts = std::map<std::string, double>;

// After which nothing of an association is under way any more.
constexpr std::chrono::milliseconds kQuiet{10};

std::size_t AssociationsOf(const Settings& settings) { return settings.effort.smoke ? 2 : 20; }

double MicrosecondsFrom(Moment from, Moment to) {
  return std::chrono::duration<double, std::micro>(to - from).count();
}

// A CSE whose two paths are noted.
class NotedCse {
 public:
  // A sentence where it doesn't start. `maf_more`, `plugin_more`: as BenchPartiesOptions.
  std::optional<std::string> Start(const Settings& settings, std::size_t keys,
                                   const std::string& maf_more, const std::string& plugin_more) {
    auto started = BenchParties::Start({.command = settings.saef,
                                        .module = settings.module,
                                        .keys = keys,
                                        .relay =
                                            [this](std::uint16_t maf_port) {
                                              to_maf_.emplace(maf_port);
                                              return to_maf_->port();
                                            },
                                        .maf_more = maf_more,
                                        .plugin_more = plugin_more});
    if (auto* const problem = std::get_if<std::string>(&started)) return std::move(*problem);
    parties_.emplace(std::move(std::get<BenchParties>(started)));
    to_cse_.emplace(parties_->port(SAEF_DTLS));
    return std::nullopt;
  }

  // Client number i associates; its parts, or a sentence.
  std::variant<Parts, std::string> Associate(std::size_t i) {
    std::this_thread::sleep_for(kQuiet);
    to_cse_->Take();
    to_maf_->Take();
    auto made = PskClients::Make({.transport = SAEF_DTLS, .port = to_cse_->port()});
    if (auto* const problem = std::get_if<std::string>(&made)) return std::move(*problem);
    const PskResult result = std::get<PskClients>(made).Run({parties_->client(i)}).at(0);
    if (!result.established) return "a client wasn't let in: " + result.failure;
    return TakeApart(result, to_cse_->Take(), to_maf_->Take());
  }

 private:
  static std::variant<Parts, std::string> TakeApart(const PskResult& client,
                                                    const std::vector<Passed>& to_cse,
                                                    const std::vector<Passed>& to_maf) {
    const auto key = FirstOf(to_cse, true, What::kClientKeyExchange);
    const auto last = FirstOf(to_cse, false, What::kChangeCipherSpec);
    if (!key || !last) return "the client's handshake didn't pass as it should";
    Parts parts = {{"whole", MicrosecondsFrom(client.began, *last)},
                   {"hello", MicrosecondsFrom(client.began, *key)}};
    const auto request = FirstOf(to_maf, true, What::kApplicationData, *key);
    if (!request) return parts;
    const auto answer = FirstOf(to_maf, false, What::kApplicationData, *request);
    if (!answer) return "the MAF's answer didn't pass";
    const Moment asked = FirstOf(to_maf, true, What::kHandshake, *key).value_or(*request);
    parts["ask"] = MicrosecondsFrom(*key, asked);
    parts["session"] = MicrosecondsFrom(asked, *request);
    parts["answer"] = MicrosecondsFrom(*request, *answer);
    parts["rest"] = MicrosecondsFrom(*answer, *last);
    return parts;
  }

  std::optional<NotingRelay> to_maf_;
  std::optional<NotingRelay> to_cse_;
  std::optional<BenchParties> parties_;
};

// The medians of several associations, from client number `first` on; all with one client where the
// key is to be cached.
std::variant<Parts, std::string> MedianParts(NotedCse& cse, std::size_t first, bool cached,
                                             std::size_t count) {
  std::map<std::string, std::vector<double>> samples;
  for (std::size_t i = 0; i < count; ++i) {
    auto parts = cse.Associate(cached ? 0 : first + i);
    if (auto* const problem = std::get_if<std::string>(&parts)) return std::move(*problem);
    for (const auto& [name, value] : std::get<Parts>(parts)) samples[name].push_back(value);
    const bool was_asked = std::get<Parts>(parts).contains("answer");
    if (was_asked == cached)
      return "the MAF was asked " + std::string(cached ? "again" : "for nothing");
  }
  Parts medians;
  for (const auto& [name, values] : samples) medians[name] = Median(values);
  return medians;
}

constexpr const char* kPartNames[] = {"whole", "hello", "ask", "session", "answer", "rest"};

Problem MeasureRepetition(NotedCse& cse, const std::string& name, std::size_t first, bool cached,
                          std::size_t count, Results& results) {
  const auto parts = MedianParts(cse, first, cached, count);
  if (const auto* const problem = std::get_if<std::string>(&parts)) return name + ": " + *problem;
  for (const char* const part : kPartNames) {
    const auto found = std::get<Parts>(parts).find(part);
    if (found == std::get<Parts>(parts).end()) continue;
    results.Add({"cold/" + name + "/" + part, "us", {found->second}});
  }
  return std::nullopt;
}

}  // namespace

Problem MeasureCold(const Settings& settings, Results& results) {
  const std::size_t count = AssociationsOf(settings);
  const auto repetitions = static_cast<std::size_t>(settings.effort.repetitions);
  const std::size_t keys = 1 + repetitions * count;
  NotedCse kept;
  // A MAF that ends its session after each procedure can't be observed, so neither is the other.
  const std::string plugin = R"(,"observe":false)";
  if (auto problem = kept.Start(settings, keys, "", plugin)) return problem;
  NotedCse fresh;
  if (auto problem = fresh.Start(settings, keys, R"(,"endSessionAfterProcedure":true)", plugin)) {
    return problem;
  }
  // The first sessions, and the key that is to be cached.
  for (NotedCse* const cse : {&kept, &fresh}) {
    const auto warm = cse->Associate(0);
    if (const auto* const problem = std::get_if<std::string>(&warm)) return *problem;
  }
  for (std::size_t i = 0; i < repetitions; ++i) {
    const std::size_t first = 1 + i * count;
    if (auto problem = MeasureRepetition(kept, "kept", first, false, count, results)) {
      return problem;
    }
    if (auto problem = MeasureRepetition(fresh, "fresh", first, false, count, results)) {
      return problem;
    }
    if (auto problem = MeasureRepetition(kept, "cached", 0, true, count, results)) return problem;
  }
  results.Compare("cold/kept/whole", "cold/cached/whole");
  results.Compare("cold/fresh/whole", "cold/cached/whole");
  return std::nullopt;
}

}  // namespace saef::bench
