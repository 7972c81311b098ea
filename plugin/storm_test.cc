// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many keys at once, as when power returns to a site: each is asked for, once, and none is refused
// because others are; and what invented identities can cost the MAF.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "plugin/test_maf.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using Options = PluginUnderTest::Options;

std::string Relative(int n) { return "S" + std::to_string(n); }

class Storm {
 public:
  explicit Storm(bool coap = true) { maf.Start(coap); }

  // Asks for keys [first, last), which the MAF has if `known`.
  void Ask(const PluginUnderTest& plugin, int first, int last, bool known = true) {
    for (int n = first; n < last; ++n) {
      if (known) maf.Set(Relative(n), TestMaf::Key());
      const std::string identity = Relative(n) + "@maf.example.com";
      saef_ticket ticket = 0;
      const std::int32_t result = Api().lookup_async(plugin.get(), Octets(identity).data(),
                                                     identity.size(), Note, this, &ticket);
      if (result != SAEF_PENDING) Note(this, 0, result);
    }
  }

  TestMaf maf;
  std::atomic<int> keys{0}, unknown{0}, unavailable{0}, others{0};
  int answered() const { return keys + unknown + unavailable + others; }
  int asked() const { return static_cast<int>(maf.requests().size()); }

 private:
  static void Note(void* context, saef_ticket /*ticket*/, std::int32_t outcome) {
    auto* const self = static_cast<Storm*>(context);
    switch (outcome) {
      case SAEF_KEY:
        ++self->keys;
        break;
      case SAEF_UNKNOWN:
        ++self->unknown;
        break;
      case SAEF_UNAVAILABLE:
        ++self->unavailable;
        break;
      default:
        ++self->others;
    }
  }
};

struct HttpsStorm : Storm {
  HttpsStorm() : Storm(false) {}
};

BOOST_FIXTURE_TEST_SUITE(storm, Storm)

// As configured by default.
BOOST_AUTO_TEST_CASE(each_of_many_keys_comes_and_is_asked_for_once) {
  constexpr int kKeys = 5000;
  Options options;
  options.timeout_ms = 60000;
  options.max_in_flight = 16384;
  const PluginUnderTest plugin(maf.port(), options);
  Ask(plugin, 0, kKeys);
  BOOST_TEST(Eventually([&] { return answered() == kKeys; }));
  BOOST_TEST(keys == kKeys);
  BOOST_TEST(asked() == kKeys);
  BOOST_TEST(plugin.Statistics().maf_sessions == 4u);
  BOOST_TEST(plugin.Statistics().fetches_in_flight == 0u);
}

// The rest waits its turn.
BOOST_AUTO_TEST_CASE(the_maf_has_a_window_of_them_at_a_time) {
  constexpr int kKeys = 500;
  constexpr int kWindow = 100;
  Options options;
  options.timeout_ms = 60000;
  options.max_in_flight = kKeys;
  options.fetch = R"(, "sessions": 1, "window": )" + std::to_string(kWindow);
  const PluginUnderTest plugin(maf.port(), options);
  maf.Hold();
  Ask(plugin, 0, kKeys);
  BOOST_TEST(Eventually([&] { return asked() == kWindow; }));
  BOOST_TEST(plugin.Statistics().fetches_in_flight == static_cast<unsigned>(kKeys));
  // Beyond what may wait.
  Ask(plugin, kKeys, kKeys + 1);
  BOOST_TEST(unavailable == 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  BOOST_TEST(asked() == kWindow);
  maf.Release();
  BOOST_TEST(Eventually([&] { return keys == kKeys; }));
  BOOST_TEST(asked() == kKeys);
}

// HTTP carries one request at a time in a connection. So a MAF that takes a round trip for each
// answer is done after as many as there are keys for a connection.
BOOST_FIXTURE_TEST_CASE(a_maf_over_https_has_several_connections, HttpsStorm) {
  constexpr int kConnections = 8;
  constexpr int kRounds = 5;
  constexpr int kKeys = kConnections * kRounds;
  Options options;
  options.timeout_ms = 60000;
  options.scheme = "https";
  options.fetch = R"(, "connections": )" + std::to_string(kConnections);
  const PluginUnderTest plugin(maf.port(), options);
  maf.Hold();
  Ask(plugin, 0, kKeys);
  for (int round = 1; round <= kRounds; ++round) {
    BOOST_TEST_CONTEXT("round " << round) {
      BOOST_TEST(Eventually([&] { return asked() == kConnections * round; }));
      BOOST_TEST(plugin.Statistics().maf_sessions == static_cast<unsigned>(kConnections));
      BOOST_TEST(Eventually([&] {
        return plugin.Statistics().fetches_queued ==
               static_cast<unsigned>(kKeys - kConnections * round);
      }));
      maf.AnswerHeld();
    }
  }
  BOOST_TEST(Eventually([&] { return keys == kKeys; }));
  // They are kept, and serve again.
  maf.Release();
  Ask(plugin, kKeys, 2 * kKeys);
  BOOST_TEST(Eventually([&] { return keys == 2 * kKeys; }));
  BOOST_TEST(plugin.Statistics().maf_sessions == static_cast<unsigned>(kConnections));
}

// A window that isn't bound by the setting begins with ClientWindow::kFirst.
BOOST_AUTO_TEST_CASE(the_window_grows_with_the_answers) {
  Options options;
  options.timeout_ms = 60000;
  options.max_in_flight = 4000;
  options.fetch = R"(, "sessions": 1, "window": 2048)";
  const PluginUnderTest plugin(maf.port(), options);
  maf.Hold();
  Ask(plugin, 0, 2000);
  BOOST_TEST(Eventually([&] { return asked() == 1024; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  BOOST_TEST(asked() == 1024);
  maf.Release();
  BOOST_TEST(Eventually([&] { return keys == 2000; }));
  maf.Hold();
  Ask(plugin, 2000, 4000);
  BOOST_TEST(Eventually([&] { return asked() == 4000; }));
  maf.Release();
  BOOST_TEST(Eventually([&] { return keys == 4000; }));
}

BOOST_AUTO_TEST_CASE(invented_identities_cost_the_maf_no_more_than_is_allowed) {
  constexpr int kPerSecond = 10;
  constexpr int kStock = 10 * kPerSecond;
  constexpr int kInvented = 1000;
  Options options;
  options.timeout_ms = 60000;
  options.fetch = R"(, "maxRefusedPerSecond": )" + std::to_string(kPerSecond);
  const PluginUnderTest plugin(maf.port(), options);
  const auto begin = std::chrono::steady_clock::now();
  // One after the other, so that none is under way when the bound is reached.
  for (int n = 0; n < kInvented; ++n) {
    Ask(plugin, n, n + 1, false);
    BOOST_REQUIRE(Eventually([&] { return answered() == n + 1; }));
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  const auto refilled = kPerSecond * (std::chrono::ceil<std::chrono::seconds>(took).count() + 1);
  BOOST_TEST(unknown >= kStock);
  BOOST_TEST(unknown <= kStock + refilled);
  BOOST_TEST(unknown + unavailable == kInvented);
  BOOST_TEST(asked() == unknown);
  BOOST_TEST(plugin.log().find("maxRefusedPerSecond") != std::string::npos);
  // What was refused a moment ago isn't asked for again, whatever is left of the stock.
  const int before = asked();
  Ask(plugin, 0, kStock, false);
  BOOST_TEST(asked() == before);
}

// What is given counts for nothing.
BOOST_AUTO_TEST_CASE(honest_identities_are_not_counted) {
  Options options;
  options.timeout_ms = 60000;
  options.max_in_flight = 1000;
  options.fetch = R"(, "maxRefusedPerSecond": 1)";
  const PluginUnderTest plugin(maf.port(), options);
  Ask(plugin, 0, 1000);
  BOOST_TEST(Eventually([&] { return keys == 1000; }));
  Ask(plugin, 1000, 2000);
  BOOST_TEST(Eventually([&] { return keys == 2000; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
