// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/client_certificates.h"

#include <boost/test/unit_test.hpp>

#include "onem2m/test_certificates.h"
#include "roles/maf/handler.h"
#include "roles/maf/key_retrieval.h"
#include "roles/maf/testing.h"
#include "roles/maf/waiting_store.h"

namespace saef::maf {
namespace {

using Maker = onem2m::CertificateMaker;

// A MAF with a certificate; ae1 and cse1 come with certificates, cse2 with a key.
struct Pki : onem2m::TestFolder {
  Pki() {
    maker.Make("ca", {.extensions = Maker::ForCa()});
    maker.Make("other", {.extensions = Maker::ForCa()});
    maker.Make("maf", {.issuer = "ca", .extensions = Maker::For("DNS:maf.example.com")});
    Write("store.key", std::string(64, '5'));
    Write("cse2.km", std::string(64, '6'));
  }
  std::string Certificate(const std::string& name, const std::string& names,
                          const std::string& issuer = "ca",
                          const std::string& end = "20991231235959Z") {
    return maker.Make(name, {.issuer = issuer, .extensions = Maker::For(names), .end = end});
  }
  std::string Json(const std::string& clients, const std::string& chain = "maf.pem") const {
    return R"({"fqdn": "maf.example.com", "listen": ["coaps://127.0.0.1:0"], "store": "s",
 "storeKeyFile": "store.key", "certificate": {"chainFile": ")" +
           maker.Path(chain) + R"(", "keyFile": ")" + maker.Path("maf.key.pem") +
           R"(", "trustAnchorFiles": [")" + maker.Path("ca.pem") + R"("]}, "clients": [)" +
           clients + "]}";
  }
  Configuration Read(const std::string& json) {
    auto read = ReadConfiguration(Write("maf.json", json));
    if (const auto* error = std::get_if<std::string>(&read)) BOOST_FAIL(*error);
    return std::move(std::get<Configuration>(read));
  }
  std::string Fault(const std::string& json) {
    const auto read = ReadConfiguration(Write("maf.json", json));
    const auto* error = std::get_if<std::string>(&read);
    return error == nullptr ? std::string() : *error;
  }
  Configuration Standard() {
    return Read(Json(
        R"({"certificateId": "33-//sp.example.com/cse1/Cae1", "entityType": "AE",
  "entityId": "//sp.example.com/cse1/Cae1", "mayRegisterFor": ["//sp.example.com/cse1"]},
 {"certificateId": "32-//sp.example.com/cse1", "entityType": "CSE",
  "entityId": "//sp.example.com/cse1"},
 {"kmId": "cse2@maf.example.com", "kmFile": "cse2.km", "entityType": "CSE",
  "entityId": "//sp.example.com/cse2"})"));
  }

  Maker maker;
};

BOOST_AUTO_TEST_SUITE(client_certificates)

BOOST_FIXTURE_TEST_CASE(a_client_is_found_by_what_its_certificate_names, Pki) {
  const Configuration configuration = Standard();
  const onem2m::Time now = onem2m::Now();
  const auto find = [&](const std::string& certificate) -> std::string {
    const std::vector<std::string> chain = {certificate};
    const Client* client = FindByChain(configuration, chain, now);
    return client == nullptr ? "" : client->entity->id;
  };
  const std::string ae1 = "URI:m2m://sp.example.com/cse1/Cae1";
  BOOST_TEST(find(Certificate("ae1", ae1)) == testing::kAe1);
  BOOST_TEST(find(Certificate("cse1", "DNS:cse1.sp.example.com")) == testing::kCse1);
  // Not who isn't a client, nor with a certificate that isn't to be trusted.
  BOOST_TEST(find(Certificate("ae2", "URI:m2m://sp.example.com/cse1/Cae2")).empty());
  BOOST_TEST(find(Certificate("nobody", "email:somebody@example.com")).empty());
  BOOST_TEST(find(Certificate("forged", ae1, "other")).empty());
  BOOST_TEST(find(Certificate("old", ae1, "ca", "20210101000000Z")).empty());
  BOOST_TEST(find(maker.Der("ca")).empty());
  BOOST_TEST(find("no certificate").empty());
  BOOST_TEST((FindByChain(configuration, {}, now) == nullptr));
  // cse2 has a key; its certificate is nobody's.
  BOOST_TEST(find(Certificate("cse2", "DNS:cse2.sp.example.com")).empty());
}

// TS-0003 10.4: 31 to 34. Each is one client's and nobody else's.
BOOST_FIXTURE_TEST_CASE(each_kind_of_certificate_finds_its_client, Pki) {
  const struct {
    const char* name;
    const char* id;
    const char* entity;
  } kinds[] = {
      {"otherName:0.2.481.1;OID:0.2.481.1.100.3030", "31-0.2.481.1.100.3030", "Cdevice"},
      {"DNS:cse1.sp.example.com", "32-//sp.example.com/cse1", ""},
      {"URI:m2m://sp.example.com/cse1/Cae1", "33-//sp.example.com/cse1/Cae1", "Cae1"},
      {"URI:urn:dev:ops:001122-Meter-7", "34-urn:dev:ops:001122-Meter-7", "Cnode"},
  };
  std::string clients;
  for (const auto& kind : kinds) {
    const std::string stem = kind.entity;
    clients += (clients.empty() ? "" : ",") + (R"({"certificateId": ")" + std::string(kind.id)) +
               R"(", "entityType": ")" + (stem.empty() ? "CSE" : "AE") +
               R"(", "entityId": "//sp.example.com/cse1)" + (stem.empty() ? "" : "/") + stem +
               "\"}";
  }
  const Configuration configuration = Read(Json(clients));
  for (const auto& kind : kinds) {
    BOOST_TEST_CONTEXT(kind.id) {
      const std::vector<std::string> chain = {Certificate("one", kind.name)};
      const Client* client = FindByChain(configuration, chain, onem2m::Now());
      BOOST_REQUIRE(client != nullptr);
      BOOST_TEST(client->credential_id()->text() == kind.id);
      BOOST_TEST(client->entity->id.ends_with(kind.entity));
    }
  }
  for (const char* name :
       {"otherName:0.2.481.1;OID:0.2.481.1.100.3031", "DNS:cse1.sp.example.org",
        "URI:m2m://sp.example.com/cse1/Cae12", "URI:urn:dev:ops:001122-Meter-8"}) {
    const std::vector<std::string> chain = {Certificate("other", name)};
    BOOST_TEST((FindByChain(configuration, chain, onem2m::Now()) == nullptr), name);
  }
}

// The certificate's names have their domain in lower case.
BOOST_FIXTURE_TEST_CASE(the_case_of_a_domain_makes_no_other_client, Pki) {
  const std::string upper = R"({"certificateId": "33-//SP.Example.com/cse1/Cae1",
 "entityType": "AE", "entityId": "//sp.example.com/cse1/Cae1"})";
  const Configuration configuration = Read(Json(upper));
  const std::vector<std::string> chain = {Certificate("ae1", "URI:m2m://sp.example.com/cse1/Cae1")};
  BOOST_TEST((FindByChain(configuration, chain, onem2m::Now()) != nullptr));
  std::string lower = upper;
  lower.replace(lower.find("SP.Example"), 10, "sp.example");
  BOOST_TEST(Fault(Json(upper + "," + lower)).find("two clients have the certificate") !=
             std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_session_is_one_s_by_key_or_by_certificate, Pki) {
  const Configuration configuration = Standard();
  const onem2m::Time now = onem2m::Now();
  testing::FakeSession session("cse2@maf.example.com");
  BOOST_TEST(FindBySession(configuration, session, now)->entity->id == testing::kCse2);
  session.identity_.clear();
  BOOST_TEST((FindBySession(configuration, session, now) == nullptr));
  session.certificates_ = {Certificate("ae1", "URI:m2m://sp.example.com/cse1/Cae1")};
  BOOST_TEST(FindBySession(configuration, session, now)->entity->id == testing::kAe1);
  session.secure_ = false;
  BOOST_TEST((FindBySession(configuration, session, now) == nullptr));
  // A Credential-ID is no psk_identity, nor a KmId a certificate's name.
  testing::FakeSession other("33-//sp.example.com/cse1/Cae1");
  BOOST_TEST((FindBySession(configuration, other, now) == nullptr));
}

BOOST_FIXTURE_TEST_CASE(the_target_is_told_the_certificate_s_credential_id, Pki) {
  const Configuration configuration = Standard();
  const auto store = testing::WaitingStore::Open(Path("s"));
  int errors = 0;
  const auto log = testing::CountErrors(errors);
  KeyRegistration registration(configuration.fqdn, configuration.lifetime, 9, log);
  KeyRetrieval retrieval(configuration.fqdn, configuration.clients, log);
  const auto client = [&](const char* id) {
    return configuration.clients.FindCertificate(*onem2m::CredentialId::Parse(id));
  };
  onem2m::RequestPrimitive request;
  request.content = R"({"suid":32,"targetIDs":["//sp.example.com/cse1"]})";
  testing::FakeSession session;
  const onem2m::Time now = onem2m::Now();
  auto prepared =
      registration.Prepare(request, *client("33-//sp.example.com/cse1/Cae1"), session, now);
  BOOST_REQUIRE(std::holds_alternative<KeyRecord>(prepared));
  const auto registered =
      registration.Register(request, std::get<KeyRecord>(prepared), *store, now);
  const auto key = onem2m::maf::ParseKeyRegistrationResponse(registered.content);
  BOOST_REQUIRE_MESSAGE(key.has_value(), registered.content);
  request.query = {{"suid", "32"}, {"kcid", key->relative_key_id + "@maf.example.com"}};
  const auto response = retrieval.Retrieve(request, key->relative_key_id,
                                           *client("32-//sp.example.com/cse1"), *store, now);
  const auto answer = onem2m::maf::ParseKeyRetrievalResponse(response.content);
  BOOST_REQUIRE_MESSAGE(answer.has_value(), response.content);
  BOOST_TEST(answer->credential_id->text() == "33-//sp.example.com/cse1/Cae1");
  BOOST_TEST(*answer->source_id == testing::kAe1);
  BOOST_TEST(onem2m::Number(registration
                                .Remove(request, key->relative_key_id,
                                        *client("33-//sp.example.com/cse1/Cae1"), *store, now)
                                .status) == 2002);
}

BOOST_FIXTURE_TEST_CASE(configurations_that_do_not_fit_are_refused, Pki) {
  const std::string good =
      R"({"certificateId": "32-//sp.example.com/cse1", "entityType": "CSE",
 "entityId": "//sp.example.com/cse1"})";
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string json = Json(good);
    json.replace(json.find(from), from.size(), to);
    return json;
  };
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  BOOST_TEST(Fault(Json(good)) == "");
  BOOST_TEST(has(Fault(Json(good + "," + good)), "two clients have the certificate"));
  BOOST_TEST(has(Fault(with("32-//sp", "11-//sp")), "/clients/0/certificateId"));
  BOOST_TEST(has(Fault(with("32-", "")), "/clients/0/certificateId"));
  BOOST_TEST(has(Fault(with("32-//sp.example.com/cse1", "32-cse1")), "/clients/0/certificateId"));
  BOOST_TEST(has(Fault(with("32-//sp", "33-//sp")), "/clients/0/certificateId"));
  BOOST_TEST(has(Fault(with("32-//sp.example.com/cse1", "32-//sp.example.com/cse2")),
                 "/clients/0/entityId"));
  BOOST_TEST(has(Fault(with("\"entityType\"", "\"kmId\": \"a@maf.example.com\", \"entityType\"")),
                 "needs either"));
  BOOST_TEST(
      has(Fault(with("\"certificateId\": \"32-//sp.example.com/cse1\", ", "")), "needs either"));
  BOOST_TEST(has(Fault(with(maker.Path("maf.key.pem"), "none.pem")), "/certificate/keyFile"));
  BOOST_TEST(has(Fault(with("ca.pem", "none.pem")), "/certificate/trustAnchorFiles/0"));
  // Another name than the MAF's FQDN.
  BOOST_TEST(has(Fault(Json(good, "ca.pem")), "/certificate/chainFile"));
  std::string without = Json(good);
  const auto begin = without.find("\"certificate\"");
  without.erase(begin, without.find("\"clients\"") - begin);
  BOOST_TEST(has(Fault(without), "has no certificate"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::maf
