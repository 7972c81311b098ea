// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/resource_service.h"

#include <boost/test/unit_test.hpp>
#include <thread>

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

constexpr const char* kCnt = R"({"m2m:cnt":{}})";

std::string Cnt(const std::string& members) { return R"({"m2m:cnt":{)" + members + "}}"; }
std::string Cin(const std::string& con) { return R"({"m2m:cin":{"con":")" + con + "\"}}"; }
std::string Csr(const std::string& csi) {
  return R"({"m2m:csr":{"csi":")" + csi + R"(","cb":")" + csi + R"(/base","rr":true}})";
}

struct ServiceFixture {
  ServiceFixture() : ServiceFixture(Limits{}) {}
  explicit ServiceFixture(Limits limits)
      : service(test::Self(), "base", limits, [this] { return now; }) {}

  ResponsePrimitive Ask(const RequestPrimitive& request, const Peer& peer = {}) {
    return service.Handle(request, peer).response;
  }
  int Status(const RequestPrimitive& request, const Peer& peer = {}) {
    return onem2m::Number(Ask(request, peer).status);
  }
  // Registers "base/<name>" with AE-ID-Stem `stem`.
  void Register(const std::string& stem, const std::string& name, const Peer& peer = {}) {
    BOOST_REQUIRE(Status(Create("base", stem, 2,
                                R"({"m2m:ae":{"rn":")" + name + R"(","api":"N1","rr":true}})"),
                         peer) == 2001);
  }
  std::string After(int seconds) const {
    return onem2m::FormatTimestamp(now + std::chrono::seconds(seconds));
  }

  onem2m::Time now = *onem2m::ParseTimestamp("20260101T000000");
  ResourceService service;
};

BOOST_AUTO_TEST_SUITE(resource_service)

BOOST_FIXTURE_TEST_CASE(csebase_tells_what_it_is, ServiceFixture) {
  service.SetPointsOfAccess({"coaps://127.0.0.1:5684"});
  for (const char* to : {"base", "-", "cse1", "/cse1", "/cse1/base", "//sp.example.com/cse1"}) {
    const ResponsePrimitive response = Ask(Retrieve(to, "Cx"));
    BOOST_TEST(onem2m::Number(response.status) == 2000, to);
    BOOST_TEST(TextMember(response.content, "m2m:cb/csi") == "/cse1");
    BOOST_TEST(Member(response.content, "m2m:cb/ty") == "5");
    BOOST_TEST(TextMember(response.content, "m2m:cb/rn") == "base");
    BOOST_TEST(TextMember(response.content, "m2m:cb/pi") == "");
    BOOST_TEST(Member(response.content, "m2m:cb/poa") == R"(["coaps://127.0.0.1:5684"])");
    BOOST_TEST(TextMember(response.content, "m2m:cb/ct") == "20260101T000000");
  }
}

BOOST_FIXTURE_TEST_CASE(a_life_of_an_ae, ServiceFixture) {
  const ResponsePrimitive created = Ask(Create("base", "Cae1", 2, kAe));
  BOOST_TEST(onem2m::Number(created.status) == 2001);
  BOOST_TEST(TextMember(created.content, "m2m:ae/aei") == "Cae1");
  BOOST_TEST(TextMember(created.content, "m2m:ae/ri") == "Cae1");
  BOOST_TEST(TextMember(created.content, "m2m:ae/pi") == "cse1");
  BOOST_TEST(TextMember(created.content, "m2m:ae/api") == "N.org.test");
  BOOST_TEST(Member(created.content, "m2m:ae/rr") == "false");
  BOOST_TEST(TextMember(created.content, "m2m:ae/et") == "20270101T000000");
  BOOST_TEST(created.location.value_or("") == "base/Cae1");

  now += std::chrono::seconds(5);
  const ResponsePrimitive updated =
      Ask(Update("base/Cae1", "Cae1", R"({"m2m:ae":{"rr":true,"lbl":["x"]}})"));
  BOOST_TEST(onem2m::Number(updated.status) == 2004);
  BOOST_TEST(Member(updated.content, "m2m:ae/rr") == "true");
  BOOST_TEST(TextMember(updated.content, "m2m:ae/lt") == "20260101T000005");
  BOOST_TEST(TextMember(updated.content, "m2m:ae/ct") == "20260101T000000");
  BOOST_TEST(Member(Ask(Update("Cae1", "Cae1", R"({"m2m:ae":{"lbl":null}})")).content,
                    "m2m:ae/lbl") == "");

  BOOST_TEST(Status(Delete("/cse1/base/Cae1", "Cae1")) == 2002);
  BOOST_TEST(Status(Retrieve("Cae1", "Cae1")) == 4004);
  BOOST_TEST(service.resources() == 1U);
}

BOOST_FIXTURE_TEST_CASE(an_ae_id_is_assigned_where_none_is_asked_for, ServiceFixture) {
  std::set<std::string> seen;
  for (const std::optional<std::string>& from :
       {std::optional<std::string>(), std::optional<std::string>(""),
        std::optional<std::string>("C"), std::optional<std::string>("C")}) {
    const std::string stem = TextMember(Ask(Create("base", from, 2, kAe)).content, "m2m:ae/aei");
    BOOST_TEST(onem2m::IsAeIdStem(stem));
    BOOST_TEST(stem.starts_with('C'));
    BOOST_TEST(seen.insert(stem).second);
    BOOST_TEST(service.IsRegisteredAe(stem));
    BOOST_TEST(Status(Retrieve(stem, stem)) == 2000);
  }
}

BOOST_FIXTURE_TEST_CASE(an_originator_registers_once, ServiceFixture) {
  Register("Cae1", "one");
  BOOST_TEST(Status(Create("base", "Cae1", 2, kAe)) == 4117);
  BOOST_TEST(Status(Create("base", "Cae2", 2, R"({"m2m:ae":{"rn":"one","api":"N1","rr":true}})")) ==
             4105);
  BOOST_TEST(!service.IsRegisteredAe("Cae2"));
}

BOOST_FIXTURE_TEST_CASE(what_the_maf_told_is_the_ae_id, ServiceFixture) {
  const Peer s = {PeerKind::kAe, "//sp.example.com/Sae1", "11-ae1@maf.example.com"};
  const ResponsePrimitive created = Ask(Create("base", "S", 2, kAe), s);
  BOOST_TEST(TextMember(created.content, "m2m:ae/aei") == "Sae1");
  BOOST_TEST(Status(Create("base", "Sother", 2, kAe), s) == 4106);
  BOOST_TEST(Status(Create("base", "Sother", 2, kAe)) == 4126);
}

BOOST_FIXTURE_TEST_CASE(a_removed_ae_id_waits_for_the_plugin, ServiceFixture) {
  Register("Cae1", "one");
  BOOST_TEST(Status(Delete("Cae1", "Cae1")) == 2002);
  BOOST_TEST(!service.IsRegisteredAe("Cae1"));
  BOOST_TEST(Status(Create("base", "Cae1", 2, kAe)) == 4117);
  const std::vector<std::string> removed = service.TakeRemovedAes();
  BOOST_TEST(removed == std::vector<std::string>{"Cae1"}, boost::test_tools::per_element());
  BOOST_TEST(service.TakeRemovedAes().empty());
  BOOST_TEST(Status(Create("base", "Cae1", 2, kAe)) == 4117);
  service.ForgetRemovedAes(removed);
  BOOST_TEST(Status(Create("base", "Cae1", 2, kAe)) == 2001);
}

BOOST_FIXTURE_TEST_CASE(containers_and_instances, ServiceFixture) {
  Register("Cae1", "one");
  const ResponsePrimitive container =
      Ask(Create("base/one", "Cae1", 3, Cnt(R"("rn":"data","mni":3,"lbl":["l"])")));
  BOOST_TEST(onem2m::Number(container.status) == 2001);
  const std::string id = TextMember(container.content, "m2m:cnt/ri");
  BOOST_TEST(Member(container.content, "m2m:cnt/cni") == "0");
  BOOST_TEST(Member(container.content, "m2m:cnt/st") == "0");
  BOOST_TEST(Status(Retrieve("base/one/data/la", "Cae1")) == 4004);

  for (const std::string con : {"a", "bb", "ccc", "dddd"}) {
    BOOST_TEST(Status(Create("base/one/data", "Cae1", 4, Cin(con))) == 2001);
  }
  BOOST_TEST(TextMember(Ask(Retrieve("base/one/data/la", "Cae1")).content, "m2m:cin/con") ==
             "dddd");
  // By the container's identifier as well, and the oldest has gone.
  const ResponsePrimitive oldest = Ask(Retrieve(id + "/ol", "Cae1"));
  BOOST_TEST(TextMember(oldest.content, "m2m:cin/con") == "bb");
  BOOST_TEST(Member(oldest.content, "m2m:cin/cs") == "2");
  BOOST_TEST(Member(oldest.content, "m2m:cin/st") == "2");
  const ResponsePrimitive full = Ask(Retrieve(id, "Cae1"));
  BOOST_TEST(Member(full.content, "m2m:cnt/cni") == "3");
  BOOST_TEST(Member(full.content, "m2m:cnt/cbs") == "9");
  BOOST_TEST(Member(full.content, "m2m:cnt/st") == "4");

  BOOST_TEST(Status(Update("base/one/data/la", "Cae1", Cin("x"))) == 4005);
  const std::string instance = TextMember(oldest.content, "m2m:cin/ri");
  BOOST_TEST(Status(Update(instance, "Cae1", Cin("x"))) == 4005);
  BOOST_TEST(Status(Create("base/one/data/la", "Cae1", 4, Cin("x"))) == 4005);
  BOOST_TEST(Status(Delete("base/one/data/la", "Cae1")) == 2002);
  BOOST_TEST(TextMember(Ask(Retrieve("base/one/data/la", "Cae1")).content, "m2m:cin/con") == "ccc");

  BOOST_TEST(Status(Update(id, "Cae1", Cnt(R"("mni":1)"))) == 2004);
  BOOST_TEST(Member(Ask(Retrieve(id, "Cae1")).content, "m2m:cnt/cni") == "1");
  BOOST_TEST(Status(Retrieve(instance, "Cae1")) == 4004);
  BOOST_TEST(Status(Delete(id, "Cae1")) == 2002);
  BOOST_TEST(service.resources() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_container_keeps_to_its_bounds, ServiceFixture) {
  Register("Cae1", "one");
  BOOST_TEST(Status(Create("base/one", "Cae1", 3, Cnt(R"("rn":"b","mbs":10)"))) == 2001);
  BOOST_TEST(Status(Create("base/one/b", "Cae1", 4, Cin("12345678901"))) == 5207);
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST(Status(Create("base/one/b", "Cae1", 4, Cin("1234"))) == 2001);
  }
  BOOST_TEST(Member(Ask(Retrieve("base/one/b", "Cae1")).content, "m2m:cnt/cbs") == "8");
  BOOST_TEST(Status(Create("base/one", "Cae1", 3, Cnt(R"("rn":"z","mni":0)"))) == 2001);
  BOOST_TEST(Status(Create("base/one/z", "Cae1", 4, Cin("x"))) == 5207);
}

BOOST_FIXTURE_TEST_CASE(instances_age_out, ServiceFixture) {
  Register("Cae1", "one");
  BOOST_TEST(Status(Create("base/one", "Cae1", 3, Cnt(R"("rn":"d","mia":10)"))) == 2001);
  BOOST_TEST(Status(Create("base/one/d", "Cae1", 4, Cin("old"))) == 2001);
  now += std::chrono::seconds(9);
  BOOST_TEST(Status(Create("base/one/d", "Cae1", 4, Cin("new"))) == 2001);
  BOOST_TEST(TextMember(Ask(Retrieve("base/one/d/ol", "Cae1")).content, "m2m:cin/con") == "old");
  now += std::chrono::seconds(1);
  BOOST_TEST(TextMember(Ask(Retrieve("base/one/d/ol", "Cae1")).content, "m2m:cin/con") == "new");
  BOOST_TEST(Status(Update("base/one/d", "Cae1", Cnt(R"("mia":1)"))) == 2004);
  BOOST_TEST(Status(Retrieve("base/one/d/ol", "Cae1")) == 4004);
}

BOOST_FIXTURE_TEST_CASE(what_has_expired_is_gone_with_all_below_it, ServiceFixture) {
  BOOST_TEST(Status(Create("base", "Cae1", 2,
                           R"({"m2m:ae":{"rn":"one","api":"N1","rr":true,"et":")" + After(60) +
                               "\"}}")) == 2001);
  BOOST_TEST(Status(Create("base/one", "Cae1", 3, Cnt(R"("rn":"d")"))) == 2001);
  BOOST_TEST(Status(Create("base/one/d", "Cae1", 4, Cin("x"))) == 2001);
  BOOST_TEST(Status(Create("base/one", "Cae1", 3, Cnt(R"("et":")" + After(0) + "\""))) == 4000);
  now += std::chrono::seconds(50);
  BOOST_TEST(Status(Update("base/one", "Cae1", R"({"m2m:ae":{"et":")" + After(20) + "\"}}")) ==
             2004);
  now += std::chrono::seconds(19);
  BOOST_TEST(Status(Retrieve("base/one/d/la", "Cae1")) == 2000);
  now += std::chrono::seconds(1);
  BOOST_TEST(!service.IsRegisteredAe("Cae1"));
  BOOST_TEST(Status(Retrieve("base/one/d", "Cae1")) == 4004);
  BOOST_TEST(service.resources() == 1U);
  BOOST_TEST(service.TakeRemovedAes().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_wish_beyond_the_longest_lifetime_becomes_that) {
  Limits limits;
  limits.max_lifetime = std::chrono::seconds(100);
  ServiceFixture f(limits);
  const ResponsePrimitive created = f.Ask(
      Create("base", "Cae1", 2, R"({"m2m:ae":{"api":"N1","rr":true,"et":"20990101T000000"}})"));
  BOOST_TEST(TextMember(created.content, "m2m:ae/et") == f.After(100));
}

BOOST_FIXTURE_TEST_CASE(everybody_keeps_to_what_is_his, ServiceFixture) {
  Register("Cae1", "one");
  Register("Cae2", "two");
  BOOST_TEST(Status(Create("base/one", "Cae1", 3, Cnt(R"("rn":"d")"))) == 2001);
  BOOST_TEST(Status(Create("base", "/cse2", 16, Csr("/cse2"))) == 2001);
  const struct {
    RequestPrimitive request;
    int status;
  } cases[] = {
      {Retrieve("base/one", "Cae1"), 2000},
      {Retrieve("base/one", "Cae2"), 4103},
      {Retrieve("base/one/d", "Cae2"), 4103},
      {Retrieve("base/one/d", "Cnobody"), 4103},
      {Retrieve("base/one/d", "/cse2"), 4103},
      {Retrieve("base/one", "/cse1"), 4103},
      {Retrieve("base/one", "//sp.example.com/cse1"), 4103},
      // An AE's AE-ID in a form that only CSEs send is not that AE.
      {Retrieve("base/one", "/cse1/Cae1"), 4103},
      {Retrieve("base/one", "//sp.example.com/cse1/Cae1"), 4103},
      {Retrieve("base/one", "cae1"), 4103},
      {Retrieve("base/one", "one"), 4103},
      {Update("base/one/d", "Cae2", Cnt(R"("mni":1)")), 4103},
      {Delete("base/one/d", "Cae2"), 4103},
      {Delete("base/one", "Cae2"), 4103},
      {Create("base/one", "Cae2", 3, kCnt), 4103},
      {Create("base/one/d", "Cae2", 4, Cin("x")), 4103},
      {Create("base", "Cae1", 3, kCnt), 4103},
      {Update("base", "Cae1", R"({"m2m:cb":{}})"), 4005},
      {Delete("base", "Cae1"), 4005},
      {Retrieve("base", "Cnobody"), 2000},
      {Retrieve("base/nothing", "Cae1"), 4004},
      {Retrieve("base/one/d/x/y", "Cae1"), 4004},
      {Retrieve("base/one/la", "Cae1"), 4004},
      {Retrieve("base/one/d/la/x", "Cae1"), 4004},
      {Retrieve("nowhere", "Cae1"), 4004},
      {Retrieve("/cse2/base", "Cae1"), 5103},
      {Retrieve("base//one", "Cae1"), 4000},
      {Create("base/one", "Cae1", 2, kAe), 4005},
      {Create("base/one", "Cae1", 4, Cin("x")), 4005},
      {Create("base/one/d", "Cae1", 16, Csr("/cse3")), 4005},
      {Create("base/one", "Cae1", 1, R"({"m2m:acp":{}})"), 5001},
      {Create("base/one", "Cae1", -7, kCnt), 5001},
      {Create("base/one", "Cae1", 3, Cnt(R"("rn":"d")")), 4105},
      {test::Request(onem2m::Operation::kCreate, "base/one", "Cae1"), 4000},
      {test::Request(onem2m::Operation::kNotify, "base/one", "Cae1"), 4005},
      {Update("base/one", "Cae1", R"({"m2m:ae":{"api":"N2"}})"), 4000},
      {Update("base/one", "Cae1", ""), 4000},
  };
  for (const auto& [request, status] : cases) {
    BOOST_TEST(Status(request) == status, onem2m::Name(request.operation)
                                              << " " << request.to << " from " << *request.from
                                              << ": " << Status(request));
  }
  auto cbor = Create("base/one", "Cae1", 3, "\xa0");
  cbor.content_format = onem2m::ContentFormat::kCbor;
  BOOST_TEST(Status(cbor) == 4015);
}

BOOST_FIXTURE_TEST_CASE(a_registration_through_an_association_needs_it_ever_after, ServiceFixture) {
  const Peer unresolved = {PeerKind::kUnresolved, "", "11-ae1@maf.example.com"};
  const Peer other = {PeerKind::kUnresolved, "", "11-ae2@maf.example.com"};
  Register("Cae1", "one", unresolved);
  Register("Cclear", "clear");
  const Peer resolved = {PeerKind::kAe, "//sp.example.com/cse1/Cae1", "11-ae1@maf.example.com"};
  const Peer wrong = {PeerKind::kAe, "//sp.example.com/cse1/Cae2", "11-ae1@maf.example.com"};
  const Peer cse = {PeerKind::kCse, "//sp.example.com/cse2", "11-cse2@maf.example.com"};
  BOOST_TEST(Status(Retrieve("Cae1", "Cae1"), unresolved) == 2000);
  BOOST_TEST(Status(Retrieve("Cae1", "Cae1"), resolved) == 2000);
  BOOST_TEST(Status(Retrieve("Cae1", "Cae1")) == 4107);
  BOOST_TEST(Status(Create("Cae1", "Cae1", 3, kCnt)) == 4107);
  BOOST_TEST(Status(Retrieve("Cae1", "Cae1"), other) == 4106);
  BOOST_TEST(Status(Retrieve("Cae1", "Cae1"), wrong) == 4106);
  BOOST_TEST(Status(Retrieve("Cae1", "Cae1"), cse) == 4106);
  BOOST_TEST(Status(Retrieve("Cclear", "Cclear")) == 2000);
  BOOST_TEST(Status(Retrieve("Cclear", "Cclear"), unresolved) == 4106);
  BOOST_TEST(Status(Retrieve("Cclear", "Cclear"), cse) == 4106);
}

BOOST_FIXTURE_TEST_CASE(a_cse_is_no_ae_of_that_name, ServiceFixture) {
  const Peer ae = {PeerKind::kAe, "//sp.example.com/S1", "11-s@maf.example.com"};
  Register("S1", "one", ae);
  const Peer cse = {PeerKind::kCse, "//sp.example.com/S1", "11-c@maf.example.com"};
  BOOST_TEST(Status(Retrieve("S1", "/S1"), cse) == 4103);
  BOOST_TEST(Status(Retrieve("S1", "S1"), cse) == 4106);
  BOOST_TEST(Status(Retrieve("S1", "S1"), ae) == 2000);
}

BOOST_FIXTURE_TEST_CASE(remote_cses_register, ServiceFixture) {
  const Peer cse2 = {PeerKind::kCse, "//sp.example.com/cse2", "11-cse2@maf.example.com"};
  const Peer ae = {PeerKind::kAe, "//sp.example.com/Sx", "11-x@maf.example.com"};
  BOOST_TEST(Status(Create("base", "/cse3", 16, Csr("/cse3")), cse2) == 4106);
  BOOST_TEST(Status(Create("base", "/cse2", 16, Csr("/cse2")), ae) == 4106);
  BOOST_TEST(Status(Create("base", "/cse2", 16, Csr("/cse3")), cse2) == 4000);
  BOOST_TEST(!service.IsRegisteredCse("/cse2"));
  const ResponsePrimitive created = Ask(Create("base", "/cse2", 16, Csr("/cse2")), cse2);
  BOOST_TEST(onem2m::Number(created.status) == 2001);
  BOOST_TEST(service.IsRegisteredCse("/cse2"));
  BOOST_TEST(service.IsRegisteredCse("//sp.example.com/cse2"));
  BOOST_TEST(!service.IsRegisteredCse("//sp.example.org/cse2"));
  BOOST_TEST(!service.IsRegisteredCse(""));
  BOOST_TEST(Status(Create("base", "/cse2", 16, Csr("/cse2")), cse2) == 4117);

  const std::string id = TextMember(created.content, "m2m:csr/ri");
  BOOST_TEST(Status(Create(id, "/cse2", 3, Cnt(R"("rn":"d")")), cse2) == 2001);
  BOOST_TEST(Status(Retrieve(id + "/d", "//sp.example.com/cse2"), cse2) == 2000);
  BOOST_TEST(Status(Retrieve(id, "/cse2")) == 4107);
  BOOST_TEST(Status(Delete(id, "/cse2"), cse2) == 2002);
  BOOST_TEST(!service.IsRegisteredCse("/cse2"));
  BOOST_TEST(service.TakeRemovedAes().empty());
}

BOOST_FIXTURE_TEST_CASE(result_content, ServiceFixture) {
  const ResponsePrimitive nothing = Ask(Create("base", "C1", 2, kAe, {{"rcn", "0"}}));
  BOOST_TEST(nothing.content == "");
  BOOST_TEST(nothing.location.value_or("") == "base/C1");
  BOOST_TEST(TextMember(Ask(Create("base", "C2", 2, kAe, {{"rcn", "2"}})).content, "m2m:uri") ==
             "base/C2");
  const std::string both = Ask(Create("base", "C3", 2, kAe, {{"rcn", "3"}})).content;
  BOOST_TEST(TextMember(both, "m2m:rce/uri") == "base/C3");
  BOOST_TEST(TextMember(both, "m2m:rce/m2m:ae/aei") == "C3");

  BOOST_TEST(Status(Create("C1", "C1", 3, Cnt(R"("rn":"d")"))) == 2001);
  BOOST_TEST(Status(Create("C1/d", "C1", 4, R"({"m2m:cin":{"rn":"i","con":1.50}})")) == 2001);
  BOOST_TEST(Member(Ask(Retrieve("C1/d/i", "C1")).content, "m2m:cin/con") == "1.5");
  const std::string with_children = Ask(Retrieve("C1", "C1", {{"rcn", "5"}, {"lvl", "1"}})).content;
  BOOST_TEST(TextMember(with_children, "m2m:ae/aei") == "C1");
  BOOST_TEST(Member(with_children, "m2m:ae/ch").find(R"("nm":"d","typ":3,"val":"cnt)") !=
             std::string::npos);
  BOOST_TEST(Member(with_children, "m2m:ae/ch").find(R"("nm":"i")") == std::string::npos);
  const std::string references = Ask(Retrieve("C1", "C1", {{"rcn", "6"}})).content;
  BOOST_TEST(Member(references, "m2m:rrl/rrf") ==
             R"([{"nm":"d","typ":3,"val":"base/C1/d"},{"nm":"i","typ":4,"val":"base/C1/d/i"}])");
  auto remove = Delete("C1/d/i", "C1");
  remove.query = {{"rcn", "1"}};
  BOOST_TEST(TextMember(Ask(remove).content, "m2m:cin/rn") == "i");
  BOOST_TEST(Ask(Delete("C1/d", "C1")).content == "");
}

BOOST_FIXTURE_TEST_CASE(discovery_finds_what_is_ones_own, ServiceFixture) {
  Register("C1", "one");
  Register("C2", "two");
  BOOST_TEST(Status(Create("C1", "C1", 3, Cnt(R"("rn":"a","lbl":["x","y"])"))) == 2001);
  BOOST_TEST(Status(Create("C1", "C1", 3, Cnt(R"("rn":"b","lbl":["z"])"))) == 2001);
  BOOST_TEST(Status(Create("C1/a", "C1", 3, Cnt(R"("rn":"c")"))) == 2001);
  BOOST_TEST(Status(Create("C2", "C2", 3, Cnt(R"("rn":"s","lbl":["x"])"))) == 2001);
  const struct {
    std::string to, from;
    test::Parameters query;
    std::string right;
  } cases[] = {
      {"base", "C1", {}, R"(["base/one","base/one/a","base/one/a/c","base/one/b"])"},
      {"base", "C2", {}, R"(["base/two","base/two/s"])"},
      {"base", "Cnobody", {}, "[]"},
      {"base", "C1", {{"ty", "3"}}, R"(["base/one/a","base/one/a/c","base/one/b"])"},
      {"base", "C1", {{"ty", "2+4"}}, R"(["base/one"])"},
      {"base", "C1", {{"lbl", "x"}}, R"(["base/one/a"])"},
      {"base", "C1", {{"lbl", "y+z"}}, R"(["base/one/a","base/one/b"])"},
      {"base", "C1", {{"lbl", "x"}, {"ty", "2"}}, "[]"},
      {"base", "C1", {{"lvl", "1"}}, R"(["base/one"])"},
      {"base", "C1", {{"lvl", "2"}}, R"(["base/one","base/one/a","base/one/b"])"},
      {"base", "C1", {{"lim", "2"}}, R"(["base/one","base/one/a"])"},
      {"C1/a", "C1", {{"rcn", "1"}}, R"(["base/one/a/c"])"},
      {"C1", "C1", {{"drt", "2"}, {"lim", "1"}, {"lvl", "1"}}, R"(["cnt1"])"},
  };
  for (auto [to, from, query, right] : cases) {
    query.emplace_back("fu", "1");
    const std::string found = Member(Ask(Retrieve(to, from, query)).content, "m2m:uril");
    BOOST_TEST(found == right, to << " from " << from << ": " << found);
  }
  BOOST_TEST(Status(Retrieve("C1", "C2", {{"fu", "1"}})) == 4103);
}

BOOST_AUTO_TEST_CASE(the_tree_is_bounded) {
  Limits limits;
  limits.max_resources = 9;
  limits.max_depth = 4;
  limits.max_registrations = 2;
  limits.max_resources_each = 4;
  limits.max_bytes_each = 8192;
  limits.max_results = 2;
  ServiceFixture f(limits);
  f.Register("C1", "one");
  f.Register("C2", "two");
  BOOST_TEST(f.Status(Create("base", "C3", 2, kAe)) == 5207);
  BOOST_TEST(f.Status(Create("C1", "C1", 3, Cnt(R"("rn":"a","mni":1)"))) == 2001);
  BOOST_TEST(f.Status(Create("C1/a", "C1", 3, Cnt(R"("rn":"b")"))) == 2001);
  BOOST_TEST(f.Status(Create("C1/a/b", "C1", 3, kCnt)) == 5207);  // depth
  BOOST_TEST(f.Status(Create("C1/a", "C1", 4, Cin("1"))) == 2001);
  BOOST_TEST(f.Status(Create("C1", "C1", 3, kCnt)) == 5207);        // count
  BOOST_TEST(f.Status(Create("C1/a", "C1", 4, Cin("2"))) == 2001);  // takes the place of "1"
  BOOST_TEST(f.Status(Retrieve("base", "C1", {{"fu", "1"}})) == 5207);
  BOOST_TEST(f.Status(Retrieve("base", "C1", {{"fu", "1"}, {"lim", "2"}})) == 2000);

  BOOST_TEST(f.Status(Create("C2", "C2", 3, Cnt(R"("rn":"a")"))) == 2001);
  BOOST_TEST(f.Status(Create("C2/a", "C2", 4, Cin(std::string(8192, 'x')))) == 5207);  // octets
  BOOST_TEST(f.Status(Create("C2/a", "C2", 4, Cin(std::string(5000, 'x')))) == 2001);
  BOOST_TEST(f.Status(Create("C2/a", "C2", 4, Cin(std::string(3000, 'x')))) == 5207);
  BOOST_TEST(f.Status(Delete("C2/a/la", "C2")) == 2002);
  BOOST_TEST(f.Status(Create("C2/a", "C2", 4, Cin(std::string(3000, 'x')))) == 2001);
  std::string labels;
  for (int i = 0; i < 5; ++i) {
    labels += (i == 0 ? "\"" : ",\"") + std::string(1000, 'l') + "\"";
  }
  BOOST_TEST(f.Status(Update("C2", "C2", R"({"m2m:ae":{"lbl":[)" + labels + "]}}")) == 5207);
  BOOST_TEST(Member(f.Ask(Retrieve("C2", "C2")).content, "m2m:ae/lbl") == "");
  BOOST_TEST(f.service.resources() == 8U);
  BOOST_TEST(f.Status(Create("C2", "C2", 3, Cnt(R"("rn":"z")"))) == 2001);
  BOOST_TEST(f.Status(Delete("C1/a/la", "C1")) == 2002);
  BOOST_TEST(f.Status(Create("C1", "C1", 3, kCnt)) == 2001);
  BOOST_TEST(f.Status(Delete("C2/z", "C2")) == 2002);
}

BOOST_AUTO_TEST_CASE(the_whole_tree_has_a_bound_too) {
  Limits limits;
  limits.max_resources = 3;
  ServiceFixture f(limits);
  f.Register("C1", "one");
  BOOST_TEST(f.Status(Create("C1", "C1", 3, kCnt)) == 2001);
  BOOST_TEST(f.Status(Create("C1", "C1", 3, kCnt)) == 5207);
  BOOST_TEST(f.Status(Create("base", "C2", 2, kAe)) == 5207);
}

BOOST_FIXTURE_TEST_CASE(many_threads_at_once, ServiceFixture) {
  std::vector<std::thread> threads;
  std::atomic<int> failures = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t, &failures] {
      const std::string stem = "C" + std::to_string(t);
      for (int i = 0; i < 50; ++i) {
        failures += service.Handle(Create("base", stem, 2, kAe), {}).response.status !=
                    onem2m::ResponseStatusCode::kCreated;
        failures += !service.IsRegisteredAe(stem);
        service.Handle(Create(stem, stem, 3, kCnt), {});
        service.Handle(Delete(stem, stem), {});
        // Others' removals may come along; each is to be forgotten once.
        service.ForgetRemovedAes(service.TakeRemovedAes());
        while (service.Handle(Retrieve(stem, stem), {}).response.status !=
               onem2m::ResponseStatusCode::kNotFound) {
        }
        service.ForgetRemovedAes({stem});
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  BOOST_TEST(failures == 0);
  BOOST_TEST(service.resources() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
