// SPDX-License-Identifier: GPL-3.0-or-later
//
// An End-Point, the MEF, the MAF and a Target End-Point on real sockets (TS-0003 8.x.2, 8.x.3).
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <future>
#include <thread>

#include "onem2m/key_derivation.h"
#include "roles/enrolment_testing.h"

namespace saef::roles {
namespace {

using end_point::FailureKind;
using end_point::Party;
using testing::EnrolmentHouse;
using testing::kAe1Id;
using testing::kPatience;

struct Enrolled : EnrolmentHouse {
  // Registers, and looks whether cse1 gets the same key from the MAF, with whose it is.
  void CheckRegisters(entity_a::EntityA& entity) {
    const auto registered = entity.Register();
    BOOST_REQUIRE_MESSAGE(registered.has_value(), registered.error().text);
    const auto key = entity.key();
    const auto response = Ask(*MafClient("cse1"), Retrieval(key->kc_id.text()));
    const auto answer = onem2m::maf::ParseKeyRetrievalResponse(response.content);
    BOOST_REQUIRE_MESSAGE(answer.has_value(), response.content);
    BOOST_TEST(answer->key.Equals(key->kc.bytes()));
    BOOST_TEST(*answer->source_id == kAe1Id);
  }

  end_point::EnroleeContext Context(const end_point::Enrolment& enrolment) {
    return {enrolment,       &maf_fqdn, "Cae1", std::chrono::seconds(20), end_point::OpenClient,
            entity_log.log()};
  }
  end_point::EnrolmentState Enrol(const end_point::Enrolment& enrolment) {
    auto state = end_point::Enrol(Context(enrolment));
    BOOST_REQUIRE_MESSAGE(state.has_value(), state.error().text);
    return std::move(*state);
  }
  // The failure of a handshake at the MAF with this KeId.
  void CheckRefused(const end_point::Enrolment& enrolment, const end_point::EnrolmentState& state) {
    const auto answer = end_point::RetrieveKmId(Context(enrolment), state);
    BOOST_REQUIRE(answer.has_error());
    BOOST_TEST((answer.error().party == Party::kMaf));
    BOOST_TEST((answer.error().kind == FailureKind::kRefused), answer.error().text);
  }
  template <typename Condition>
  static void WaitUntil(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      BOOST_REQUIRE((std::chrono::steady_clock::now() < deadline));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
};

BOOST_AUTO_TEST_SUITE(enrolment)

BOOST_FIXTURE_TEST_CASE(from_an_enrolment_credential_to_a_registered_key, Enrolled) {
  StartBoth();
  for (const std::size_t listener : {0, 1}) {
    BOOST_TEST_CONTEXT(mef_uris[listener]) {
      StartMafWithMef(listener);
      std::filesystem::remove(path() / "ae1.state");
      const auto entity = OpenEnrolee(listener);
      CheckRegisters(*entity);
      CheckRegisters(*entity);
      struct stat status {};
      BOOST_REQUIRE(stat((path() / "ae1.state").c_str(), &status) == 0);
      BOOST_TEST((status.st_mode & 0777) == 0600u);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(restarts_keep_what_was_enrolled, Enrolled) {
  StartBoth();
  CheckRegisters(*OpenEnrolee());
  mef.reset();
  StartMafWithMef();
  // The MEF is gone: only what the End-Point and the MAF have kept can do it.
  CheckRegisters(*OpenEnrolee());
  BOOST_TEST(entity_log.Has("enrolled before"), entity_log.text());
  // Ke survives the MEF as well: a MAF that has lost everything gets Km again.
  StartMef({});
  LoseTheMafsStore();
  const auto entity = OpenEnrolee();
  CheckRegisters(*entity);
  BOOST_TEST(!entity_log.Has("enrolling afresh"), entity_log.text());
}

BOOST_FIXTURE_TEST_CASE(a_state_that_cannot_be_used_leads_to_a_fresh_enrolment, Enrolled) {
  StartBoth();
  CheckRegisters(*OpenEnrolee());
  chmod((path() / "ae1.state").c_str(), 0644);
  CheckRegisters(*OpenEnrolee());
  BOOST_TEST(entity_log.Has("other users"), entity_log.text());
  Write("ae1.state", "{}");
  CheckRegisters(*OpenEnrolee());
  BOOST_TEST(entity_log.Has("is damaged"), entity_log.text());
  // Of another enrolment credential, which the configuration had before.
  auto read = end_point::ReadEnrolmentState((path() / "ae1.state").string());
  auto& state = std::get<std::optional<end_point::EnrolmentState>>(read);
  BOOST_REQUIRE(state.has_value());
  state->enrolled_as = "kpmId ae7@mef.example.com";
  BOOST_TEST(end_point::WriteEnrolmentState((path() / "ae1.state").string(), *state) == "");
  CheckRegisters(*OpenEnrolee());
  BOOST_TEST(entity_log.Has("is of another"), entity_log.text());
}

BOOST_FIXTURE_TEST_CASE(a_maf_that_forgot_the_kmid_gives_another_one, Enrolled) {
  StartBoth();
  const auto entity = OpenEnrolee();
  CheckRegisters(*entity);
  LoseTheMafsStore();
  CheckRegisters(*entity);
  BOOST_TEST(entity_log.Has("refuses the KmId"), entity_log.text());
  BOOST_TEST(!entity_log.Has("enrolling afresh"), entity_log.text());
  // Where the MEF has lost what it had as well, only a fresh enrolment helps.
  mef.reset();
  for (const char* const file : {"mef.sqlite", "mef.sqlite-wal", "mef.sqlite-shm"}) {
    std::filesystem::remove(path() / file);
  }
  StartMef({});
  LoseTheMafsStore();
  CheckRegisters(*entity);
  BOOST_TEST(entity_log.Has("enrolling afresh"), entity_log.text());
}

BOOST_FIXTURE_TEST_CASE(renewal_before_the_end, Enrolled) {
  StartBoth({.lifetime = 5, .target_kmid = "maf@mef.example.com", .with_enrolee = true});
  end_point::MafAccess access({.maf = maf_fqdn,
                               .credential = MakeEnrolment(),
                               .originator = "Cae1",
                               .timeout = std::chrono::seconds(20),
                               .log = entity_log.log()});
  BOOST_TEST(!access.ready());
  const auto begin = onem2m::Now();
  auto ensured = access.Ensure();
  BOOST_REQUIRE_MESSAGE(ensured.has_value(), ensured.error().text);
  BOOST_TEST(access.enrolments() == 1u);
  BOOST_TEST((*access.due() >= begin + std::chrono::seconds(4)));
  WaitUntil([&] {
    BOOST_REQUIRE(access.Ensure().has_value());
    return access.enrolments() == 2u;
  });
  BOOST_TEST((onem2m::Now() >= begin + std::chrono::seconds(4)));
  BOOST_TEST(access.generation() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_renewal_that_fails_leaves_the_old_one, Enrolled) {
  StartBoth({.lifetime = 6, .target_kmid = "maf@mef.example.com", .with_enrolee = true});
  end_point::MafAccess access({.maf = maf_fqdn,
                               .credential = MakeEnrolment(),
                               .originator = {},
                               .timeout = std::chrono::milliseconds(300),
                               .log = entity_log.log()});
  WaitUntil([&] { return access.Ensure().has_value(); });
  mef.reset();
  WaitUntil([&] {
    const bool ready = access.ready();
    const bool ensured = access.Ensure().has_value();
    BOOST_TEST((ensured || !ready || !access.ready()));
    return entity_log.Has("can't be renewed yet");
  });
  WaitUntil([&] { return !access.ready(); });
  BOOST_TEST(access.Ensure().has_error());
}

BOOST_FIXTURE_TEST_CASE(a_wrong_kpm_is_refused, Enrolled) {
  StartBoth();
  const auto enrolment = MakeEnrolment(std::string(64, '0'));
  auto context = Context(enrolment);
  context.timeout = std::chrono::seconds(4);
  const auto state = end_point::Enrol(context);
  BOOST_REQUIRE(state.has_error());
  BOOST_TEST((state.error().party == Party::kMef));
  BOOST_TEST((state.error().kind == FailureKind::kRefused), state.error().text);
}

BOOST_FIXTURE_TEST_CASE(a_keid_that_the_mef_does_not_know_is_refused, Enrolled) {
  StartBoth();
  const auto enrolment = MakeEnrolment();
  auto state = Enrol(enrolment);
  state.ke_id = *onem2m::KeId::Parse(std::string(32, '0') + "@mef.example.com");
  CheckRefused(enrolment, state);
  BOOST_TEST(maf_log.Has("no credential of this name is for you"), maf_log.text());
  // Of a MEF that isn't configured: at once.
  state.ke_id = *onem2m::KeId::Parse(std::string(32, '0') + "@other.example.com");
  CheckRefused(enrolment, state);
}

BOOST_FIXTURE_TEST_CASE(a_mef_that_is_down_during_the_handshake, Enrolled) {
  StartBoth();
  const auto enrolment = MakeEnrolment();
  const auto state = Enrol(enrolment);
  mef.reset();
  CheckRefused(enrolment, state);
  // It comes back, and so does the End-Point.
  StartMef({});
  WaitUntil([&] { return end_point::RetrieveKmId(Context(enrolment), state).has_value(); });
}

BOOST_FIXTURE_TEST_CASE(a_maf_that_the_mef_does_not_know_learns_nothing, Enrolled) {
  StartBoth({.lifetime = 3600, .target_kmid = "other@mef.example.com", .with_enrolee = true});
  const auto enrolment = MakeEnrolment();
  CheckRefused(enrolment, Enrol(enrolment));
}

BOOST_FIXTURE_TEST_CASE(an_enrolment_that_has_expired, Enrolled) {
  StartBoth({.lifetime = 1, .target_kmid = "maf@mef.example.com", .with_enrolee = true});
  const auto enrolment = MakeEnrolment();
  const auto state = Enrol(enrolment);
  WaitUntil([&] { return onem2m::Now() > state.expires; });
  CheckRefused(enrolment, state);
  BOOST_TEST(maf_log.Has("no credential of this name is for you"), maf_log.text());
}

BOOST_FIXTURE_TEST_CASE(a_km_that_has_expired, Enrolled) {
  StartBoth({.lifetime = 4, .target_kmid = "maf@mef.example.com", .with_enrolee = true});
  const auto enrolment = MakeEnrolment();
  const auto state = Enrol(enrolment);
  const auto answer = end_point::RetrieveKmId(Context(enrolment), state);
  BOOST_REQUIRE_MESSAGE(answer.has_value(), answer.error().text);
  const auto connect = [&] {
    const auto client =
        Client(maf->uris().at(0), answer->km_id.text(), *end_point::DeriveKm(state));
    return client->Connect();
  };
  BOOST_TEST(connect().has_value());
  WaitUntil([&] { return onem2m::Now() > *answer->expiration_time; });
  const auto refused = connect();
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST((refused.error() == bindings::Error::kCredentialRefused));
}

// TS-0003 8.3.2.1, table 8.3.2.1-6: who may fetch what.
BOOST_FIXTURE_TEST_CASE(credentials_go_to_the_target_that_they_are_for, Enrolled) {
  StartBoth();
  const auto state = Enrol(MakeEnrolment());
  const auto fetch = [&](const std::string& identity, const std::string& key, onem2m::Suid suid,
                         const std::optional<std::string>& from) {
    const auto client = Client(mef_uris.at(0), identity, *onem2m::Secret::FromHex(key));
    onem2m::RequestPrimitive request;
    request.to = onem2m::mef::FetchCredentialsPath(state.ke_id, suid);
    request.from = from;
    request.request_identifier = "fetch";
    request.release_version = "3";
    return Ask(*client, request);
  };
  const std::string maf_key(64, 'f');
  const auto good =
      fetch("maf@mef.example.com", maf_key, onem2m::Suid::kRspfMaf, "maf.example.com");
  const auto fetched = onem2m::mef::ParseFetchedCredential(good.content);
  BOOST_REQUIRE_MESSAGE(fetched.has_value(), good.content);
  BOOST_TEST(fetched->credential.Equals(end_point::DeriveKm(state)->bytes()));
  BOOST_TEST(*fetched->enrolee_id == kAe1Id);
  BOOST_TEST((fetched->enrolee_type == onem2m::EntityKind::kAe));
  BOOST_TEST(fetched->lifetime.count() > 3000);
  const auto refused = [&](const onem2m::ResponsePrimitive& response) {
    BOOST_TEST(onem2m::Number(response.status) == 4103);
    const auto failure = onem2m::mef::ParseFetchFailure(response.content);
    BOOST_REQUIRE_MESSAGE(failure.has_value(), response.content);
    BOOST_TEST(failure->error_string == "no credential of this name is for you");
  };
  refused(fetch("maf@mef.example.com", maf_key, onem2m::Suid::kRspfSaef, "maf.example.com"));
  refused(fetch("maf@mef.example.com", maf_key, onem2m::Suid::kRspfMaf, "maf2.example.com"));
  // The enrolee itself is no target.
  refused(fetch("ae1@mef.example.com", testing::kKpm, onem2m::Suid::kRspfMaf, {}));
  // And a target can't enrol.
  const auto target =
      Client(mef_uris.at(0), "maf@mef.example.com", *onem2m::Secret::FromHex(maf_key));
  onem2m::RequestPrimitive enrol;
  enrol.operation = onem2m::Operation::kCreate;
  enrol.resource_type = onem2m::mef::kEnrolmentResourceType;
  enrol.to = "en";
  enrol.request_identifier = "enrol";
  enrol.content = "{}";
  BOOST_TEST(onem2m::Number(Ask(*target, enrol).status) == 4103);
  // An enrolee that is none any more is forgotten.
  StartMef({.lifetime = 3600, .target_kmid = "maf@mef.example.com", .with_enrolee = false});
  refused(fetch("maf@mef.example.com", maf_key, onem2m::Suid::kRspfMaf, "maf.example.com"));
}

// One handshake waits for a MEF that is silent; the others don't wait for it.
BOOST_FIXTURE_TEST_CASE(a_handshake_that_waits_holds_up_no_other, Enrolled) {
  StartBoth();
  const auto enrolment = MakeEnrolment();
  const auto state = Enrol(enrolment);
  mef.reset();
  auto waiting = std::async(std::launch::async, [&] {
    return end_point::RetrieveKmId(Context(enrolment), state).has_error();
  });
  for (const std::size_t listener : {0, 1}) {
    const auto begin = std::chrono::steady_clock::now();
    const auto cse1 = MafClient("cse1", listener);
    BOOST_TEST(Status(*cse1, std::string(32, 'A') + "@maf.example.com") == 4004);
    BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(8)));
  }
  BOOST_TEST(waiting.get());
}

// A session that a KeId made is for KmId Retrieval alone.
BOOST_FIXTURE_TEST_CASE(a_session_with_keid_registers_no_keys, Enrolled) {
  StartBoth();
  const auto state = Enrol(MakeEnrolment());
  const auto client = Client(maf->uris().at(0), state.ke_id.text(), *end_point::DeriveKm(state));
  onem2m::RequestPrimitive request;
  request.operation = onem2m::Operation::kCreate;
  request.resource_type = onem2m::maf::kKeyResourceType;
  request.to = "kr";
  request.request_identifier = "registration";
  request.content = R"({"suid":32,"targetIDs":["//sp.example.com/cse1"]})";
  BOOST_TEST(onem2m::Number(Ask(*client, request).status) == 4106);
  request.to = "km";
  BOOST_TEST(onem2m::Number(Ask(*client, request).status) == 4005);
  request.operation = onem2m::Operation::kRetrieve;
  request.resource_type = {};
  request.content.clear();
  BOOST_TEST(client->sessions_established() == 1u);
  const auto answer = onem2m::maf::ParseKmIdRetrievalResponse(Ask(*client, request).content);
  BOOST_REQUIRE(answer.has_value());
  // TS-0003 8.x.3 step 5: the MAF has ended that session, and only that.
  BOOST_TEST(onem2m::Number(Ask(*client, request).status) == 2000);
  BOOST_TEST(client->sessions_established() == 2u);
  // The next enrolment is given the same one: the client stays who it is.
  const auto enrolment = MakeEnrolment();
  const auto second = end_point::RetrieveKmId(Context(enrolment), Enrol(enrolment));
  BOOST_REQUIRE(second.has_value());
  BOOST_TEST((second->km_id == answer->km_id));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::roles
