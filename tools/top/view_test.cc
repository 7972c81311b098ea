// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/top/view.h"

#include <boost/test/unit_test.hpp>

#include "roles/statistics/exposition.h"

namespace saef::tools {
namespace {

using statistics::CounterFamily;
using statistics::GaugeFamily;
using statistics::Plain;
using statistics::With;
using std::chrono::seconds;

constexpr std::chrono::steady_clock::time_point kSomeTime{std::chrono::hours(1)};

// As a CSE would tell it, through the JSON of its endpoint.
Snapshot CseSnapshot(double hits, int slow_answers, std::chrono::steady_clock::time_point at,
                     double started = 1000) {
  bindings::LatencyHistogram answers;
  for (int i = 0; i < 98; ++i) answers.Add(std::chrono::milliseconds(2));
  for (int i = 0; i < slow_answers; ++i) answers.Add(std::chrono::milliseconds(180));
  const statistics::Families families{
      statistics::BuildInfo("cse"),
      CounterFamily("saef_plugin_lookups_total", "L.",
                    {With("outcome", "hit", hits), With("outcome", "denied", 0)}),
      CounterFamily("saef_plugin_key_retrievals_denied_total", "D.", {With("reason", "suid", 4)}),
      GaugeFamily("saef_server_sessions", "S.", {With("binding", "coap", 12)}),
      statistics::HistogramFamily("saef_plugin_key_retrieval_seconds", "T.", answers.Read()),
      CounterFamily("process_cpu_seconds_total", "C.", {Plain(hits / 1000)}),
      GaugeFamily("process_start_time_seconds", "P.", {Plain(started)})};
  return ReadSnapshot(statistics::ToJson(families), at).value();
}

std::string Rendered(const Snapshot& now, const Snapshot* before, const ViewOptions& options = {}) {
  std::string text;
  for (const std::string& line : RenderSnapshot("here:1", now, before, options)) {
    text.append(line).append("\n");
  }
  return text;
}

bool Shows(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(top_view)

BOOST_AUTO_TEST_CASE(one_look_shows_what_was_since_the_start) {
  const std::string text = Rendered(CseSnapshot(1200, 2, kSomeTime), nullptr);
  BOOST_TEST(text.starts_with("here:1  CSE "), text);
  BOOST_TEST(Shows(text, "  Look-ups     hit 1200\n"), text);
  BOOST_TEST(Shows(text, "other SUID 4"), text);
  BOOST_TEST(Shows(text, "  CoAP         sessions 12"), text);
  BOOST_TEST(!Shows(text, "denied"), text);  // there are none
  BOOST_TEST(!Shows(text, "/s)"), text);
  BOOST_TEST(Shows(text, "half within 2.5 ms  99 % within 250 ms"), text);
}

BOOST_AUTO_TEST_CASE(two_looks_show_what_happens_a_second) {
  const Snapshot before = CseSnapshot(1200, 0, kSomeTime);
  const Snapshot now = CseSnapshot(1500, 10, kSomeTime + seconds(2));
  const std::string text = Rendered(now, &before);
  BOOST_TEST(Shows(text, "hit 1500 (150/s)"), text);
  BOOST_TEST(Shows(text, "processor 15 %"), text);
  // Only those in between.
  BOOST_TEST(Shows(text, "mean 180.0 ms  half within 250 ms"), text);
}

BOOST_AUTO_TEST_CASE(a_program_that_was_started_again_has_no_before) {
  const Snapshot before = CseSnapshot(1200, 0, kSomeTime);
  const Snapshot now = CseSnapshot(30, 0, kSomeTime + seconds(2), 2000);
  BOOST_TEST(!Shows(Rendered(now, &before), "/s)"));
}

BOOST_AUTO_TEST_CASE(lines_keep_to_the_width) {
  for (const std::size_t width : {40, 60, 200}) {
    for (const std::string& line : RenderSnapshot("here:1", CseSnapshot(1200, 2, kSomeTime),
                                                  nullptr, {.width = width, .utf8 = false})) {
      // But what is longer by itself.
      BOOST_TEST((line.size() <= width || line.find("  ", 15) == std::string::npos ||
                  line.find('[') != std::string::npos),
                 line);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_histogram_is_drawn_in_what_the_terminal_has) {
  const Snapshot snapshot = CseSnapshot(1200, 2, kSomeTime);
  BOOST_TEST(Shows(Rendered(snapshot, nullptr), "[   \u2588     \u2581      ] 0.25 ms to 10 s"),
             Rendered(snapshot, nullptr));
  BOOST_TEST(Shows(Rendered(snapshot, nullptr, {.utf8 = false}), "[   @     .      ]"));
}

BOOST_AUTO_TEST_CASE(what_is_not_ours_is_no_snapshot) {
  for (const char* text :
       {"", "{}", "[]", "{\"metrics\":{}}", "{\"metrics\":[]}", "{\"metrics\":[1]}",
        R"({"metrics":[{"name":"x","samples":[{"value":1}]}]})",
        R"({"metrics":[{"name":"saef_build_info","samples":[{"labels":7}]}]})"}) {
    BOOST_TEST(!ReadSnapshot(text, kSomeTime).has_value(), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::tools
