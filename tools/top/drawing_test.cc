// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `saef top` shows of numbers at their edges, line by line, and what it reads them from.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <string>
#include <string_view>

#include "roles/statistics/exposition.h"
#include "tools/top/view.h"

namespace saef::tools {
namespace {

using statistics::CounterFamily;
using statistics::Families;
using statistics::GaugeFamily;
using statistics::Plain;
using statistics::With;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::chrono::steady_clock::time_point kBegin{std::chrono::hours(1)};

// What a program of that party tells `after` the beginning.
Snapshot Told(const std::string& party, Families families, seconds after = seconds(0)) {
  statistics::Append(families, {statistics::BuildInfo(party)});
  return ReadSnapshot(statistics::ToJson(families), kBegin + after).value();
}

prometheus::MetricFamily LookUps(double hits) {
  return CounterFamily("saef_plugin_lookups_total", "L.", {With("outcome", "hit", hits)});
}
prometheus::MetricFamily StartedAt(double time) {
  return GaugeFamily("process_start_time_seconds", "P.", {Plain(time)});
}
prometheus::MetricFamily Answers(int fast, int slow) {
  bindings::LatencyHistogram answers;
  for (int i = 0; i < fast; ++i) answers.Add(milliseconds(2));
  for (int i = 0; i < slow; ++i) answers.Add(milliseconds(180));
  return statistics::HistogramFamily("saef_plugin_key_retrieval_seconds", "T.", answers.Read());
}

std::string Drawn(const Snapshot& now, const Snapshot* before = nullptr,
                  const ViewOptions& options = {.width = 200, .utf8 = true}) {
  std::string text;
  for (const std::string& line : RenderSnapshot("here:1", now, before, options)) {
    text.append(line).append("\n");
  }
  return text;
}
bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
// The line with this text, without its end.
std::string LineWith(const std::string& text, std::string_view part) {
  const std::size_t at = text.find(part);
  const std::size_t begin = text.rfind('\n', at) + 1;
  return text.substr(begin, text.find('\n', at) - begin);
}

BOOST_AUTO_TEST_SUITE(top_drawing)

BOOST_AUTO_TEST_CASE(what_matters_is_shown_though_it_is_0) {
  const std::string cse = Drawn(Told("cse", {LookUps(0)}));
  BOOST_TEST(Has(cse, "Look-ups     hit 0\n"), cse);
  const std::string maf = Drawn(Told(
      "maf", {CounterFamily("saef_maf_registrations_total", "R.", {With("outcome", "created", 0)}),
              CounterFamily("saef_maf_target_updates_total", "U.", {With("outcome", "updated", 0)}),
              CounterFamily("saef_maf_retrievals_total", "G.",
                            {With("outcome", "originator_has_no_privilege", 2)})}));
  BOOST_TEST(Has(maf, "Registered   created 0\n"), maf);
  BOOST_TEST(!Has(maf, "Updated"), maf);
  BOOST_TEST(Has(maf, "Retrieved    originator has no privilege 2\n"), maf);
}

BOOST_AUTO_TEST_CASE(numbers_a_second_need_an_earlier_look_at_the_same_process) {
  const Snapshot before = Told("cse", {LookUps(10), StartedAt(1000)});
  BOOST_TEST(Has(Drawn(Told("cse", {LookUps(30), StartedAt(1001)}, seconds(4)), &before),
                 "hit 30 (5.0/s)"));
  for (const auto& now : {Told("cse", {LookUps(30), StartedAt(1000)}, seconds(0)),
                          Told("cse", {LookUps(30), StartedAt(1003)}, seconds(4)),
                          Told("cse", {LookUps(30), StartedAt(997)}, seconds(4))}) {
    BOOST_TEST(Has(Drawn(now, &before), "hit 30\n"), Drawn(now, &before));
  }
  // Nor of what is no count.
  const auto open = [](double sessions, seconds after) {
    return Told("cse",
                {GaugeFamily("saef_server_sessions", "S.", {With("binding", "coap", sessions)})},
                after);
  };
  const Snapshot fewer = open(1, seconds(0));
  BOOST_TEST(Has(Drawn(open(9, seconds(2)), &fewer), "sessions 9\n"));
}

BOOST_AUTO_TEST_CASE(a_bound_of_the_histogram_counts_for_what_lies_at_it) {
  BOOST_TEST(Has(Drawn(Told("cse", {Answers(50, 50)})), "half within 2.5 ms"));
  BOOST_TEST(Has(Drawn(Told("cse", {Answers(49, 51)})), "half within 250 ms"));
  BOOST_TEST(Has(Drawn(Told("cse", {Answers(0, 0)})), "MAF answers  none yet\n"));
  const Snapshot before = Told("cse", {Answers(5, 5), StartedAt(1000)});
  const Snapshot now = Told("cse", {Answers(5, 5), StartedAt(1000)}, seconds(1));
  BOOST_TEST(Has(Drawn(now, &before), "MAF answers  none meanwhile\n"));
}

BOOST_AUTO_TEST_CASE(an_earlier_histogram_of_other_buckets_is_left_out) {
  const auto before = ReadSnapshot(
      R"({"metrics":[{"name":"saef_build_info","samples":[{"labels":{"party":"cse"},"value":1}]},
        {"name":"saef_plugin_key_retrieval_seconds","samples":[{"labels":{},"count":3,"sum":9,
        "buckets":[{"le":1,"count":3},{"le":null,"count":3}]}]}]})",
      kBegin);
  BOOST_REQUIRE(before.has_value());
  BOOST_TEST(before->histograms.size() == 1u);
  const std::string text = Drawn(Told("cse", {Answers(10, 0)}, seconds(1)), &*before);
  BOOST_TEST(Has(text, "mean 2.0 ms"), text);
}

BOOST_AUTO_TEST_CASE(a_line_is_as_wide_as_the_terminal_and_no_wider) {
  const Snapshot snapshot =
      Told("cse", {CounterFamily("saef_plugin_lookups_total", "L.",
                                 {With("outcome", "hit", 1), With("outcome", "pending", 2),
                                  With("outcome", "unknown", 3)}),
                   Answers(98, 2)});
  const std::string wide = Drawn(snapshot);
  const std::string lookups = LineWith(wide, "Look-ups");
  BOOST_TEST(
      Has(Drawn(snapshot, nullptr, {.width = lookups.size(), .utf8 = true}), lookups + "\n"));
  const std::string narrow = Drawn(snapshot, nullptr, {.width = lookups.size() - 1, .utf8 = true});
  BOOST_TEST(Has(narrow, "pending 2\n               unknown 3\n"), narrow);
  // A character counts as one, however many octets it has.
  const std::string answers = LineWith(wide, "MAF answers");
  const auto columns = static_cast<std::size_t>(
      std::count_if(answers.begin(), answers.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  BOOST_TEST(columns < answers.size());
  BOOST_TEST(Has(Drawn(snapshot, nullptr, {.width = columns, .utf8 = true}), answers + "\n"));
}

BOOST_AUTO_TEST_CASE(the_heading_tells_of_the_process) {
  const auto started = static_cast<double>(std::time(nullptr) - 2 * 3600 - 5 * 60);
  const std::string text = Drawn(
      Told("mef", {StartedAt(started),
                   GaugeFamily("process_resident_memory_bytes", "M.", {Plain(12.0 * 1024 * 1024)}),
                   GaugeFamily("process_open_fds", "F.", {Plain(7)}),
                   GaugeFamily("process_threads", "T.", {Plain(3)})}));
  BOOST_TEST(text.starts_with("here:1  MEF "), text);
  BOOST_TEST(Has(text, "up 2:05:"), text);
  BOOST_TEST(Has(text, "  memory 12 MiB  descriptors 7  threads 3\n"), text);
}

BOOST_AUTO_TEST_CASE(series_are_known_by_all_their_labels) {
  const Snapshot snapshot =
      Told("cse", {CounterFamily("x_total", "X.", {{{{"a", "1"}, {"b", "2"}}, 4}})});
  BOOST_TEST(snapshot.Value("x_total{a=1,b=2}").value_or(-1) == 4);
  BOOST_TEST(!snapshot.Value("x_total").has_value());
}

BOOST_AUTO_TEST_CASE(what_is_broken_is_left_out_or_no_snapshot) {
  const std::string party =
      R"({"metrics":[{"name":"saef_build_info","samples":[{"labels":{"party":"cse"},"value":1}]},)";
  for (const char* broken :
       {R"({"name":"x"}]})", R"({"samples":[]}]})", R"({"name":"x","samples":1}]})"}) {
    BOOST_TEST(!ReadSnapshot(party + broken, kBegin).has_value(), broken);
  }
  for (const char* broken :
       {R"({"name":"x","samples":[{"labels":{},"count":1,"sum":2}]}]})",
        R"({"name":"x","samples":[{"labels":{},"count":1,"sum":2,"buckets":[{"le":1}]}]}]})",
        R"({"name":"x","samples":[7]}]})"}) {
    const auto read = ReadSnapshot(party + broken, kBegin);
    BOOST_REQUIRE_MESSAGE(read.has_value(), broken);
    BOOST_TEST(read->histograms.empty(), broken);
    BOOST_TEST(read->values.size() == 1u, broken);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::tools
