// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plugin's own credential towards the MAF is a certificate (TS-0003 8.x.4, 10.2.3), over CoAP
// and over HTTP: Entity B judges the MAF, the MAF judges Entity B. The certificates are the openssl
// command's, the MAF is the real one.
#include <boost/test/unit_test.hpp>

#include "end-point/open_client.h"
#include "onem2m/test_certificates.h"
#include "roles/cse/test_requests.h"
#include "roles/maf/maf.h"
#include "tests/interop/cse_with_saef.h"

namespace saef::interop_test {
namespace {

using cse::test::Create;
using cse::test::Delete;
using cse::test::kAe;
using cse::test::Retrieve;
using onem2m::CertificateMaker;

const std::string kKcId = "0123456789ABCDEF0123456789ABCDEF@maf.example.com";

// The MAF knows cse1 and cae by their certificates alone, ae1 by its key.
struct Scene : CertificateMaker, CseWithSaef {
  Scene() : CseWithSaef(Path("")) {
    Make("ca", {.extensions = ForCa()});
    Make("otherca", {.extensions = ForCa()});
    Issue("maf", "DNS:maf.example.com");
    Issue("cse1", "DNS:cse1.sp.example.com");
    Issue("cae", "URI:m2m://sp.example.com/cse1/Ccae");
    for (const auto& [name, digit] : {std::pair("store.key", '5'), std::pair("ae1.km", 'a')}) {
      Write(name, std::string(64, digit));
      chmod(Path(name).c_str(), 0600);
    }
  }
  ~Scene() {
    cse.reset();
    maf.reset();
  }

  void Issue(const std::string& name, const std::string& names, const std::string& issuer = "ca",
             const std::string& end = "20991231235959Z") {
    Make(name, {.issuer = issuer, .extensions = For(names), .end = end});
  }
  static std::string Block(const std::string& name, const std::string& anchor = "ca") {
    return R"("certificate":{"chainFile":")" + name + R"(.pem","keyFile":")" + name +
           R"(.key.pem","trustAnchorFiles":[")" + anchor + R"(.pem"]})";
  }

  // At any port, or where it was before.
  void StartMaf(const std::string& scheme, const std::string& fqdn = "maf.example.com",
                const std::string& certificate = "maf") {
    maf.reset();
    maf_log.Clear();
    if (!maf_uri.starts_with(scheme + ":")) {
      maf_uri = scheme + "://127.0.0.1:0";
    }
    Write("maf.json",
          R"({"fqdn":")" + fqdn + R"(","listen":[")" + maf_uri + R"("],"store":")" + fqdn +
              R"(.sqlite","storeKeyFile":"store.key",)" + Block(certificate) + R"(,"clients":[
 {"certificateId":"32-//sp.example.com/cse1","entityId":"//sp.example.com/cse1","entityType":"CSE"},
 {"certificateId":"33-//sp.example.com/cse1/Ccae","entityId":"//sp.example.com/cse1/Ccae",
  "entityType":"AE","mayRegisterFor":["//sp.example.com/cse1"]},
 {"kmId":"ae1@)" +
              fqdn +
              R"(","kmFile":"ae1.km","entityId":"//sp.example.com/cse1/Cae1","entityType":"AE",
  "mayRegisterFor":["//sp.example.com/cse1"]}]})");
    maf = Started(maf::Maf::Start(Path("maf.json"), maf_log.log()));
    maf_uri = maf->uris().front();
  }
  void StartCseWith(const std::string& certificate) {
    StartCse(R"("mafs":[{"fqdn":"maf.example.com","keyRetrieval":")" + maf_uri + R"(/kr",)" +
             Block(certificate) + R"(}],"cache":{"refusalSeconds":0},
      "fetch":{"timeoutMs":20000,"backOffMs":{"first":50,"max":100}})");
  }

  // The status of the registration of the AE `stem` with this credential at the MAF; 0: there is no
  // association.
  int Registers(const std::string& scheme, const std::string& stem,
                const std::string& credential) const {
    const auto entity = Entity(scheme, R"("maf":{"fqdn":"maf.example.com","keyRegistration":")" +
                                           maf_uri + R"(/kr",)" + credential + "}");
    const int status = Status(*entity, Create("base", stem, 2, kAe));
    if (status == 2001) {
      BOOST_TEST(Status(*entity, Retrieve("base", "Cother")) == 4106);
      BOOST_TEST(Status(*entity, Delete(stem, stem)) == 2002);
    }
    return status;
  }
  // A key that can't be looked up is refused, and the CSE's log has both: that it is so, and why.
  void CheckUnavailable(const std::string& why) {
    bindings::ClientOptions options;
    options.uri = *bindings::Uri::Parse(Uri("https"));
    options.server_name = "cse1.sp.example.com";
    options.credential = bindings::PskCredential{kKcId, *onem2m::Secret::Random(32)};
    const auto client = end_point::OpenClient(std::move(options));
    BOOST_REQUIRE(client.has_value());
    const auto connected = (*client)->Connect();
    BOOST_TEST((connected.has_error() && connected.error() == bindings::Error::kCredentialRefused));
    BOOST_TEST(cse_log.Has("the MAF maf.example.com can't be asked: "), cse_log.text());
    BOOST_TEST(cse_log.Has("the key of \"" + kKcId + "\" is unavailable: "), cse_log.text());
    BOOST_TEST(cse_log.Has(why), cse_log.text());
  }

  std::string maf_uri;
  roles::testing::LogBook maf_log;
  std::unique_ptr<maf::Maf> maf;
};

constexpr const char* kKm = R"("kmId":"ae1@maf.example.com","kmFile":"ae1.km")";

BOOST_FIXTURE_TEST_SUITE(maf_certificate, Scene)

BOOST_AUTO_TEST_CASE(keys_come_by_certificate) {
  for (const char* maf_scheme : kSecureSchemes) {
    StartMaf(maf_scheme);
    StartCseWith("cse1");
    for (const char* scheme : kSecureSchemes) {
      BOOST_TEST_CONTEXT("MAF over " << maf_scheme << ", CSE over " << scheme) {
        BOOST_TEST(Registers(scheme, "Cae1", kKm) == 2001, cse_log.text());
        BOOST_TEST(Registers(scheme, "Ccae", Block("cae")) == 2001, cse_log.text());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_maf_that_cannot_prove_who_it_is_is_not_asked) {
  Issue("named", "DNS:other.example.com");
  Issue("foreign", "DNS:maf.example.com", "otherca");
  Issue("old", "DNS:maf.example.com", "ca", "20210101000000Z");
  const struct {
    const char* fqdn;
    const char* certificate;
    const char* why;
  } cases[] = {
      {"other.example.com", "named", "its certificate doesn't carry the name maf.example.com"},
      {"maf.example.com", "foreign", "no path from the certificate to a trust anchor"},
      {"maf.example.com", "old", "a certificate has expired"},
  };
  for (const char* scheme : kSecureSchemes) {
    for (const auto& c : cases) {
      BOOST_TEST_CONTEXT(scheme << " " << c.certificate) {
        StartMaf(scheme, c.fqdn, c.certificate);
        StartCseWith("cse1");
        CheckUnavailable("the peer couldn't prove who it is");
        BOOST_TEST(cse_log.Has(c.why), cse_log.text());
        // Nothing was asked of it.
        BOOST_TEST(!maf_log.Has("RETRIEVE"), maf_log.text());
      }
    }
    // As soon as it can, all is well.
    StartMaf(scheme);
    BOOST_TEST(Eventually([&] { return Registers("coaps", "Cae1", kKm) == 2001; }));
  }
}

BOOST_AUTO_TEST_CASE(a_maf_that_refuses_our_certificate_is_not_available) {
  Issue("foreign", "DNS:cse1.sp.example.com", "otherca");
  Issue("old", "DNS:cse1.sp.example.com", "ca", "20210101000000Z");
  Issue("unknown", "DNS:cse2.sp.example.com");
  for (const char* scheme : kSecureSchemes) {
    StartMaf(scheme);
    for (const char* certificate : {"foreign", "old", "unknown"}) {
      BOOST_TEST_CONTEXT(scheme << " " << certificate) {
        StartCseWith(certificate);
        CheckUnavailable("doesn't take our certificate");
        BOOST_TEST(!maf_log.Has("RETRIEVE"), maf_log.text());
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
