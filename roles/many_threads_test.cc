// SPDX-License-Identifier: GPL-3.0-or-later
//
// A MAF that serves with several threads: many clients at once, over CoAP and HTTP. What a source
// has removed nobody gets any more, whichever thread asks, and each request is counted once.
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "roles/statistics/scrape.h"
#include "roles/testing.h"

namespace saef::roles {
namespace {

using onem2m::Operation;
using testing::House;

constexpr int kSources = 6;
constexpr int kKeys = 12;  // of each source

// What one source did, and how often the MAF didn't answer as it had to.
struct Source {
  std::unique_ptr<bindings::Client> own;
  std::unique_ptr<bindings::Client> target;
  int wrong = 0;

  int Ask(bindings::Client& client, onem2m::RequestPrimitive request, std::string* content) {
    const auto answer = client.SendAndWait(std::move(request), testing::kPatience);
    if (!answer) return 0;
    if (content != nullptr) *content = answer->content;
    return onem2m::Number(answer->status);
  }
  void Expect(bool right) { wrong += right ? 0 : 1; }

  void Run() {
    for (int i = 0; i < kKeys; ++i) {
      onem2m::RequestPrimitive registration;
      registration.operation = Operation::kCreate;
      registration.to = "kr";
      registration.request_identifier = "r";
      registration.resource_type = onem2m::maf::kKeyResourceType;
      registration.content = R"({"suid":32,"targetIDs":["//sp.example.com/cse1"],)"
                             R"("keyValue":"VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVU="})";
      std::string content;
      Expect(Ask(*own, registration, &content) == 2001);
      const auto registered = onem2m::maf::ParseKeyRegistrationResponse(content);
      Expect(registered.has_value());
      if (!registered) continue;
      const std::string kc_id = registered->relative_key_id + "@maf.example.com";
      Expect(Ask(*target, House::Retrieval(kc_id), nullptr) == 2000);
      auto removal = House::Retrieval(kc_id);
      removal.operation = Operation::kDelete;
      removal.query.clear();
      if (i % 2 != 0) continue;
      Expect(Ask(*own, removal, nullptr) == 2002);
      Expect(Ask(*target, House::Retrieval(kc_id), nullptr) == 4004);
    }
  }
};

BOOST_AUTO_TEST_SUITE(many_threads)

BOOST_FIXTURE_TEST_CASE(a_maf_serves_with_several, House) {
  StartMaf(R"("threads": 4, "statistics": {"port": 0},)");
  std::vector<Source> sources(kSources);
  for (std::size_t i = 0; i < kSources; ++i) {
    // Their own sessions, so that different threads serve them.
    sources[i].own = MafClient("ae1", i % 2);
    sources[i].target = MafClient("cse1", i / 2 % 2);
  }
  std::vector<std::thread> threads;
  for (Source& source : sources) threads.emplace_back([&source] { source.Run(); });
  for (std::thread& thread : threads) thread.join();
  for (const Source& source : sources) BOOST_TEST(source.wrong == 0);
  const std::string text = statistics::Scrape(maf->statistics_uri());
  const auto number = [&](const std::string& series) { return statistics::ValueIn(text, series); };
  BOOST_TEST(number(R"(saef_maf_registrations_total{outcome="created"})") == kSources * kKeys);
  BOOST_TEST(number(R"(saef_maf_retrievals_total{outcome="ok"})") == kSources * kKeys);
  BOOST_TEST(number(R"(saef_maf_retrievals_total{outcome="not_found"})") == kSources * kKeys / 2);
  BOOST_TEST(number(R"(saef_maf_deregistrations_total{outcome="deleted"})") ==
             kSources * kKeys / 2);
  BOOST_TEST(number("saef_maf_keys") == kSources * kKeys / 2);
}

BOOST_FIXTURE_TEST_CASE(a_maf_has_room_for_no_more_than_it_is_told, House) {
  StartMaf(
      R"("limits": {"maxSessions": 4, "maxSessionsPerSource": 1}, "statistics": {"port": 0},)");
  for (const std::size_t listener : {0, 1}) {
    const std::string refused = std::string("saef_server_refused_total{binding=\"") +
                                (listener == 0 ? "coap" : "http") + "\",reason=\"source_bound\"}";
    const auto first = MafClient("cse1", listener);
    BOOST_REQUIRE(first->Connect().has_value());
    BOOST_TEST(statistics::ValueIn(statistics::Scrape(maf->statistics_uri()), refused) == 0);
    const auto second = MafClient("ae1", listener);
    BOOST_TEST(!second->Connect().has_value());
    BOOST_TEST(statistics::ValueIn(statistics::Scrape(maf->statistics_uri()), refused) >= 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::roles
