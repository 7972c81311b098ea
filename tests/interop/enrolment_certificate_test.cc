// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificate-based Remote Security Provisioning (TS-0003 8.3.2.2): the enrolee comes to the MEF
// with an AE-ID certificate and the MAF with one of its FQDN; the MAF serves clients by KeId, by
// KmId and by certificate at once. Certificates made with the openssl command.
#include <boost/test/unit_test.hpp>

#include "onem2m/test_certificates.h"
#include "roles/enrolment_testing.h"

namespace saef::interop_test {
namespace {

using onem2m::CertificateMaker;
using roles::testing::EnrolmentHouse;

struct CertificateHouse : EnrolmentHouse {
  CertificateHouse() {
    pki.Make("ca", {"", CertificateMaker::ForCa()});
    pki.Make("mef", {"ca", CertificateMaker::For("DNS:mef.example.com")});
    pki.Make("maf", {"ca", CertificateMaker::For("DNS:maf.example.com")});
    pki.Make("ae1", {"ca", CertificateMaker::For("URI:m2m://sp.example.com/cse1/Cae1")});
    pki.Make("ae9", {"ca", CertificateMaker::For("URI:m2m://sp.example.com/cse1/Cae9")});
    for (const char* const name : {"mef", "maf", "ae1", "ae9"}) {
      chmod(pki.Path(std::string(name) + ".key.pem").c_str(), 0600);
    }
  }
  ~CertificateHouse() {
    maf.reset();
    mef.reset();
  }

  std::string Block(const std::string& name) const {
    return R"("certificate": {"chainFile": ")" + pki.Path(name + ".pem") + R"(", "keyFile": ")" +
           pki.Path(name + ".key.pem") + R"(", "trustAnchorFiles": [")" + pki.Path("ca.pem") +
           R"("]})";
  }

  template <typename Party>
  static std::unique_ptr<Party> Started(std::variant<std::unique_ptr<Party>, std::string> started) {
    if (const auto* error = std::get_if<std::string>(&started)) BOOST_FAIL(*error);
    return std::move(std::get<std::unique_ptr<Party>>(started));
  }

  // `type`: "symmetricKey" or "certificate".
  void StartMefWith(const std::string& type) {
    mef.reset();
    const std::string listen = mef_uris.empty() ? "coaps://127.0.0.1:0" : mef_uris.at(0);
    const std::string base = maf_uris.empty() ? "coaps://127.0.0.1:1" : maf_uris.at(0);
    mef = Started(mef::Mef::Start(
        Write("mef.json", R"({"fqdn": "mef.example.com", "listen": [")" + listen +
                              R"("], "store": "mef.sqlite", "storeKeyFile": "mef.key", )" +
                              Block("mef") +
                              R"(, "enrolees": [{"certificateId": "33-//sp.example.com/cse1/Cae1",
 "entityId": "//sp.example.com/cse1/Cae1", "entityType": "AE", "mafs": [{"fqdn": "maf.example.com",
 "credentialType": ")" + type +
                              R"(", "trustAnchorFiles": [")" + pki.Path("ca.pem") +
                              R"("], "keyRegistration": ")" + base + R"(/kr", "keyRetrieval": ")" +
                              base + R"(/kr", "kmIdRetrieval": ")" + base +
                              R"(/km"}]}], "targets": [{"fqdn": "maf.example.com"}]})"),
        mef_log.log()));
    mef_uris = mef->uris();
  }

  // `client`: how the MAF knows ae1.
  void StartMafFor(const std::string& client) {
    maf.reset();
    const std::string listen = maf_uris.empty() ? "coaps://127.0.0.1:0" : maf_uris.at(0);
    maf = Started(maf::Maf::Start(
        Write("maf.json", R"({"fqdn": "maf.example.com", "listen": [")" + listen +
                              R"("], "store": "maf.sqlite", "storeKeyFile": "store.key", )" +
                              Block("maf") + R"(, "mefs": [{"fqdn": "mef.example.com", "uri": ")" +
                              mef_uris.at(0) + R"(", )" + Block("maf") + R"(}], "clients": [{)" +
                              client +
                              R"(, "entityType": "AE", "mayRegisterFor": ["//sp.example.com/cse1"]},
 {"kmId": "cse1@maf.example.com", "kmFile": "cse1.km", "entityId": "//sp.example.com/cse1",
  "entityType": "CSE"}]})"),
        maf_log.log()));
    maf_uris = maf->uris();
  }

  end_point::Outcome<void> EnrolAs(const std::string& name) {
    std::filesystem::remove(path() / "x.state");
    end_point::MafAccess access(
        {.maf = maf_fqdn,
         .credential = end_point::Enrolment{*onem2m::Fqdn::Parse("mef.example.com"),
                                            *bindings::Uri::Parse(mef_uris.at(0) + "/en"),
                                            AccessOf(name), (path() / "x.state").string()},
         .originator = "Cae1",
         .timeout = std::chrono::seconds(20),
         .log = entity_log.log()});
    return access.Ensure();
  }
  end_point::CertificateAccess AccessOf(const std::string& name) {
    const std::string key = pki.KeyDer(name);
    return {
        {{pki.Der(name)},
         *onem2m::Secret::Copy({reinterpret_cast<const std::uint8_t*>(key.data()), key.size()})},
        {pki.Der("ca")}};
  }

  // Entity A with nothing but its certificate for the MEF.
  void CheckRegisters() {
    std::filesystem::remove(path() / "ae1.state");
    const std::string file =
        Write("entity.json",
              R"({"entityId": "//sp.example.com/cse1/Cae1", "timeoutMs": 20000,
 "maf": {"fqdn": "maf.example.com", "enrolment": {"mef": {"fqdn": "mef.example.com", "uri": ")" +
                  mef_uris.at(0) + R"(/en", )" + Block("ae1") + R"(}, "stateFile": "ae1.state"}},
 "cse": {"id": "//sp.example.com/cse1", "uris": ["coaps://127.0.0.1:1"]}})");
    const auto entity = Started(entity_a::EntityA::Open(file, entity_log.log()));
    const auto registered = entity->Register();
    BOOST_REQUIRE_MESSAGE(registered.has_value(), registered.error().text + maf_log.text());
    // By key, at the same MAF.
    const auto response = Ask(*MafClient("cse1"), Retrieval(entity->key()->kc_id.text()));
    const auto answer = onem2m::maf::ParseKeyRetrievalResponse(response.content);
    BOOST_REQUIRE_MESSAGE(answer.has_value(), response.content);
    BOOST_TEST(answer->key.Equals(entity->key()->kc.bytes()));
    BOOST_TEST(*answer->source_id == "//sp.example.com/cse1/Cae1");
  }

  CertificateMaker pki;
};

BOOST_AUTO_TEST_SUITE(enrolment_certificate)

BOOST_FIXTURE_TEST_CASE(enrols_by_certificate_and_gets_a_key, CertificateHouse) {
  StartMefWith("symmetricKey");
  StartMafFor(
      R"("enrolled": {"mef": "mef.example.com", "enroleeId": "//sp.example.com/cse1/Cae1"})");
  StartMefWith("symmetricKey");
  CheckRegisters();
  // Whose certificate the MEF doesn't know.
  const auto stranger = EnrolAs("ae9");
  BOOST_REQUIRE(stranger.has_error());
  BOOST_TEST((stranger.error().party == end_point::Party::kMef));
  BOOST_TEST((stranger.error().kind == end_point::FailureKind::kRefused), stranger.error().text);
  // In the handshake already.
  BOOST_TEST(stranger.error().text.find("opening a session") != std::string::npos,
             stranger.error().text);
}

// TS-0003 8.3.2.1 step 10, Credential Type: the trust anchors for the MAF come from the MEF.
BOOST_FIXTURE_TEST_CASE(is_told_to_ask_the_maf_by_certificate, CertificateHouse) {
  StartMefWith("certificate");
  StartMafFor(R"("certificateId": "33-//sp.example.com/cse1/Cae1",
 "entityId": "//sp.example.com/cse1/Cae1")");
  StartMefWith("certificate");
  CheckRegisters();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
