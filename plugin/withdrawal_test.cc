// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keys that their MAF takes back, with the plugin behind its table and a MAF on a real socket.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

#include "plugin/test_maf.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using onem2m::ResponseStatusCode;
using Reply = TestMaf::Reply;
using Associated = std::vector<saef_association>;

const std::string kKcId = "0A112233445566778899AABBCCDDEEFF@maf.example.com";
const std::string kKcIdLower = "0a112233445566778899aabbccddeeff@maf.example.com";
const std::string kKey = kKcId.substr(0, 32);

struct WithObservedMaf {
  WithObservedMaf() {
    maf.Start();
    maf.Set(kKey, TestMaf::Key());
    maf.Set("K2", TestMaf::Key());
  }
  TestMaf maf;
};

BOOST_FIXTURE_TEST_SUITE(withdrawal, WithObservedMaf)

BOOST_AUTO_TEST_CASE(a_key_taken_back_ends_its_associations_at_once) {
  for (const auto status :
       {ResponseStatusCode::kNotFound, ResponseStatusCode::kOriginatorHasNoPrivilege}) {
    maf.Set(kKey, TestMaf::Key());
    const PluginUnderTest plugin(maf.port());
    BOOST_TEST(plugin.LookupWait(kKcId) == SAEF_KEY);
    BOOST_TEST(plugin.LookupWait("K2@maf.example.com") == SAEF_KEY);
    BOOST_TEST(plugin.Statistics().observations == 2u);
    const saef_association one = plugin.Associate(kKcId);
    const saef_association two = plugin.Associate(kKcIdLower);
    const saef_association other = plugin.Associate("K2@maf.example.com");
    BOOST_TEST(plugin.Check(one, "Cae1") == 2000);
    const auto start = std::chrono::steady_clock::now();
    maf.Change(kKey, {status});
    BOOST_TEST(Eventually([&] { return plugin.ended().size() == 2; }));
    BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(1)));
    Associated ended = plugin.ended();
    std::sort(ended.begin(), ended.end());
    BOOST_TEST((ended == Associated{one, two}));
    BOOST_TEST(plugin.Check(one, "Cae1") != 2000);
    BOOST_TEST(plugin.Check(two, "Cae1") != 2000);
    BOOST_TEST(plugin.Check(other, "Cae1") == 2000);
    // Refused from now on, and the MAF isn't asked again for it.
    const std::size_t asked = maf.requests().size();
    BOOST_TEST(plugin.Lookup(kKcId) ==
               (status == ResponseStatusCode::kNotFound ? SAEF_UNKNOWN : SAEF_DENIED));
    plugin.Associate(kKcId, status == ResponseStatusCode::kNotFound ? SAEF_UNKNOWN : SAEF_DENIED);
    BOOST_TEST(maf.requests().size() == asked);
    const saef_statistics statistics = plugin.Statistics();
    BOOST_TEST(statistics.keys_withdrawn == 1u);
    BOOST_TEST(statistics.observations == 1u);
    BOOST_TEST(statistics.keys_cached == 1u);
    BOOST_TEST(plugin.log().find("was withdrawn") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_key_that_is_another_s_now_is_taken_back_too) {
  const PluginUnderTest plugin(maf.port());
  BOOST_TEST(plugin.LookupWait(kKcId) == SAEF_KEY);
  const saef_association association = plugin.Associate(kKcId);
  // Told again, as after an update of the target list: nothing happens.
  maf.Change(kKey, TestMaf::Key());
  maf.Change(kKey, {ResponseStatusCode::kOk, "no answer of a MAF"});
  BOOST_TEST(Eventually([&] { return plugin.ended().size() == 1; }));
  BOOST_TEST((plugin.ended() == Associated{association}));
  BOOST_TEST(plugin.Lookup(kKcId) == SAEF_DENIED);
  // That answer was a success to the MAF, which goes on telling until it is told to stop.
  BOOST_TEST(Eventually([&] { return maf.observers() == 0; }));
}

BOOST_AUTO_TEST_CASE(what_was_missed_while_the_maf_was_away_is_asked_for) {
  const PluginUnderTest plugin(maf.port());
  BOOST_TEST(plugin.LookupWait(kKcId) == SAEF_KEY);
  BOOST_TEST(plugin.LookupWait("K2@maf.example.com") == SAEF_KEY);
  const saef_association one = plugin.Associate(kKcId);
  const saef_association other = plugin.Associate("K2@maf.example.com");
  maf.Set(kKey, {ResponseStatusCode::kNotFound});
  maf.Restart();
  BOOST_TEST(Eventually([&] { return plugin.ended().size() == 1; }));
  BOOST_TEST((plugin.ended() == Associated{one}));
  BOOST_TEST(plugin.Check(other, "Cae1") == 2000);
  BOOST_TEST(plugin.Statistics().keys_withdrawn == 1u);
  BOOST_TEST(plugin.Lookup("K2@maf.example.com") == SAEF_KEY);
}

BOOST_AUTO_TEST_CASE(not_where_it_is_switched_off) {
  const PluginUnderTest plugin(maf.port(), {.observe = false});
  BOOST_TEST(plugin.LookupWait(kKcId) == SAEF_KEY);
  BOOST_TEST(maf.observers() == 0u);
  BOOST_TEST(plugin.Statistics().observations == 0u);
}

BOOST_AUTO_TEST_CASE(a_maf_that_ends_its_sessions_is_asked_when_a_key_is_old) {
  maf.EndSessionAfterAnswer(true);
  const PluginUnderTest plugin(maf.port(), {.max_age_s = 2, .refusal_s = 0});
  BOOST_TEST(plugin.LookupWait(kKcId) == SAEF_KEY);
  const saef_association association = plugin.Associate(kKcId);
  BOOST_TEST(Eventually([&] { return plugin.Statistics().observations == 0; }));
  maf.Change(kKey, {ResponseStatusCode::kNotFound});
  // Nobody looks it up; its age is enough.
  BOOST_TEST(Eventually([&] { return plugin.ended() == Associated{association}; }));
  BOOST_TEST(plugin.Statistics().keys_withdrawn == 1u);
}

BOOST_AUTO_TEST_CASE(over_https_the_same_but_for_observing) {
  maf.Stop();
  TestMaf web;
  web.Set(kKey, TestMaf::Key());
  web.Start(false);
  const PluginUnderTest plugin(web.port(), {.max_age_s = 1, .refusal_s = 0, .scheme = "https"});
  std::string key;
  BOOST_TEST(plugin.LookupWait(kKcId, 10000, &key) == SAEF_KEY);
  BOOST_TEST(key == kTestKey);
  BOOST_TEST(plugin.LookupWait("K3@maf.example.com") == SAEF_UNKNOWN);
  const saef_association association = plugin.Associate(kKcId);
  BOOST_TEST(plugin.Check(association, "Cae1") == 2000);
  BOOST_TEST(plugin.Statistics().observations == 0u);
  web.Set(kKey, {ResponseStatusCode::kNotFound});
  // Nobody looks it up; its age is enough.
  BOOST_TEST(Eventually([&] { return plugin.ended() == Associated{association}; }));
  BOOST_TEST(plugin.Statistics().keys_withdrawn == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
