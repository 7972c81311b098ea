// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/identity_configuration.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "onem2m/test_folder.h"
#include "plugin/configuration.h"

namespace saef::plugin {
namespace {

const std::string kHead = R"({"cse": {"id": "/cse1", "serviceProvider": "sp.example.com"})";

std::variant<Configuration, std::string> ReadIdentities(const std::string& members) {
  const onem2m::TestFolder folder;
  folder.Write("k.key", std::string(64, 'a') + "\n", 0600);
  folder.Write("open.key", std::string(64, 'a') + "\n", 0644);
  folder.Write("no.pem", "nothing", 0644);
  return ReadConfiguration(folder.Write("saef.json", kHead + members + "}", 0644));
}

// Why it is refused; empty if it isn't.
std::string Refusal(const std::string& members) {
  const auto read = ReadIdentities(members);
  const auto* const words = std::get_if<std::string>(&read);
  return words == nullptr ? std::string() : words->substr(words->find("saef.json: ") + 11);
}
std::string OfKeys(const std::string& keys) {
  return Refusal(", \"provisionedKeys\": [" + keys + "]");
}
std::string OfIdentities(const std::string& identities) {
  return Refusal(R"(, "provisionedKeys": [{"kpsaId": "k@i.example", "kpsaFile": "k.key",
                    "entityId": "Ck", "entityType": "AE"}], "identities": [)" +
                 identities + "]");
}

BOOST_AUTO_TEST_SUITE(identity_configuration)

BOOST_AUTO_TEST_CASE(all_of_it) {
  const auto read = ReadIdentities(
      R"(, "provisionedKeys": [{"kpsaId": "k@i.example", "kpsaFile": "k.key", "entityId": "/cse2",
           "entityType": "CSE", "expirationTime": "20301231T235959"},
          {"kpsaId": "n@i.example", "kpsaFile": "k.key"}],
          "identities": [{"credentialId": "31-1.2.3", "entityIds": ["Ca", "//sp.example.com/Sb",
           "Ca"]}], "applicationRules": {"node": "/in/node", "refreshSeconds": 7})");
  BOOST_REQUIRE(read.index() == 0u);
  const IdentityConfiguration& identity = std::get<Configuration>(read).identity;
  BOOST_REQUIRE(identity.provisioned_keys.size() == 2u);
  BOOST_TEST(identity.provisioned_keys[0].kpsa.size() == 32u);
  BOOST_TEST(identity.provisioned_keys[0].expires.has_value());
  BOOST_TEST(!identity.provisioned_keys[1].expires.has_value());
  BOOST_REQUIRE(identity.identities.size() == 2u);
  BOOST_TEST(identity.identities[0].credential_id.text() == "12-k@i.example");
  BOOST_TEST(std::get<Source::AeList>(identity.identities[1].entity).size() == 2u);
  BOOST_TEST((identity.rules->refresh == std::chrono::seconds(7)));
}

BOOST_AUTO_TEST_CASE(provisioned_keys_that_are_refused) {
  const std::string key = R"("kpsaFile": "k.key")";
  BOOST_TEST(OfKeys(R"({"kpsaId": "k@i.example", )" + key + "}") == "");
  BOOST_TEST(OfKeys(R"({"kpsaId": "k", )" + key + "}")
                 .starts_with("/provisionedKeys/0/kpsaId: \"k\" is no KpsaId"));
  BOOST_TEST(OfKeys(R"({"kpsaId": "k@i.example", )" + key + R"(}, {"kpsaId": "K@I.example", )" +
                    key + "}") == "/provisionedKeys/1/kpsaId: stands here twice");
  BOOST_TEST(OfKeys(R"({"kpsaId": "k@i.example", "kpsaFile": "open.key"})").find("chmod") !=
             std::string::npos);
  BOOST_TEST(OfKeys(R"({"kpsaId": "k@i.example", "entityId": "/cse2", )" + key + "}") ==
             "/provisionedKeys/0: entityType is missing: \"AE\" or \"CSE\"");
  BOOST_TEST(OfKeys(R"({"kpsaId": "k@i.example", "entityType": "CSE", )" + key + "}")
                 .starts_with("/provisionedKeys/0/entityType: says what"));
  BOOST_TEST(OfKeys(R"({"kpsaId": "k@i.example", "entityId": "/cse1", "entityType": "CSE", )" +
                    key + "}") == "/provisionedKeys/0/entityId: is this CSE itself");
  BOOST_TEST(
      OfKeys(R"({"kpsaId": "k@i.example", "entityId": "/cse2", "entityType": "AE", )" + key + "}")
          .starts_with("/provisionedKeys/0/entityId: \"/cse2\" is no AE-ID"));
  BOOST_TEST(
      OfKeys(R"({"kpsaId": "k@i.example", "expirationTime": "20301331T000000", )" + key + "}")
          .starts_with("/provisionedKeys/0/expirationTime: \"20301331T000000\" is no time"));
}

BOOST_AUTO_TEST_CASE(identities_that_are_refused) {
  BOOST_TEST(OfIdentities(R"({"credentialId": "11-m@maf.example", "entityId": "Cm",
                              "entityType": "AE"})") == "");
  BOOST_TEST(OfIdentities(R"({"credentialId": "99-x", "entityId": "Cm", "entityType": "AE"})")
                 .starts_with("/identities/0/credentialId: \"99-x\" is no Credential-ID"));
  for (const char* type : {"32-x", "33-x", "10-a@m.example"}) {
    BOOST_TEST(OfIdentities(R"({"credentialId": ")" + std::string(type) +
                            R"(", "entityId": "Cm", "entityType": "AE"})") ==
               "/identities/0/credentialId: must be of type 11, 12, 30, 31 or 34");
  }
  const std::string twice = "stands here twice, or also with the provisioned keys";
  BOOST_TEST(OfIdentities(R"({"credentialId": "12-K@I.example", "entityId": "Cm",
                              "entityType": "AE"})") == "/identities/0/credentialId: " + twice);
  BOOST_TEST(OfIdentities(R"({"credentialId": "11-a@m.example", "entityId": "Cm",
                              "entityType": "AE"}, {"credentialId": "11-A@M.example",
                              "entityId": "Cm", "entityType": "AE"})") ==
             "/identities/1/credentialId: " + twice);
  BOOST_TEST(OfIdentities(R"({"credentialId": "11-a@m.example"})") ==
             "/identities/0: entityId or entityIds is missing");
  // TS-0003 8.2.1: lists go with device and Node-ID certificates.
  for (const char* type : {"11-a@m.example", "12-a@m.example", "30-ni:///sha-256;x"}) {
    BOOST_TEST(
        OfIdentities(R"({"credentialId": ")" + std::string(type) + R"(", "entityIds": ["Ca"]})") ==
        "/identities/0/entityIds: is for credentials of type 31 and 34 only");
  }
  BOOST_TEST(OfIdentities(R"({"credentialId": "31-1.2", "entityIds": ["Ca"], "entityId": "Ca",
                              "entityType": "AE"})")
                 .starts_with("/identities/0: has entityId and entityIds"));
  BOOST_TEST(OfIdentities(R"({"credentialId": "34-x", "entityIds": ["Ca", "/cse2"]})")
                 .starts_with("/identities/0/entityIds/1: \"/cse2\" is no AE-ID"));
  BOOST_TEST(OfIdentities(R"({"credentialId": "34-x", "entityIds": ["Ca"], "entityType": "CSE"})")
                 .starts_with("/identities/0/entityType: must be \"AE\""));
}

BOOST_AUTO_TEST_CASE(the_rest_that_is_refused) {
  BOOST_TEST(Refusal("").starts_with("no peer could be authenticated"));
  BOOST_TEST(Refusal(R"(, "identities": [{"credentialId": "31-x", "entityIds": ["Ca"]}])")
                 .starts_with("no peer could be authenticated"));
  BOOST_TEST(Refusal(R"(, "identities": [{"credentialId": "30-ni:///sha-256;x"}])") == "");
  BOOST_TEST(Refusal(R"(, "certificates": {"trustAnchorFiles": ["no.pem"]})")
                 .starts_with("/certificates/trustAnchorFiles/0: "));
  BOOST_TEST(Refusal(R"(, "identities": [{"credentialId": "30-x"}],
                         "applicationRules": {"node": "in/node"})")
                 .starts_with("/applicationRules/node: \"in/node\" must be SP-relative"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
