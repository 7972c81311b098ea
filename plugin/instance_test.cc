// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plugin behind its table, against a MAF on a real DTLS socket.
#include "plugin/instance.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <thread>

#include "plugin/test_maf.h"
#include "plugin/test_relay.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

using onem2m::ResponseStatusCode;
using std::chrono::milliseconds;
using Reply = TestMaf::Reply;
using Options = PluginUnderTest::Options;
using SteadyClock = std::chrono::steady_clock;

const std::string kId = "00112233445566778899AABBCCDDEEFF@maf.example.com";
const std::string kRelative = kId.substr(0, 32);
std::string IdOf(int n) { return "K" + std::to_string(n) + "@maf.example.com"; }

struct WithMaf {
  WithMaf() { maf.Start(); }
  TestMaf maf;
};

// The answers that lookup_async's callback gets.
struct Answers {
  std::atomic<int> count{0};
  std::atomic<int> last{0};
  static void Note(void* context, saef_ticket /*ticket*/, std::int32_t outcome) {
    auto* const answers = static_cast<Answers*>(context);
    answers->last = outcome;
    ++answers->count;
  }
  std::int32_t Ask(const PluginUnderTest& plugin, const std::string& identity,
                   saef_ticket* ticket = nullptr) {
    saef_ticket unused = 0;
    return Api().lookup_async(plugin.get(), Octets(identity).data(), identity.size(), Note, this,
                              ticket != nullptr ? ticket : &unused);
  }
};

BOOST_FIXTURE_TEST_SUITE(instance, WithMaf)

BOOST_AUTO_TEST_CASE(a_key_is_fetched_once_and_then_here) {
  maf.Set(kRelative, TestMaf::Key());
  const PluginUnderTest plugin(maf.port());
  BOOST_TEST(plugin.Lookup(kId) == SAEF_PENDING);
  Answers answers;
  BOOST_TEST(answers.Ask(plugin, kId) == SAEF_PENDING);
  BOOST_TEST(Eventually([&] { return answers.count == 1; }));
  BOOST_TEST(answers.last == SAEF_KEY);
  std::string key;
  BOOST_TEST(plugin.Lookup(kId, &key) == SAEF_KEY);
  BOOST_TEST(key == kTestKey);
  BOOST_TEST(answers.Ask(plugin, kId) == SAEF_KEY);
  BOOST_TEST(plugin.LookupWait(kId) == SAEF_KEY);
  BOOST_TEST(answers.count == 1);

  const auto requests = maf.requests();
  BOOST_REQUIRE(requests.size() == 1u);
  const auto& request = requests[0];
  BOOST_TEST((request.operation == onem2m::Operation::kRetrieve));
  BOOST_TEST(request.to == "kr/" + kRelative);
  BOOST_TEST(request.from.value_or("") == "/cse1");
  BOOST_TEST(request.release_version.value_or("") == "3");
  BOOST_TEST(!request.request_identifier.empty());
  const std::vector<std::pair<std::string, std::string>> query = {{"suid", "32"}, {"kcid", kId}};
  BOOST_TEST((request.query == query));
  BOOST_TEST(maf.identities()[0] == "cse1@maf.example.com");
}

BOOST_AUTO_TEST_CASE(one_session_carries_many_questions) {
  for (int i = 0; i < 30; ++i) maf.Set("K" + std::to_string(i), TestMaf::Key());
  const PluginUnderTest plugin(maf.port(), {.fetch = R"(, "sessions": 1)"});
  maf.Hold();
  Answers answers;
  for (int i = 0; i < 30; ++i) {
    BOOST_TEST(answers.Ask(plugin, IdOf(i)) == SAEF_PENDING);
    BOOST_TEST(answers.Ask(plugin, IdOf(i)) == SAEF_PENDING);
  }
  BOOST_TEST(Eventually([&] { return maf.requests().size() == 30; }));
  BOOST_TEST(plugin.Statistics().fetches_in_flight == 30u);
  BOOST_TEST(plugin.Statistics().waiters == 60u);
  maf.Release();
  BOOST_TEST(Eventually([&] { return answers.count == 60; }));
  std::set<std::string> identifiers;
  for (const auto& request : maf.requests()) identifiers.insert(request.request_identifier);
  BOOST_TEST(identifiers.size() == 30u);
  const saef_statistics statistics = plugin.Statistics();
  BOOST_TEST(statistics.maf_sessions == 1u);
  BOOST_TEST(statistics.fetches == 30u);
  BOOST_TEST(statistics.fetches_key == 30u);
  BOOST_TEST(statistics.keys_cached == 30u);
}

BOOST_AUTO_TEST_CASE(a_slow_maf_keeps_nobody_else) {
  maf.Set("K1", TestMaf::Key());
  maf.Set("K2", TestMaf::Key());
  const PluginUnderTest plugin(maf.port());
  BOOST_TEST(plugin.LookupWait(IdOf(1)) == SAEF_KEY);
  maf.Hold();
  const auto start = SteadyClock::now();
  BOOST_TEST(plugin.LookupWait(IdOf(2), 100) == SAEF_UNAVAILABLE);
  BOOST_TEST((SteadyClock::now() - start >= milliseconds(100)));
  BOOST_TEST(plugin.Lookup(IdOf(1)) == SAEF_KEY);
  BOOST_TEST(plugin.Lookup(IdOf(2)) == SAEF_PENDING);
  maf.Release();
  // Nobody waits any more; the late answer fills the cache all the same.
  BOOST_TEST(Eventually([&] { return plugin.Lookup(IdOf(2)) == SAEF_KEY; }));
}

BOOST_AUTO_TEST_CASE(refusals_are_told_apart_and_remembered) {
  maf.Set("DENIED", {ResponseStatusCode::kOriginatorHasNoPrivilege, ""});
  maf.Set("BROKEN", {ResponseStatusCode::kInternalServerError, ""});
  maf.Set("SHAPE", {ResponseStatusCode::kOk, "{\"status\":\"OK\"}"});
  // Observing, an answer that is refused costs one question more: not to be told of it again.
  const PluginUnderTest plugin(maf.port(), {.observe = false});
  const struct {
    const char* identity;
    int expected;
  } kCases[] = {{"UNKNOWN@maf.example.com", SAEF_UNKNOWN},
                {"DENIED@maf.example.com", SAEF_DENIED},
                {"BROKEN@maf.example.com", SAEF_UNAVAILABLE},
                {"SHAPE@maf.example.com", SAEF_DENIED}};
  for (const auto& test : kCases) {
    BOOST_TEST_CONTEXT(test.identity) {
      BOOST_TEST(plugin.LookupWait(test.identity) == test.expected);
      BOOST_TEST(plugin.Lookup(test.identity) == test.expected);
      Answers answers;
      BOOST_TEST(answers.Ask(plugin, test.identity) == test.expected);
      plugin.Associate(test.identity,
                       test.expected == SAEF_UNAVAILABLE ? SAEF_DENIED : test.expected);
    }
  }
  BOOST_TEST(maf.requests().size() == 4u);
  // Another spelling of it is another question, for this MAF may tell them apart.
  BOOST_TEST(plugin.LookupWait("unknown@maf.example.com") == SAEF_UNKNOWN);
  BOOST_TEST(maf.requests().size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_refusal_ends) {
  const PluginUnderTest plugin(maf.port(), {.refusal_s = 2});
  BOOST_TEST(plugin.LookupWait(kId) == SAEF_UNKNOWN);
  maf.Set(kRelative, TestMaf::Key());
  BOOST_TEST(plugin.LookupWait(kId) == SAEF_UNKNOWN);
  BOOST_TEST(Eventually([&] { return plugin.LookupWait(kId) == SAEF_KEY; }));
}

BOOST_AUTO_TEST_CASE(what_is_not_ours_costs_the_maf_nothing) {
  const PluginUnderTest plugin(maf.port());
  for (const char* identity : {"device7", "K1@maf2.example.com", "K1@example.com", "K1@maf.example",
                               "K1@maf.example.com.", "\xff\xff"}) {
    BOOST_TEST(plugin.LookupWait(identity) == SAEF_NOT_MINE);
    plugin.Associate(identity, SAEF_NOT_MINE);
  }
  for (const std::string& identity :
       {std::string(), std::string(129, 'a'), std::string("a\0@maf.example.com", 18),
        std::string("a b@maf.example.com"), std::string("a@b@maf.example.com"),
        std::string("a/b@maf.example.com"), std::string("\xff@maf.example.com")}) {
    BOOST_TEST(plugin.LookupWait(identity) == SAEF_INVALID);
  }
  BOOST_TEST(maf.requests().empty());
  const saef_statistics statistics = plugin.Statistics();
  BOOST_TEST(statistics.not_mine == 6u);
  BOOST_TEST(statistics.invalid == 7u);
  BOOST_TEST(statistics.lookups == 13u);
  BOOST_TEST(statistics.fetches == 0u);
}

BOOST_AUTO_TEST_CASE(a_maf_that_ends_its_session_after_each_answer) {
  maf.EndSessionAfterAnswer(true);
  for (int i = 0; i < 12; ++i) maf.Set("K" + std::to_string(i), TestMaf::Key());
  const PluginUnderTest plugin(maf.port(), {.timeout_ms = 20000});
  BOOST_TEST(plugin.LookupWait(IdOf(0), 20000) == SAEF_KEY);
  BOOST_TEST(plugin.LookupWait(IdOf(1), 20000) == SAEF_KEY);
  Answers answers;
  for (int i = 2; i < 12; ++i) BOOST_TEST(answers.Ask(plugin, IdOf(i)) == SAEF_PENDING);
  BOOST_TEST(Eventually([&] { return answers.count == 10; }));
  for (int i = 0; i < 12; ++i) BOOST_TEST(plugin.Lookup(IdOf(i)) == SAEF_KEY);
  BOOST_TEST(plugin.Statistics().maf_sessions >= 3u);
}

BOOST_AUTO_TEST_CASE(a_maf_that_is_down_is_left_alone) {
  maf.Stop();
  const PluginUnderTest plugin(maf.port(), {.timeout_ms = 2000, .back_off_ms = 30000});
  BOOST_TEST(plugin.LookupWait(kId) == SAEF_UNAVAILABLE);
  for (int i = 0; i < 100; ++i) BOOST_TEST(plugin.LookupWait(IdOf(i)) == SAEF_UNAVAILABLE);
  BOOST_TEST(plugin.Lookup(kId) == SAEF_UNAVAILABLE);
  BOOST_TEST(plugin.Statistics().fetches == 1u);
  BOOST_TEST((plugin.log().find("2 the MAF maf.example.com can't be asked") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(a_maf_that_was_down_is_found_again) {
  maf.Set(kRelative, TestMaf::Key());
  maf.Stop();
  const PluginUnderTest plugin(maf.port(), {.timeout_ms = 2000, .back_off_ms = 50});
  BOOST_TEST(plugin.LookupWait(kId) == SAEF_UNAVAILABLE);
  maf.Start();
  BOOST_TEST(Eventually([&] { return plugin.LookupWait(kId) == SAEF_KEY; }));
  BOOST_TEST((plugin.log().find("answers again") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(a_maf_that_has_forgotten_the_session) {
  maf.Set("K1", TestMaf::Key());
  maf.Set("K2", TestMaf::Key());
  const PluginUnderTest plugin(maf.port(), {.timeout_ms = 4000, .back_off_ms = 50});
  BOOST_TEST(plugin.LookupWait(IdOf(1)) == SAEF_KEY);
  maf.Stop();
  maf.Start();
  BOOST_TEST(Eventually([&] { return plugin.LookupWait(IdOf(2)) == SAEF_KEY; }));
}

BOOST_AUTO_TEST_CASE(a_session_in_which_nothing_comes_any_more) {
  maf.Set("K1", TestMaf::Key());
  maf.Set("K2", TestMaf::Key());
  UdpRelay path(maf.port());
  const PluginUnderTest plugin(
      path.port(), {.timeout_ms = 4000, .back_off_ms = 50, .fetch = R"(, "sessions": 1)"});
  BOOST_TEST(plugin.LookupWait(IdOf(1)) == SAEF_KEY);
  path.SilencePresentClients();
  // Nobody says that the session has ended. A question that isn't answered is taken for that, and
  // the very next one is asked in a new session.
  BOOST_TEST(plugin.LookupWait(IdOf(2)) == SAEF_UNAVAILABLE);
  BOOST_TEST(Eventually([&] { return plugin.Lookup(IdOf(2)) == SAEF_PENDING; }));
  BOOST_TEST(plugin.LookupWait(IdOf(2)) == SAEF_KEY);
  BOOST_TEST(plugin.Statistics().maf_sessions == 2u);
}

BOOST_AUTO_TEST_CASE(another_km_than_the_mafs) {
  const PluginUnderTest plugin(maf.port(), {.timeout_ms = 1500, .km = std::string(64, '6')});
  BOOST_TEST(plugin.LookupWait(kId) == SAEF_UNAVAILABLE);
  BOOST_TEST(maf.requests().empty());
  BOOST_TEST(plugin.Statistics().fetches_unavailable == 1u);
}

BOOST_AUTO_TEST_CASE(an_association_speaks_for_its_entity_until_the_key_ends) {
  maf.Set(kRelative, TestMaf::Key(4));
  PluginUnderTest plugin(maf.port());
  plugin.Associate(kId, SAEF_DENIED);  // no key, so no handshake can have been
  BOOST_TEST(plugin.LookupWait(kId) == SAEF_KEY);
  const saef_association association = plugin.Associate(kId);
  BOOST_TEST(plugin.Check(association, "Cae1") == 2000);
  BOOST_TEST(plugin.Check(association, "Cae2") == 4106);
  BOOST_TEST(plugin.Check(association, "/cse3") == 4000);
  BOOST_TEST(plugin.Check(association + 1, "Cae1") == SAEF_E_HANDLE);
  BOOST_TEST((plugin.log().find("From \"Cae2\" is refused with 4106") != std::string::npos));
  // In the clear nobody is that AE, registered or not.
  plugin.Register("Cae1");
  plugin.Register("Cother");
  BOOST_TEST(plugin.Check(SAEF_NO_ASSOCIATION, "Cae1") == 4107);
  BOOST_TEST(plugin.Check(SAEF_NO_ASSOCIATION, "Cother") == 2000);
  BOOST_TEST(plugin.Check(SAEF_NO_ASSOCIATION, "Cnobody") == 4106);

  BOOST_TEST(Eventually([&] { return plugin.ended().size() == 1; }));
  BOOST_TEST(plugin.ended()[0] == association);
  BOOST_TEST(plugin.Check(association, "Cae1") == 4107);
  BOOST_TEST(plugin.Lookup(kId) == SAEF_DENIED);
  plugin.Associate(kId, SAEF_DENIED);
  const saef_statistics statistics = plugin.Statistics();
  BOOST_TEST(statistics.associations == 1u);
  BOOST_TEST(statistics.associations_ended == 1u);
  BOOST_TEST(statistics.keys_expired == 1u);
  BOOST_TEST(statistics.checks == 7u);
  BOOST_TEST(statistics.checks_refused == 5u);
  BOOST_TEST(Api().dissociate(plugin.get(), association) == SAEF_DONE);
  BOOST_TEST(Api().dissociate(plugin.get(), association) == SAEF_E_HANDLE);
  BOOST_TEST(plugin.Check(association, "Cae1") == SAEF_E_HANDLE);
}

BOOST_AUTO_TEST_CASE(an_association_ends_when_the_maf_takes_the_key_back) {
  maf.Set(kRelative, TestMaf::Key());
  PluginUnderTest plugin(maf.port(), {.max_age_s = 1});
  BOOST_TEST(plugin.LookupWait(kId) == SAEF_KEY);
  const saef_association association = plugin.Associate(kId);
  // An FQDN compares without case, whoever sends it.
  const saef_association shouted = plugin.Associate(kRelative + "@MAF.Example.COM");
  maf.Set(kRelative, {ResponseStatusCode::kNotFound, ""});
  // The key is too old to be believed without asking; the MAF then says what has become of it.
  BOOST_TEST(Eventually([&] { return plugin.LookupWait(kId) == SAEF_UNKNOWN; }));
  BOOST_TEST(Eventually([&] { return plugin.ended().size() == 2; }));
  BOOST_TEST(plugin.ended()[0] + plugin.ended()[1] == association + shouted);
  BOOST_TEST(plugin.Check(association, "Cae1") == 4106);  // and it isn't registered
  BOOST_TEST(plugin.Check(shouted, "Cae1") == 4106);
}

BOOST_AUTO_TEST_CASE(a_credential_gets_its_ae_id) {
  maf.Set("K1", {ResponseStatusCode::kOk, MakeAnswer("", "", "11-dev@maf.example.com", 600)});
  maf.Set("K2", {ResponseStatusCode::kOk, MakeAnswer("", "", "11-other@maf.example.com", 600)});
  PluginUnderTest plugin(maf.port());
  BOOST_TEST(plugin.LookupWait(IdOf(1)) == SAEF_KEY);
  BOOST_TEST(plugin.LookupWait(IdOf(2)) == SAEF_KEY);
  const saef_association one = plugin.Associate(IdOf(1));
  const saef_association two = plugin.Associate(IdOf(2));
  BOOST_TEST(plugin.Check(one, "Cdev") == 4106);
  BOOST_TEST(plugin.Check(one, "Cdev", SAEF_CREATE, 2) == 2000);
  BOOST_TEST(plugin.Check(one, "Cdev", SAEF_CREATE, 3) == 4106);
  const auto assign = [&](saef_association association, const std::string& ae_id) {
    return Api().assign_ae_id(plugin.get(), association, ae_id.data(), ae_id.size());
  };
  BOOST_TEST(assign(one, "Cdev") == SAEF_DONE);
  BOOST_TEST(assign(one, "//sp.example.com/cse1/Cdev") == SAEF_DONE);
  BOOST_TEST(assign(one, "Cdev2") == SAEF_DENIED);
  BOOST_TEST(assign(two, "Cdev") == SAEF_DENIED);
  BOOST_TEST(assign(two + 1, "Cdev2") == SAEF_E_HANDLE);
  for (const char* bad : {"", "C", "dev", "/cse1", "/cse2/Cdev", "//other.example/Sdev", "C d"}) {
    BOOST_TEST_CONTEXT(bad) { BOOST_TEST(assign(two, bad) == SAEF_INVALID); }
  }
  BOOST_TEST(plugin.Check(one, "Cdev") == 2000);
  BOOST_TEST(plugin.Check(two, "Cdev") == 4106);
  BOOST_TEST(plugin.Check(two, "Cdev", SAEF_CREATE, 2) == 4106);
  BOOST_TEST(plugin.Check(SAEF_NO_ASSOCIATION, "Cdev", SAEF_CREATE, 2) == 4107);
  BOOST_TEST(Api().withdraw_ae_id(plugin.get(), "Cdev", 4) == SAEF_DONE);
  BOOST_TEST(Api().withdraw_ae_id(plugin.get(), "Cdev", 4) == SAEF_DONE);
  BOOST_TEST(plugin.Check(one, "Cdev") == 4106);
  BOOST_TEST(assign(two, "Cdev") == SAEF_DONE);
  BOOST_TEST(plugin.Check(two, "Cdev") == 2000);
}

BOOST_AUTO_TEST_CASE(a_cse_speaks_for_more_than_itself) {
  maf.Set("K1", {ResponseStatusCode::kOk, MakeAnswer("//sp.example.com/cse2", "CSE", "", 600)});
  const PluginUnderTest plugin(maf.port());
  BOOST_TEST(plugin.LookupWait(IdOf(1)) == SAEF_KEY);
  const saef_association association = plugin.Associate(IdOf(1));
  BOOST_TEST(plugin.Check(association, "/cse2") == 2000);
  BOOST_TEST(plugin.Check(association, "/cse2/Cx") == 2000);
  BOOST_TEST(plugin.Check(association, "/cse3") == 4106);
  BOOST_TEST(plugin.Check(association, "/cse2", SAEF_CREATE, 16) == 2000);
  BOOST_TEST(Api().assign_ae_id(plugin.get(), association, "Cdev", 4) == SAEF_DENIED);
}

BOOST_AUTO_TEST_CASE(require_always_and_watch) {
  PluginUnderTest always(maf.port(), {.require = "always"});
  always.Register("Creg");
  BOOST_TEST(always.Check(SAEF_NO_ASSOCIATION, "Creg") == 4107);
  BOOST_TEST(always.Check(SAEF_NO_ASSOCIATION, "", SAEF_CREATE, 2) == 4107);
  const PluginUnderTest watch(maf.port(), {.require = "watch"});
  BOOST_TEST(watch.Check(SAEF_NO_ASSOCIATION, "Cnobody") == 2000);
  BOOST_TEST(
      (watch.log().find("2 From \"Cnobody\" would be refused with 4106") != std::string::npos));
  BOOST_TEST(watch.Statistics().checks_refused == 1u);
}

BOOST_AUTO_TEST_CASE(associations_are_bounded) {
  maf.Set(kRelative, TestMaf::Key());
  const PluginUnderTest plugin(maf.port(), {.max_associations = 2});
  BOOST_TEST(plugin.LookupWait(kId) == SAEF_KEY);
  const saef_association one = plugin.Associate(kId);
  plugin.Associate(kId);
  plugin.Associate(kId, SAEF_E_LIMIT);
  Api().dissociate(plugin.get(), one);
  plugin.Associate(kId);
}

BOOST_AUTO_TEST_CASE(fetches_are_bounded) {
  const PluginUnderTest plugin(maf.port(), {.max_in_flight = 3});
  maf.Hold();
  Answers answers;
  for (int i = 0; i < 3; ++i) BOOST_TEST(answers.Ask(plugin, IdOf(i)) == SAEF_PENDING);
  BOOST_TEST(answers.Ask(plugin, IdOf(3)) == SAEF_UNAVAILABLE);
  maf.Release();
  BOOST_TEST(Eventually([&] { return answers.count == 3; }));
  BOOST_TEST(answers.last == SAEF_UNKNOWN);
}

BOOST_AUTO_TEST_CASE(cancelled_look_ups_are_not_called_back) {
  maf.Set(kRelative, TestMaf::Key());
  const PluginUnderTest plugin(maf.port());
  maf.Hold();
  Answers cancelled, kept;
  saef_ticket ticket = 0;
  BOOST_TEST(cancelled.Ask(plugin, kId, &ticket) == SAEF_PENDING);
  BOOST_TEST(kept.Ask(plugin, kId) == SAEF_PENDING);
  BOOST_TEST(Api().lookup_cancel(plugin.get(), ticket) == SAEF_DONE);
  BOOST_TEST(Api().lookup_cancel(plugin.get(), ticket) == SAEF_E_HANDLE);
  BOOST_TEST(Api().lookup_cancel(plugin.get(), 0) == SAEF_E_HANDLE);
  maf.Release();
  BOOST_TEST(Eventually([&] { return kept.count == 1; }));
  BOOST_TEST(cancelled.count == 0);
}

BOOST_AUTO_TEST_CASE(every_call_may_be_made_from_a_callback) {
  struct Within {
    const PluginUnderTest* plugin;
    std::atomic<int> wait{0}, lookup{0}, async{0};
    Answers answers{};
    static void Run(void* context, saef_ticket /*ticket*/, std::int32_t /*outcome*/) {
      auto* const within = static_cast<Within*>(context);
      within->lookup = within->plugin->Lookup(kId);
      within->async = within->answers.Ask(*within->plugin, IdOf(1));
      // It can't wait for itself, and says so at once.
      within->wait = within->plugin->LookupWait(IdOf(2), 60000);
    }
  };
  maf.Set(kRelative, TestMaf::Key());
  const PluginUnderTest plugin(maf.port());
  Within within{&plugin};
  saef_ticket ticket = 0;
  BOOST_TEST(Api().lookup_async(plugin.get(), Octets(kId).data(), kId.size(), Within::Run, &within,
                                &ticket) == SAEF_PENDING);
  BOOST_TEST(Eventually([&] { return within.answers.count == 1; }));
  BOOST_TEST(within.lookup == SAEF_KEY);
  BOOST_TEST(within.async == SAEF_PENDING);
  BOOST_TEST(within.wait == SAEF_UNAVAILABLE);
}

BOOST_AUTO_TEST_CASE(closing_takes_no_heed_of_the_maf) {
  for (const bool is_down : {false, true}) {
    maf.Hold();
    if (is_down) maf.Stop();
    PluginUnderTest plugin(maf.port(), {.timeout_ms = 60000});
    Answers answers;
    for (int i = 0; i < 20; ++i) {
      const std::int32_t asked = answers.Ask(plugin, IdOf(i));
      // One that is down may have been noticed already.
      BOOST_TEST((asked == SAEF_PENDING || (is_down && asked == SAEF_UNAVAILABLE)));
    }
    if (!is_down) BOOST_TEST(Eventually([&] { return !maf.requests().empty(); }));
    const auto start = SteadyClock::now();
    plugin.Close();
    BOOST_TEST((SteadyClock::now() - start < milliseconds(30000)));
    if (!is_down) BOOST_TEST(answers.count == 0);
  }
}

BOOST_AUTO_TEST_CASE(the_statistics_add_up) {
  maf.Set("K1", TestMaf::Key());
  maf.Set("K2", {ResponseStatusCode::kOriginatorHasNoPrivilege, ""});
  maf.Set("K3", {ResponseStatusCode::kInternalServerError, ""});
  const PluginUnderTest plugin(maf.port());
  for (int round = 0; round < 3; ++round) {
    for (int i = 1; i <= 4; ++i) plugin.LookupWait(IdOf(i));
    plugin.LookupWait("device7");
    plugin.LookupWait("");
  }
  BOOST_TEST(Eventually([&] { return plugin.Statistics().fetches_in_flight == 0; }));
  const saef_statistics s = plugin.Statistics();
  BOOST_TEST(s.lookups == 18u);
  BOOST_TEST(s.hits == 3u);
  BOOST_TEST(s.not_mine == 3u);
  BOOST_TEST(s.invalid == 3u);
  BOOST_TEST(s.refusals_remembered == 6u);
  BOOST_TEST(s.fetches == 4u);
  BOOST_TEST(s.fetches_key == 1u);
  BOOST_TEST(s.fetches_unknown == 1u);
  BOOST_TEST(s.fetches_denied == 1u);
  BOOST_TEST(s.fetches_unavailable == 1u);
  BOOST_TEST(s.misses == 4u);
  BOOST_TEST(s.lookups_pending == 0u);  // each waited for its answer
  BOOST_TEST(s.lookups_unknown == 3u);
  BOOST_TEST(s.lookups_denied == 3u);
  BOOST_TEST(s.lookups_unavailable == 3u);
  BOOST_TEST(s.fetches_denied_not_for_us == 1u);
  BOOST_TEST(s.fetches_failed_at_maf == 1u);
  BOOST_TEST(s.refusals_kept == 3u);
  BOOST_TEST(s.issuers == 1u);
  BOOST_TEST(s.issuers_left_alone == 0u);
  BOOST_TEST(s.waiters == 0u);
  BOOST_TEST(s.keys_cached == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
