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

// Through all identities, in many samples: each thread begins elsewhere, and goes on where it was.
class Walk {
 public:
  Walk(const KeyIds& ids, int threads) : ids_(ids) {
    const auto count = static_cast<std::size_t>(threads);
    for (std::size_t i = 0; i < count; ++i) next_.push_back(ids.size() / count * i);
  }

  // `find` takes an identity and says whether it was found.
  template <typename Find>
  void Go(benchmark::State& state, const Find& find) {
    const KeyIds& ids = ids_;
    std::size_t& kept = next_[static_cast<std::size_t>(state.thread_index())];
    std::size_t next = kept;
    for (auto _ : state) {
      if (!find(ids.octets(next))) {
        state.SkipWithError("a key is missing");
        break;
      }
      if (++next == ids.size()) next = 0;
    }
    kept = next;
  }

 private:
  const KeyIds& ids_;
  std::vector<std::size_t> next_;
};

void AddFigures(Timings& timings, Results& results, Table& table, int threads) {
  const std::string suffix = "/" + table.name + "/" + std::to_string(threads) + "t";
  const auto add = [&](const char* figure, auto find) {
    timings.Add("hit/" + (figure + suffix), threads,
                [walk = std::make_shared<Walk>(table.asked, threads),
                 find](benchmark::State& state) { walk->Go(state, find); });
  };
  add("lookup", [lookup = table.plugin.api().lookup,
                 instance = table.plugin.instance()](std::span<const std::uint8_t> id) {
    std::uint8_t key[SAEF_MAX_KEY];
    std::size_t length = sizeof(key);
    const std::int32_t result = lookup(instance, id.data(), id.size(), key, &length);
    benchmark::DoNotOptimize(key);
    return result == SAEF_KEY;
  });
  const auto add_map = [&](const char* figure, auto& map) {
    add(figure, [&map](std::span<const std::uint8_t> id) {
      std::uint8_t key[SAEF_MAX_KEY];
      const bool found = map.Find(id, key);
      benchmark::DoNotOptimize(key);
      return found;
    });
  };
  add_map("mutex-map", table.map);
  add_map("mutex-map-by-view", table.map_by_view);
  add("bare-hash", [](std::span<const std::uint8_t> id) {
    std::size_t hash = BareHash(id);
    benchmark::DoNotOptimize(hash);
    return true;
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
