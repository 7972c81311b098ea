// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/relayed_parties.h"

#include <chrono>
#include <cstdint>
#include <utility>
#include <variant>

namespace saef::bench {

Problem RelayedParties::Start(const Settings& settings, std::size_t keys,
                              const std::string& cse_more) {
  Problem no_relay;
  BenchPartiesOptions options;
  options.command = settings.saef;
  options.module = settings.module;
  options.keys = keys;
  options.cse_more = cse_more;
  options.relay = [&](std::uint16_t maf_port) {
    auto started = DelayingRelay::Start(maf_port, std::chrono::microseconds(0));
    if (auto* const problem = std::get_if<1>(&started)) {
      no_relay = std::move(*problem);
      return maf_port;
    }
    relay_ = std::move(std::get<0>(started));
    return relay_->port();
  };
  auto started = BenchParties::Start(options);
  // What is measured past the relay would be another thing.
  if (no_relay) return no_relay;
  if (auto* const problem = std::get_if<std::string>(&started)) return std::move(*problem);
  parties_ = std::make_unique<BenchParties>(std::move(std::get<BenchParties>(started)));
  return std::nullopt;
}

}  // namespace saef::bench
