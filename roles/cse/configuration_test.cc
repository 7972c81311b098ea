// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/configuration.h"

#include <boost/test/unit_test.hpp>

#include "onem2m/test_certificates.h"
#include "onem2m/test_folder.h"

namespace saef::cse {
namespace {

// A configuration with `members` in place of, or beside, the usual ones.
std::string Json(const std::string& members) {
  return R"({"id":"/cse1","serviceProvider":"sp.example.com",)" + members + "}";
}

BOOST_FIXTURE_TEST_SUITE(configuration, onem2m::TestFolder)

BOOST_AUTO_TEST_CASE(everything_is_taken_over) {
  const std::string path = Write("cse.json", Json(R"(
    "resourceName":"root","refusal":"hidden","threads":3,
    "listen":["coaps://127.0.0.1:0","https://[::1]:8443","coap://127.0.0.1:5683","http://127.0.0.1:0/"],
    "plugins":[{"module":"saef.so","config":"sub/saef.json"}],
    "limits":{"maxHeldSessions":1,"maxHeldBytes":2048,"maxHoldMs":300,"blockingMs":400,"maxSessions":4,"maxSessionsPerSource":16,"maxHandshakes":17,"maxHandshakesPerSource":18,
      "maxContentLength":5000,"idleTimeoutSeconds":6,"handshakeTimeoutSeconds":7,"maxResources":8,
      "maxDepth":9,"maxRegistrations":10,"maxResourcesEach":11,"maxBytesEach":12000,"maxResults":13,
      "lifetimeSeconds":14,"maxLifetimeSeconds":15})"));
  const auto read = ReadConfiguration(path);
  const auto* error = std::get_if<std::string>(&read);
  BOOST_REQUIRE_MESSAGE(error == nullptr, (error == nullptr ? std::string() : *error));
  const auto& c = std::get<Configuration>(read);
  BOOST_TEST(c.id.Absolute() == "//sp.example.com/cse1");
  BOOST_TEST(c.resource_name == "root");
  BOOST_REQUIRE(c.listen.size() == 4U);
  BOOST_TEST(c.listen[1].host == "::1");
  BOOST_TEST(c.listen[1].port == 8443);
  BOOST_REQUIRE(c.plugin.has_value());
  BOOST_TEST(c.plugin->module == Path("saef.so"));
  BOOST_TEST(c.plugin->config == Path("sub/saef.json"));
  BOOST_TEST(c.refusal == SAEF_GATE_HIDE);
  BOOST_TEST(c.gate.max_held_sessions == 1U);
  BOOST_TEST(c.gate.max_held_bytes == 2048U);
  BOOST_TEST(c.gate.max_hold_ms == 300U);
  BOOST_TEST(c.server.threads == 3U);
  BOOST_TEST(c.gate.blocking_ms == 400U);
  BOOST_TEST(c.server.max_sessions == 4U);
  BOOST_TEST(c.server.max_sessions_per_source == 16U);
  BOOST_TEST(c.server.max_handshakes == 17U);
  BOOST_TEST(c.server.max_handshakes_per_source == 18U);
  BOOST_TEST(c.server.max_content_length == 5000U);
  BOOST_TEST(c.server.idle_timeout.count() == 6);
  BOOST_TEST(c.server.handshake_timeout.count() == 7);
  BOOST_TEST(c.tree.max_resources == 8U);
  BOOST_TEST(c.tree.max_depth == 9U);
  BOOST_TEST(c.tree.max_registrations == 10U);
  BOOST_TEST(c.tree.max_resources_each == 11U);
  BOOST_TEST(c.tree.max_bytes_each == 12000U);
  BOOST_TEST(c.tree.max_results == 13U);
  BOOST_TEST(c.tree.lifetime.count() == 14);
  BOOST_TEST(c.tree.max_lifetime.count() == 15);
}

BOOST_AUTO_TEST_CASE(other_cses_and_administrators) {
  const auto read = ReadConfiguration(Write("cse.json", Json(R"(
    "listen":["coap://127.0.0.1:0"],"plugins":[{"module":"saef.so","config":"saef.json"}],
    "administrators":["Cadmin","/cse2/Cadmin","//sp.example.com/Sx","/cse3"],
    "remoteCses":[{"entity":"in.json","register":true,"refreshSeconds":5},{"entity":"mn.json"}],
    "limits":{"maxForwarded":6,"forwardTimeoutMs":700})")));
  const auto* error = std::get_if<std::string>(&read);
  BOOST_REQUIRE_MESSAGE(error == nullptr, (error == nullptr ? std::string() : *error));
  const auto& c = std::get<Configuration>(read);
  BOOST_TEST((c.policy.type == CseType::kMn));
  BOOST_TEST((c.policy.administrators ==
              std::set<std::string, std::less<>>{"//sp.example.com/cse1/Cadmin",
                                                 "//sp.example.com/cse2/Cadmin",
                                                 "//sp.example.com/Sx", "//sp.example.com/cse3"}));
  BOOST_REQUIRE(c.remote_cses.size() == 2U);
  BOOST_TEST(c.remote_cses[0].entity == Path("in.json"));
  BOOST_TEST(c.remote_cses[0].is_registrar);
  BOOST_TEST(c.remote_cses[0].refresh.count() == 5);
  BOOST_TEST(!c.remote_cses[1].is_registrar);
  BOOST_TEST(c.forwarding.max_under_way == 6U);
  BOOST_TEST(c.forwarding.timeout.count() == 700);
}

BOOST_AUTO_TEST_CASE(without_a_registrar_it_is_an_in_cse_unless_it_says_otherwise) {
  const std::pair<const char*, CseType> cases[] = {
      {"", CseType::kIn},
      {R"("cseType":"MN",)", CseType::kMn},
      {R"("cseType":"ASN",)", CseType::kAsn},
      {R"("cseType":"ASN","remoteCses":[{"entity":"in.json","register":true}],)", CseType::kAsn},
      {R"("cseType":"IN","remoteCses":[{"entity":"mn.json"}],)", CseType::kIn},
  };
  for (const auto& [members, type] : cases) {
    const auto read = ReadConfiguration(
        Write("cse.json", Json(members + std::string(R"("listen":["coap://127.0.0.1:0"])"))));
    BOOST_REQUIRE(std::holds_alternative<Configuration>(read));
    BOOST_TEST((std::get<Configuration>(read).policy.type == type), members);
  }
}

BOOST_FIXTURE_TEST_CASE(certificates_and_raw_public_keys, onem2m::CertificateMaker) {
  Make("ca", {.extensions = ForCa()});
  Make("cse", {.issuer = "ca", .extensions = For("DNS:cse1.sp.example.com")});
  Make("other", {.issuer = "ca", .extensions = For("DNS:cse2.sp.example.com")});
  PublicKeyDer("cse");
  const auto read = [&](const std::string& members, const char* plugins) {
    CertificateMaker::Write("cse.json",
                            Json(members + plugins + R"("listen":["coap://127.0.0.1:0"])"));
    return ReadConfiguration(Path("cse.json"));
  };
  const char* plugin = R"("plugins":[{"module":"saef.so","config":"saef.json"}],)";
  const std::string certificate =
      R"("certificate":{"chainFile":"cse.pem","keyFile":"cse.key.pem"},)";
  const std::string raw =
      R"("rawPublicKey":{"publicKeyFile":"cse.public.pem","keyFile":"cse.key.pem"},)";
  const auto good = read(certificate + raw, plugin);
  BOOST_REQUIRE(std::holds_alternative<Configuration>(good));
  const ServerCredentials& credentials = std::get<Configuration>(good).credentials;
  BOOST_TEST((credentials.certificate->chain == std::vector<std::string>{Der("cse")}));
  BOOST_TEST(credentials.raw_public_key->public_key == PublicKeyDer("cse"));

  const std::pair<std::string, const char*> wrong[] = {
      {R"("certificate":{"chainFile":"other.pem","keyFile":"other.key.pem"},)",
       "cse1.sp.example.com"},
      {R"("certificate":{"chainFile":"cse.key.pem","keyFile":"cse.key.pem"},)",
       "/certificate/chainFile"},
      {R"("certificate":{"chainFile":"cse.pem","keyFile":"absent"},)", "/certificate/keyFile"},
      {R"("certificate":{"chainFile":"cse.pem"},)", "/certificate"},
      {R"("rawPublicKey":{"publicKeyFile":"cse.pem","keyFile":"cse.key.pem"},)",
       "/rawPublicKey/publicKeyFile"},
      {R"("rawPublicKey":{"publicKeyFile":"cse.public.pem","keyFile":"cse.public.pem"},)",
       "/rawPublicKey/keyFile"},
  };
  for (const auto& [members, text] : wrong) {
    const auto bad = read(members, plugin);
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<std::string>(bad), members);
    BOOST_TEST(std::get<std::string>(bad).find(text) != std::string::npos,
               std::get<std::string>(bad));
  }
  const auto alone = read(raw, "");
  BOOST_REQUIRE(std::holds_alternative<std::string>(alone));
  BOOST_TEST(std::get<std::string>(alone).find("need a plugin") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
  const std::string listen = R"("listen":["http://127.0.0.1:0"])";
  const std::pair<std::string, std::string> cases[] = {
      {"", "line 1"},
      {"{}", "id"},
      {Json(R"("listen":[])"), "/listen"},
      {Json(R"("listen":["ftp://127.0.0.1"])"), "/listen/0"},
      {Json(R"("listen":["http://127.0.0.1:0/path"])"), "/listen/0"},
      {Json(R"("listen":["http://127.0.0.1:0","x"])"), "/listen/1"},
      {Json(R"("listen":["coaps://127.0.0.1:0"])"), "needs a plugin"},
      {Json(R"("plugins":[],"listen":["https://127.0.0.1:0"])"), "needs a plugin"},
      {Json(R"("plugins":[{"module":"a","config":"b"},{"module":"c","config":"d"}],)" + listen),
       "at most one"},
      {Json(R"("plugins":[{"module":"a"}],)" + listen), "/plugins/0"},
      {Json(R"("refusal":"loud",)" + listen), "/refusal"},
      {Json(R"("resourceName":"Cx",)" + listen), "/resourceName"},
      {Json(R"("resourceName":"la",)" + listen), "/resourceName"},
      {Json(R"("limits":{"maxDepth":1},)" + listen), "/limits/maxDepth"},
      {Json(R"("limits":{"nonsense":1},)" + listen), "/limits"},
      {Json(R"("nonsense":1,)" + listen), "nonsense"},
      {Json(R"("cseType":"XN",)" + listen), "/cseType"},
      {Json(R"("cseType":"IN","remoteCses":[{"entity":"a","register":true}],)" + listen),
       "/cseType"},
      {Json(R"("remoteCses":[{"entity":"a","register":true},{"entity":"b","register":true}],)" +
            listen),
       "/remoteCses"},
      {Json(R"("remoteCses":[{"register":true}],)" + listen), "/remoteCses/0"},
      {Json(R"("administrators":["Cadmin"],)" + listen), "/administrators"},
      {Json(R"("administrators":["x y"],"plugins":[{"module":"a","config":"b"}],)" + listen),
       "/administrators"},
      {R"({"id":"cse1","serviceProvider":"sp.example.com",)" + listen + "}", "/id"},
      {R"({"id":"/a/b","serviceProvider":"sp.example.com",)" + listen + "}", "/id"},
      {R"({"id":"/cse1","serviceProvider":"SP.example.com",)" + listen + "}", "/serviceProvider"},
  };
  for (const auto& [json, text] : cases) {
    const auto read = ReadConfiguration(Write("cse.json", json));
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<std::string>(read), json);
    const auto& error = std::get<std::string>(read);
    BOOST_TEST(error.find(text) != std::string::npos, json << ": " << error);
    BOOST_TEST(error.find("cse.json") != std::string::npos, error);
  }
  BOOST_TEST(std::holds_alternative<std::string>(ReadConfiguration(Path("none.json"))));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
