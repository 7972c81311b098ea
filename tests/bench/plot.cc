// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/plot.h"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "tests/bench/bar_chart.h"

namespace saef::bench {
namespace {

using rapidjson::Value;

std::string Digits(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4g", value);
  return text;
}

// What isn't there, or is something else, is empty or 0.
std::string Text(const Value& of, const char* name) {
  const auto member = of.FindMember(name);
  if (member == of.MemberEnd() || !member->value.IsString()) return {};
  return {member->value.GetString(), member->value.GetStringLength()};
}
double Amount(const Value& of, const char* name) {
  const auto member = of.FindMember(name);
  return member != of.MemberEnd() && member->value.IsNumber() ? member->value.GetDouble() : 0;
}
const Value* List(const Value& of, const char* name) {
  const auto member = of.FindMember(name);
  if (member == of.MemberEnd() || !member->value.IsArray()) return nullptr;
  const Value& list = member->value;
  const bool is_right =
      std::all_of(list.Begin(), list.End(), [](const Value& item) { return item.IsObject(); });
  return is_right ? &list : nullptr;
}

std::string MachineOf(const Value& run) {
  const auto machine = run.FindMember("machine");
  if (machine == run.MemberEnd() || !machine->value.IsObject()) return {};
  return Text(machine->value, "model") + ", " + Digits(Amount(machine->value, "cores")) +
         " cores, load " + Digits(Amount(machine->value, "loadBefore")) + " to " +
         Digits(Amount(machine->value, "loadAfter"));
}

std::set<std::string> Baselines(const Value& comparisons) {
  std::set<std::string> names;
  for (const Value& comparison : comparisons.GetArray()) {
    names.insert(Text(comparison, "baseline"));
  }
  return names;
}

// One for each group and unit, in the order in which they come.
void AddFigures(const Value& figures, const std::set<std::string>& baselines,
                const std::string& machine, std::vector<std::pair<std::string, BarChart>>& charts) {
  for (const Value& figure : figures.GetArray()) {
    const std::string name = Text(figure, "name");
    const std::string unit = Text(figure, "unit");
    const std::string group = name.substr(0, name.find('/'));
    std::string key = group;
    key.append("-").append(unit);
    std::replace_if(
        key.begin(), key.end(), [](unsigned char c) { return !(std::isalnum(c) || c == '-'); },
        '-');
    auto chart = std::find_if(charts.begin(), charts.end(),
                              [&](const auto& known) { return known.first == key; });
    if (chart == charts.end()) {
      charts.emplace_back(key,
                          BarChart{group + ", " + unit, machine + "; medians and quartiles", {}});
      chart = std::prev(charts.end());
    }
    const double median = Amount(figure, "median");
    chart->second.bars.push_back(
        {name.substr(std::min(group.size() + 1, name.size())),
         Digits(median).append(" ").append(unit), median, Amount(figure, "lowerQuartile"),
         Amount(figure, "upperQuartile"),
         baselines.contains(name) ? Bar::Kind::kBaseline : Bar::Kind::kFigure});
  }
}

BarChart GoalsOf(const Value& goals, const std::string& machine) {
  BarChart chart{"What must hold: how much of its limit each ratio takes", machine, {}, 1};
  for (const Value& goal : goals.GetArray()) {
    if (Text(goal, "state") == "not measured") continue;
    const double value = Amount(goal, "value");
    const bool is_at_least = goal.HasMember("atLeast");
    const double limit = Amount(goal, is_at_least ? "atLeast" : "atMost");
    const double share = is_at_least ? limit / std::max(value, 1e-9)
                         : limit > 0 ? value / limit
                                     : value + 1;
    chart.bars.push_back(
        {Text(goal, "what"),
         Digits(value) + (is_at_least ? ", at least " : ", at most ") + Digits(limit), share, 0, 0,
         Text(goal, "state") == "holds" ? Bar::Kind::kHolds : Bar::Kind::kFails});
  }
  return chart;
}

}  // namespace

std::variant<std::vector<Plot>, std::string> MakePlots(std::string_view json) {
  rapidjson::Document run;
  run.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (run.HasParseError()) {
    return std::string("it is no JSON: ") + rapidjson::GetParseError_En(run.GetParseError());
  }
  if (!run.IsObject()) return std::string("it isn't what --json writes");
  const Value* const figures = List(run, "figures");
  const Value* const comparisons = List(run, "comparisons");
  const Value* const goals = List(run, "goals");
  if (figures == nullptr || comparisons == nullptr || goals == nullptr) {
    return std::string("it isn't what --json writes: figures, comparisons or goals are missing");
  }
  const std::string machine = MachineOf(run);
  std::vector<std::pair<std::string, BarChart>> charts;
  AddFigures(*figures, Baselines(*comparisons), machine, charts);
  BarChart of_goals = GoalsOf(*goals, machine);
  if (!of_goals.bars.empty()) charts.emplace_back("goals", std::move(of_goals));
  std::vector<Plot> plots;
  plots.reserve(charts.size());
  for (const auto& [name, chart] : charts) plots.push_back({name, ToSvg(chart)});
  return plots;
}

}  // namespace saef::bench
