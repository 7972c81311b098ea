// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/originator_check.h"

#include <boost/test/unit_test.hpp>

#include "roles/cse/fake_plugin.h"
#include "roles/cse/test_requests.h"

namespace saef::cse {
namespace {

BOOST_AUTO_TEST_SUITE(originator_check)

BOOST_AUTO_TEST_CASE(only_2000_lets_a_request_pass) {
  const std::pair<int32_t, int> cases[] = {
      {2000, 0},    {4000, 4000},          {4106, 4106},
      {4107, 4107}, {SAEF_DONE, 5000},     {SAEF_YES, 5000},
      {0, 5000},    {SAEF_E_HANDLE, 5000}, {SAEF_E_INTERNAL, 5000},
      {2001, 5000}, {4103, 5000},          {4126, 4126},
      {4128, 4128},
  };
  for (const auto& [code, status] : cases) {
    test::FakePlugin plugin;
    plugin.check = [code = code](saef_association, const saef_request&) { return code; };
    const OriginatorCheck check(plugin.api(), plugin.instance());
    const auto peer = check.Admit(test::Retrieve("base", "Cx"), SAEF_NO_ASSOCIATION);
    BOOST_TEST((peer ? 0 : onem2m::Number(peer.error().status)) == status, code);
    BOOST_TEST((peer || !peer.error().text.empty()));
  }
}

BOOST_AUTO_TEST_CASE(the_plugin_is_asked_about_the_request_as_it_came) {
  test::FakePlugin plugin;
  saef_request seen = {};
  std::string from;
  std::string app_id;
  saef_association asked = 0;
  plugin.check = [&](saef_association association, const saef_request& request) {
    asked = association;
    seen = request;
    from = request.originator == nullptr
               ? "(null)"
               : std::string(request.originator, request.originator_length);
    app_id =
        request.app_id == nullptr ? "(null)" : std::string(request.app_id, request.app_id_length);
    return 2000;
  };
  plugin.Know(7, SAEF_ENTITY_AE, "//sp.example.com/cse1/Cx", "11-x@maf.example.com");
  const OriginatorCheck check(plugin.api(), plugin.instance());

  BOOST_TEST(check.Admit(test::Create("base", "Cx", 2, test::kAe), 7).has_value());
  BOOST_TEST(asked == 7U);
  BOOST_TEST(seen.size == sizeof(saef_request));
  BOOST_TEST(seen.operation == SAEF_CREATE);
  BOOST_TEST(seen.resource_type == 2);
  BOOST_TEST(from == "Cx");
  BOOST_TEST(app_id == "N.org.test");
  BOOST_TEST(check.Admit(test::Create("base", "Cx", 3, test::kAe), 7).has_value());
  BOOST_TEST(app_id == "(null)");
  for (const char* content : {"{", "[]", "{}", R"({"m2m:ae":{"api":1}})", R"({"m2m:ae":[]})"}) {
    BOOST_TEST(check.Admit(test::Create("base", "Cx", 2, content), 7).has_value());
    BOOST_TEST(app_id == "(null)", content);
  }

  auto retrieve = test::Retrieve("base", std::nullopt);
  retrieve.resource_type = 2;  // of no meaning outside a CREATE
  BOOST_TEST(check.Admit(retrieve, SAEF_NO_ASSOCIATION).has_value());
  BOOST_TEST(seen.operation == SAEF_RETRIEVE);
  BOOST_TEST(seen.resource_type == 0);
  BOOST_TEST(from == "(null)");
}

BOOST_AUTO_TEST_CASE(the_peer_is_whom_the_plugin_describes) {
  test::FakePlugin plugin;
  plugin.Know(1, SAEF_ENTITY_AE, "//sp.example.com/Sx", "11-x@maf.example.com");
  plugin.Know(2, SAEF_ENTITY_CSE, "//sp.example.com/cse2", "11-c@maf.example.com");
  plugin.Know(3, SAEF_ENTITY_UNRESOLVED, "", "11-u@maf.example.com");
  plugin.Know(4, SAEF_ENTITY_AE, std::string(3000, 'e'), std::string(4000, 'c'));
  plugin.Know(5, SAEF_ENTITY_AE, "//sp.example.com/Sx", "11-x@maf.example.com");
  plugin.ended.insert(5);
  const std::string many = "//sp.example.com/S" + std::string(600, 'x');
  plugin.Know(7, SAEF_ENTITY_AE_LIST, "", "31-device", "//sp.example.com/cse1/Ca\n" + many);
  const OriginatorCheck check(plugin.api(), plugin.instance());
  const auto peer = [&](saef_association association) {
    return check.Admit(test::Retrieve("base", "Cx"), association);
  };

  BOOST_TEST((peer(SAEF_NO_ASSOCIATION)->kind == PeerKind::kNone));
  BOOST_TEST((peer(1)->kind == PeerKind::kAe));
  BOOST_TEST(peer(1)->entity_id == "//sp.example.com/Sx");
  BOOST_TEST((peer(2)->kind == PeerKind::kCse));
  BOOST_TEST((peer(3)->kind == PeerKind::kUnresolved));
  BOOST_TEST(peer(3)->credential_id == "11-u@maf.example.com");
  BOOST_TEST(peer(4)->entity_id.size() == 3000U);
  BOOST_TEST(peer(4)->credential_id.size() == 4000U);
  BOOST_TEST((peer(5)->kind == PeerKind::kNone));
  BOOST_TEST(onem2m::Number(peer(6).error().status) == 5000);  // unknown to the plugin
  BOOST_TEST((peer(7)->kind == PeerKind::kAeList));
  BOOST_TEST((peer(7)->allowed_ids == std::vector<std::string>{"//sp.example.com/cse1/Ca", many}));
}

BOOST_AUTO_TEST_CASE(without_a_plugin_nobody_is_asked) {
  const OriginatorCheck check(nullptr, nullptr);
  BOOST_TEST((check.Admit(test::Retrieve("base", "Cx"), 0)->kind == PeerKind::kNone));
  BOOST_TEST((!check.Assign(1, "//sp.example.com/cse1/Cx")));
  check.Withdraw({"Cx"});
}

BOOST_AUTO_TEST_CASE(an_assignment_that_the_plugin_refuses_is_refused) {
  const std::pair<int32_t, int> cases[] = {{SAEF_DONE, 0},        {SAEF_DENIED, 4117},
                                           {SAEF_E_HANDLE, 4107}, {SAEF_INVALID, 5000},
                                           {SAEF_E_LIMIT, 5000},  {0, 5000}};
  for (const auto& [result, status] : cases) {
    test::FakePlugin plugin;
    plugin.assign_result = result;
    const OriginatorCheck check(plugin.api(), plugin.instance());
    const auto refusal = check.Assign(1, "//sp.example.com/cse1/Cx");
    BOOST_TEST((refusal ? onem2m::Number(refusal->status) : 0) == status, result);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
