// SPDX-License-Identifier: GPL-3.0-or-later
//
// Associations by a Kpsa that comes from a MEF (TS-0003 8.2.2.1 with 8.3.2): Entity A has nothing
// but its enrolment credential; saef.so fetches Kpsa from the MEF while the handshake waits. MEF,
// CSE and Entity A on real sockets; there is no MAF.
#include <boost/test/unit_test.hpp>

#include "onem2m/key_derivation.h"
#include "roles/cse/cse.h"
#include "roles/cse/test_requests.h"
#include "roles/enrolment_testing.h"

namespace saef::interop_test {
namespace {

using cse::test::Create;
using cse::test::kAe;
using cse::test::Retrieve;
using roles::testing::kPatience;

struct KpsaMefOptions {
  std::string lifetime = "3600";
  // What the MEF has of the enrolee ae1.
  std::string ae1 =
      R"("entityId": "//sp.example.com/cse1/Cae1", "entityType": "AE",
         "kpsaTargets": ["//sp.example.com/cse1"])";
  std::string target = "//sp.example.com/cse1";
};

struct KpsaHouse : roles::testing::EnrolmentHouse {
  KpsaHouse() { Write("cse1-mef.km", std::string(64, 'd')); }
  ~KpsaHouse() {
    cse.reset();
    mef.reset();
  }

  void StartKpsaMef(const KpsaMefOptions& options = {}) {
    const std::string listen = mef_uris.empty()
                                   ? R"("coaps://127.0.0.1:0", "https://127.0.0.1:0")"
                                   : "\"" + mef_uris.at(0) + R"(", ")" + mef_uris.at(1) + "\"";
    mef.reset();
    auto started = mef::Mef::Start(
        Write("mef.json", R"({"fqdn": "mef.example.com", "listen": [)" + listen +
                              R"(], "store": "mef.sqlite", "storeKeyFile": "mef.key",
 "lifetime": )" + options.lifetime +
                              R"(, "enrolees": [{"kpmId": "ae1@mef.example.com",
   "kpmFile": "ae1.kpm", )" + options.ae1 +
                              R"(}],
 "targets": [{"entityId": ")" +
                              options.target +
                              R"(", "kmId": "cse1@mef.example.com", "kmFile": "cse1-mef.km"}]})"),
        mef_log.log());
    if (const auto* error = std::get_if<std::string>(&started)) BOOST_FAIL(*error);
    mef = std::move(std::get<std::unique_ptr<mef::Mef>>(started));
    mef_uris = mef->uris();
  }

  // `mef_listener`: over which binding the plugin asks the MEF.
  void StartCse(std::size_t mef_listener = 0) {
    cse.reset();
    Write("saef.json", R"({"cse": {"id": "/cse1", "serviceProvider": "sp.example.com"},
 "fetch": {"timeoutMs": 20000, "backOffMs": {"first": 100, "max": 200}},
 "cache": {"refusalSeconds": 0},
 "mefs": [{"fqdn": "mef.example.com", "uri": ")" +
                           mef_uris.at(mef_listener) +
                           R"(", "kmId": "cse1@mef.example.com", "kmFile": "cse1-mef.km"}]})");
    auto started =
        cse::Cse::Start(Write("cse.json", R"({"id":"/cse1","serviceProvider":"sp.example.com",
 "listen":["coaps://127.0.0.1:0","https://127.0.0.1:0"],
 "plugins":[{"module":")" SAEF_MODULE_FILE R"(","config":"saef.json"}]})"),
                        cse_log.log());
    if (const auto* error = std::get_if<std::string>(&started)) BOOST_FAIL(*error);
    cse = std::move(std::get<std::unique_ptr<cse::Cse>>(started));
  }

  std::string UriOf(const std::string& scheme) const {
    for (const std::string& uri : cse->uris()) {
      if (uri.starts_with(scheme + ":")) return uri;
    }
    throw std::logic_error("no such listener");
  }

  // Entity A that has nothing but its enrolment credential, and keeps what it got.
  std::unique_ptr<entity_a::EntityA> OpenKpsaEntity(const std::string& scheme,
                                                    std::size_t mef_listener = 0,
                                                    const std::string& more = {}) {
    auto opened = entity_a::EntityA::Open(
        Write("entity.json", "{" + more + R"("timeoutMs": 20000, "credential": {)" +
                                 EnrolmentBlock(mef_listener) +
                                 R"(}, "cse": {"id": "//sp.example.com/cse1", "uris": [")" +
                                 UriOf(scheme) + R"("]}})"),
        entity_log.log());
    if (const auto* error = std::get_if<std::string>(&opened)) BOOST_FAIL(*error);
    return std::move(std::get<std::unique_ptr<entity_a::EntityA>>(opened));
  }

  end_point::EnrolmentState EnrolForKpsa() {
    const end_point::Enrolment enrolment = MakeEnrolment();
    auto enrolled = end_point::Enrol({.enrolment = enrolment,
                                      .originator = "Cae1",
                                      .timeout = std::chrono::seconds(20),
                                      .open_client = end_point::OpenClient,
                                      .log = entity_log.log()});
    BOOST_REQUIRE_MESSAGE(enrolled.has_value(), enrolled.error().text);
    return std::move(*enrolled);
  }

  // The status of what it asks; 0: no association came to be.
  static int Status(entity_a::EntityA& entity, onem2m::RequestPrimitive request) {
    request.request_identifier.clear();
    const auto response = entity.Send(std::move(request), kPatience);
    if (!response) BOOST_TEST_MESSAGE(response.error().text);
    return response ? onem2m::Number(response->status) : 0;
  }

  std::unique_ptr<cse::Cse> cse;
  roles::testing::LogBook cse_log;
};

BOOST_FIXTURE_TEST_SUITE(enrolled_kpsa, KpsaHouse)

BOOST_AUTO_TEST_CASE(from_an_enrolment_credential_to_an_association) {
  StartKpsaMef();
  for (const std::size_t mef_listener : {0, 1}) {
    for (const char* const scheme : {"coaps", "https"}) {
      BOOST_TEST_CONTEXT(scheme << ", the MEF at " << mef_uris[mef_listener]) {
        StartCse(mef_listener);
        std::filesystem::remove(path() / "ae1.state");
        const auto entity = OpenKpsaEntity(scheme, mef_listener);
        BOOST_TEST(Status(*entity, Create("base", "Cae1", 2, kAe)) == 2001, cse_log.text());
        BOOST_TEST(Status(*entity, Retrieve("Cae1", "Cae1")) == 2000);
        // Whom the MEF names is who may speak: TS-0003 8.2.1.
        BOOST_TEST(Status(*entity, Retrieve("base", "Cother")) == 4106);
        BOOST_TEST(Status(*entity, Create("base", "Cother", 2, kAe)) == 4106);
        BOOST_TEST(std::filesystem::exists(path() / "ae1.state"));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(restarts_keep_what_was_enrolled) {
  StartKpsaMef();
  StartCse();
  BOOST_TEST(Status(*OpenKpsaEntity("coaps"), Create("base", "Cae1", 2, kAe)) == 2001);
  const auto again = OpenKpsaEntity("https");
  BOOST_TEST(Status(*again, Retrieve("base", "Cae1")) == 2000, entity_log.text());
  BOOST_TEST(entity_log.Has("enrolled before"), entity_log.text());
  // A state for a MAF isn't one for Entity B.
  auto read = end_point::ReadEnrolmentState((path() / "ae1.state").string());
  auto& state = std::get<std::optional<end_point::EnrolmentState>>(read);
  BOOST_REQUIRE(state.has_value());
  BOOST_TEST(!state->maf.has_value());
  state->maf = onem2m::mef::MafInstructions{
      maf_fqdn, {}, "coaps://127.0.0.1:1/kr", "coaps://127.0.0.1:1/kr", "coaps://127.0.0.1:1/km",
      {}};
  BOOST_TEST(end_point::WriteEnrolmentState((path() / "ae1.state").string(), *state) == "");
  BOOST_TEST(Status(*OpenKpsaEntity("coaps"), Retrieve("base", "Cae1")) == 2000);
  BOOST_TEST(entity_log.Has("is of another MEF, MAF or enrolment credential"), entity_log.text());
}

BOOST_AUTO_TEST_CASE(a_mef_that_names_nobody_leaves_it_to_the_registration) {
  StartKpsaMef({.ae1 = R"("entityType": "AE", "kpsaTargets": ["//sp.example.com/cse1"])"});
  StartCse();
  const auto entity = OpenKpsaEntity("coaps");
  BOOST_TEST(Status(*entity, Create("base", "Cfree", 2, kAe)) == 2001, cse_log.text());
  BOOST_TEST(Status(*entity, Retrieve("base", "Cfree")) == 2000);
  BOOST_TEST(Status(*entity, Retrieve("base", "Cother")) == 4106);
}

BOOST_AUTO_TEST_CASE(the_mef_decides_for_whom_a_key_is) {
  // This CSE isn't among the enrolee's targets.
  StartKpsaMef({.ae1 = R"("entityId": "//sp.example.com/cse1/Cae1", "entityType": "AE",
                         "kpsaTargets": ["//sp.example.com/cse2"])"});
  StartCse();
  for (const char* const scheme : {"coaps", "https"}) {
    BOOST_TEST(Status(*OpenKpsaEntity(scheme), Retrieve("base", "Cae1")) == 0);
  }
  BOOST_TEST(cse_log.Has("no credential of this name is for you"), cse_log.text());
  // Nor does the MEF give it to a target that says it is another one.
  StartKpsaMef({.target = "//sp.example.com/cse3"});
  BOOST_TEST(Status(*OpenKpsaEntity("coaps"), Retrieve("base", "Cae1")) == 0);
}

BOOST_AUTO_TEST_CASE(a_key_of_another_enrolee_does_not_pass) {
  StartKpsaMef();
  StartCse();
  const auto own = OpenKpsaEntity("coaps");
  BOOST_REQUIRE(Status(*own, Create("base", "Cae1", 2, kAe)) == 2001);
  auto read = end_point::ReadEnrolmentState((path() / "ae1.state").string());
  const auto& state = std::get<std::optional<end_point::EnrolmentState>>(read);
  BOOST_REQUIRE(state.has_value());
  // The KeId is right; Kpsa isn't, but for another Entity B.
  auto kpsa = onem2m::DeriveKpsa(state->ke, "//sp.example.com/cse2");
  BOOST_REQUIRE(kpsa.has_value());
  BOOST_TEST(Client(UriOf("https"), state->ke_id.text(), std::move(*kpsa))->Connect().has_error());
  for (const char* const scheme : {"coaps", "https"}) {
    BOOST_TEST_CONTEXT(scheme) {
      // Somebody else's invention under this MEF's name.
      auto random = onem2m::Secret::Random(32);
      BOOST_TEST(Client(UriOf(scheme), "00112233445566778899AABBCCDDEEFF@mef.example.com",
                        std::move(*random))
                     ->Connect()
                     .has_error());
    }
  }
  BOOST_TEST(cse_log.Has("is unknown: the MEF answered 4103"), cse_log.text());
}

BOOST_AUTO_TEST_CASE(a_mef_that_is_down_makes_keys_unavailable_and_comes_back) {
  StartKpsaMef();
  StartCse();
  std::filesystem::remove(path() / "ae1.state");
  const end_point::EnrolmentState enrolled = EnrolForKpsa();
  BOOST_TEST(end_point::WriteEnrolmentState((path() / "ae1.state").string(), enrolled) == "");
  mef.reset();
  const auto entity = OpenKpsaEntity("https");
  BOOST_TEST(Status(*entity, Retrieve("base", "Cae1")) == 0);
  BOOST_TEST(cse_log.Has("the MEF mef.example.com can't be asked"), cse_log.text());
  StartKpsaMef();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (Status(*entity, Create("base", "Cae1", 2, kAe)) == 0) {
    BOOST_REQUIRE_MESSAGE((std::chrono::steady_clock::now() < deadline), cse_log.text());
  }
  // A second association takes it from the cache.
  mef.reset();
  BOOST_TEST(Status(*OpenKpsaEntity("https"), Retrieve("base", "Cae1")) == 2000);
}

BOOST_AUTO_TEST_CASE(refused_it_enrols_afresh) {
  StartKpsaMef();
  StartCse();
  BOOST_REQUIRE(Status(*OpenKpsaEntity("https"), Create("base", "Cae1", 2, kAe)) == 2001);
  // The MEF has lost its store, and the CSE was started anew: nobody knows this KeId any more.
  mef.reset();
  for (const char* const file : {"mef.sqlite", "mef.sqlite-wal", "mef.sqlite-shm"}) {
    std::filesystem::remove(path() / file);
  }
  StartKpsaMef();
  StartCse();
  const auto entity = OpenKpsaEntity("https");
  BOOST_TEST(Status(*entity, Create("base", "Cae1", 2, kAe)) == 2001, entity_log.text());
  BOOST_TEST(entity_log.Has("the CSE refuses the key; enrolling afresh"), entity_log.text());
}

BOOST_AUTO_TEST_CASE(renewal_before_the_end) {
  StartKpsaMef({.lifetime = "6"});
  end_point::KpsaAccess access({.enrolment = MakeEnrolment(),
                                .enrolee_b_id = "//sp.example.com/cse1",
                                .originator = "Cae1",
                                .timeout = std::chrono::seconds(20),
                                .log = entity_log.log()});
  auto first = access.Take();
  BOOST_REQUIRE_MESSAGE(first.has_value(), first.error().text);
  BOOST_TEST(access.enrolments() == 1u);
  BOOST_TEST((access.due() < onem2m::Now() + std::chrono::seconds(6)));
  // A MEF that is away when it is due: the old key serves.
  mef.reset();
  while (onem2m::Now() < access.due()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  auto old = access.Take();
  BOOST_REQUIRE_MESSAGE(old.has_value(), old.error().text);
  BOOST_TEST(old->identity == first->identity);
  BOOST_TEST(entity_log.Has("can't be renewed yet"), entity_log.text());
  StartKpsaMef({.lifetime = "6"});
  while (onem2m::Now() < access.due()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  auto second = access.Take();
  BOOST_REQUIRE_MESSAGE(second.has_value(), second.error().text);
  BOOST_TEST(second->identity != first->identity);
  BOOST_TEST(access.enrolments() == 2u);
}

// Ke's end is the end of all that rests on it (TS-0003 10.7).
BOOST_AUTO_TEST_CASE(an_association_ends_with_its_key) {
  StartKpsaMef({.lifetime = "8"});
  StartCse();
  const end_point::EnrolmentState enrolled = EnrolForKpsa();
  auto kpsa = onem2m::DeriveKpsa(enrolled.ke, "//sp.example.com/cse1");
  BOOST_REQUIRE(kpsa.has_value());
  const auto client = Client(UriOf("https"), enrolled.ke_id.text(), std::move(*kpsa));
  const auto ask = [&](onem2m::RequestPrimitive request) {
    const auto response = client->SendAndWait(std::move(request), kPatience);
    return response ? onem2m::Number(response->status) : 0;
  };
  BOOST_REQUIRE(ask(Create("base", "Cae1", 2, kAe)) == 2001);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (ask(Retrieve("base", "Cae1")) == 2000) {
    BOOST_REQUIRE((std::chrono::steady_clock::now() < deadline));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  BOOST_TEST((onem2m::Now() + std::chrono::seconds(1) >= enrolled.expires));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
