// SPDX-License-Identifier: GPL-3.0-or-later
//
// The whole way from nothing but two enrolment credentials: Entity A's and that of the CSE's plugin
// (TS-0003 8.x.2, 8.x.3, 8.2.2.3). MEF, MAF, saef.so, CSE and Entity A on real sockets.
#include <boost/test/unit_test.hpp>

#include "roles/cse/cse.h"
#include "roles/cse/test_requests.h"
#include "roles/enrolment_testing.h"

namespace saef::interop_test {
namespace {

using roles::testing::EnrolmentHouse;
using roles::testing::kPatience;

struct EnrolledCse : EnrolmentHouse {
  ~EnrolledCse() { cse.reset(); }

  // `key_retrieval`: the member of saef.json, or nothing.
  void StartCse(const std::optional<std::string>& key_retrieval = std::nullopt) {
    cse.reset();
    Write("saef.json",
          R"({"cse": {"id": "/cse1", "serviceProvider": "sp.example.com"},
 "fetch": {"timeoutMs": 20000, "backOffMs": {"first": 100, "max": 200}},
 "cache": {"refusalSeconds": 0},
 "mafs": [{"fqdn": "maf.example.com", )" +
              key_retrieval.value_or(R"("keyRetrieval": ")" + maf->uris().at(0) + R"(/kr", )") +
              R"("enrolment": {"mef": {
   "fqdn": "mef.example.com", "uri": ")" +
              mef_uris.at(0) +
              R"(/en", "kpmId": "cse1@mef.example.com", "kpmFile": "cse1.kpm"},
   "stateFile": "cse1.state"}}]})");
    auto started =
        cse::Cse::Start(Write("cse.json", R"({"id":"/cse1","serviceProvider":"sp.example.com",
 "listen":["coaps://127.0.0.1:0"],
 "plugins":[{"module":")" SAEF_MODULE_FILE R"(","config":"saef.json"}]})"),
                        cse_log.log());
    if (const auto* error = std::get_if<std::string>(&started)) BOOST_FAIL(*error);
    cse = std::move(std::get<std::unique_ptr<cse::Cse>>(started));
  }

  // The status of a registration of the AE that Entity A is; 0: no association came to be.
  int Associate() {
    const auto entity = OpenEnrolee(0, cse->uris().at(0));
    const auto response =
        entity->Send(cse::test::Create("base", "Cae1", 2, cse::test::kAe), kPatience);
    if (!response) BOOST_TEST_MESSAGE(response.error().text);
    return response ? onem2m::Number(response->status) : 0;
  }

  std::unique_ptr<cse::Cse> cse;
  roles::testing::LogBook cse_log;
};

BOOST_AUTO_TEST_SUITE(enrolment_association)

BOOST_FIXTURE_TEST_CASE(both_sides_start_from_an_enrolment_credential, EnrolledCse) {
  StartBoth();
  StartCse();
  BOOST_TEST(Associate() == 2001, cse_log.text());
  BOOST_TEST(cse_log.Has("enrolled at the MEF mef.example.com"), cse_log.text());
  BOOST_TEST(std::filesystem::exists(path() / "cse1.state"));
  // After a restart the plugin needs no MEF.
  cse.reset();
  mef.reset();
  StartCse();
  BOOST_TEST(Associate() == 2001, cse_log.text());
  BOOST_TEST(cse_log.Has("enrolled before"), cse_log.text());
}

// TS-0003 8.x.2: the instructions have the Key Retrieval URI, be it CoAP's or HTTP's.
BOOST_FIXTURE_TEST_CASE(the_mef_tells_where_the_maf_is, EnrolledCse) {
  StartBoth();
  for (const std::size_t maf_listener : {0, 1}) {
    BOOST_TEST_CONTEXT(maf_uris[maf_listener]) {
      std::filesystem::remove(path() / "cse1.state");
      std::filesystem::remove(path() / "ae1.state");
      maf_for_instructions = maf_uris[maf_listener];
      StartMef({});
      StartCse("");
      BOOST_TEST(Associate() == 2001, cse_log.text());
      BOOST_TEST(Associate() != 0, cse_log.text());
    }
  }
}

// Look-ups are pending while the enrolment lasts, and unavailable when it can't be; the CSE serves
// all the others meanwhile, and ends in time.
BOOST_FIXTURE_TEST_CASE(a_mef_that_is_down_makes_keys_unavailable, EnrolledCse) {
  StartBoth();
  BOOST_REQUIRE(OpenEnrolee()->Register().has_value());  // Entity A has its KmId
  mef.reset();
  StartCse();
  BOOST_TEST(Associate() == 0);
  BOOST_TEST(cse_log.Has("no credential for the MAF"), cse_log.text());
  StartMef({});
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  int status = 0;
  while ((status = Associate()) == 0) {
    BOOST_REQUIRE_MESSAGE((std::chrono::steady_clock::now() < deadline), cse_log.text());
  }
  BOOST_TEST(status == 2001);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
