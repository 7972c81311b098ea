// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/registrant.h"

#include <boost/test/unit_test.hpp>

#include "roles/cse/test_hop.h"
#include "roles/cse/test_requests.h"

namespace saef::cse {
namespace {

using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using test::Member;
using test::TextMember;
using enum onem2m::ResponseStatusCode;

struct RegistrantFixture {
  std::unique_ptr<Registrant> Start() {
    RegistrantOptions options{test::Self(), "base", CseType::kMn, {"coaps://127.0.0.1:9"}};
    options.refresh = std::chrono::seconds(1);
    options.first_pause = std::chrono::milliseconds(10);
    options.max_pause = std::chrono::milliseconds(50);
    return std::make_unique<Registrant>(registrar, service, std::move(options),
                                        [](bindings::LogLevel, std::string_view) {});
  }
  // Answers a CREATE with the first, an UPDATE with the second.
  void Answer(onem2m::ResponseStatusCode create, onem2m::ResponseStatusCode update) {
    registrar.SetAnswer([=](const RequestPrimitive& request) {
      const bool creates = request.operation == Operation::kCreate;
      ResponsePrimitive response = onem2m::RespondTo(request, creates ? create : update);
      if (creates) {
        response.location = "in/csr7";
      }
      return response;
    });
  }
  static void Wait(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    BOOST_TEST(condition());
  }
  ResourceService service{test::Self(), "base", Limits{}};
  test::TestHop registrar{"//sp.example.com/in-cse"};
};

BOOST_FIXTURE_TEST_SUITE(registrant, RegistrantFixture)

BOOST_AUTO_TEST_CASE(it_registers_and_stays_registered) {
  Answer(kCreated, kUpdated);
  const auto registrant = Start();
  const RequestPrimitive create = registrar.Sent(0);
  BOOST_TEST((create.operation == Operation::kCreate));
  BOOST_TEST(create.to == "/in-cse");
  BOOST_TEST(*create.from == "/cse1");
  BOOST_TEST(*create.resource_type == 16);
  BOOST_TEST(TextMember(create.content, "m2m:csr/csi") == "/cse1");
  BOOST_TEST(TextMember(create.content, "m2m:csr/cb") == "/cse1/base");
  BOOST_TEST(Member(create.content, "m2m:csr/cst") == "2");
  BOOST_TEST(Member(create.content, "m2m:csr/poa") == R"(["coaps://127.0.0.1:9"])");
  // What the reference CSE itself would take.
  BOOST_TEST(ReadCreate(create.content, onem2m::ResourceType::kRemoteCse, Limits{}).has_value());
  Wait([&] { return registrant->registered(); });
  const RequestPrimitive update = registrar.Sent(1);
  BOOST_TEST((update.operation == Operation::kUpdate));
  BOOST_TEST(update.to == "/in-cse/in/csr7");
  BOOST_TEST(ReadUpdate(update.content, onem2m::ResourceType::kRemoteCse, Limits{}).has_value());
  BOOST_TEST(update.request_identifier != create.request_identifier);
  // The Registrar has its place in this CSE's tree.
  BOOST_TEST(service.FindOwnRoute(registrar.cse()).neighbour == registrar.cse().Absolute());
}

BOOST_AUTO_TEST_CASE(it_tries_again_until_it_is_registered) {
  Answer(kTargetNotReachable, kUpdated);
  const auto registrant = Start();
  registrar.Sent(2);
  BOOST_TEST(!registrant->registered());
  Answer(kCreated, kUpdated);
  Wait([&] { return registrant->registered(); });
}

BOOST_AUTO_TEST_CASE(a_registration_that_is_there_is_taken_over) {
  Answer(kOriginatorHasAlreadyRegistered, kUpdated);
  const auto registrant = Start();
  BOOST_TEST(registrar.Sent(1).to == "/in-cse/-/cse1");
  Wait([&] { return registrant->registered(); });
}

BOOST_AUTO_TEST_CASE(a_registration_that_is_gone_is_made_anew) {
  Answer(kCreated, kNotFound);
  const auto registrant = Start();
  BOOST_TEST((registrar.Sent(1).operation == Operation::kUpdate));
  BOOST_TEST((registrar.Sent(2).operation == Operation::kCreate));
}

BOOST_AUTO_TEST_CASE(silence_is_no_loss_of_the_registration) {
  Answer(kCreated, kTargetNotReachable);
  const auto registrant = Start();
  BOOST_TEST((registrar.Sent(3).operation == Operation::kUpdate));
  BOOST_TEST(registrant->registered());
}

BOOST_AUTO_TEST_CASE(the_registrar_learns_who_registers_here) {
  Answer(kCreated, kUpdated);
  const auto registrant = Start();
  Wait([&] { return registrant->registered(); });
  BOOST_TEST(Member(registrar.Sent(0).content, "m2m:csr/dcse") == "[]");
  const Peer cse2{PeerKind::kCse, "//sp.example.com/cse2", "12-c@sp.example.com"};
  BOOST_REQUIRE(
      onem2m::Number(service
                         .Handle(test::Create("base", "/cse2", 16,
                                              R"({"m2m:csr":{"csi":"/cse2","cb":"x","rr":true}})"),
                                 cse2)
                         .response.status) == 2001);
  registrant->Check();
  Wait([&] { return Member(registrar.sent().back().content, "m2m:csr/dcse") == R"(["/cse2"])"; });
}

BOOST_AUTO_TEST_CASE(it_ends_while_it_waits_for_its_next_try) {
  Answer(kTargetNotReachable, kUpdated);
  auto registrant = Start();
  registrar.Sent(0);
  registrant.reset();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
