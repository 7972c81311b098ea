// SPDX-License-Identifier: GPL-3.0-or-later
//
// check_originator of a request, beside the same call to a function that checks nothing, and beside
// a hit; then the whole of a request (primitive_requests.h).
#include "tests/bench/baselines.h"
#include "tests/bench/group.h"
#include "tests/bench/key_ids.h"
#include "tests/bench/loaded_plugin.h"
#include "tests/bench/primitive_requests.h"
#include "tests/bench/scripted_maf.h"

namespace saef::bench {
namespace {

using CheckFunction = decltype(saef_api::check_originator);

constexpr std::size_t kAssociations = 1000;
constexpr std::int32_t kGoOn = 2000;

saef_request Retrieve(std::string_view from) {
  return {sizeof(saef_request), SAEF_RETRIEVE, 0, from.data(), from.size(), nullptr, 0};
}

void AddCheck(Timings& timings, const std::string& name, CheckFunction check,
              const LoadedPlugin& plugin, saef_association association, std::string_view from) {
  timings.Add(name, 1, [=, &plugin](benchmark::State& state) {
    // So that the compiler doesn't know which function it is, as with a table.
    CheckFunction const volatile function = check;
    for (auto _ : state) {
      const saef_request request = Retrieve(from);
      if (function(plugin.instance(), association, &request) != kGoOn) {
        state.SkipWithError("the originator was refused");
        break;
      }
    }
  });
}

}  // namespace

Problem MeasurePrimitive(const Settings& settings, Results& results) {
  ScriptedMaf maf;
  if (auto problem = maf.Start()) return problem;
  const KeyIds ids(kAssociations);
  LoadedPlugin plugin;
  if (auto problem = plugin.Load(settings.module, maf.port(), 100000)) return problem;
  if (auto problem = plugin.Fill(ids)) return problem;
  saef_association association = SAEF_NO_ASSOCIATION;
  for (std::size_t i = 0; i < ids.size(); ++i) association = plugin.Associate(ids.octets(i));
  if (association == SAEF_NO_ASSOCIATION) return "no association could be opened";
  const std::string from =
      "C" + std::string(ids.text(ids.size() - 1).substr(0, KeyIds::kRelativeLength));

  Timings timings(settings.effort);
  const CheckFunction check = plugin.api().check_originator;
  AddCheck(timings, "primitive/check", check, plugin, association, from);
  AddCheck(timings, "primitive/check-in-the-clear", check, plugin, SAEF_NO_ASSOCIATION, kPlainAe);
  AddCheck(timings, "primitive/no-check", CheckNothing, plugin, association, from);
  timings.Add("primitive/hit", 1, [&plugin, &ids](benchmark::State& state) {
    std::uint8_t key[SAEF_MAX_KEY];
    for (auto _ : state) {
      std::size_t length = sizeof(key);
      const auto id = ids.octets(0);
      std::int32_t result =
          plugin.api().lookup(plugin.instance(), id.data(), id.size(), key, &length);
      benchmark::DoNotOptimize(result);
    }
  });
  for (const char* const figure : {"primitive/check", "primitive/check-in-the-clear"}) {
    results.Compare(figure, "primitive/no-check");
    results.Compare(figure, "primitive/hit");
  }
  if (auto problem = timings.Run(results)) return problem;
  return AddRequests(settings, results);
}

}  // namespace saef::bench
