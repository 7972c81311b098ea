// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/entity-a/key_registration.h"

#include <boost/test/unit_test.hpp>

#include "roles/entity-a/testing.h"

namespace saef::entity_a {
namespace {

using onem2m::ResponseStatusCode;
using testing::World;

Outcome<RegisteredKey> Register(World& world, const Configuration& configuration) {
  testing::FakeClient maf(world, true, "ae1@maf.example.com");
  return RegisterKey(configuration, *configuration.key_registration, maf);
}

BOOST_AUTO_TEST_SUITE(key_registration)

BOOST_AUTO_TEST_CASE(an_exported_key) {
  World world;
  const auto key = Register(world, testing::MakeConfiguration());
  BOOST_REQUIRE(key.has_value());
  BOOST_TEST(key->kc_id.text() == "KEY1@maf.example.com");
  BOOST_TEST(key->kc.Equals(std::vector<std::uint8_t>(32, 0xEE)));
  const auto& request = world.maf_requests.at(0);
  BOOST_TEST(request.to == "kr");
  BOOST_TEST(*request.from == "Cae1");
  BOOST_TEST((request.operation == onem2m::Operation::kCreate));
  const auto wish = onem2m::maf::ParseKeyRegistrationRequest(request.content);
  BOOST_REQUIRE(wish.has_value());
  BOOST_TEST((wish->suid == onem2m::Suid::kMafSaef));
  BOOST_TEST(wish->target_ids == std::vector{testing::kCse1});
  BOOST_TEST(!wish->key);
  BOOST_TEST(!wish->expiration_time);
}

BOOST_AUTO_TEST_CASE(a_key_of_its_own) {
  World world;
  world.export_error = bindings::Error::kNoExtendedMasterSecret;  // isn't asked
  auto configuration = testing::MakeConfiguration(KeySource::kSelfGenerated);
  configuration.lifetime = std::chrono::seconds(60);
  const auto first = Register(world, configuration);
  const auto second = Register(world, configuration);
  BOOST_REQUIRE(first.has_value());
  BOOST_REQUIRE(second.has_value());
  BOOST_TEST(!first->kc.Equals(second->kc.bytes()));
  const auto wish = onem2m::maf::ParseKeyRegistrationRequest(world.maf_requests.at(0).content);
  BOOST_TEST(wish->key->Equals(first->kc.bytes()));
  BOOST_TEST((*wish->expiration_time <= onem2m::Now() + std::chrono::seconds(60)));
}

BOOST_AUTO_TEST_CASE(a_key_that_can_be_typed) {
  World world;
  const auto key = Register(world, testing::MakeConfiguration(KeySource::kPrintable));
  BOOST_REQUIRE(key.has_value());
  BOOST_TEST(key->kc.size() == 32u);
  for (const std::uint8_t octet : key->kc.bytes()) {
    BOOST_TEST((octet > 0x20 && octet < 0x7F));
  }
  const auto wish = onem2m::maf::ParseKeyRegistrationRequest(world.maf_requests.at(0).content);
  BOOST_TEST(wish->key->Equals(key->kc.bytes()));
}

BOOST_AUTO_TEST_CASE(failures_say_at_whom_and_how) {
  const auto failure = [](World& world) {
    const auto key = Register(world, testing::MakeConfiguration());
    BOOST_REQUIRE(key.has_error());
    BOOST_TEST((key.error().party == Party::kMaf));
    BOOST_TEST(!key.error().text.empty());
    return key.error();
  };
  World world;
  world.maf_handshake = bindings::Error::kUnreachable;
  BOOST_TEST(failure(world).exit_code() == 3);
  world.maf_handshake = bindings::Error::kCredentialRefused;
  BOOST_TEST(failure(world).exit_code() == 1);
  world.maf_handshake.reset();
  world.export_error = bindings::Error::kNoExtendedMasterSecret;
  BOOST_TEST((failure(world).kind == FailureKind::kBadAnswer));
  BOOST_TEST(world.maf_requests.empty());
  world.export_error.reset();
  world.maf_makes_new_session = true;
  BOOST_TEST((failure(world).kind == FailureKind::kUnreachable));
  world.maf_makes_new_session = false;
  world.maf = [](const auto&) -> bindings::Result<onem2m::ResponsePrimitive> {
    return bindings::Error::kTimeout;
  };
  BOOST_TEST(failure(world).exit_code() == 3);
  world.maf = [](const auto& request) -> bindings::Result<onem2m::ResponsePrimitive> {
    return onem2m::RespondTo(request, ResponseStatusCode::kOriginatorHasNoPrivilege);
  };
  BOOST_TEST((failure(world).kind == FailureKind::kRefused));
  BOOST_TEST((failure(world).status == ResponseStatusCode::kOriginatorHasNoPrivilege));
  BOOST_TEST(failure(world).exit_code() == 1);
}

BOOST_AUTO_TEST_CASE(answers_that_are_not_what_was_asked_for) {
  const std::string good = R"({"relativeKeyID":"K1","expirationTime":"20991231T235959","suid":32,)"
                           R"("targetIDs":["//sp.example.com/cse1"],)"
                           R"("sourceID":"//sp.example.com/cse1/Cae1"})";
  struct Case {
    const char* from;
    const char* to;
  };
  const Case bad[] = {
      {"20991231", "20200101"},
      {"\"suid\":32", "\"suid\":33"},
      {"\"suid\":32,", ""},
      {"//sp.example.com/cse1\"]", "//sp.example.com/cse2\"]"},
      {"//sp.example.com/cse1\"]", "//sp.example.com/cse1\",\"//sp.example.com/cse2\"]"},
      {"[\"//sp.example.com/cse1\"]", "[]"},
      {"/Cae1", "/Cae2"},
      {"\"K1\"", "\"\""},
      {"\"K1\"", "\"K 1\""},
      {"\"K1\"", "\"K1@maf.example.com\""},
      {"{", ""},
  };
  const auto answer = [](const std::string& content) {
    World world;
    world.maf = [content](const auto& request) -> bindings::Result<onem2m::ResponsePrimitive> {
      auto response = onem2m::RespondTo(request, ResponseStatusCode::kCreated);
      response.content = content;
      return response;
    };
    return Register(world, testing::MakeConfiguration());
  };
  BOOST_TEST(answer(good).has_value());
  for (const Case& c : bad) {
    std::string content = good;
    content.replace(content.find(c.from), std::string(c.from).size(), c.to);
    const auto key = answer(content);
    BOOST_TEST_CONTEXT(content) {
      BOOST_REQUIRE(key.has_error());
      BOOST_TEST((key.error().kind == FailureKind::kBadAnswer));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::entity_a
