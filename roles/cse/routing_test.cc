// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/routing.h"

#include <boost/test/unit_test.hpp>

#include "roles/cse/resource_service.h"
#include "roles/cse/test_requests.h"

namespace saef::cse {
namespace {

using test::Create;
using test::Retrieve;

const Peer kAe1{PeerKind::kAe, "//sp.example.com/cse1/Cae1", "12-b@sp.example.com"};
const Peer kSae{PeerKind::kAe, "//sp.example.com/Sae", "12-s@sp.example.com"};
const Peer kCse2{PeerKind::kCse, "//sp.example.com/cse2", "12-c@sp.example.com"};
const Peer kCse3{PeerKind::kCse, "//sp.example.com/cse3", "12-d@sp.example.com"};
const Peer kRegistrar{PeerKind::kCse, "//sp.example.com/in-cse", "12-e@sp.example.com"};
const Peer kForeign{PeerKind::kCse, "//other.example.org/cse9", "12-f@sp.example.com"};

onem2m::CseId Id(const std::string& text) {
  return *onem2m::CseId::Parse(text, *onem2m::Fqdn::Parse("sp.example.com"));
}

// This CSE with two AEs, the Registrees cse2 (with cse4 below it) and cse3, and a Registrar.
struct RoutingFixture {
  RoutingFixture() {
    for (const Peer& ae : {kAe1, kSae}) {
      Do(Create("base", std::nullopt, 2, test::kAe), ae);
    }
    Do(Create("base", "/cse2", 16,
              R"({"m2m:csr":{"csi":"/cse2","cb":"/cse2/b","rr":true,"dcse":["/cse4"],
                  "poa":["coaps://127.0.0.1:7"]}})"),
       kCse2);
    Do(Create("base", "/cse3", 16, R"({"m2m:csr":{"csi":"/cse3","cb":"/cse3/b","rr":true}})"),
       kCse3);
    service.KeepRegistrar(Id("/in-cse"), "/in-cse", onem2m::Now() + std::chrono::hours(1));
  }
  void Do(const onem2m::RequestPrimitive& request, const Peer& peer) {
    BOOST_REQUIRE(onem2m::Number(service.Handle(request, peer).response.status) == 2001);
  }
  // The name under which it goes on and where it came from, or the refusal.
  std::string Admit(const std::optional<std::string>& from, const Peer& peer) {
    const auto route = service.FindRoute(Retrieve("/cse2/x", from), peer, Id("/cse2"));
    return route ? route->transit.from + " " + route->transit.came_from
                 : std::to_string(onem2m::Number(route.error().status));
  }
  ResourceService service{test::Self(), "base", Limits{}};
};

BOOST_AUTO_TEST_SUITE(routing)

BOOST_AUTO_TEST_CASE(which_cse_to_names) {
  const std::pair<const char*, const char*> cases[] = {
      {"/cse2/base/x", "//sp.example.com/cse2"},
      {"/cse2", "//sp.example.com/cse2"},
      {"//other.example.org/cse1/x", "//other.example.org/cse1"},
      {"//SP.example.com/cse2/x", "//sp.example.com/cse2"},
      {"/cse1/base", ""},
      {"//sp.example.com/cse1", ""},
      {"base/x", ""},
      {"cse2/base", ""},
      {"", ""},
      {"/", ""},
      {"//", ""},
      {"//sp.example.com", ""},
      {"//sp.example.com/", ""},
      {"///x", ""},
      {"/..", ""},
  };
  for (const auto& [to, cse] : cases) {
    const auto other = OtherCse(to, test::Self());
    BOOST_TEST((other ? other->Absolute() : std::string()) == cse, to);
  }
}

BOOST_FIXTURE_TEST_CASE(who_may_send_a_request_on_and_as_whom, RoutingFixture) {
  BOOST_TEST(Admit("Cae1", kAe1) == "/cse1/Cae1 ");
  BOOST_TEST(Admit("Sae", kSae) == "/Sae ");
  BOOST_TEST(Admit("/cse2", kCse2) == "/cse2 //sp.example.com/cse2");
  BOOST_TEST(Admit("/cse2/Cx", kCse2) == "/cse2/Cx //sp.example.com/cse2");
  BOOST_TEST(Admit("/cse4/Cx", kCse2) == "/cse4/Cx //sp.example.com/cse2");
  BOOST_TEST(Admit("Sx", kCse2) == "/Sx //sp.example.com/cse2");
  BOOST_TEST(Admit("/Sx", kCse2) == "/Sx //sp.example.com/cse2");
  BOOST_TEST(Admit("/far/Cx", kRegistrar) == "/far/Cx //sp.example.com/in-cse");
  BOOST_TEST(Admit("//other.example.org/cse1/Cx", kRegistrar) ==
             "//other.example.org/cse1/Cx //sp.example.com/in-cse");
}

BOOST_FIXTURE_TEST_CASE(who_may_not, RoutingFixture) {
  // Not registered here.
  BOOST_TEST(Admit("Cother", {}) == "4103");
  BOOST_TEST(Admit("/cse9", kForeign) == "4103");
  // Another's name; its own is what would come back in a circle.
  BOOST_TEST(Admit("/cse3", kCse2) == "4106");
  BOOST_TEST(Admit("/cse3/Cx", kCse2) == "4106");
  BOOST_TEST(Admit("//SP.example.com/cse3/Cx", kCse2) == "4106");
  BOOST_TEST(Admit("/in-cse", kCse2) == "4106");
  BOOST_TEST(Admit("/in-cse/Cx", kCse2) == "4106");
  BOOST_TEST(Admit("/cse2/Cx", kRegistrar) == "4106");
  BOOST_TEST(Admit("/cse1/Cae1", kCse2) == "4106");
  BOOST_TEST(Admit("/cse1", kRegistrar) == "4106");
  BOOST_TEST(Admit("Cae1", kCse2) == "4106");
  BOOST_TEST(Admit("Cae1", {}) == "4107");
}

BOOST_FIXTURE_TEST_CASE(the_way_is_a_registree_or_what_has_the_target_below_it, RoutingFixture) {
  const auto neighbour = [&](const char* cse) { return service.FindOwnRoute(Id(cse)).neighbour; };
  BOOST_TEST(neighbour("/cse2") == "//sp.example.com/cse2");
  BOOST_TEST(neighbour("/cse4") == "//sp.example.com/cse2");
  BOOST_TEST(neighbour("/cse3") == "//sp.example.com/cse3");
  BOOST_TEST(neighbour("/in-cse") == "//sp.example.com/in-cse");
  BOOST_TEST(neighbour("/far") == "");
  BOOST_TEST(neighbour("//other.example.org/cse2") == "");
  BOOST_TEST((service.FindOwnRoute(Id("/cse4")).points_of_access ==
              std::vector<std::string>{"coaps://127.0.0.1:7"}));
  BOOST_TEST((service.Descendants() == std::vector<std::string>{"/cse2", "/cse3", "/cse4"}));
}

BOOST_FIXTURE_TEST_CASE(the_registrar_is_no_registree, RoutingFixture) {
  BOOST_TEST(service.IsRegisteredCse("/cse2"));
  BOOST_TEST(!service.IsRegisteredCse("/in-cse"));
  // It has its place here, and what it keeps there is its own.
  const auto find =
      service.Handle(Retrieve("base", "/in-cse", {{"fu", "1"}, {"ty", "16"}}), kRegistrar);
  BOOST_TEST(find.response.content.find("m2m:uril\":[\"base/csr") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(an_ae_of_a_registree_has_what_lies_below_its_cse, RoutingFixture) {
  Do(Create("base", "//other.example.org/cse9", 16,
            R"({"m2m:csr":{"rn":"nine","csi":"//other.example.org/cse9","cb":"x","rr":true}})"),
     kForeign);
  const char* ae = "//other.example.org/cse9/Cx";
  const auto status = [&](const onem2m::RequestPrimitive& request, const Peer& peer) {
    return onem2m::Number(service.Handle(request, peer).response.status);
  };
  BOOST_TEST(status(Create("base/nine", ae, 3, R"({"m2m:cnt":{"rn":"d"}})"), kForeign) == 2001);
  BOOST_TEST(status(Retrieve("base/nine/d", ae), kForeign) == 2000);
  BOOST_TEST(status(Retrieve("base/nine", ae), kForeign) == 2000);
  BOOST_TEST(status(test::Update("base/nine", ae, R"({"m2m:csr":{"rr":false}})"), kForeign) ==
             4103);
  BOOST_TEST(status(test::Delete("base/nine", ae), kForeign) == 4103);
  BOOST_TEST(status(Retrieve("base/nine/d", ae), kCse2) == 4103);
  BOOST_TEST(status(Retrieve("base/nine/d", "/cse2/Cx"), kCse2) == 4103);
  BOOST_TEST(status(test::Delete("base/nine/d", ae), kForeign) == 2002);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
