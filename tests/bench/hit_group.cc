// SPDX-License-Identifier: GPL-3.0-or-later
//
// lookup of a cached key, beside a map with a mutex that holds the same identities and keys, and
// beside a bare hash of the same identities. All walk through the same identities in the same
// order, which isn't the one in which they came.
#include <memory>
#include <utility>

#include "tests/bench/baselines.h"
#include "tests/bench/group.h"
#include "tests/bench/key_ids.h"
#include "tests/bench/loaded_plugin.h"
#include "tests/bench/scripted_maf.h"

namespace saef::bench {
namespace {

struct Size {
  const char* name;
  std::size_t keys;
};
constexpr Size kSizes[] = {{"1k", 1000}, {"100k", 100000}, {"1M", 1000000}};
constexpr int kThreads[] = {1, 2};

struct Table {
  Table(const char* size, std::size_t keys) : name(size), filled(keys), asked(filled.Shuffled()) {}

  std::string name;
  KeyIds filled;
  KeyIds asked;
  LoadedPlugin plugin;
  MutexMap map{filled};
  MutexMapByView map_by_view{filled};
};

// `find` takes an identity and says whether it was found. Each thread begins elsewhere.
template <typename Find>
void Walk(benchmark::State& state, const KeyIds& ids, const Find& find) {
  std::size_t next = ids.size() / static_cast<std::size_t>(state.threads()) *
                     static_cast<std::size_t>(state.thread_index());
  for (auto _ : state) {
    if (!find(ids.octets(next))) {
      state.SkipWithError("a key is missing");
      break;
    }
    if (++next == ids.size()) next = 0;
  }
}

void AddFigures(Timings& timings, Results& results, Table& table, int threads) {
  const std::string suffix = "/" + table.name + "/" + std::to_string(threads) + "t";
  timings.Add("hit/lookup" + suffix, threads, [&table](benchmark::State& state) {
    const saef_api& api = table.plugin.api();
    saef_instance* const instance = table.plugin.instance();
    std::uint8_t key[SAEF_MAX_KEY];
    Walk(state, table.asked, [&](std::span<const std::uint8_t> id) {
      std::size_t length = sizeof(key);
      const std::int32_t result = api.lookup(instance, id.data(), id.size(), key, &length);
      benchmark::DoNotOptimize(key);
      return result == SAEF_KEY;
    });
  });
  timings.Add("hit/mutex-map" + suffix, threads, [&table](benchmark::State& state) {
    std::uint8_t key[SAEF_MAX_KEY];
    Walk(state, table.asked, [&](std::span<const std::uint8_t> id) {
      const bool found = table.map.Find(id, key);
      benchmark::DoNotOptimize(key);
      return found;
    });
  });
  timings.Add("hit/mutex-map-by-view" + suffix, threads, [&table](benchmark::State& state) {
    std::uint8_t key[SAEF_MAX_KEY];
    Walk(state, table.asked, [&](std::span<const std::uint8_t> id) {
      const bool found = table.map_by_view.Find(id, key);
      benchmark::DoNotOptimize(key);
      return found;
    });
  });
  timings.Add("hit/bare-hash" + suffix, threads, [&table](benchmark::State& state) {
    Walk(state, table.asked, [](std::span<const std::uint8_t> id) {
      std::size_t hash = BareHash(id);
      benchmark::DoNotOptimize(hash);
      return true;
    });
  });
  for (const char* const baseline : {"hit/bare-hash", "hit/mutex-map", "hit/mutex-map-by-view"}) {
    results.Compare("hit/lookup" + suffix, baseline + suffix);
  }
  if (threads == 1) return;
  const std::string alone = "/" + table.name + "/1t";
  for (const char* const figure : {"hit/lookup", "hit/mutex-map", "hit/bare-hash"}) {
    results.Compare(figure + suffix, figure + alone);
  }
}

}  // namespace

Problem MeasureHit(const Settings& settings, Results& results) {
  ScriptedMaf maf;
  if (auto problem = maf.Start()) return problem;
  std::vector<std::unique_ptr<Table>> tables;
  Timings timings(settings.effort);
  for (const Size& size : kSizes) {
    if (size.keys > settings.max_keys) continue;
    auto table = std::make_unique<Table>(size.name, size.keys);
    // Twice the room: shards don't fill evenly.
    if (auto problem = table->plugin.Load(settings.module, maf.port(), 2 * size.keys + 100000)) {
      return problem;
    }
    if (auto problem = table->plugin.Fill(table->filled)) return problem;
    for (const int threads : kThreads) AddFigures(timings, results, *table, threads);
    tables.push_back(std::move(table));
  }
  return timings.Run(results);
}

}  // namespace saef::bench
