// SPDX-License-Identifier: GPL-3.0-or-later
//
// The service subscription's resources: who may keep them, and who may read them.
#include <boost/test/unit_test.hpp>

#include "roles/cse/resource_service.h"
#include "roles/cse/test_requests.h"

namespace saef::cse {
namespace {

using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using test::Create;
using test::Delete;
using test::kAe;
using test::Member;
using test::Retrieve;
using test::TextMember;
using test::Update;

const Peer kAdmin{PeerKind::kAe, "//sp.example.com/cse1/Cadmin", "12-a@sp.example.com"};
const Peer kSubscribedAe1{PeerKind::kAe, "//sp.example.com/cse1/Cae1", "12-b@sp.example.com"};
const Peer kSubscribedCse2{PeerKind::kCse, "//sp.example.com/cse2", "12-c@sp.example.com"};
const Peer kSubscribedCse3{PeerKind::kCse, "//sp.example.com/cse3", "12-d@sp.example.com"};

constexpr const char* kNode =
    R"({"m2m:svsn":{"rn":"n2","ni":"node2","csi":"/cse2","rlk":["/cse1/base/r1"]}})";
constexpr const char* kRule =
    R"({"m2m:asar":{"rn":"r1","apci":["12-*"],"aai":["N.org.*"],"aae":["C*"]}})";

struct SubscriptionFixture {
  explicit SubscriptionFixture(CseType type = CseType::kIn)
      : service(test::Self(), "base", Limits{}, onem2m::Now,
                Policy{type, {"//sp.example.com/cse1/Cadmin", "//sp.example.com/cse3/Croot"}}) {}

  ResponsePrimitive Ask(const RequestPrimitive& request, const Peer& peer) {
    return service.Handle(request, peer).response;
  }
  int Status(const RequestPrimitive& request, const Peer& peer) {
    return onem2m::Number(Ask(request, peer).status);
  }
  void Build() {
    BOOST_REQUIRE(Status(Create("base", "Cadmin", 11, R"({"m2m:mssp":{"rn":"p"}})"), kAdmin) ==
                  2001);
    BOOST_REQUIRE(Status(Create("base", "Cadmin", 19, kRule), kAdmin) == 2001);
    BOOST_REQUIRE(Status(Create("base/p", "Cadmin", 20, kNode), kAdmin) == 2001);
  }
  ResourceService service;
};

BOOST_FIXTURE_TEST_SUITE(subscription, SubscriptionFixture)

BOOST_AUTO_TEST_CASE(an_administrator_keeps_it) {
  Build();
  const ResponsePrimitive rule = Ask(Retrieve("base/r1", "Cadmin"), kAdmin);
  BOOST_TEST(Member(rule.content, "m2m:asar/ty") == "19");
  BOOST_TEST(Member(rule.content, "m2m:asar/aai") == R"(["N.org.*"])");
  BOOST_TEST(Status(Update("base/r1", "Cadmin", R"({"m2m:asar":{"aae":["Cx","S*","*"]}})"),
                    kAdmin) == 2004);
  BOOST_TEST(Ask(Retrieve("base", "Cadmin", {{"fu", "1"}}), kAdmin).content ==
             R"({"m2m:uril":["base/p","base/p/n2","base/r1"]})");
  BOOST_TEST(Ask(Retrieve("base/p", "Cadmin", {{"rcn", "6"}}), kAdmin).content.find("n2") !=
             std::string::npos);
  BOOST_TEST(Status(Delete("base/p", "Cadmin"), kAdmin) == 2002);
  BOOST_TEST(Status(Retrieve("base/p/n2", "Cadmin"), kAdmin) == 4004);
}

BOOST_AUTO_TEST_CASE(an_administrator_of_another_cse_does_so_through_its_registrar) {
  BOOST_TEST(Status(Create("base", "/cse3/Croot", 19, kRule), kSubscribedCse3) == 2001);
  // Its Registrar isn't the administrator, and another CSE doesn't vouch for it.
  BOOST_TEST(Status(Delete("base/r1", "/cse3"), kSubscribedCse3) == 4103);
  BOOST_TEST(Status(Delete("base/r1", "/cse3/Croot"), kSubscribedCse2) == 4103);
  BOOST_TEST(Status(Delete("base/r1", "/cse3/Croot"), {}) == 4103);
  BOOST_TEST(Status(Delete("base/r1", "/cse3/Croot"), kSubscribedCse3) == 2002);
}

BOOST_AUTO_TEST_CASE(nobody_else_touches_it) {
  Build();
  BOOST_REQUIRE(Status(Create("base", "Cae1", 2, kAe), kSubscribedAe1) == 2001);
  const std::vector<std::pair<RequestPrimitive, Peer>> cases = {
      {Create("base", "Cae1", 11, R"({"m2m:mssp":{}})"), kSubscribedAe1},
      {Create("base", "Cae1", 19, R"({"m2m:asar":{}})"), kSubscribedAe1},
      {Create("base/p", "Cae1", 20, kNode), kSubscribedAe1},
      {Create("base", "Cadmin", 19, R"({"m2m:asar":{}})"), {}},
      {Retrieve("base/r1", "Cae1"), kSubscribedAe1},
      {Retrieve("base/p/n2", "Cae1"), kSubscribedAe1},
      {Retrieve("base/p", "/cse2"), kSubscribedCse2},
      {Retrieve("base/p/n2", "/cse3"), kSubscribedCse3},
      {Retrieve("base/r1", "/cse3"), kSubscribedCse3},
      {Retrieve("base/r1", "/cse2/Cae1"), kSubscribedCse2},
      {Update("base/r1", "/cse2", R"({"m2m:asar":{"aae":["*"]}})"), kSubscribedCse2},
      {Delete("base/p/n2", "/cse2"), kSubscribedCse2},
  };
  for (const auto& [request, peer] : cases) {
    BOOST_TEST(Status(request, peer) == 4103, request.to << " " << *request.from);
  }
}

BOOST_AUTO_TEST_CASE(a_cse_reads_its_own_node_and_the_rules_that_it_links) {
  Build();
  BOOST_TEST(Member(Ask(Retrieve("/cse1/base/p/n2", "/cse2"), kSubscribedCse2).content,
                    "m2m:svsn/rlk") == R"(["/cse1/base/r1"])");
  BOOST_TEST(Status(Retrieve("/cse1/base/r1", "/cse2"), kSubscribedCse2) == 2000);
  BOOST_TEST(Status(Update("base/p/n2", "Cadmin", R"({"m2m:svsn":{"rlk":[]}})"), kAdmin) == 2004);
  BOOST_TEST(Status(Retrieve("/cse1/base/r1", "/cse2"), kSubscribedCse2) == 4103);
}

BOOST_AUTO_TEST_CASE(an_administrator_id_is_nobody_elses_to_take) {
  const Peer unresolved{PeerKind::kUnresolved, {}, "31-device"};
  BOOST_TEST(Status(Create("base", "Cadmin", 2, kAe), unresolved) == 4126);
  BOOST_TEST(Status(Create("base", "Cadmin", 2, kAe), {}) == 4126);
  BOOST_TEST(Status(Create("base", "Cadmin", 2, kAe), kAdmin) == 2001);
  const Peer list{PeerKind::kAeList,
                  "",
                  "31-device",
                  {"//sp.example.com/cse1/Cadmin", "//sp.example.com/cse1/Cb"}};
  BOOST_TEST(Status(Create("base", "Cb", 19, kRule), list) == 4103);
  BOOST_TEST(Status(Create("base", "Cadmin", 19, kRule), list) == 2001);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused) {
  Build();
  const std::vector<std::pair<RequestPrimitive, int>> cases = {
      {Create("base/p", "Cadmin", 20, R"({"m2m:svsn":{"csi":"/cse2"}})"), 4000},
      {Create("base/p", "Cadmin", 20, R"({"m2m:svsn":{"ni":"n","rlk":[]}})"), 4000},
      {Create("base/p", "Cadmin", 20, R"({"m2m:svsn":{"ni":"n","csi":"cse2","rlk":[]}})"), 4000},
      {Create("base/p", "Cadmin", 20, R"({"m2m:svsn":{"rn":"n3","ni":"n"}})"), 2001},
      {Update("base/p/n3", "Cadmin", R"({"m2m:svsn":{"rlk":[]}})"), 4000},
      {Update("base/p/n2", "Cadmin", R"({"m2m:svsn":{"csi":"/cse4"}})"), 4000},
      {Create("base", "Cadmin", 20, kNode), 4005},
      {Create("base/p", "Cadmin", 19, R"({"m2m:asar":{}})"), 4005},
      {Create("base", "Cadmin", 19, R"({"m2m:asar":{"aai":["X1"]}})"), 4000},
      {Create("base", "Cadmin", 19, R"({"m2m:asar":{"aae":["/cse1/Cx"]}})"), 4000},
      {Create("base", "Cadmin", 19, R"({"m2m:asar":{"aae":"C*"}})"), 4102},
  };
  for (const auto& [request, status] : cases) {
    BOOST_TEST(Status(request, kAdmin) == status, request.content);
  }
}

BOOST_AUTO_TEST_CASE(only_an_in_cse_has_it) {
  SubscriptionFixture mn(CseType::kMn);
  BOOST_TEST(mn.Status(Create("base", "Cadmin", 19, kRule), kAdmin) == 4005);
  BOOST_TEST(Member(mn.Ask(Retrieve("base", "Cadmin"), kAdmin).content, "m2m:cb/cst") == "2");
}

BOOST_AUTO_TEST_CASE(this_cse_itself_reads_everything) {
  Build();
  for (const char* to : {"base/r1", "/cse1/base/p/n2", "//sp.example.com/cse1/base/p"}) {
    BOOST_TEST(onem2m::Number(service.RetrieveOwn(Retrieve(to, "/cse1")).status) == 2000, to);
  }
  BOOST_TEST(onem2m::Number(service.RetrieveOwn(Retrieve("base/no", "/cse1")).status) == 4004);
  BOOST_TEST(onem2m::Number(service.RetrieveOwn(Retrieve("/cse2/x", "/cse1")).status) == 5103);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
