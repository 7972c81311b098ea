// SPDX-License-Identifier: GPL-3.0-or-later
//
// Associations by a Provisioned Secure Connection Key (TS-0003 8.2.2.1), without a MAF: Entity A
// towards a CSE with saef.so, over CoAP and HTTP.
#include <boost/test/unit_test.hpp>

#include "onem2m/test_folder.h"
#include "roles/cse/test_requests.h"
#include "tests/interop/cse_with_saef.h"

namespace saef::interop_test {
namespace {

using cse::test::Create;
using cse::test::Delete;
using cse::test::kAe;
using cse::test::Retrieve;
using cse::test::TextMember;

std::string Kpsa(const std::string& id, const std::string& file = "kpsa") {
  return R"("credential":{"kpsaId":")" + id + R"(","kpsaFile":")" + file + R"("})";
}

// The CSE /cse1, which has the Kpsa of the AE Ckpsa and of the CSE /cse2, and free@… without an
// identity.
struct Scene : onem2m::TestFolder, CseWithSaef {
  Scene() : CseWithSaef(Path("")) {
    Write("kpsa", std::string(64, 'a'));
    Write("wrong", std::string(64, 'b'));
    StartCse(R"("provisionedKeys":[{"kpsaId":"ae@sp.example.com","kpsaFile":"kpsa",
                          "entityId":"//sp.example.com/cse1/Ckpsa","entityType":"AE"},
                         {"kpsaId":"cse2@sp.example.com","kpsaFile":"kpsa",
                          "entityId":"//sp.example.com/cse2","entityType":"CSE"},
                         {"kpsaId":"free@sp.example.com","kpsaFile":"kpsa"}])");
  }
};

BOOST_FIXTURE_TEST_SUITE(provisioned_key, Scene)

BOOST_AUTO_TEST_CASE(an_ae_registers_and_is_whom_the_configuration_says) {
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      const auto entity = Entity(
          scheme, Kpsa("ae@sp.example.com") + R"(,"entityId":"//sp.example.com/cse1/Ckpsa")");
      onem2m::ResponsePrimitive response;
      // From is its own where the request has none.
      BOOST_TEST(Status(*entity, Create("base", std::nullopt, 2, kAe), &response) == 2001);
      BOOST_TEST(TextMember(response.content, "m2m:ae/aei") == "Ckpsa");
      BOOST_TEST(Status(*entity, Retrieve("Ckpsa", "Ckpsa")) == 2000);
      BOOST_TEST(Status(*entity, Retrieve("base", "Cother")) == 4106);
      BOOST_TEST(Status(*entity, Create("base", "Cother", 2, kAe)) == 4106);
      BOOST_TEST(Status(*entity, Retrieve("base", "/cse1/Ckpsa")) == 4000);
      BOOST_TEST(Status(*entity, Retrieve("base", "/cse2")) == 4000);
      BOOST_TEST(Status(*entity, Delete("Ckpsa", "Ckpsa")) == 2002);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_key_without_an_identity_gets_one_at_registration) {
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      const auto entity = Entity(scheme, Kpsa("free@sp.example.com"));
      BOOST_TEST(Status(*entity, Retrieve("base", "Cmine")) == 4106);
      BOOST_TEST(Status(*entity, Create("base", "Ckpsa", 2, kAe)) == 4106);  // another's
      BOOST_TEST(Status(*entity, Create("base", "Cmine", 2, kAe)) == 2001);
      BOOST_TEST(Status(*entity, Retrieve("base", "Cmine")) == 2000);
      BOOST_TEST(Status(*entity, Retrieve("base", "Cother")) == 4106);
      BOOST_TEST(Status(*entity, Delete("Cmine", "Cmine")) == 2002);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_cse_registers) {
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      const auto entity =
          Entity(scheme, Kpsa("cse2@sp.example.com") +
                             R"(,"entityId":"//sp.example.com/cse2","entityType":"CSE")");
      const std::string csr = R"({"m2m:csr":{"csi":"/cse2","cb":"/cse2/b","rn":"two","rr":true}})";
      BOOST_TEST(Status(*entity, Create("base", "/cse3", 16, csr)) == 4000);  // csi is another
      BOOST_TEST(Status(*entity, Create("base", std::nullopt, 16, csr)) == 2001);
      BOOST_TEST(Status(*entity, Retrieve("base/two", "/cse2")) == 2000);
      BOOST_TEST(Status(*entity, Retrieve("base", "Ckpsa")) == 4106);
      BOOST_TEST(Status(*entity, Delete("base/two", "/cse2")) == 2002);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_key_and_a_wrong_one_are_refused) {
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      const auto unknown = Entity(scheme, Kpsa("nobody@sp.example.com"));
      const auto associated = unknown->Associate();
      BOOST_REQUIRE(associated.has_error());
      BOOST_TEST((associated.error().party == entity_a::Party::kCse));
      BOOST_TEST(associated.error().exit_code() == 1, associated.error().text);
      BOOST_TEST(Status(*unknown, Retrieve("base", "Ckpsa")) == 0);
    }
  }
  BOOST_TEST(Entity("https", Kpsa("ae@sp.example.com", "wrong"))->Associate().has_error());
  BOOST_TEST(cse->resources() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
