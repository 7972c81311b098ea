// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/forwarder.h"

#include <boost/test/unit_test.hpp>

#include "roles/cse/test_hop.h"
#include "roles/cse/test_requests.h"

namespace saef::cse {
namespace {

using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using test::Create;
using test::Retrieve;
using test::TestHop;
using enum onem2m::ResponseStatusCode;

const Peer kAe1{PeerKind::kAe, "//sp.example.com/cse1/Cae1", "12-b@sp.example.com"};
const Peer kCse2{PeerKind::kCse, "//sp.example.com/cse2", "12-c@sp.example.com"};
const Peer kRegistrar{PeerKind::kCse, "//sp.example.com/in-cse", "12-e@sp.example.com"};

// This CSE with an AE, the Registree cse2, the Registree cse3 to which there is no link, and, where
// asked for, a Registrar.
struct ForwarderFixture {
  explicit ForwarderFixture(bool with_registrar = true, ForwarderOptions options = {})
      : forwarder(test::Self(), service, options) {
    Register(Create("base", "Cae1", 2, test::kAe), kAe1);
    Register(Create("base", "/cse2", 16,
                    R"({"m2m:csr":{"csi":"/cse2","cb":"/cse2/b","rr":true,
                        "poa":["coaps://127.0.0.1:7"],"dcse":["/cse4"]}})"),
             kCse2);
    Register(Create("base", "/cse3", 16, R"({"m2m:csr":{"csi":"/cse3","cb":"/x","rr":true}})"),
             {PeerKind::kCse, "//sp.example.com/cse3", "12-d@sp.example.com"});
    forwarder.AddHop(cse2, false);
    if (with_registrar) {
      forwarder.AddHop(registrar, true);
      service.KeepRegistrar(registrar.cse(), "/in-cse", onem2m::Now() + std::chrono::hours(1));
    }
    for (TestHop* hop : {&cse2, &registrar}) {
      hop->SetAnswer([](const RequestPrimitive& request) {
        ResponsePrimitive response = onem2m::RespondTo(request, kOk);
        response.content = "{}";
        response.location = "base/new";
        return response;
      });
    }
  }
  void Register(const RequestPrimitive& request, const Peer& peer) {
    BOOST_REQUIRE(onem2m::Number(service.Handle(request, peer).response.status) == 2001);
  }
  // The status, or 0 where there is no answer yet.
  int Forward(RequestPrimitive request, const Peer& peer) {
    last = {};
    int answers = 0;
    const auto target = forwarder.Elsewhere(request);
    BOOST_REQUIRE(target.has_value());
    forwarder.Forward(std::move(request), peer, *target, [&](ResponsePrimitive response) {
      last = std::move(response);
      ++answers;
    });
    BOOST_TEST(answers <= 1);
    return answers == 0 ? 0 : onem2m::Number(last.status);
  }

  ResourceService service{test::Self(), "base", Limits{}};
  TestHop cse2{"//sp.example.com/cse2"};
  TestHop registrar{"//sp.example.com/in-cse"};
  Forwarder forwarder;
  ResponsePrimitive last;
};

BOOST_FIXTURE_TEST_SUITE(forwarder, ForwarderFixture)

BOOST_AUTO_TEST_CASE(a_registree_is_reached_where_it_says) {
  BOOST_TEST(Forward(Retrieve("/cse2/b/x", "Cae1", {{"rcn", "1"}}), kAe1) == 2000);
  const RequestPrimitive sent = cse2.Sent(0);
  BOOST_TEST(sent.to == "/cse2/b/x");
  BOOST_TEST(*sent.from == "/cse1/Cae1");
  BOOST_TEST(sent.request_identifier == "r1");
  BOOST_TEST(sent.query.size() == 1U);
  BOOST_TEST((cse2.last_points_of_access == std::vector<std::string>{"coaps://127.0.0.1:7"}));
  BOOST_TEST(last.content == "{}");
  BOOST_TEST(last.location.value_or("") == "/cse2/base/new");
  BOOST_TEST(forwarder.under_way() == 0U);
  BOOST_TEST(registrar.sent().empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_below_goes_up) {
  BOOST_TEST(Forward(Retrieve("/cse4/x", "Cae1"), kAe1) == 2000);
  BOOST_TEST(cse2.sent().size() == 1U);
  BOOST_TEST(Forward(Retrieve("/far/x", "Cae1"), kAe1) == 2000);
  BOOST_TEST(Forward(Retrieve("/in-cse/x", "Cae1"), kAe1) == 2000);
  BOOST_TEST(Forward(Retrieve("//other.example.org/cse2/x", "/cse2/Cx"), kCse2) == 2000);
  BOOST_TEST(registrar.sent().size() == 3U);
  BOOST_TEST(*registrar.Sent(2).from == "/cse2/Cx");
  BOOST_TEST(last.location.value_or("") == "//other.example.org/cse2/base/new");
}

BOOST_AUTO_TEST_CASE(nothing_goes_back_where_it_came_from) {
  BOOST_TEST(Forward(Retrieve("/far/x", "/in-cse/Cx"), kRegistrar) == 4004);
  BOOST_TEST(Forward(Retrieve("/in-cse/x", "/in-cse/Cx"), kRegistrar) == 4004);
  BOOST_TEST(Forward(Retrieve("/cse4/x", "/cse2/Cx"), kCse2) == 4004);
  BOOST_TEST(cse2.sent().empty());
  BOOST_TEST(registrar.sent().empty());
}

BOOST_AUTO_TEST_CASE(an_in_cse_knows_all_there_is) {
  ForwarderFixture in(false);
  BOOST_TEST(in.Forward(Retrieve("/far/x", "Cae1"), kAe1) == 4004);
  BOOST_TEST(in.Forward(Retrieve("/cse2/x", "Cae1"), kAe1) == 2000);
}

BOOST_AUTO_TEST_CASE(without_a_link_there_is_no_way) {
  BOOST_TEST(Forward(Retrieve("/cse3/x", "Cae1"), kAe1) == 5103);
}

BOOST_AUTO_TEST_CASE(registrations_and_strangers_stay_here) {
  BOOST_TEST(Forward(Create("/cse2", "Cae1", 2, test::kAe), kAe1) == 4000);
  BOOST_TEST(Forward(Create("/cse2", "/in-cse", 16, "{}"), kRegistrar) == 4000);
  BOOST_TEST(Forward(Retrieve("/cse2/x", "Cnobody"), {}) == 4103);
  BOOST_TEST(Forward(Retrieve("/cse2/x", "/cse1/Cae1"), kRegistrar) == 4106);
  BOOST_TEST(cse2.sent().empty());
}

BOOST_AUTO_TEST_CASE(a_request_is_under_way_once) {
  cse2.SetAnswer({});
  BOOST_TEST(Forward(Retrieve("/cse2/x", "Cae1"), kAe1) == 0);
  BOOST_TEST(forwarder.under_way() == 1U);
  // A descendant of another name with the same identifier is another request.
  BOOST_TEST(Forward(Retrieve("/cse2/x", "/far/Cx"), kRegistrar) == 0);
  BOOST_TEST(Forward(Retrieve("/cse2/x", "Cae1"), kAe1) == 5103);
  BOOST_TEST(cse2.sent().size() == 2U);
  cse2.Finish(kDeleted);
  BOOST_TEST(forwarder.under_way() == 0U);
  BOOST_TEST(onem2m::Number(last.status) == 2002);
}

BOOST_AUTO_TEST_CASE(as_many_as_are_allowed_are_under_way) {
  ForwarderFixture few(true, {1, std::chrono::seconds(10)});
  few.cse2.SetAnswer({});
  BOOST_TEST(few.Forward(Retrieve("/cse2/x", "Cae1"), kAe1) == 0);
  auto second = Retrieve("/cse2/x", "Cae1");
  second.request_identifier = "r2";
  BOOST_TEST(few.Forward(second, kAe1) == 5103);
  few.cse2.Finish(kOk);
  BOOST_TEST(few.Forward(second, kAe1) == 0);
  few.cse2.Finish(kOk);
}

BOOST_AUTO_TEST_CASE(a_request_has_its_time) {
  const auto in = [](int seconds) {
    return onem2m::FormatTimestamp(onem2m::Now() + std::chrono::seconds(seconds));
  };
  auto request = Retrieve("/cse2/x", "Cae1");
  request.result_expiration = in(-1);
  BOOST_TEST(Forward(request, kAe1) == 4008);
  BOOST_TEST(cse2.sent().empty());
  request.result_expiration = in(3);
  request.request_expiration = in(1000);
  const auto before = std::chrono::steady_clock::now();
  BOOST_TEST(Forward(request, kAe1) == 2000);
  BOOST_TEST((cse2.last_deadline <= std::chrono::steady_clock::now() + std::chrono::seconds(4)));
  request.result_expiration.reset();
  BOOST_TEST(Forward(request, kAe1) == 2000);
  BOOST_TEST((cse2.last_deadline >= before + std::chrono::seconds(10)));
}

BOOST_AUTO_TEST_CASE(own_requests_go_the_same_ways) {
  int status = 0;
  const auto done = [&](ResponsePrimitive response) { status = onem2m::Number(response.status); };
  const auto request = Retrieve("/far/node", "/cse1");
  forwarder.SendOwn(request, *forwarder.Elsewhere(request), done);
  BOOST_TEST(status == 2000);
  BOOST_TEST(*registrar.Sent(0).from == "/cse1");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
