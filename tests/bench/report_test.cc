// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/report.h"

#include <rapidjson/document.h>

#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

namespace saef::bench {
namespace {

using State = Outcome::State;

const std::vector<Goal> kGoals = {
    {"b against a", "b", "a", Goal::Kind::kAtMost, 2},
    {"b in ns", "b", "", Goal::Kind::kAtMost, 15},
    {"two threads against one", "two", "one", Goal::Kind::kSpeedUp, 1.7},
};

Results Measured(double b, double two) {
  Results results;
  results.Add({"a", "ns", {10, 9, 1000}});
  results.Add({"b", "ns", {b}});
  results.Add({"one", "ns", {3}, {100}});
  results.Add({"two", "ns", {7}, {two}});
  results.Compare("b", "a");
  return results;
}

std::vector<State> States(const Results& results) {
  std::vector<State> states;
  for (const Outcome& outcome : Judge(results, kGoals)) states.push_back(outcome.state);
  return states;
}

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(median_and_quartiles) {
  BOOST_TEST(Median({}) == 0);
  BOOST_TEST(Median({3, 1, 2}) == 2);
  BOOST_TEST(Median({4, 1, 2, 3}) == 2.5);
  BOOST_TEST(Quartiles({5, 1, 2, 3, 4}).low == 2);
  BOOST_TEST(Quartiles({5, 1, 2, 3, 4}).high == 4);
}

BOOST_AUTO_TEST_CASE(samples_that_were_measured_together_are_compared_with_each_other) {
  // The machine was ten times as slow for a while: 2, 1 and 3 times, not the medians' 30 / 10.
  BOOST_TEST(Ratio({10, 100, 30}, {5, 100, 10}).value() == 2);
  BOOST_TEST(Ratio({10, 100, 30, 30}, {5, 100, 10}).value() == 3);
  BOOST_TEST(Ratio({1, 2, 3}, {0, 2, 2}).value() == 1);
  BOOST_TEST(!Ratio({1}, {0}).has_value());
  BOOST_TEST(!Ratio({1}, {}).has_value());
}

BOOST_AUTO_TEST_CASE(samples_of_one_figure_come_together) {
  Results results;
  results.Add({"a", "ns", {1}, {4}});
  results.Add({"b", "ns", {9}});
  results.Add({"a", "ns", {2}, {5}});
  BOOST_TEST(results.figures().size() == 2u);
  BOOST_TEST(results.Find("a")->samples == (std::vector<double>{1, 2}),
             boost::test_tools::per_element());
  BOOST_TEST(results.Find("a")->processor == (std::vector<double>{4, 5}),
             boost::test_tools::per_element());
  BOOST_TEST(results.Find("c") == nullptr);
}

BOOST_AUTO_TEST_CASE(goals_hold_by_the_median_up_to_their_limit) {
  BOOST_TEST((States(Measured(15, 200 / 1.7 - 0.01)) ==
              std::vector<State>{State::kHolds, State::kHolds, State::kHolds}));
  BOOST_TEST((States(Measured(16, 200 / 1.7 + 0.01)) ==
              std::vector<State>{State::kHolds, State::kFails, State::kFails}));
  BOOST_TEST((States(Measured(20.5, 1)) ==
              std::vector<State>{State::kFails, State::kFails, State::kHolds}));
}

BOOST_AUTO_TEST_CASE(goals_compare_what_was_measured_together) {
  Results results;
  results.Add({"a", "ns", {10, 100, 10}});
  results.Add({"b", "ns", {19, 190, 190}});
  results.Add({"one", "ns", {3}, {10, 100, 10}});
  results.Add({"two", "ns", {7}, {11, 110, 110}});
  const auto outcomes = Judge(results, kGoals);
  BOOST_TEST(outcomes[0].value == 1.9);
  BOOST_TEST(outcomes[2].value == 2 / 1.1);
}

BOOST_AUTO_TEST_CASE(what_must_never_happen_is_looked_for_in_all_samples) {
  const std::vector<Goal> goals = {{"failures", "failures", "", Goal::Kind::kNever, 0}};
  Results results;
  results.Add({"failures", "", {0, 0, 0}});
  BOOST_TEST((Judge(results, goals)[0].state == State::kHolds));
  results.Add({"failures", "", {0, 1, 0}});
  BOOST_TEST((Judge(results, goals)[0].state == State::kFails));
  BOOST_TEST(Judge(results, goals)[0].value == 1);
}

BOOST_AUTO_TEST_CASE(what_must_never_happen_is_not_tried_again) {
  const std::vector<Goal> goals = {{"ratio", "storm/last", "storm/cached", Goal::Kind::kAtMost, 2},
                                   {"failures", "storm/failures", "", Goal::Kind::kNever, 0}};
  Results results;
  results.Add({"storm/last", "ms", {3}});
  results.Add({"storm/cached", "ms", {1}});
  results.Add({"storm/failures", "", {0}});
  BOOST_TEST(AreWorthAnotherTry(FailuresOf("storm", Judge(results, goals))));
  BOOST_TEST(!AreWorthAnotherTry(FailuresOf("hit", Judge(results, goals))));
  results.Add({"storm/failures", "", {1}});
  BOOST_TEST(!AreWorthAnotherTry(FailuresOf("storm", Judge(results, goals))));
  results.Drop("storm");
  BOOST_TEST(!AreWorthAnotherTry(FailuresOf("storm", Judge(results, goals))));
}

BOOST_AUTO_TEST_CASE(what_is_out_of_reach_is_neither_held_nor_a_failure_until_it_gets_worse) {
  const std::vector<Goal> goals = {
      {"b against a", "b", "a", Goal::Kind::kAtMost, 2, 2.5},
      {"two threads against one", "two", "one", Goal::Kind::kSpeedUp, 1.7, 1.5},
  };
  const auto told = [&goals](double b, double two) {
    const Results results = Measured(b, two);
    const auto outcomes = Judge(results, goals);
    std::ostringstream out;
    const bool good = PrintOutcomes(out, outcomes);
    const std::string text = out.str();
    return std::tuple(outcomes[0].state, outcomes[1].state, good,
                      text.substr(text.rfind('\n', text.size() - 2) + 1));
  };
  BOOST_TEST((told(20, 100) ==
              std::tuple(State::kHolds, State::kHolds, true, "2 of 2 measured ratios hold\n")));
  BOOST_TEST((told(25, 200 / 1.6) ==
              std::tuple(State::kOutOfReach, State::kOutOfReach, true,
                         "0 of 2 measured ratios hold; 2 out of reach, for the reasons in "
                         "docs/performance.md\n")));
  BOOST_TEST((told(25.1, 200 / 1.4) ==
              std::tuple(State::kFails, State::kFails, false, "0 of 2 measured ratios hold\n")));
}

BOOST_AUTO_TEST_CASE(what_was_not_measured_neither_holds_nor_fails) {
  Results results;
  results.Add({"b", "ns", {14}});
  BOOST_TEST((States(results) ==
              std::vector<State>{State::kNotMeasured, State::kHolds, State::kNotMeasured}));
  std::ostringstream out;
  BOOST_TEST(PrintOutcomes(out, Judge(results, kGoals)));
  BOOST_TEST(!PrintOutcomes(out, Judge(Results(), kGoals)));
  BOOST_TEST(!PrintOutcomes(out, Judge(Measured(16, 1), kGoals)));
}

BOOST_AUTO_TEST_CASE(each_goal_names_figures_that_are_measured) {
  for (const Goal& goal : Goals()) {
    BOOST_TEST(goal.limit >= 0);
    BOOST_TEST(goal.figure.find('/') != std::string_view::npos);
  }
}

BOOST_AUTO_TEST_CASE(the_page_has_each_figure_beside_its_baseline) {
  const Run run{{"A processor", 2, 0.5, 1}, 3, Measured(14, 50)};
  std::ostringstream out;
  PrintReport(out, run);
  BOOST_TEST(out.str().find("A processor, 2 cores; load average 0.50 before") == 0u);
  BOOST_TEST(out.str().find("1.40 x a (10.0)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_measured_again_is_said) {
  const Run run{{"A processor", 2, 0.5, 1}, 3, Measured(14, 50), {{"maf", 3}}};
  std::ostringstream out;
  PrintReport(out, run);
  BOOST_TEST(out.str().find("\nmaf was measured 3 times, because a ratio didn't hold") !=
             std::string::npos);
  const std::string text = ToJson(run, {});
  rapidjson::Document json;
  json.Parse(text.c_str(), text.size());
  BOOST_REQUIRE(!json.HasParseError());
  BOOST_TEST(json["measuredAgain"]["maf"].GetDouble() == 3);
}

BOOST_AUTO_TEST_CASE(a_group_goes_with_all_that_is_said_of_it) {
  Results results;
  results.Add({"hit/a", "ns", {1}});
  results.Add({"hits/a", "ns", {2}});
  results.Compare("hit/a", "hit/b");
  results.Compare("hits/a", "hit/a");
  results.Drop("hit");
  BOOST_TEST(results.Find("hit/a") == nullptr);
  BOOST_TEST(results.Find("hits/a") != nullptr);
  BOOST_TEST_REQUIRE(results.comparisons().size() == 1u);
  BOOST_TEST(results.comparisons()[0].figure == "hits/a");
}

BOOST_AUTO_TEST_CASE(a_baseline_of_nothing_is_no_ratio) {
  Run run{{"A processor", 2, 0.5, 1}, 3, {}};
  run.results.Add({"a", "ms", {3}});
  run.results.Add({"b", "ms", {0}});
  run.results.Compare("a", "b");
  const std::string text = ToJson(run, {});
  rapidjson::Document json;
  json.Parse(text.c_str(), text.size());
  BOOST_REQUIRE(!json.HasParseError());
  BOOST_TEST(!json["comparisons"][0].HasMember("ratio"));
}

BOOST_AUTO_TEST_CASE(the_json_has_everything) {
  const Run run{{"A \"processor\"", 2, 0.5, 1}, 3, Measured(14, 50)};
  const std::string text = ToJson(run, Judge(run.results, kGoals));
  rapidjson::Document json;
  json.Parse(text.c_str(), text.size());
  BOOST_REQUIRE(!json.HasParseError());
  BOOST_TEST(json["machine"]["model"].GetString() == run.machine.model);
  BOOST_TEST(json["figures"].Size() == 4u);
  BOOST_TEST(json["figures"][0]["samples"].Size() == 3u);
  BOOST_TEST(json["figures"][0]["median"].GetDouble() == 10);
  BOOST_TEST(json["comparisons"][0]["ratio"].GetDouble() == 1.4);
  BOOST_TEST(json["goals"][1]["state"].GetString() == "holds");
  BOOST_TEST(json["goals"][2]["atLeast"].GetDouble() == 1.7);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bench
