// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/entity-a/key_use.h"

#include <boost/test/unit_test.hpp>

#include "roles/entity-a/testing.h"

namespace saef::entity_a {
namespace {

using onem2m::ResponseStatusCode;
using onem2m::Suid;

const std::vector<std::string> kTargets = {"//sp.example.com/cse1", "//SP.example.com/cse2"};

// A MAF that answers what the test says.
struct UsedMaf : testing::World {
  MafAt at() { return {client, *onem2m::Fqdn::Parse("maf.example.com"), "/kr", "Cae1"}; }
  void Answer(ResponseStatusCode status, std::string content = {}) {
    maf = [=](const auto& request) -> bindings::Result<onem2m::ResponsePrimitive> {
      auto response = onem2m::RespondTo(request, status);
      response.content = content;
      return response;
    };
  }
  void Fail(bindings::Error error) {
    maf = [=](const auto&) -> bindings::Result<onem2m::ResponsePrimitive> { return error; };
  }
  onem2m::KcId kc_id() const {
    return *onem2m::KcId::Make("K1", *onem2m::Fqdn::Parse("maf.example.com"));
  }

  testing::FakeClient client{*this, true, "ae1@maf.example.com"};
};

template <typename T>
FailureKind KindOf(const Outcome<T>& outcome) {
  BOOST_REQUIRE(outcome.has_error());
  BOOST_TEST(!outcome.error().text.empty());
  return outcome.error().kind;
}

const std::string kGood = R"({"relativeKeyID":"K1","expirationTime":"20991231T235959","suid":34,)"
                          R"("targetIDs":["//sp.example.com/cse2","//sp.example.com/cse1"]})";

BOOST_FIXTURE_TEST_SUITE(key_use, UsedMaf)

BOOST_AUTO_TEST_CASE(a_registration_asks_for_what_it_is_told) {
  Answer(ResponseStatusCode::kCreated, kGood);
  const auto key = RegisterKeyFor(at(), Suid::kMafEsData, kTargets, std::chrono::seconds(60));
  BOOST_REQUIRE(key.has_value());
  BOOST_TEST(key->kc_id.text() == "K1@maf.example.com");
  BOOST_TEST(key->kc.Equals(std::vector<std::uint8_t>(32, 0xEE)));
  const auto& request = maf_requests.at(0);
  BOOST_TEST(request.to == "kr");
  BOOST_TEST(*request.from == "Cae1");
  const auto wish = onem2m::maf::ParseKeyRegistrationRequest(request.content);
  BOOST_REQUIRE(wish.has_value());
  BOOST_TEST((wish->suid == Suid::kMafEsData));
  BOOST_TEST(wish->target_ids.size() == 2u);
  BOOST_TEST(!wish->key);
  BOOST_TEST((*wish->expiration_time <= onem2m::Now() + std::chrono::seconds(60)));
}

BOOST_AUTO_TEST_CASE(what_a_use_does_not_allow_is_not_sent) {
  Answer(ResponseStatusCode::kCreated, kGood);
  const auto failed = [&](Suid suid, const std::vector<std::string>& targets) {
    return KindOf(RegisterKeyFor(at(), suid, targets, std::nullopt));
  };
  BOOST_TEST((failed(Suid::kMafEsPrim, kTargets) == FailureKind::kLocal));
  BOOST_TEST((failed(Suid::kMafSaef, kTargets) == FailureKind::kLocal));
  BOOST_TEST((failed(Suid::kMafEsData, {}) == FailureKind::kLocal));
  BOOST_TEST((failed(Suid::kMafEsData, {"/cse1"}) == FailureKind::kLocal));
  BOOST_TEST((failed(Suid::kRspfEsData, kTargets) == FailureKind::kLocal));
  BOOST_TEST(maf_requests.empty());
}

BOOST_AUTO_TEST_CASE(answers_that_do_not_fit_are_refused) {
  const std::pair<const char*, const char*> bad[] = {
      {"20991231", "20200101"},
      {"\"suid\":34", "\"suid\":35"},
      {"com/cse2", "com/cse3"},
      {"\"K1\"", "\"K 1\""},
      {R"(,"//sp.example.com/cse1")", ""},
      {"\"suid\":34,", ""},
      {"{", ""},
  };
  for (const auto& [from, to] : bad) {
    std::string content = kGood;
    content.replace(content.find(from), std::string(from).size(), to);
    BOOST_TEST_CONTEXT(content) {
      Answer(ResponseStatusCode::kCreated, content);
      BOOST_TEST((KindOf(RegisterKeyFor(at(), Suid::kMafEsData, kTargets, std::nullopt)) ==
                  FailureKind::kBadAnswer));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_registration_that_fails_says_how) {
  const auto failed = [&] {
    return KindOf(RegisterKeyFor(at(), Suid::kMafEsData, kTargets, std::nullopt));
  };
  Answer(ResponseStatusCode::kOriginatorHasNoPrivilege);
  BOOST_TEST((failed() == FailureKind::kRefused));
  Fail(bindings::Error::kTimeout);
  BOOST_TEST((failed() == FailureKind::kUnreachable));
  Answer(ResponseStatusCode::kCreated, kGood);
  // Another session than the one of the key gave another key.
  maf_makes_new_session = true;
  BOOST_TEST((failed() == FailureKind::kUnreachable));
  maf_makes_new_session = false;
  export_error = bindings::Error::kNoExtendedMasterSecret;
  BOOST_TEST((failed() == FailureKind::kBadAnswer));
  export_error.reset();
  maf_handshake = bindings::Error::kPeerNotAuthentic;
  BOOST_TEST((failed() == FailureKind::kRefused));
}

BOOST_AUTO_TEST_CASE(a_key_of_another_use_is_not_taken) {
  onem2m::maf::KeyRetrievalResponse answer;
  answer.key = testing::Key(7);
  answer.source_id = testing::kAe1;
  answer.source_type = onem2m::EntityKind::kAe;
  answer.suid = Suid::kMafEsData;
  answer.lifetime = std::chrono::seconds(60);
  Answer(ResponseStatusCode::kOk, onem2m::maf::Write(answer));
  const auto got = RetrieveKey(at(), kc_id(), Suid::kMafEsData);
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(got->key.Equals(testing::Key(7).bytes()));
  const auto& request = maf_requests.at(0);
  BOOST_TEST(request.to == "kr/K1");
  BOOST_TEST((request.query == std::vector<std::pair<std::string, std::string>>{
                                   {"suid", "34"}, {"kcid", "K1@maf.example.com"}}));
  for (const Suid other : {Suid::kMafSaef, Suid::kMafEsPrim, Suid::kMafEsDataOther}) {
    BOOST_TEST((KindOf(RetrieveKey(at(), kc_id(), other)) == FailureKind::kBadAnswer));
  }
  Answer(ResponseStatusCode::kOk, "{}");
  BOOST_TEST((KindOf(RetrieveKey(at(), kc_id(), Suid::kMafEsData)) == FailureKind::kBadAnswer));
  Answer(ResponseStatusCode::kNotFound);
  BOOST_TEST((KindOf(RetrieveKey(at(), kc_id(), Suid::kMafEsData)) == FailureKind::kRefused));
}

BOOST_AUTO_TEST_CASE(only_the_status_that_is_due_is_success) {
  Answer(ResponseStatusCode::kUpdated);
  BOOST_TEST(UpdateTargets(at(), kc_id(), kTargets).has_value());
  BOOST_TEST((maf_requests.back().operation == onem2m::Operation::kUpdate));
  BOOST_TEST((KindOf(DeregisterKey(at(), kc_id())) == FailureKind::kRefused));
  BOOST_TEST((maf_requests.back().operation == onem2m::Operation::kDelete));
  Answer(ResponseStatusCode::kDeleted);
  BOOST_TEST(DeregisterKey(at(), kc_id()).has_value());
  BOOST_TEST((KindOf(UpdateTargets(at(), kc_id(), kTargets)) == FailureKind::kRefused));
  Fail(bindings::Error::kUnreachable);
  BOOST_TEST((KindOf(DeregisterKey(at(), kc_id())) == FailureKind::kUnreachable));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::entity_a
