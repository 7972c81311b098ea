// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/statistics/exposition.h"

#include <boost/test/unit_test.hpp>
#include <locale>
#include <string>

#include "roles/statistics/text_format_check.h"

namespace saef::statistics {
namespace {

Families SomeFamilies() {
  bindings::LatencyHistogram histogram;
  histogram.Add(std::chrono::microseconds(300));
  histogram.Add(std::chrono::seconds(20));
  return {CounterFamily("saef_x_total", "What x is.", {With("outcome", "hit", 12345678)}),
          GaugeFamily("saef_y", "What y is.", {Plain(0.5)}),
          HistogramFamily("saef_z_seconds", "What z is.", histogram.Read()), BuildInfo("test")};
}

BOOST_AUTO_TEST_SUITE(exposition)

BOOST_AUTO_TEST_CASE(text_is_as_prometheus_wants_it) {
  const std::string text = ToText(SomeFamilies());
  BOOST_TEST(FaultOfText(text) == "", text);
  for (const char* line : {
           "# HELP saef_x_total What x is.\n",
           "# TYPE saef_x_total counter\n",
           "saef_x_total{outcome=\"hit\"} 12345678\n",
           "saef_y 0.5\n",
           "# TYPE saef_z_seconds histogram\n",
           "saef_z_seconds_bucket{le=\"0.00025\"} 0\n",
           "saef_z_seconds_bucket{le=\"0.0005\"} 1\n",
           "saef_z_seconds_bucket{le=\"10\"} 1\n",
           "saef_z_seconds_bucket{le=\"+Inf\"} 2\n",
           "saef_z_seconds_count 2\n",
       }) {
    BOOST_TEST(text.find(line) != std::string::npos, line << " isn't in\n" << text);
  }
}

BOOST_AUTO_TEST_CASE(the_check_of_the_text_sees_what_is_wrong) {
  for (const char* text :
       {"saef_x 1\n", "# HELP saef_x X.\n# TYPE saef_x counter\nsaef_x 1\n",
        "# HELP saef_x_total X.\n# TYPE saef_x_total counter\nsaef_x_total 1",
        "# HELP saef_x X.\n# TYPE saef_x gauge\nsaef_x one\n",
        "# HELP saef_x X.\n# TYPE saef_x gauge\nsaef_x{l=\"v} 1\n",
        "# HELP saef_x X.\n# TYPE saef_x gauge\nsaef_x 1\nsaef_x 2\n",
        "# HELP saef_x X.\n# TYPE saef_x gauge\nsaef_y 1\n", "# TYPE saef_x gauge\nsaef_x 1\n"}) {
    BOOST_TEST(FaultOfText(text) != "", text);
  }
}

// As they are written where somebody wants 12.345.678,5.
struct Grouped : std::numpunct<char> {
  char do_thousands_sep() const override { return '.'; }
  char do_decimal_point() const override { return ','; }
  std::string do_grouping() const override { return "\3"; }
};

BOOST_AUTO_TEST_CASE(numbers_are_the_same_wherever_the_program_runs) {
  const std::string text = ToText(SomeFamilies()), json = ToJson(SomeFamilies());
  const std::locale before = std::locale::global(std::locale(std::locale(), new Grouped));
  const std::string text_there = ToText(SomeFamilies()), json_there = ToJson(SomeFamilies());
  std::locale::global(before);
  BOOST_TEST(text_there == text);
  BOOST_TEST(json_there == json);
}

BOOST_AUTO_TEST_CASE(json_has_the_same_numbers) {
  const std::string json = ToJson(SomeFamilies());
  for (const char* part :
       {R"({"metrics":[{"name":"saef_x_total","help":"What x is.","type":"counter",)",
        R"("samples":[{"labels":{"outcome":"hit"},"value":12345678.0}]})",
        R"({"le":0.0005,"count":1})", R"({"le":null,"count":2}])", R"("count":2,"sum":20.0003,)",
        R"("party":"test")", R"("type":"histogram",)", R"("type":"gauge",)"}) {
    BOOST_TEST(json.find(part) != std::string::npos, part << " isn't in\n" << json);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::statistics
