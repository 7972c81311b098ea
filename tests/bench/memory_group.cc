// SPDX-License-Identifier: GPL-3.0-or-later
//
// Octets for each cached key and each association: how much the process's resident memory (VmRSS,
// locked memory included) grows with them. The first keys aren't counted: with them come sessions,
// buffers and what the allocator sets aside. Beside it the same of the map with a mutex. Then the
// same for sessions of a CSE (session_memory.h).
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <memory>

#include "tests/bench/baselines.h"
#include "tests/bench/child.h"
#include "tests/bench/group.h"
#include "tests/bench/key_ids.h"
#include "tests/bench/loaded_plugin.h"
#include "tests/bench/scripted_maf.h"
#include "tests/bench/session_memory.h"

namespace saef::bench {
namespace {

// The first, which aren't counted, and all. Both are powers of two, so that tables that double have
// doubled as often as they would have for any number of keys, on average.
struct Counts {
  std::size_t first;
  std::size_t all;
};
Counts CountsFor(const Settings& settings) {
  if (settings.effort.smoke) return {100, 200};
  return {16384, 131072};
}

double ResidentOctets() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::vector<double> Failed(const std::string& problem) {
  std::cerr << "saef-bench: " << problem << "\n";
  return {};
}

// {for each key, for each association}
std::vector<double> MeasurePlugin(const Settings& settings) {
  const Counts counts = CountsFor(settings);
  ScriptedMaf maf;
  if (auto problem = maf.Start()) return Failed(*problem);
  const KeyIds ids(counts.all);
  const KeyIds first(counts.first);
  LoadedPlugin plugin;
  // Room for more, so that none makes room for another.
  if (auto problem = plugin.Load(settings.module, maf.port(), 4 * counts.all)) {
    return Failed(*problem);
  }
  if (auto problem = plugin.Fill(first)) return Failed(*problem);
  const double before = ResidentOctets();
  if (auto problem = plugin.Fill(ids, first.size())) return Failed(*problem);
  const double filled = ResidentOctets();
  const auto added = static_cast<double>(counts.all - counts.first);

  for (std::size_t i = 0; i < counts.first; ++i) plugin.Associate(ids.octets(i));
  const double few = ResidentOctets();
  for (std::size_t i = counts.first; i < counts.all; ++i) {
    if (plugin.Associate(ids.octets(i)) == SAEF_NO_ASSOCIATION) return Failed("no association");
  }
  const double associated = ResidentOctets();
  return {(filled - before) / added, (associated - few) / added};
}

std::vector<double> MeasureMap(const Settings& settings) {
  const Counts counts = CountsFor(settings);
  const KeyIds ids(counts.all);
  const double before = ResidentOctets();
  const MutexMap map(ids);
  return {(ResidentOctets() - before) / static_cast<double>(counts.all)};
}

}  // namespace

Problem MeasureMemory(const Settings& settings, Results& results) {
  // It hardly varies, and each costs a fill.
  const int repetitions = settings.effort.smoke ? 1 : 3;
  for (int i = 0; i < repetitions; ++i) {
    const auto plugin = MeasureInChild([&settings] { return MeasurePlugin(settings); });
    if (const auto* const problem = std::get_if<std::string>(&plugin)) return *problem;
    const auto map = MeasureInChild([&settings] { return MeasureMap(settings); });
    if (const auto* const problem = std::get_if<std::string>(&map)) return *problem;
    const auto& octets = std::get<std::vector<double>>(plugin);
    results.Add({"memory/cached-key", "octets", {octets.at(0)}});
    results.Add({"memory/association", "octets", {octets.at(1)}});
    results.Add({"memory/mutex-map-key", "octets", {std::get<std::vector<double>>(map).at(0)}});
  }
  results.Compare("memory/cached-key", "memory/mutex-map-key");
  for (int i = 0; i < repetitions; ++i) {
    if (auto problem = AddSessionMemory(settings, results)) return problem;
  }
  results.Compare("memory/held-session/dtls", "memory/open-session/dtls");
  results.Compare("memory/held-session/tls", "memory/open-session/tls");
  return std::nullopt;
}

}  // namespace saef::bench
