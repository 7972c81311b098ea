// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/plot.h"

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "tests/bench/report.h"

namespace saef::bench {
namespace {

using boost::property_tree::ptree;

// How an XML parser reads it.
ptree Read(const Plot& plot) {
  std::istringstream in(plot.svg);
  ptree document;
  boost::property_tree::read_xml(in, document);
  return document.get_child("svg");
}

std::vector<std::string> All(const ptree& svg, const std::string& element, const char* what) {
  std::vector<std::string> found;
  for (const auto& [name, child] : svg) {
    if (name == element) found.push_back(child.get<std::string>(what));
  }
  return found;
}
std::vector<std::string> Texts(const ptree& svg) { return All(svg, "text", ""); }

bool Has(const std::vector<std::string>& texts, std::string_view wanted) {
  return std::find(texts.begin(), texts.end(), wanted) != texts.end();
}

Run MakeRun() {
  Run run{{"A <processor> & more", 2, 1, 2}, 3, {}};
  run.results.Add({"hit/lookup/1k/1t", "ns", {60, 50, 70}});
  run.results.Add({"hit/mutex-map/1k/1t", "ns", {100, 100, 100}});
  run.results.Add({"hit/bare-hash/1k/1t", "ns", {10, 10, 10}});
  run.results.Add({"memory/cached-key", "octets", {243}});
  run.results.Compare("hit/lookup/1k/1t", "hit/mutex-map/1k/1t");
  return run;
}

std::vector<Plot> Plots(const Run& run) {
  const auto made = MakePlots(ToJson(run, Judge(run.results, Goals())));
  BOOST_TEST_REQUIRE(std::holds_alternative<std::vector<Plot>>(made));
  return std::get<std::vector<Plot>>(made);
}

BOOST_AUTO_TEST_SUITE(plot)

BOOST_AUTO_TEST_CASE(a_page_for_each_group_and_unit) {
  const std::vector<Plot> plots = Plots(MakeRun());
  BOOST_TEST_REQUIRE(plots.size() == 3u);
  BOOST_TEST(plots[0].name == "hit-ns");
  BOOST_TEST(plots[1].name == "memory-octets");
  BOOST_TEST(plots[2].name == "goals");
  const ptree svg = Read(plots[0]);
  BOOST_TEST(Has(Texts(svg), "lookup/1k/1t"));
  BOOST_TEST(Has(Texts(svg), "60 ns"));
  // Also what means something in XML.
  BOOST_TEST(Texts(svg)[1].starts_with("A <processor> & more, 2 cores, load 1 to 2"));
}

BOOST_AUTO_TEST_CASE(bars_are_as_long_as_the_figures) {
  const ptree svg = Read(Plots(MakeRun())[0]);
  // The first is the page itself.
  const auto widths = All(svg, "rect", "<xmlattr>.width");
  BOOST_TEST_REQUIRE(widths.size() == 4u);
  BOOST_TEST(std::stod(widths[1]) / std::stod(widths[2]) == 0.6,
             boost::test_tools::tolerance(0.01));
  BOOST_TEST(std::stod(widths[3]) / std::stod(widths[2]) == 0.1,
             boost::test_tools::tolerance(0.01));
  const auto colours = All(svg, "rect", "<xmlattr>.fill");
  BOOST_TEST(colours[1] != colours[2]);  // the baseline's
  BOOST_TEST(colours[1] == colours[3]);
  // The quartiles of the one that has any.
  BOOST_TEST(All(svg, "line", "<xmlattr>.x1").size() == 1u);
}

BOOST_AUTO_TEST_CASE(far_apart_they_are_logarithmic) {
  Run run = MakeRun();
  run.results.Add({"hit/lookup/1M/1t", "ns", {1000}});
  const ptree svg = Read(Plots(run)[0]);
  BOOST_TEST(Texts(svg)[1].ends_with("; logarithmic"));
  const auto widths = All(svg, "rect", "<xmlattr>.width");
  // From 10 to 100 is as far as from 100 to 1000.
  const double first = std::stod(widths[2]) - std::stod(widths[3]);
  const double second = std::stod(widths[4]) - std::stod(widths[2]);
  BOOST_TEST(first == second, boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(goals_that_fail_are_seen_to) {
  const ptree svg = Read(Plots(MakeRun())[2]);
  const auto colours = All(svg, "rect", "<xmlattr>.fill");
  // 6 of 5, 0.6 of 0.6, 243 of 320
  BOOST_TEST_REQUIRE(colours.size() == 4u);
  BOOST_TEST(colours[1] != colours[2]);
  BOOST_TEST(colours[2] == colours[3]);
  BOOST_TEST(Has(Texts(svg), "6, at most 5"));
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
  for (const char* const json :
       {"", "[]", "{}", "{\"figures\": 1, \"comparisons\": [], \"goals\": []}",
        "{\"figures\": [1], \"comparisons\": [], \"goals\": []}"}) {
    BOOST_TEST_CONTEXT(json) { BOOST_TEST(std::holds_alternative<std::string>(MakePlots(json))); }
  }
  // Figures without anything are no plots, and no crash.
  const auto made = MakePlots("{\"figures\": [{}], \"comparisons\": [{}], \"goals\": [{}]}");
  BOOST_TEST(std::holds_alternative<std::vector<Plot>>(made));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bench
