// SPDX-License-Identifier: GPL-3.0-or-later
//
// BenchParties: the MAF maf.example.com and the CSE //sp.example.com/cse1 with saef.so, as
// processes of their own that `saef maf` and `saef cse` are, on free ports of 127.0.0.1. The MAF's
// store is filled before it starts, with a key for this CSE for each of as many KcIds as are
// wanted.
//
// Threads: one.
#ifndef SAEF_TESTS_BENCH_BENCH_PARTIES_H_
#define SAEF_TESTS_BENCH_BENCH_PARTIES_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "saef/plugin.h"
#include "tests/bench/key_ids.h"
#include "tests/bench/psk_clients.h"
#include "tools/child_process.h"

namespace saef::bench {

// What a process has used of processors, in user and kernel mode, all its threads together.
std::chrono::nanoseconds ProcessorTime(pid_t process);
// Its resident memory in octets.
double ResidentOctets(pid_t process);
// The files that it has open: sockets and others.
std::size_t OpenFiles(pid_t process);

struct BenchPartiesOptions {
  std::filesystem::path command = {};  // the program `saef`
  std::filesystem::path module = {};   // saef.so
  std::size_t keys = 1;                // those of KeyIds(keys)
  // What stands between the plugin and the MAF, if anything: is given the MAF's port and answers
  // the one that the plugin is to go to, or 0 where it can't. Once for each start of the CSE, after
  // the one before has ended.
  std::function<std::uint16_t(std::uint16_t maf_port)> relay = {};
  // Members of maf.json, of saef.json and of cse.json, each with a comma in front.
  std::string maf_more = {};
  std::string plugin_more = {};
  std::string cse_more = {};
};

class BenchParties {
 public:
  // The parties, ready; or a sentence, with the end of a log.
  static std::variant<BenchParties, std::string> Start(const BenchPartiesOptions& options);
  BenchParties(BenchParties&&) noexcept;
  BenchParties& operator=(BenchParties&&) noexcept;
  // Ends them.
  ~BenchParties();

  // Of the CSE's listener of that transport; and of the MAF's, which speaks CoAP over DTLS.
  std::uint16_t port(saef_transport transport) const;
  std::uint16_t maf_port() const;
  pid_t cse() const;
  pid_t maf() const;
  // Where the CSE tells what it counts; empty, unless cse_more has it.
  std::string cse_statistics_uri() const;
  std::string ReadCseLog() const;
  std::string ReadMafLog() const;

  // A client with key number i, and the originator that goes with it; without one: no request.
  PskClient client(std::size_t i, bool asks = false) const;
  // `count` of them, from `first` on.
  std::vector<PskClient> clients(std::size_t first, std::size_t count, bool asks = false) const;

  // Anew, with an empty cache, or with the sessions gone. A sentence where it doesn't start.
  std::optional<std::string> RestartCse();

 private:
  struct State;
  explicit BenchParties(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_BENCH_PARTIES_H_
