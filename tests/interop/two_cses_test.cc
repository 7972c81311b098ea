// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two CSEs with saef.so and a MAF: the entity pairs of the specification's introduction, each hop
// secured and checked.
#include "tests/interop/two_cses.h"

#include <boost/test/unit_test.hpp>

#include "roles/cse/test_requests.h"

namespace saef::interop_test {
namespace {

using cse::test::Create;
using cse::test::Delete;
using cse::test::kAe;
using cse::test::Member;
using cse::test::Retrieve;
using cse::test::TextMember;
using cse::test::Update;

constexpr const char* kContainer = R"({"m2m:cnt":{"rn":"d"}})";

BOOST_AUTO_TEST_SUITE(two_cses)

BOOST_AUTO_TEST_CASE(a_cse_registers_with_another_and_requests_go_both_ways) {
  for (const char* scheme : {"coaps", "https"}) {
    BOOST_TEST_CONTEXT(scheme) {
      TwoCses cses({.link_scheme = scheme});
      cses.WaitForRegistration();
      const auto ain = cses.Entity("ain", "in", scheme);
      const auto amn = cses.Entity("amn", "mn", scheme);
      BOOST_TEST(Status(*ain, Create("base", "Cain", 2, kAe)) == 2001);
      BOOST_TEST(Status(*amn, Create("base", "Camn", 2, kAe)) == 2001);

      // AE of MN -> MN -> IN: the Registree is the originator of the hop.
      onem2m::ResponsePrimitive response;
      BOOST_TEST(Status(*amn, Retrieve("/in", "Camn"), &response) == 2000);
      BOOST_TEST(TextMember(response.content, "m2m:cb/csi") == "/in");
      BOOST_TEST(Status(*amn, Retrieve("//sp.example.com/in/base", "Camn")) == 2000);
      BOOST_TEST(Status(*amn, Create("/in/base/mn", "Camn", 3, kContainer), &response) == 2001);
      BOOST_TEST(response.location.value_or("") == "/in/base/mn/d");
      BOOST_TEST(Status(*amn, Create("/in/base/mn/d", "Camn", 4, R"({"m2m:cin":{"con":"7"}})")) ==
                 2001);
      BOOST_TEST(Status(*amn, Retrieve("/in/base/mn/d/la", "Camn"), &response) == 2000);
      BOOST_TEST(TextMember(response.content, "m2m:cin/con") == "7");
      BOOST_TEST(Status(*amn, Update("/in/base/mn/d", "Camn", R"({"m2m:cnt":{"mni":3}})")) == 2004);
      BOOST_TEST(Status(*amn, Delete("/in/base/mn/d", "Camn")) == 2002);
      BOOST_TEST(Status(*amn, Retrieve("/in/base/nothing", "Camn")) == 4004);
      BOOST_TEST(Status(*amn, Retrieve("/in/base/Cain", "Camn")) == 4103);

      // AE of IN -> IN -> MN: the Registrar is the originator of the hop, through an association
      // of its own.
      BOOST_TEST(Status(*ain, Retrieve("/mn/base", "Cain"), &response) == 2000);
      BOOST_TEST(TextMember(response.content, "m2m:cb/csi") == "/mn");
      BOOST_TEST(Status(*ain, Retrieve("/mn/base/Camn", "Cain")) == 4103);

      // Where nobody knows the target.
      BOOST_TEST(Status(*ain, Retrieve("/nowhere/x", "Cain")) == 4004);
      BOOST_TEST(Status(*amn, Retrieve("/nowhere/x", "Camn")) == 4004);
      BOOST_TEST(Status(*amn, Create("/in", "Camn", 2, kAe)) == 4000);
    }
  }
}

// spec/facts.md 4, the rows of a CSE's association; here IN is Entity B and mn2 the liar.
BOOST_AUTO_TEST_CASE(a_forged_from_ends_at_the_next_hop) {
  TwoCses cses;
  cses.WaitForRegistration();
  const auto mn2 = cses.Entity("mn2", "in");
  const auto ain = cses.Entity("ain", "in");
  BOOST_TEST(Status(*ain, Create("base", "Cain", 2, kAe)) == 2001);
  BOOST_TEST(Status(*mn2, Create("base", "/mn2", 16,
                                 R"({"m2m:csr":{"csi":"/mn2","cb":"/mn2/b","rr":true}})")) == 2001);
  for (const char* to : {"base", "/mn/base"}) {
    BOOST_TEST_CONTEXT(to) {
      const std::pair<const char*, int> cases[] = {
          {"/mn2", 2000},
          {"/mn2/Cx", 2000},
          {"//sp.example.com/mn2/Cx", 2000},
          {"/below/Cx", 2000},                 // an AE of a CSE that is registered with mn2
          {"/mn", 4106},                       // another registree
          {"//sp.example.com/mn", 4106},       // the same
          {"/mn/Camn", 4106},                  // an AE of another registree
          {"//sp.example.com/mn/Camn", 4106},  // the same
          {"Cain", 4106},                      // an AE of IN's
          {"Cother", 4106},
          {"/in", 4106},  // IN itself
      };
      for (const auto& [from, status] : cases) {
        BOOST_TEST(Status(*mn2, Retrieve(to, from)) == status, from);
      }
      BOOST_TEST(Status(*mn2, Create(to, "Cnew", 2, kAe)) == 4106);
    }
  }
  // What comes back to where it began, or says so, doesn't go on.
  BOOST_TEST(Status(*mn2, Retrieve("/mn/base", "/in/Cain")) == 4106);
  BOOST_TEST(Status(*mn2, Retrieve("/mn2/base", "/mn2/Cx")) == 4004);
}

BOOST_AUTO_TEST_CASE(an_ae_that_lies_to_its_registrar_gets_no_further) {
  TwoCses cses;
  cses.WaitForRegistration();
  const auto amn = cses.Entity("amn", "mn");
  BOOST_TEST(Status(*amn, Retrieve("/in", "Camn")) == 4103);  // not registered
  BOOST_TEST(Status(*amn, Create("base", "Camn", 2, kAe)) == 2001);
  BOOST_TEST(Status(*amn, Retrieve("/in", "Cother")) == 4106);
  BOOST_TEST(Status(*amn, Retrieve("/in", "/mn/Camn")) == 4000);
  BOOST_TEST(Status(*amn, Retrieve("/in", "/mn")) == 4000);
  BOOST_TEST(Status(*amn, Retrieve("/in", "Camn")) == 2000);
}

BOOST_AUTO_TEST_CASE(the_link_outlives_its_key) {
  TwoCses cses({.link_key_seconds = 3});
  cses.WaitForRegistration();
  const auto amn = cses.Entity("amn", "mn");
  const auto ain = cses.Entity("ain", "in");
  BOOST_TEST(Status(*amn, Create("base", "Camn", 2, kAe)) == 2001);
  BOOST_TEST(Status(*ain, Create("base", "Cain", 2, kAe)) == 2001);
  const auto begin = onem2m::Now();
  int answers = 0;
  // Over three lives of a key, both ways.
  while (onem2m::Now() < begin + std::chrono::seconds(9)) {
    BOOST_TEST(Eventually([&] { return Status(*amn, Retrieve("/in", "Camn")) == 2000; }));
    BOOST_TEST(Eventually([&] { return Status(*ain, Retrieve("/mn", "Cain")) == 2000; }));
    ++answers;
  }
  BOOST_TEST(answers > 0);
  BOOST_TEST(cses.mn().registered());
  // MN's own entry and the AE's: it wasn't registered a second time.
  BOOST_TEST(cses.in().resources() == 3U);
}

BOOST_AUTO_TEST_CASE(the_link_comes_back_when_the_registrar_does) {
  TwoCses cses;
  cses.WaitForRegistration();
  const auto amn = cses.Entity("amn", "mn");
  BOOST_TEST(Status(*amn, Create("base", "Camn", 2, kAe)) == 2001);
  BOOST_TEST(Status(*amn, Retrieve("/in", "Camn")) == 2000);
  cses.StopIn();
  BOOST_TEST(Status(*amn, Retrieve("/in", "Camn")) == 5103);
  cses.StartIn();
  BOOST_TEST(cses.in().resources() == 1U);
  BOOST_TEST(Eventually([&] { return cses.in().resources() == 2U; }));
  BOOST_TEST(Eventually([&] { return Status(*amn, Retrieve("/in", "Camn")) == 2000; }));
}

BOOST_AUTO_TEST_CASE(a_registree_that_starts_anew_takes_its_registration_over) {
  TwoCses cses;
  cses.WaitForRegistration();
  cses.StartMn();
  cses.WaitForRegistration();
  BOOST_TEST(cses.in().resources() == 2U);
  // IN goes where MN is now, not where it was.
  const auto ain = cses.Entity("ain", "in");
  BOOST_TEST(Status(*ain, Create("base", "Cain", 2, kAe)) == 2001);
  BOOST_TEST(Eventually([&] { return Status(*ain, Retrieve("/mn/base", "Cain")) == 2000; }));
}

BOOST_AUTO_TEST_CASE(the_administrator_keeps_the_subscription_and_mn_reads_what_is_its) {
  TwoCses cses;
  cses.WaitForRegistration();
  const auto adm = cses.Entity("adm", "in");
  const auto mn = cses.Entity("mn", "in");
  BOOST_TEST(Status(*adm, Create("base", "Cadm", 11, R"({"m2m:mssp":{"rn":"p"}})")) == 2001);
  BOOST_TEST(Status(*adm, Create("base", "Cadm", 19, R"({"m2m:asar":{"rn":"r"}})")) == 2001);
  BOOST_TEST(Status(*mn, Retrieve("/in/base/r", "/mn")) == 4103);
  BOOST_TEST(Status(*adm, Create("base/p", "Cadm", 20,
                                 R"({"m2m:svsn":{"rn":"n","ni":"mn","csi":"/mn",
                                     "rlk":["/in/base/r"]}})")) == 2001);
  BOOST_TEST(Status(*mn, Retrieve("/in/base/p/n", "/mn")) == 2000);
  BOOST_TEST(Status(*mn, Retrieve("/in/base/r", "/mn")) == 2000);
  BOOST_TEST(Status(*mn, Delete("/in/base/r", "/mn")) == 4103);
}

// TS-0001 10.2.2.2 step 003: MN's plugin has the rules from IN, through MN's link to it. IN's
// administrator gives them.
struct RuledCses {
  RuledCses() { cses.WaitForRegistration(); }

  void GiveRule() {
    BOOST_TEST(Status(*adm, Create("base", "Cadm", 19,
                                   R"({"m2m:asar":{"rn":"r","apci":["11-amn@maf.example.com"],
                                       "aai":["N.org.*"],"aae":["Camn","Cbmn"]}})")) == 2001);
  }
  void GiveRules() {
    BOOST_TEST(Status(*adm, Create("base", "Cadm", 11, R"({"m2m:mssp":{"rn":"p"}})")) == 2001);
    GiveRule();
    BOOST_TEST(Status(*adm, Create("base/p", "Cadm", 20,
                                   R"({"m2m:svsn":{"rn":"n","ni":"mn","csi":"/mn",
                                       "rlk":["/in/base/r"]}})")) == 2001);
  }
  static int Register(entity_a::EntityA& entity, const char* stem, const char* app_id) {
    return Status(
        entity,
        Create("base", stem, 2, R"({"m2m:ae":{"rr":false,"api":")" + std::string(app_id) + "\"}}"));
  }
  // Until the registration of Camn has this status; one that succeeds is taken back.
  bool Becomes(int expected, const char* app_id = "N.org.test") {
    return Eventually([&] {
      const int status = Register(*amn, "Camn", app_id);
      if (status == 2001) {
        BOOST_TEST(Status(*amn, Delete("Camn", "Camn")) == 2002);
      }
      return status == expected;
    });
  }

  TwoCses cses{{.mn_rules = R"(,"applicationRules":{"node":"/in/base/p/n","refreshSeconds":1})"}};
  const std::unique_ptr<entity_a::EntityA> adm = cses.Entity("adm", "in");
  const std::unique_ptr<entity_a::EntityA> amn = cses.Entity("amn", "mn");
};

BOOST_FIXTURE_TEST_CASE(the_rules_decide_who_may_register, RuledCses) {
  const auto bmn = cses.Entity("bmn", "mn");
  // Nothing is known yet, so nobody may.
  BOOST_TEST(Register(*amn, "Camn", "N.org.test") == 4128);
  GiveRules();
  // It will be refused for the App-ID once the rules have come.
  BOOST_TEST(Becomes(4126, "N.com.other"));
  // Allowed; by another App-ID; another credential, for which there is no rule.
  BOOST_TEST(Register(*amn, "Camn", "N.org.test") == 2001);
  BOOST_TEST(Register(*bmn, "Cbmn", "N.org.test") == 4126);
  BOOST_TEST(Status(*amn, Delete("Camn", "Camn")) == 2002);
  BOOST_TEST(Register(*amn, "Camn", "N.com.other") == 4126);
  // The rule allows another AE-ID only.
  BOOST_TEST(Status(*adm, Update("base/r", "Cadm", R"({"m2m:asar":{"aae":["Cother"]}})")) == 2004);
  BOOST_TEST(Becomes(4126));
  BOOST_TEST(Status(*adm, Update("base/r", "Cadm", R"({"m2m:asar":{"aae":["C*"]}})")) == 2004);
  BOOST_TEST(Becomes(2001));
}

BOOST_FIXTURE_TEST_CASE(rules_that_are_gone_allow_nobody, RuledCses) {
  GiveRules();
  BOOST_TEST(Becomes(2001));
  // The rule; then the node, which is to say that nothing is known.
  BOOST_TEST(Status(*adm, Delete("base/r", "Cadm")) == 2002);
  BOOST_TEST(Becomes(4126));
  GiveRule();
  BOOST_TEST(Becomes(2001));
  BOOST_TEST(Status(*adm, Delete("base/p/n", "Cadm")) == 2002);
  BOOST_TEST(Becomes(4128));
}

BOOST_FIXTURE_TEST_CASE(rules_that_can_t_be_had_any_more_end, RuledCses) {
  GiveRules();
  BOOST_TEST(Becomes(2001));
  cses.StopIn();
  BOOST_TEST(Becomes(4128));
  cses.StartIn();
  BOOST_TEST(Eventually([&] { return Status(*adm, Retrieve("base", "Cadm")) == 2000; }));
  GiveRules();
  BOOST_TEST(Becomes(2001));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
