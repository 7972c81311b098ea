// SPDX-License-Identifier: GPL-3.0-or-later
//
// RelayedParties: MAF and CSE with a DelayingRelay between them, as storms and floods meet them.
// One thread.
#ifndef SAEF_TESTS_BENCH_RELAYED_PARTIES_H_
#define SAEF_TESTS_BENCH_RELAYED_PARTIES_H_

#include <cstddef>
#include <memory>
#include <string>

#include "tests/bench/bench_parties.h"
#include "tests/bench/delaying_relay.h"
#include "tests/bench/group.h"

namespace saef::bench {

class RelayedParties {
 public:
  RelayedParties() = default;
  RelayedParties(const RelayedParties&) = delete;
  RelayedParties& operator=(const RelayedParties&) = delete;

  // A MAF with so many keys for the CSE, whose configuration gets `cse_more`; no delay as yet. To
  // be called once, before anything else, and again only where it failed.
  Problem Start(const Settings& settings, std::size_t keys, const std::string& cse_more);

  BenchParties& parties() { return *parties_; }
  const BenchParties& parties() const { return *parties_; }
  DelayingRelay& relay() { return *relay_; }

 private:
  std::unique_ptr<DelayingRelay> relay_;
  std::unique_ptr<BenchParties> parties_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_RELAYED_PARTIES_H_
