// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/entity-a/entity_a.h"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "roles/entity-a/testing.h"

namespace saef::entity_a {
namespace {

using bindings::Error;
using testing::World;

struct Scene : World {
  Scene() : entity(testing::MakeConfiguration(), testing::Opener(*this), {}) {}
  Outcome<onem2m::ResponsePrimitive> Send() {
    onem2m::RequestPrimitive request;
    request.to = "base";
    return entity.Send(request);
  }
  static std::optional<Error> Refuse(const std::string&) { return Error::kCredentialRefused; }
  EntityA entity;
};

BOOST_AUTO_TEST_SUITE(entity_a)

BOOST_FIXTURE_TEST_CASE(registers_associates_and_sends, Scene) {
  BOOST_REQUIRE(Send().has_value());
  BOOST_REQUIRE(Send().has_value());
  BOOST_TEST(registrations == 1);
  BOOST_REQUIRE(opened_at_cse.size() == 1u);
  const auto& options = opened_at_cse[0];
  const auto& psk = std::get<bindings::PskCredential>(options.credential);
  BOOST_TEST(psk.identity == "KEY1@maf.example.com");
  BOOST_TEST(psk.key.Equals(entity.key()->kc.bytes()));
  BOOST_TEST(psk.key.size() == 32u);
  BOOST_TEST(options.server_name == "cse1.sp.example.com");
  BOOST_TEST(options.uri.text() == "coaps://127.0.0.1:1");
  BOOST_TEST(*cse_requests.at(0).from == "Cae1");
  BOOST_TEST(*cse_requests.at(0).release_version == "3");
  BOOST_TEST(!cse_requests.at(0).request_identifier.empty());
  BOOST_TEST(cse_requests.at(0).request_identifier != cse_requests.at(1).request_identifier);
  // The client of the MAF has gone.
  BOOST_TEST(living_clients == 1);
}

BOOST_FIXTURE_TEST_CASE(what_the_caller_gives_is_left_alone, Scene) {
  onem2m::RequestPrimitive request;
  request.from = "Cliar";
  request.request_identifier = "mine";
  request.release_version = "2a";
  BOOST_REQUIRE(entity.Send(request).has_value());
  BOOST_TEST(*cse_requests.at(0).from == "Cliar");
  BOOST_TEST(cse_requests.at(0).request_identifier == "mine");
  BOOST_TEST(*cse_requests.at(0).release_version == "2a");
}

BOOST_FIXTURE_TEST_CASE(refused_in_the_first_handshake_it_registers_afresh_once, Scene) {
  cse_handshake = [](const std::string& identity) -> std::optional<Error> {
    return identity.starts_with("KEY1@") ? std::optional(Error::kCredentialRefused) : std::nullopt;
  };
  BOOST_REQUIRE(Send().has_value());
  BOOST_TEST(registrations == 2);
  BOOST_TEST(entity.key()->kc_id.text() == "KEY2@maf.example.com");
}

BOOST_FIXTURE_TEST_CASE(refused_later_it_registers_afresh_once, Scene) {
  BOOST_REQUIRE(Send().has_value());
  cse_handshake = [](const std::string& identity) -> std::optional<Error> {
    return identity.starts_with("KEY1@") ? std::optional(Error::kCredentialRefused) : std::nullopt;
  };
  BOOST_REQUIRE(Send().has_value());
  BOOST_TEST(registrations == 2);
  BOOST_TEST(living_clients == 1);
}

BOOST_FIXTURE_TEST_CASE(refused_always_it_gives_up_after_the_second_key, Scene) {
  cse_handshake = Refuse;
  auto result = Send();
  BOOST_REQUIRE(result.has_error());
  BOOST_TEST((result.error().party == Party::kCse));
  BOOST_TEST((result.error().kind == FailureKind::kRefused));
  BOOST_TEST(result.error().exit_code() == 1);
  BOOST_TEST(registrations == 2);
  BOOST_TEST(entity.Associate().has_error());
  // The key of the last call is tried first, and one more is made.
  BOOST_TEST(registrations == 3);
}

BOOST_FIXTURE_TEST_CASE(refused_in_a_session_always_it_gives_up, Scene) {
  BOOST_REQUIRE(entity.Associate().has_value());
  cse_answer = Error::kCredentialRefused;
  BOOST_REQUIRE(Send().has_error());
  BOOST_TEST(registrations == 2);
}

BOOST_FIXTURE_TEST_CASE(silence_is_no_refusal, Scene) {
  for (const Error error : {Error::kUnreachable, Error::kTimeout}) {
    cse_handshake = [error](const std::string&) { return std::optional(error); };
    const auto result = Send();
    BOOST_REQUIRE(result.has_error());
    BOOST_TEST((result.error().party == Party::kCse));
    BOOST_TEST(result.error().exit_code() == 3);
    BOOST_TEST(registrations == 1);
  }
}

BOOST_FIXTURE_TEST_CASE(the_mafs_refusal_is_told_as_such, Scene) {
  maf_handshake = Error::kCredentialRefused;
  const auto result = Send();
  BOOST_REQUIRE(result.has_error());
  BOOST_TEST((result.error().party == Party::kMaf));
  BOOST_TEST((result.error().kind == FailureKind::kRefused));
  BOOST_TEST(opened_at_cse.empty());
}

BOOST_FIXTURE_TEST_CASE(a_response_that_refuses_is_a_value, Scene) {
  cse_answer.reset();
  BOOST_REQUIRE(entity.Register().has_value());
  BOOST_REQUIRE(entity.Register().has_value());
  BOOST_TEST(entity.registrations() == 2u);
  BOOST_REQUIRE(Send().has_value());
  BOOST_TEST(std::get<bindings::PskCredential>(opened_at_cse.at(0).credential).identity ==
             "KEY2@maf.example.com");
}

// A key that was registered so many seconds ago and lives for 100.
RegisteredKey Old(int seconds_ago) {
  const auto registered = onem2m::Now() - std::chrono::seconds(seconds_ago);
  return {*onem2m::KcId::Parse("OLD@maf.example.com"), testing::Key(9), registered,
          registered + std::chrono::seconds(100)};
}

BOOST_FIXTURE_TEST_CASE(renews_after_eighty_percent, Scene) {
  entity.Use(Old(70));
  BOOST_REQUIRE(Send().has_value());
  BOOST_TEST(registrations == 0);
  entity.Use(Old(85));
  BOOST_REQUIRE(Send().has_value());
  BOOST_TEST(registrations == 1);
  BOOST_TEST(entity.key()->kc_id.text() == "KEY1@maf.example.com");
  BOOST_TEST(living_clients == 1);
  BOOST_REQUIRE(Send().has_value());
  BOOST_TEST(registrations == 1);
}

BOOST_FIXTURE_TEST_CASE(a_renewal_that_fails_leaves_the_old_key_in_use, Scene) {
  entity.Use(Old(85));
  maf_handshake = Error::kUnreachable;
  BOOST_REQUIRE(Send().has_value());
  BOOST_REQUIRE(Send().has_value());
  BOOST_TEST(registrations == 0);
  BOOST_TEST(opened_at_cse.size() == 1u);
  BOOST_TEST(maf_handshakes == 1);  // it isn't tried again with each request
  BOOST_TEST(entity.key()->kc_id.text() == "OLD@maf.example.com");
  // The new key is refused, the old one isn't.
  maf_handshake.reset();
  cse_handshake = [](const std::string& identity) -> std::optional<Error> {
    return identity.starts_with("KEY") ? std::optional(Error::kCredentialRefused) : std::nullopt;
  };
  entity.Use(Old(90));
  BOOST_REQUIRE(Send().has_value());
  BOOST_TEST(registrations == 1);
  BOOST_TEST(entity.key()->kc_id.text() == "OLD@maf.example.com");
}

BOOST_FIXTURE_TEST_CASE(an_expired_key_is_not_used, Scene) {
  entity.Use(Old(100));
  BOOST_REQUIRE(Send().has_value());
  BOOST_TEST(registrations == 1);
  entity.Use(Old(101));
  maf_handshake = Error::kUnreachable;
  BOOST_TEST(Send().error().exit_code() == 3);
}

BOOST_FIXTURE_TEST_CASE(associates_where_it_is_told, Scene) {
  BOOST_REQUIRE(entity.Associate("https://127.0.0.1:2").has_value());
  BOOST_REQUIRE(Send().has_value());
  BOOST_REQUIRE(entity.Associate("https://127.0.0.1:2").has_value());
  BOOST_TEST(opened_at_cse.size() == 1u);
  BOOST_REQUIRE(entity.Associate().has_value());
  BOOST_REQUIRE(opened_at_cse.size() == 2u);
  BOOST_TEST(opened_at_cse[0].uri.text() == "https://127.0.0.1:2");
  BOOST_TEST(opened_at_cse[1].uri.text() == "coaps://127.0.0.1:1");
  BOOST_TEST(registrations == 1);
  for (const char* bad : {"http://127.0.0.1:2", "nonsense"}) {
    const auto result = entity.Associate(bad);
    BOOST_REQUIRE(result.has_error());
    BOOST_TEST(result.error().exit_code() == 2);
  }
  entity.Disconnect();
  BOOST_TEST(living_clients == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::entity_a
