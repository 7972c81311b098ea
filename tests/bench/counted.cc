// SPDX-License-Identifier: GPL-3.0-or-later
//
// saef-bench-counted MODULE: what instructions_test runs under callgrind: for each thing that is
// counted, calls through the table of saef.so between two marks. Prints how many calls each has.
#include <valgrind/callgrind.h>

#include <cstring>
#include <exception>
#include <iostream>
#include <string>

#include "tests/bench/key_ids.h"
#include "tests/bench/loaded_plugin.h"
#include "tests/bench/scripted_maf.h"

namespace saef::bench {
namespace {

constexpr int kCalls = 1000;

int Fail(const std::string& problem) {
  std::cerr << "saef-bench-counted: " << problem << "\n";
  return 1;
}

class Counter {
 public:
  explicit Counter(const LoadedPlugin& plugin) : plugin_(plugin) {}

  void Lookup(const char* name, std::span<const std::uint8_t> identity, std::int32_t outcome) {
    std::uint8_t key[SAEF_MAX_KEY];
    Count(name, outcome, [&] {
      std::size_t length = sizeof(key);
      return plugin_.api().lookup(plugin_.instance(), identity.data(), identity.size(), key,
                                  &length);
    });
  }
  void Check(const char* name, saef_association association, std::string_view from) {
    const saef_request request{sizeof(request), SAEF_RETRIEVE, 0, from.data(),
                               from.size(),     nullptr,       0};
    Count(name, 2000, [&] {
      return plugin_.api().check_originator(plugin_.instance(), association, &request);
    });
  }
  // From an established handshake to its session's end.
  void Associate(const char* name, std::span<const std::uint8_t> identity) {
    saef_peer peer{};
    peer.size = sizeof(peer);
    peer.psk_identity = {identity.data(), identity.size()};
    Count(name, SAEF_DONE, [&] {
      saef_association association = SAEF_NO_ASSOCIATION;
      const std::int32_t opened = plugin_.api().associate(plugin_.instance(), &peer, &association);
      return opened == SAEF_DONE ? plugin_.api().dissociate(plugin_.instance(), association)
                                 : opened;
    });
  }
  bool all_as_expected() const { return all_as_expected_; }

 private:
  template <typename Call>
  void Count(const char* name, std::int32_t outcome, const Call& call) {
    call();  // what happens once only happens here
    CALLGRIND_ZERO_STATS;
    CALLGRIND_TOGGLE_COLLECT;
    for (int i = 0; i < kCalls; ++i) all_as_expected_ = call() == outcome && all_as_expected_;
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_DUMP_STATS_AT(name);
    std::cout << name << " " << kCalls << "\n";
  }

  const LoadedPlugin& plugin_;
  bool all_as_expected_ = true;
};

std::span<const std::uint8_t> Octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

int Run(const std::string& module) {
  ScriptedMaf maf;
  if (const auto problem = maf.Start()) return Fail(*problem);
  // One key: then no table's order depends on the hash, which is keyed at random.
  const KeyIds ids(1);
  LoadedPlugin plugin;
  if (const auto problem = plugin.Load(module, maf.port(), 100000)) return Fail(*problem);
  if (const auto problem = plugin.Fill(ids)) return Fail(*problem);
  const saef_association association = plugin.Associate(ids.octets(0));
  const std::string from = "C" + std::string(ids.text(0).substr(0, KeyIds::kRelativeLength));

  Counter counter(plugin);
  counter.Lookup("hit", ids.octets(0), SAEF_KEY);
  counter.Lookup("not-mine-no-at", Octets("Client_identity"), SAEF_NOT_MINE);
  counter.Lookup("not-mine-other-fqdn", Octets("0123456789ABCDEF0123456789ABCDEF@mef.example.com"),
                 SAEF_NOT_MINE);
  counter.Check("check-originator", association, from);
  counter.Check("check-originator-in-the-clear", SAEF_NO_ASSOCIATION, kPlainAe);
  counter.Associate("associate-and-dissociate", ids.octets(0));
  return counter.all_as_expected() ? 0 : Fail("a call was answered otherwise than expected");
}

}  // namespace
}  // namespace saef::bench

int main(int argc, char** argv) {
  if (argc != 2) return saef::bench::Fail("usage: saef-bench-counted MODULE");
  try {
    return saef::bench::Run(argv[1]);
  } catch (const std::exception& error) {
    return saef::bench::Fail(error.what());
  }
}
