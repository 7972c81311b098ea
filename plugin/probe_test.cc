// SPDX-License-Identifier: GPL-3.0-or-later
//
// probe() behind the plugin's table, against a MAF on a real DTLS socket.
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "plugin/test_maf.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using std::chrono::milliseconds;
using Options = PluginUnderTest::Options;
using SteadyClock = std::chrono::steady_clock;

struct WithProbedMaf {
  WithProbedMaf() { maf.Start(); }
  TestMaf maf;
};

BOOST_FIXTURE_TEST_SUITE(probe, WithProbedMaf)

struct Probed {
  std::vector<std::string> fqdns;
  std::vector<saef_probe_report> reports;
  std::vector<std::string> texts;
  static void Note(void* context, const saef_probe_report* report) {
    auto* const probed = static_cast<Probed*>(context);
    probed->fqdns.emplace_back(report->maf_fqdn, report->maf_fqdn_length);
    probed->texts.emplace_back(report->text, report->text_length);
    probed->reports.push_back(*report);
  }
};

BOOST_AUTO_TEST_CASE(probing_a_maf) {
  const PluginUnderTest plugin(maf.port());
  maf.TellTime(onem2m::FormatTimestamp(onem2m::Now() + std::chrono::seconds(3600)));
  Probed probed;
  BOOST_TEST(Api().probe(plugin.get(), 10000, Probed::Note, &probed) == SAEF_DONE);
  BOOST_REQUIRE(probed.reports.size() == 1u);
  BOOST_TEST(probed.fqdns[0] == "maf.example.com");
  BOOST_TEST(probed.reports[0].outcome == SAEF_DONE);
  BOOST_TEST(probed.reports[0].round_trip_us > 0);
  BOOST_TEST(probed.reports[0].has_clock_offset == SAEF_YES);
  BOOST_TEST(probed.reports[0].clock_offset_s >= 3590);
  BOOST_TEST(probed.reports[0].clock_offset_s <= 3600);
  BOOST_TEST(!probed.texts[0].empty());
}

BOOST_AUTO_TEST_CASE(probing_a_maf_that_is_down_or_does_not_know_us) {
  for (const bool is_down : {false, true}) {
    BOOST_TEST_CONTEXT(is_down) {
      if (is_down) maf.Stop();
      Options options;
      if (!is_down) options.km = std::string(64, '6');
      const PluginUnderTest plugin(maf.port(), options);
      const auto start = SteadyClock::now();
      Probed probed;
      BOOST_TEST(Api().probe(plugin.get(), 1000, Probed::Note, &probed) == SAEF_DONE);
      BOOST_TEST((SteadyClock::now() - start < milliseconds(3000)));
      BOOST_REQUIRE(probed.reports.size() == 1u);
      // This MAF says so when a key is wrong; over DTLS others keep silent.
      BOOST_TEST(probed.reports[0].outcome == (is_down ? SAEF_UNAVAILABLE : SAEF_DENIED));
      BOOST_TEST(probed.reports[0].round_trip_us == -1);
      BOOST_TEST(probed.reports[0].has_clock_offset == SAEF_NO);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
