// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/relayed_parties.h"

#include <chrono>
#include <cstdint>
#include <utility>
#include <variant>

namespace saef::bench {

Problem RelayedParties::Start(const Settings& settings, std::size_t keys,
                              const std::string& cse_more) {
  BenchPartiesOptions options;
  options.command = settings.saef;
  options.module = settings.module;
  options.keys = keys;
  options.cse_more = cse_more;
  options.relay = [this](std::uint16_t maf_port) -> std::uint16_t {
    auto started = DelayingRelay::Start(maf_port, std::chrono::microseconds(0));
    if (started.index() != 0) return 0;
    relay_ = std::move(std::get<0>(started));
    return relay_->port();
  };
  auto started = BenchParties::Start(options);
  if (auto* const problem = std::get_if<std::string>(&started)) return std::move(*problem);
  parties_ = std::make_unique<BenchParties>(std::move(std::get<BenchParties>(started)));
  return std::nullopt;
}

}  // namespace saef::bench
