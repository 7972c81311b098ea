// SPDX-License-Identifier: GPL-3.0-or-later
//
// lookup of identities that are others', beside a hit of the same plugin; and peek_identity over
// what clients send, beside a bare hash of the same octets.
#include "tests/abi/client_flight.h"
#include "tests/bench/baselines.h"
#include "tests/bench/group.h"
#include "tests/bench/key_ids.h"
#include "tests/bench/loaded_plugin.h"
#include "tests/bench/scripted_maf.h"

namespace saef::bench {
namespace {

using abi_test::Octets;

constexpr std::size_t kKeysBeside = 1000;

struct Case {
  const char* name;
  std::string identity;
};
const Case kCases[] = {
    {"no-at", "Client_identity"},  // what OpenSSL's s_client sends
    {"other-fqdn", "0123456789ABCDEF0123456789ABCDEF@mef.example.com"},
    {"longest", std::string(90, 'a') + "@some.other.authority.of.example.com"},
};

struct Flight {
  const char* name;
  std::int32_t transport;
  Octets octets;
  std::int32_t outcome;
};

Octets Join(Octets first, const Octets& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::vector<Flight> Flights(const std::string& identity) {
  using namespace abi_test;
  return {
      {"tls-hello", SAEF_TLS, TlsClientHello(), SAEF_NEED_MORE},
      {"tls-key-exchange", SAEF_TLS,
       Join(Join(TlsClientHello(), TlsKeyExchange(identity)), TlsFinished()), SAEF_IDENTITY},
      {"dtls-hello", SAEF_DTLS, DtlsClientHello(0), SAEF_NEED_MORE},
      {"dtls-key-exchange", SAEF_DTLS, DtlsKeyExchange(identity, 2), SAEF_IDENTITY},
      {"garbage", SAEF_TLS, Octets(256, 0x42), SAEF_NO_IDENTITY},
  };
}

void AddLookup(Timings& timings, const std::string& name, const LoadedPlugin& plugin,
               std::span<const std::uint8_t> identity, std::int32_t outcome) {
  timings.Add(name, 1, [&plugin, identity, outcome](benchmark::State& state) {
    std::uint8_t key[SAEF_MAX_KEY];
    for (auto _ : state) {
      std::size_t length = sizeof(key);
      const std::int32_t result =
          plugin.api().lookup(plugin.instance(), identity.data(), identity.size(), key, &length);
      benchmark::DoNotOptimize(key);
      if (result != outcome) {
        state.SkipWithError("it was answered otherwise");
        break;
      }
    }
  });
}

void AddPeek(Timings& timings, const LoadedPlugin& plugin, const Flight& flight) {
  const std::string name = "not-mine/peek-" + std::string(flight.name);
  timings.Add(name, 1, [&plugin, &flight](benchmark::State& state) {
    std::uint8_t identity[SAEF_MAX_IDENTITY];
    for (auto _ : state) {
      std::size_t length = sizeof(identity);
      const std::int32_t result = plugin.api().peek_identity(
          flight.transport, flight.octets.data(), flight.octets.size(), identity, &length);
      benchmark::DoNotOptimize(identity);
      if (result != flight.outcome) {
        state.SkipWithError("it was answered otherwise");
        break;
      }
    }
  });
  timings.Add(name + "-hash", 1, [&flight](benchmark::State& state) {
    for (auto _ : state) {
      std::size_t hash = BareHash(flight.octets);
      benchmark::DoNotOptimize(hash);
    }
  });
}

}  // namespace

Problem MeasureNotMine(const Settings& settings, Results& results) {
  ScriptedMaf maf;
  if (auto problem = maf.Start()) return problem;
  const KeyIds ids(kKeysBeside);
  LoadedPlugin plugin;
  if (auto problem = plugin.Load(settings.module, maf.port(), 100000)) return problem;
  if (auto problem = plugin.Fill(ids)) return problem;
  const std::vector<Flight> flights = Flights(std::string(ids.text(0)));

  Timings timings(settings.effort);
  AddLookup(timings, "not-mine/hit", plugin, ids.octets(0), SAEF_KEY);
  for (const Case& other : kCases) {
    const std::string name = "not-mine/" + std::string(other.name);
    AddLookup(timings, name, plugin,
              {reinterpret_cast<const std::uint8_t*>(other.identity.data()), other.identity.size()},
              SAEF_NOT_MINE);
    results.Compare(name, "not-mine/hit");
  }
  for (const Flight& flight : flights) {
    AddPeek(timings, plugin, flight);
    const std::string name = "not-mine/peek-" + std::string(flight.name);
    results.Compare(name, name + "-hash");
  }
  return timings.Run(results);
}

}  // namespace saef::bench
