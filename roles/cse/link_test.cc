// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/link.h"

#include <boost/test/unit_test.hpp>
#include <future>

#include "roles/cse/test_requests.h"
#include "roles/entity-a/testing.h"

namespace saef::cse {
namespace {

using bindings::Error;
using entity_a::testing::World;
using onem2m::ResponsePrimitive;

// Entity A's world without sockets: a MAF, and the CSE //sp.example.com/cse1 at coaps://127.0.0.1:1
// and https://127.0.0.1:2.
struct LinkFixture : World {
  LinkFixture() : LinkFixture(LinkOptions{}) {}
  explicit LinkFixture(LinkOptions options)
      : link(std::make_unique<entity_a::EntityA>(entity_a::testing::MakeConfiguration(),
                                                 entity_a::testing::Opener(*this), bindings::Log()),
             options, [](bindings::LogLevel, std::string_view) {}) {}

  std::future<ResponsePrimitive> Send(
      std::vector<std::string> points_of_access = {},
      std::chrono::milliseconds timeout = std::chrono::seconds(30)) {
    auto promise = std::make_shared<std::promise<ResponsePrimitive>>();
    link.Send(test::Retrieve("/cse1/x", "/cse2"), std::move(points_of_access),
              std::chrono::steady_clock::now() + timeout,
              [promise](ResponsePrimitive response) { promise->set_value(std::move(response)); });
    return promise->get_future();
  }
  int Status(std::vector<std::string> points_of_access = {}) {
    return onem2m::Number(Send(std::move(points_of_access)).get().status);
  }
  Link link;
};

LinkOptions Patient() {
  LinkOptions options;
  options.threads = 1;
  options.first_pause = std::chrono::hours(1);
  options.max_pause = std::chrono::hours(1);
  return options;
}

BOOST_AUTO_TEST_SUITE(link)

BOOST_FIXTURE_TEST_CASE(what_is_asked_is_sent_and_answered, LinkFixture) {
  BOOST_TEST(Status() == 2000);
  BOOST_TEST(Status() == 2000);
  BOOST_TEST(registrations == 1);
  BOOST_TEST(opened_at_cse.size() == 1U);
  BOOST_TEST(*cse_requests.at(0).from == "/cse2");
  BOOST_TEST(cse_requests.at(0).request_identifier == "r1");
}

BOOST_FIXTURE_TEST_CASE(where_it_says_that_it_is_comes_first, LinkFixture) {
  const std::vector<std::string> poa = {"coap://127.0.0.1:9",  "nonsense",
                                        "https://127.0.0.1:7", "coaps://127.0.0.1:8",
                                        "coaps://127.0.0.1:1", "coaps://127.0.0.1:0"};
  BOOST_TEST((link.Addresses(poa) ==
              std::vector<std::string>{"coaps://127.0.0.1:8", "coaps://127.0.0.1:1",
                                       "https://127.0.0.1:7", "https://127.0.0.1:2"}));
  BOOST_TEST(Status(poa) == 2000);
  BOOST_TEST(opened_at_cse.at(0).uri.text() == "coaps://127.0.0.1:8");
  // Where the association stands, it stays.
  BOOST_TEST(Status() == 2000);
  BOOST_TEST(opened_at_cse.size() == 2U);
  BOOST_TEST(Status({"coaps://127.0.0.1:8", "coaps://127.0.0.1:1"}) == 2000);
  BOOST_TEST(opened_at_cse.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_cant_be_reached_is_left_alone_for_a_while) {
  LinkFixture fixture(Patient());
  fixture.cse_handshake = [](const std::string&) { return std::optional(Error::kUnreachable); };
  BOOST_TEST(fixture.Status() == 5103);
  const std::size_t tried = fixture.opened_at_cse.size();
  BOOST_TEST(tried == 2U);  // at both addresses
  BOOST_TEST(fixture.Status() == 5103);
  BOOST_TEST(fixture.opened_at_cse.size() == tried);
}

BOOST_AUTO_TEST_CASE(it_is_tried_again_after_that_while) {
  LinkOptions options;
  options.threads = 1;
  options.first_pause = std::chrono::milliseconds(1);
  options.max_pause = std::chrono::milliseconds(1);
  LinkFixture fixture(options);
  fixture.maf_handshake = Error::kUnreachable;
  BOOST_TEST(fixture.Status() == 5103);
  fixture.maf_handshake.reset();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (fixture.Status() != 2000) {
    BOOST_REQUIRE((std::chrono::steady_clock::now() < deadline));
  }
}

BOOST_FIXTURE_TEST_CASE(an_association_that_fails_is_made_anew, LinkFixture) {
  BOOST_TEST(Status() == 2000);
  cse_answer = Error::kClosed;
  BOOST_TEST(Status() == 5103);
  cse_answer.reset();
  BOOST_TEST(Status() == 2000);
  BOOST_TEST(opened_at_cse.size() == 2U);
  BOOST_TEST(living_clients == 1);
}

BOOST_FIXTURE_TEST_CASE(whose_time_is_over_is_not_sent, LinkFixture) {
  BOOST_TEST(onem2m::Number(Send({}, std::chrono::milliseconds(-1)).get().status) == 4008);
  BOOST_TEST(cse_requests.empty());
}

BOOST_AUTO_TEST_CASE(so_many_wait_and_no_more_and_all_are_answered_in_the_end) {
  LinkOptions options;
  options.threads = 1;
  options.max_queued = 2;
  LinkFixture fixture(options);
  std::promise<void> entered;
  std::promise<void> leave;
  std::atomic<int> calls{0};
  fixture.cse_handshake = [&](const std::string&) -> std::optional<Error> {
    if (calls++ == 0) {
      entered.set_value();
      leave.get_future().wait();
    }
    return std::nullopt;
  };
  auto first = fixture.Send();
  entered.get_future().wait();
  auto second = fixture.Send();
  auto third = fixture.Send();
  BOOST_TEST(onem2m::Number(fixture.Send().get().status) == 5103);
  std::thread stopper([&] { fixture.link.Stop(); });
  BOOST_TEST(onem2m::Number(second.get().status) == 5103);
  BOOST_TEST(onem2m::Number(third.get().status) == 5103);
  leave.set_value();
  stopper.join();
  BOOST_TEST(onem2m::Number(first.get().status) == 2000);
  BOOST_TEST(onem2m::Number(fixture.Send().get().status) == 5103);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
