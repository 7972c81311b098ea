// SPDX-License-Identifier: GPL-3.0-or-later
//
// What MAF and CSE tell Prometheus during traffic over both bindings: a hit, a miss, each refusal.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <thread>

#include "roles/cse/test_requests.h"
#include "roles/statistics/scrape.h"
#include "roles/statistics/text_format_check.h"
#include "tests/interop/parties.h"

namespace saef::interop_test {
namespace {

using cse::test::Create;
using cse::test::Retrieve;
using statistics::Scrape;
using statistics::ValueIn;

const std::string kOn = R"(,"statistics":{"port":0})";

// How much each series has grown since the last look.
class Watch {
 public:
  explicit Watch(std::string uri) : uri_(std::move(uri)), before_(Scrape(uri_)) {}
  double Grown(const std::string& series) const {
    const double before = ValueIn(before_, series);
    return ValueIn(now_, series) - std::max(before, 0.0);
  }
  double Now(const std::string& series) const { return ValueIn(now_, series); }
  void Look() { now_ = Scrape(uri_); }
  void Begin() { before_ = Scrape(uri_); }

 private:
  const std::string uri_;
  std::string before_, now_;
};

std::string LookUp(const std::string& outcome) {
  return "saef_plugin_lookups_total{outcome=\"" + outcome + "\"}";
}
std::string With(const std::string& name, const std::string& label, const std::string& value) {
  return name + "{" + label + "=\"" + value + "\"}";
}

std::ptrdiff_t EntriesOf(const char* folder) {
  const std::filesystem::directory_iterator entries(folder);
  return std::distance(begin(entries), end(entries));
}

BOOST_AUTO_TEST_SUITE(statistics_scrape)

BOOST_AUTO_TEST_CASE(hits_misses_and_requests_are_told) {
  Parties parties({.maf_more = kOn, .cse_more = kOn});
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      const std::string binding = std::string(scheme) == "coaps" ? "coap" : "http";
      Watch cse(parties.cse().statistics_uri());
      Watch maf(parties.maf().statistics_uri());
      const Key key = parties.Register();
      const auto first = parties.Open(scheme, &key);
      BOOST_TEST(Ask(*first, Retrieve("base", "Cother")) == 4106);
      const auto second = parties.Open(scheme, &key);
      BOOST_TEST(Ask(*second, Retrieve("base", "Cae1")) != 0);
      cse.Look();
      maf.Look();
      BOOST_TEST(cse.Grown("saef_plugin_lookup_misses_total") == 1);
      BOOST_TEST(cse.Grown(LookUp("pending")) == 1);
      BOOST_TEST(cse.Grown(LookUp("hit")) >= 2);
      BOOST_TEST(cse.Grown(With("saef_plugin_key_retrievals_total", "outcome", "key")) == 1);
      BOOST_TEST(cse.Grown("saef_plugin_key_retrieval_seconds_count") == 1);
      BOOST_TEST(cse.Grown(With("saef_plugin_key_retrieval_seconds_bucket", "le", "+Inf")) == 1);
      BOOST_TEST(cse.Grown("saef_plugin_originator_checks_refused_total") >= 1);
      BOOST_TEST(cse.Grown(With("saef_server_requests_total", "binding", binding)) == 2);
      BOOST_TEST(cse.Now(With("saef_server_sessions", "binding", binding)) == 2);
      BOOST_TEST(maf.Grown(With("saef_maf_registrations_total", "outcome", "created")) == 1);
      BOOST_TEST(maf.Grown(With("saef_maf_retrievals_total", "outcome", "ok")) == 1);
      BOOST_TEST(maf.Grown("saef_maf_keys") == 1);
      BOOST_TEST(maf.Grown("saef_maf_transactions_total") >= 1);
      BOOST_TEST(maf.Grown("saef_maf_request_seconds_count") == 2);
      BOOST_TEST(maf.Now(With("saef_server_sessions", "binding", "coap")) >= 1);
      BOOST_TEST(parties.Deregister(key) == 2002);
      maf.Look();
      BOOST_TEST(maf.Grown(With("saef_maf_deregistrations_total", "outcome", "deleted")) == 1);
      BOOST_TEST(maf.Grown("saef_maf_keys") == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_refusal_is_told_with_its_reason) {
  // Observing, an answer that is refused costs one question more.
  Parties parties({.maf_more = kOn, .plugin_more = R"(,"observe":false)", .cse_more = kOn});
  const Key good = parties.Register();
  int number = 0;
  for (const char* scheme : kSecureSchemes) {
    // Others over each binding, since refusals are remembered.
    const std::string unknown = "0123456789ABCDEF0123456789ABCDE" + std::to_string(++number);
    const struct {
      std::string identity, look_up, retrieval, denied;
    } kCases[] = {
        {unknown + "@maf.example.com", "unknown", "unknown", ""},
        {parties.Register({.target = kCse3}).kc_id, "denied", "denied", "not_for_us"},
        {"0123456789ABCDEF0123456789ABCDEF@other.example.com", "not_mine", "", ""},
        {"ae1", "not_mine", "", ""},
        {"a b@maf.example.com", "invalid", "", ""},
    };
    for (const auto& test : kCases) {
      BOOST_TEST_CONTEXT(scheme << " " << test.identity) {
        Watch cse(parties.cse().statistics_uri());
        BOOST_TEST(parties.OpenAs(scheme, test.identity, good.kc)->Connect().has_error());
        cse.Look();
        if (!test.retrieval.empty()) {
          BOOST_TEST(cse.Grown(LookUp("pending")) >= 1);
          BOOST_TEST(
              cse.Grown(With("saef_plugin_key_retrievals_total", "outcome", test.retrieval)) == 1);
        }
        if (!test.denied.empty()) {
          BOOST_TEST(cse.Grown(With("saef_plugin_key_retrievals_denied_total", "reason",
                                    test.denied)) == 1);
        }
        cse.Begin();
        BOOST_TEST(parties.OpenAs(scheme, test.identity, good.kc)->Connect().has_error());
        cse.Look();
        BOOST_TEST(cse.Grown(LookUp(test.look_up)) >= 1);
        BOOST_TEST((cse.Grown("saef_plugin_refusals_remembered_total") >= 1) ==
                   !test.retrieval.empty());
        BOOST_TEST(cse.Grown(LookUp("hit")) == 0);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_maf_that_is_gone_is_told) {
  Parties parties({.plugin_more = R"(,"fetch":{"timeoutMs":2000})", .cse_more = kOn});
  const Key key = parties.Register();
  parties.StopMaf();
  Watch cse(parties.cse().statistics_uri());
  BOOST_TEST(parties.Open("coaps", &key)->Connect().has_error());
  cse.Look();
  BOOST_TEST(
      cse.Grown(With("saef_plugin_key_retrievals_unavailable_total", "reason", "unreachable")) +
          cse.Grown(With("saef_plugin_key_retrievals_unavailable_total", "reason", "timeout")) ==
      1);
  BOOST_TEST(cse.Now("saef_plugin_issuers") == 1);
}

BOOST_AUTO_TEST_CASE(all_of_it_is_well_formed_and_holds_no_identity) {
  Parties parties({.maf_more = kOn, .cse_more = kOn});
  const Key key = parties.Register();
  const auto client = parties.Open("coaps", &key);
  BOOST_TEST(Ask(*client, Create("base", "Cae1", 2,
                                 R"({"m2m:ae":{"api":"Nsaef.test","rr":false,"srv":["3"]}})")) ==
             2001);
  for (const std::string& uri : {parties.cse().statistics_uri(), parties.maf().statistics_uri()}) {
    const std::string text = Scrape(uri);
    BOOST_TEST(statistics::FaultOfText(text) == "", text);
    BOOST_TEST(text.find("saef_build_info{party=\"") != std::string::npos);
    for (const std::string& told :
         {key.kc_id.substr(0, 32), key.hex(), std::string("maf.example.com"), std::string("Cae1"),
          std::string("cse1")}) {
      BOOST_TEST(text.find(told) == std::string::npos, told << " is in\n" << text);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_keeps_from_starting) {
  Parties parties({.cse_more = kOn});
  const auto taken = bindings::Uri::Parse(parties.cse().statistics_uri());
  const std::string same = R"(,"statistics":{"port":)" + std::to_string(taken->port) + "}";
  const auto says_so = [](const std::runtime_error& error) {
    return std::string(error.what()).find("choose another port in /statistics") !=
           std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(Parties({.cse_more = same}), std::runtime_error, says_so);
  BOOST_CHECK_EXCEPTION(Parties({.maf_more = same}), std::runtime_error, says_so);
}

BOOST_AUTO_TEST_CASE(is_off_unless_configured_and_leaves_nothing) {
  {
    Parties parties;
    BOOST_TEST(parties.cse().statistics_uri() == "");
    BOOST_TEST(parties.maf().statistics_uri() == "");
  }
  const auto descriptors = EntriesOf("/proc/self/fd");
  const auto threads = EntriesOf("/proc/self/task");
  {
    Parties parties({.maf_more = kOn, .cse_more = kOn});
    Scrape(parties.cse().statistics_uri());
    Scrape(parties.maf().statistics_uri());
  }
  BOOST_TEST(Eventually([&] { return EntriesOf("/proc/self/fd") == descriptors; }));
  BOOST_TEST(Eventually([&] { return EntriesOf("/proc/self/task") == threads; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
