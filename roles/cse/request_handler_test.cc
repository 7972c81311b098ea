// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/request_handler.h"

#include <boost/test/unit_test.hpp>

#include "roles/cse/fake_plugin.h"
#include "roles/cse/test_requests.h"

namespace saef::cse {
namespace {

using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;

class FakeSession : public bindings::Session {
 public:
  explicit FakeSession(saef_association association) : association_(association) {}
  bool secure() const override { return association_ != SAEF_NO_ASSOCIATION; }
  std::string psk_identity() const override { return {}; }
  saef_association association() const override { return association_; }
  bindings::Result<onem2m::Secret> ExportKeyingMaterial(std::string_view, std::size_t) override {
    return bindings::Error::kNotEstablished;
  }
  void EndAfterResponse() override {}
  std::string peer() const override { return "test"; }

 private:
  const saef_association association_;
};

struct HandlerFixture {
  onem2m::Time now = onem2m::Now();
  test::FakePlugin plugin;
  ResourceService service{test::Self(), "base", Limits{}, [this] { return now; }};
  RequestHandler handler{test::Self(), OriginatorCheck(plugin.api(), plugin.instance()), service,
                         [](bindings::LogLevel, std::string_view) {}};

  ResponsePrimitive Ask(RequestPrimitive request, saef_association association = 0) {
    ResponsePrimitive answer;
    int answers = 0;
    handler.Handle(std::move(request), std::make_shared<FakeSession>(association),
                   [&](ResponsePrimitive response) {
                     answer = std::move(response);
                     ++answers;
                   });
    BOOST_TEST(answers == 1);
    return answer;
  }
  int Status(RequestPrimitive request, saef_association association = 0) {
    return onem2m::Number(Ask(std::move(request), association).status);
  }
};

BOOST_FIXTURE_TEST_SUITE(request_handler, HandlerFixture)

BOOST_AUTO_TEST_CASE(the_originator_check_comes_before_everything) {
  plugin.check = [](saef_association, const saef_request&) { return 4106; };
  auto request = test::Create("nowhere/at/all", "Cx", 99, "not JSON", {{"nonsense", "1"}});
  request.request_identifier.clear();
  request.content_format = onem2m::ContentFormat::kCbor;
  const ResponsePrimitive response = Ask(request);
  BOOST_TEST(onem2m::Number(response.status) == 4106);
  BOOST_TEST(!test::TextMember(response.content, "m2m:dbg").empty());
  BOOST_TEST(service.resources() == 1U);
}

BOOST_AUTO_TEST_CASE(every_operation_is_checked) {
  int checks = 0;
  plugin.check = [&](saef_association, const saef_request&) {
    ++checks;
    return 4107;
  };
  for (int operation = 1; operation <= 5; ++operation) {
    BOOST_TEST(Status(test::Request(static_cast<onem2m::Operation>(operation), "base", "Cx")) ==
               4107);
  }
  BOOST_TEST(checks == 5);
}

BOOST_AUTO_TEST_CASE(a_failing_plugin_is_5000) {
  plugin.check = [](saef_association, const saef_request&) { return SAEF_E_INTERNAL; };
  BOOST_TEST(Status(test::Retrieve("base", "Cx")) == 5000);
}

BOOST_AUTO_TEST_CASE(what_every_request_needs) {
  auto no_identifier = test::Retrieve("base", "Cx");
  no_identifier.request_identifier.clear();
  BOOST_TEST(Status(no_identifier) == 4000);
  BOOST_TEST(Status(test::Retrieve("base", std::nullopt)) == 4000);
  BOOST_TEST(Status(test::Retrieve("base", "")) == 4000);
  BOOST_TEST(Status(test::Create("base", std::nullopt, 2, test::kAe)) == 2001);
  BOOST_TEST(Status(test::Create("base", std::nullopt, 3, R"({"m2m:cnt":{}})")) == 4000);

  const std::pair<std::string, int> expirations[] = {
      {"20990101T000000", 2000},
      {"19990101T000000", 4008},
      {"1000", 2000},
      {"0", 2000},
      {"soon", 4000},
      {"", 4000},
      {"-5", 4000},
  };
  for (const auto& [text, status] : expirations) {
    auto request = test::Retrieve("base", "Cx");
    request.request_expiration = text;
    BOOST_TEST(Status(request) == status, text);
  }
}

BOOST_AUTO_TEST_CASE(an_assigned_ae_id_is_told_to_the_plugin_and_taken_back) {
  plugin.Know(5, SAEF_ENTITY_UNRESOLVED, "", "11-ae1@maf.example.com");
  const ResponsePrimitive created = Ask(test::Create("base", "Cmine", 2, test::kAe), 5);
  BOOST_TEST(onem2m::Number(created.status) == 2001);
  BOOST_REQUIRE(plugin.assigned.size() == 1U);
  BOOST_TEST(plugin.assigned[0].first == 5U);
  BOOST_TEST(plugin.assigned[0].second == "//sp.example.com/cse1/Cmine");
  BOOST_TEST(Status(test::Delete("Cmine", "Cmine"), 5) == 2002);
  BOOST_REQUIRE(plugin.withdrawn.size() == 1U);
  BOOST_TEST(plugin.withdrawn[0] == "Cmine");
  // And once the plugin knows, the identifier is free again.
  BOOST_TEST(Status(test::Create("base", "Cmine", 2, test::kAe), 5) == 2001);
}

BOOST_AUTO_TEST_CASE(a_registration_in_the_clear_is_nothing_to_the_plugin) {
  BOOST_TEST(Status(test::Create("base", "Cmine", 2, test::kAe)) == 2001);
  BOOST_TEST(plugin.assigned.empty());
}

BOOST_AUTO_TEST_CASE(a_registration_that_the_plugin_refuses_is_undone) {
  plugin.Know(5, SAEF_ENTITY_UNRESOLVED, "", "11-ae1@maf.example.com");
  plugin.assign_result = SAEF_DENIED;
  BOOST_TEST(Status(test::Create("base", "Cmine", 2, test::kAe), 5) == 4117);
  BOOST_TEST(!service.IsRegisteredAe("Cmine"));
  BOOST_TEST(service.resources() == 1U);
}

BOOST_AUTO_TEST_CASE(an_expired_registration_is_withdrawn) {
  plugin.Know(5, SAEF_ENTITY_UNRESOLVED, "", "11-ae1@maf.example.com");
  const std::string until = onem2m::FormatTimestamp(now + std::chrono::seconds(10));
  BOOST_TEST(Status(test::Create("base", "Cmine", 2,
                                 R"({"m2m:ae":{"api":"N1","rr":true,"et":")" + until + "\"}}"),
                    5) == 2001);
  BOOST_TEST(service.IsRegisteredAe("Cmine"));
  now += std::chrono::seconds(10);
  BOOST_TEST(!service.IsRegisteredAe("Cmine"));
  service.Sweep();
  handler.WithdrawRemoved();
  BOOST_REQUIRE(plugin.withdrawn.size() == 1U);
  BOOST_TEST(plugin.withdrawn[0] == "Cmine");
}

BOOST_AUTO_TEST_CASE(the_plugin_may_ask_within_its_own_call) {
  BOOST_TEST(Status(test::Create("base", "Cmine", 2, test::kAe)) == 2001);
  bool registered = false;
  plugin.check = [&](saef_association, const saef_request&) {
    registered = service.IsRegisteredAe("Cmine");
    return 2000;
  };
  BOOST_TEST(Status(test::Retrieve("Cmine", "Cmine")) == 2000);
  BOOST_TEST(registered);
}

BOOST_AUTO_TEST_CASE(the_answer_carries_the_request_identifier) {
  auto request = test::Retrieve("base", "Cx");
  request.request_identifier = "id-42";
  request.release_version = "3";
  const ResponsePrimitive response = Ask(request);
  BOOST_TEST(response.request_identifier == "id-42");
  BOOST_TEST(response.release_version.value_or("") == "3");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
