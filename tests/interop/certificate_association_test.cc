// SPDX-License-Identifier: GPL-3.0-or-later
//
// Associations by certificate and by raw public key (TS-0003 8.2.2.2): Entity A towards a CSE with
// saef.so that offers both, over CoAP and HTTP. The certificates are the openssl command's.
#include <boost/test/unit_test.hpp>

#include "onem2m/certificate.h"
#include "onem2m/test_certificates.h"
#include "roles/cse/test_requests.h"
#include "tests/interop/cse_with_saef.h"

namespace saef::interop_test {
namespace {

using cse::test::Create;
using cse::test::Delete;
using cse::test::kAe;
using cse::test::Retrieve;
using cse::test::TextMember;
using onem2m::CertificateMaker;

std::string Certificate(const std::string& name, const std::string& anchor = "ca") {
  return R"("credential":{"certificate":{"chainFile":")" + name + R"(.pem","keyFile":")" + name +
         R"(.key.pem","trustAnchorFiles":[")" + anchor + R"(.pem"]}})";
}
std::string RawPublicKey(const std::string& name, const std::string& cse = "cseraw") {
  return R"("credential":{"rawPublicKey":{"publicKeyFile":")" + name +
         R"(.public.pem","keyFile":")" + name + R"(.key.pem","csePublicKeyFiles":[")" + cse +
         R"(.public.pem"]}})";
}
// The CSE /cse1. It knows the AE Ccert and the CSE /cse2 by certificate, the AE Craw by raw public
// key, and what the AE on a node may be by that node's certificate.
struct Scene : CertificateMaker, CseWithSaef {
  Scene() : CseWithSaef(Path("")) {
    Make("ca", {.extensions = ForCa()});
    Make("otherca", {.extensions = ForCa()});
    Make("cse", {.issuer = "ca", .extensions = For("DNS:cse1.sp.example.com")});
    Make("ae", {.issuer = "ca", .extensions = For("URI:m2m://sp.example.com/cse1/Ccert")});
    Make("node", {.issuer = "ca", .extensions = For("URI:urn:dev:ops:001122-Meter-7")});
    Make("cse2", {.issuer = "ca", .extensions = For("DNS:cse2.sp.example.com")});
    Make("stranger",
         {.issuer = "otherca", .extensions = For("URI:m2m://sp.example.com/cse1/Ccert")});
    for (const char* name : {"cseraw", "aeraw", "strangeraw"}) {
      MakeKey(name);
      PublicKeyDer(name);
    }
    const auto raw_id = onem2m::CredentialIdOfPublicKey(PublicKeyDer("aeraw"));
    BOOST_REQUIRE(raw_id.has_value());
    StartCse(R"("certificates":{"trustAnchorFiles":["ca.pem"]},"identities":[{"credentialId":")" +
                 raw_id->text() +
                 R"(","entityId":"//sp.example.com/cse1/Craw","entityType":"AE"},
                    {"credentialId":"34-urn:dev:ops:001122-Meter-7","entityType":"AE",
                     "entityIds":["//sp.example.com/cse1/Cnode","//sp.example.com/Snode"]}])",
             R"(,"certificate":{"chainFile":"cse.pem","keyFile":"cse.key.pem"},
      "rawPublicKey":{"publicKeyFile":"cseraw.public.pem","keyFile":"cseraw.key.pem"})");
  }
};

BOOST_FIXTURE_TEST_SUITE(certificates, Scene)

BOOST_AUTO_TEST_CASE(an_ae_registers_with_each_credential_and_is_whom_it_says) {
  const struct {
    std::string credential;
    std::string stem;
    std::string more;
  } cases[] = {
      {Certificate("ae"), "Ccert", ""},
      {RawPublicKey("aeraw"), "Craw", R"(,"entityId":"//sp.example.com/cse1/Craw")"},
  };
  for (const char* scheme : kSecureSchemes) {
    for (const auto& c : cases) {
      BOOST_TEST_CONTEXT(scheme << " " << c.stem) {
        const auto entity = Entity(scheme, c.credential + c.more);
        onem2m::ResponsePrimitive response;
        // From is its own where the request has none.
        BOOST_TEST(Status(*entity, Create("base", std::nullopt, 2, kAe), &response) == 2001);
        BOOST_TEST(TextMember(response.content, "m2m:ae/aei") == c.stem);
        BOOST_TEST(Status(*entity, Retrieve(c.stem, c.stem)) == 2000);
        BOOST_TEST(Status(*entity, Retrieve("base", "Cother")) == 4106);
        BOOST_TEST(Status(*entity, Create("base", "Cother", 2, kAe)) == 4106);
        BOOST_TEST(Status(*entity, Retrieve("base", "/cse1/" + c.stem)) == 4000);
        BOOST_TEST(Status(*entity, Retrieve("base", "/cse2")) == 4000);
        BOOST_TEST(Status(*entity, Delete(c.stem, c.stem)) == 2002);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_ae_of_a_node_is_one_of_those_that_may_be_there) {
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      const auto entity = Entity(scheme, Certificate("node"));
      BOOST_TEST(Status(*entity, Create("base", "Cother", 2, kAe)) == 4106);
      BOOST_TEST(Status(*entity, Create("base", "Ccert", 2, kAe)) == 4106);
      BOOST_TEST(Status(*entity, Create("base", "Cnode", 2, kAe)) == 2001);
      BOOST_TEST(Status(*entity, Create("base", "Snode", 2, kAe)) == 2001);
      BOOST_TEST(Status(*entity, Retrieve("Cnode", "Cnode")) == 2000);
      BOOST_TEST(Status(*entity, Retrieve("Snode", "Snode")) == 2000);
      BOOST_TEST(Status(*entity, Retrieve("Snode", "Cnode")) == 4103);
      BOOST_TEST(Status(*entity, Retrieve("base", "Ccert")) == 4106);
      BOOST_TEST(Status(*entity, Retrieve("base", "/cse1/Cnode")) == 4000);
      BOOST_TEST(Status(*entity, Delete("Cnode", "Cnode")) == 2002);
      BOOST_TEST(Status(*entity, Delete("Snode", "Snode")) == 2002);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_cse_registers_by_its_certificate) {
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      const auto entity = Entity(scheme, Certificate("cse2"));
      const std::string csr = R"({"m2m:csr":{"csi":"/cse2","cb":"/cse2/b","rn":"two","rr":true}})";
      BOOST_TEST(Status(*entity, Create("base", "/cse3", 16, csr)) == 4000);  // csi is another
      BOOST_TEST(Status(*entity, Create("base", std::nullopt, 16, csr)) == 2001);
      BOOST_TEST(Status(*entity, Retrieve("base/two", "/cse2")) == 2000);
      BOOST_TEST(Status(*entity, Retrieve("base", "Ccert")) == 4106);
      BOOST_TEST(Status(*entity, Delete("base/two", "/cse2")) == 2002);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_cse_refuses_whom_it_does_not_know) {
  for (const char* scheme : kSecureSchemes) {
    for (const std::string& credential : {Certificate("stranger"), RawPublicKey("strangeraw")}) {
      BOOST_TEST_CONTEXT(scheme << " " << credential) {
        const auto entity = Entity(scheme, credential);
        const auto associated = entity->Associate();
        BOOST_REQUIRE(associated.has_error());
        BOOST_TEST((associated.error().party == entity_a::Party::kCse));
        BOOST_TEST(associated.error().exit_code() == 1, associated.error().text);
        BOOST_TEST(Status(*entity, Retrieve("base", "Ccert")) == 0);
      }
    }
  }
  BOOST_TEST(cse->resources() == 1U);
}

BOOST_AUTO_TEST_CASE(entity_a_refuses_a_cse_that_is_not_the_one_it_wants) {
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      // Another trust anchor; another name; another public key.
      const auto anchor = Entity(scheme, Certificate("ae", "otherca"));
      const auto name = Entity(scheme, Certificate("ae"), "//sp.example.com/cse9");
      const auto key = Entity(scheme, RawPublicKey("aeraw", "strangeraw"));
      for (entity_a::EntityA* entity : {anchor.get(), name.get(), key.get()}) {
        const auto associated = entity->Associate();
        BOOST_REQUIRE(associated.has_error());
        BOOST_TEST((associated.error().kind == entity_a::FailureKind::kRefused),
                   associated.error().text);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
