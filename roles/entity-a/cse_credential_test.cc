// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/entity-a/cse_credential.h"

#include <boost/test/unit_test.hpp>

#include "onem2m/test_certificates.h"
#include "roles/entity-a/configuration.h"
#include "roles/entity-a/testing.h"

namespace saef::entity_a {
namespace {

using bindings::Error;
using onem2m::CertificateMaker;
using testing::World;

struct CredentialFiles : CertificateMaker {
  CredentialFiles() {
    Make("ca", {.extensions = ForCa()});
    Make("ae", {.issuer = "ca", .extensions = For("URI:m2m://sp.example.com/cse1/Cae1")});
    Make("cse2", {.issuer = "ca", .extensions = For("DNS:cse2.sp.example.com")});
    MakeKey("raw");
    PublicKeyDer("raw");
    Write("kpsa", std::string(64, 'a'));
    chmod(Path("kpsa").c_str(), 0600);
  }
  // The configuration with this block, or the sentence.
  std::variant<Configuration, std::string> ReadEntity(const std::string& credential,
                                                      const std::string& more = {}) {
    Write("entity.json", "{" + more + R"("credential": )" + credential +
                             R"(, "cse": {"id": "//sp.example.com/cse1",
                                          "uris": ["coaps://127.0.0.1:1"]}})");
    return ReadConfiguration(Path("entity.json"));
  }
  const Configuration& Good(const std::variant<Configuration, std::string>& read) {
    const auto* error = std::get_if<std::string>(&read);
    BOOST_REQUIRE_MESSAGE(error == nullptr, (error == nullptr ? std::string() : *error));
    return std::get<Configuration>(read);
  }
};

constexpr const char* kCertificate =
    R"({"certificate": {"chainFile": "ae.pem", "keyFile": "ae.key.pem",
                        "trustAnchorFiles": ["ca.pem"]}})";
constexpr const char* kKpsa = R"({"kpsaId": "ae1@sp.example.com", "kpsaFile": "kpsa"})";

BOOST_FIXTURE_TEST_SUITE(cse_credential, CredentialFiles)

BOOST_AUTO_TEST_CASE(a_certificate) {
  const auto read = ReadEntity(kCertificate);
  const CseCredential& credential = *Good(read).cse_credential;
  const auto& own = std::get<bindings::CertificateCredential>(credential.own);
  BOOST_TEST((own.chain == std::vector<std::string>{Der("ae")}));
  BOOST_TEST((credential.trust.trust_anchors == std::vector<std::string>{Der("ca")}));
  BOOST_TEST(credential.trust.name->text() == "cse1.sp.example.com");
  BOOST_TEST(credential.trust.public_keys.empty());
  // Its identity, and From, are those that it names.
  BOOST_TEST(*Good(read).entity_id == "//sp.example.com/cse1/Cae1");
  BOOST_TEST(*Good(read).originator == "Cae1");
  bindings::ClientOptions options;
  BOOST_REQUIRE(Apply(credential, options).has_value());
  BOOST_TEST(std::get<bindings::CertificateCredential>(options.credential).chain.size() == 1U);
  BOOST_TEST((options.trust.name == credential.trust.name));
}

BOOST_AUTO_TEST_CASE(a_raw_public_key) {
  const auto read = ReadEntity(
      R"({"rawPublicKey": {"publicKeyFile": "raw.public.pem", "keyFile": "raw.key.pem",
                           "csePublicKeyFiles": ["raw.public.pem"]}})");
  const CseCredential& credential = *Good(read).cse_credential;
  BOOST_TEST(std::get<bindings::RawPublicKeyCredential>(credential.own).public_key ==
             PublicKeyDer("raw"));
  BOOST_TEST((credential.trust.public_keys == std::vector<std::string>{PublicKeyDer("raw")}));
  BOOST_TEST(credential.trust.trust_anchors.empty());
  BOOST_TEST(!Good(read).originator.has_value());
}

BOOST_AUTO_TEST_CASE(a_provisioned_key) {
  const auto read = ReadEntity(kKpsa);
  const auto& own = std::get<bindings::PskCredential>(Good(read).cse_credential->own);
  BOOST_TEST(own.identity == "ae1@sp.example.com");
  BOOST_TEST(own.key.ToHex() == std::string(64, 'A'));
}

BOOST_AUTO_TEST_CASE(each_error_says_where) {
  const std::string rpk =
      R"("rawPublicKey": {"publicKeyFile": "raw.public.pem", "keyFile": "raw.key.pem",
                          "csePublicKeyFiles": ["raw.public.pem"]})";
  const std::pair<std::string, const char*> cases[] = {
      {"{}", "/credential"},
      {R"({"kpsaId": "ae1@sp.example.com"})", "/credential"},
      {R"({"kpsaFile": "kpsa", )" + rpk + "}", "/credential"},
      {R"({"kpsaId": "ae1", "kpsaFile": "kpsa"})", "/credential/kpsaId"},
      {R"({"kpsaId": "ae1@sp.example.com", "kpsaFile": "absent"})", "/credential/kpsaFile"},
      {R"({"certificate": {"chainFile": "ae.pem", "keyFile": "ae.key.pem"}})", "trustAnchorFiles"},
      {R"({"certificate": {"chainFile": "ae.key.pem", "keyFile": "ae.key.pem",
           "trustAnchorFiles": ["ca.pem"]}})",
       "/credential/certificate/chainFile"},
      {R"({"certificate": {"chainFile": "ae.pem", "keyFile": "ae.pem",
           "trustAnchorFiles": ["ca.pem"]}})",
       "/credential/certificate/keyFile"},
      {R"({"certificate": {"chainFile": "ae.pem", "keyFile": "ae.key.pem",
           "trustAnchorFiles": ["ca.pem", "absent"]}})",
       "/credential/certificate/trustAnchorFiles/1"},
      {R"({"rawPublicKey": {"publicKeyFile": "ae.pem", "keyFile": "raw.key.pem",
           "csePublicKeyFiles": ["raw.public.pem"]}})",
       "/credential/rawPublicKey/publicKeyFile"},
      {R"({"rawPublicKey": {"publicKeyFile": "raw.public.pem", "keyFile": "raw.key.pem",
           "csePublicKeyFiles": ["absent"]}})",
       "/credential/rawPublicKey/csePublicKeyFiles/0"},
  };
  for (const auto& [credential, where] : cases) {
    const auto read = ReadEntity(credential);
    const auto* error = std::get_if<std::string>(&read);
    BOOST_REQUIRE_MESSAGE(error != nullptr, credential);
    BOOST_TEST(error->find(where) != std::string::npos, credential << ": " << *error);
    BOOST_TEST(error->find("entity.json") != std::string::npos, *error);
  }
}

BOOST_AUTO_TEST_CASE(the_identity_is_that_of_the_certificate) {
  const auto other = ReadEntity(kCertificate, R"("entityId": "//sp.example.com/cse1/Cother",)");
  BOOST_REQUIRE(std::holds_alternative<std::string>(other));
  BOOST_TEST(std::get<std::string>(other).find("/entityId") != std::string::npos);
  const auto cse = ReadEntity(
      R"({"certificate": {"chainFile": "cse2.pem", "keyFile": "cse2.key.pem",
                          "trustAnchorFiles": ["ca.pem"]}})");
  BOOST_TEST(*Good(cse).originator == "/cse2");
  // It is one framework or the other.
  for (const char* more : {R"("maf": {"fqdn": "maf.example.com", "keyRegistration": "coaps://h/kr",
                                      "kmId": "a@maf.example.com", "kmFile": "kpsa"},)"}) {
    BOOST_TEST(std::holds_alternative<std::string>(ReadEntity(kKpsa, more)));
  }
}

Configuration WithKpsa() {
  Configuration configuration = testing::MakeConfiguration();
  configuration.cse_credential = CseCredential{
      bindings::PskCredential{"ae1@sp.example.com", testing::Key(3)}, bindings::PeerTrust{}};
  return configuration;
}

struct CredentialScene : World {
  CredentialScene() : entity(WithKpsa(), testing::Opener(*this), {}) {}
  Outcome<onem2m::ResponsePrimitive> Send() { return entity.Send(onem2m::RequestPrimitive()); }
  EntityA entity;
};

BOOST_AUTO_TEST_CASE(no_maf_is_asked_and_the_session_stays) {
  CredentialScene scene;
  BOOST_REQUIRE(scene.Send().has_value());
  BOOST_REQUIRE(scene.Send().has_value());
  BOOST_TEST(scene.registrations == 0);
  BOOST_TEST(scene.maf_handshakes == 0);
  BOOST_REQUIRE(scene.opened_at_cse.size() == 1U);
  const auto& psk = std::get<bindings::PskCredential>(scene.opened_at_cse[0].credential);
  BOOST_TEST(psk.identity == "ae1@sp.example.com");
  BOOST_TEST(scene.opened_at_cse[0].server_name == "cse1.sp.example.com");
  BOOST_TEST(!scene.entity.key().has_value());
}

BOOST_AUTO_TEST_CASE(a_refusal_is_final) {
  CredentialScene scene;
  scene.cse_handshake = [](const std::string&) { return std::optional(Error::kCredentialRefused); };
  const auto refused = scene.Send();
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST(refused.error().exit_code() == 1);
  BOOST_TEST(scene.opened_at_cse.size() == 1U);
  scene.cse_handshake = {};
  BOOST_REQUIRE(scene.Send().has_value());
  scene.cse_answer = Error::kCredentialRefused;
  BOOST_TEST(scene.Send().has_error());
  BOOST_TEST(scene.maf_handshakes == 0);
  const auto registered = scene.entity.Register();
  BOOST_REQUIRE(registered.has_error());
  BOOST_TEST(registered.error().exit_code() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::entity_a
