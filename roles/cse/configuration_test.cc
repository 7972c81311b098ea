// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/configuration.h"

#include <boost/test/unit_test.hpp>

#include "roles/cse/test_folder.h"

namespace saef::cse {
namespace {

// A configuration with `members` in place of, or beside, the usual ones.
std::string Json(const std::string& members) {
  return R"({"id":"/cse1","serviceProvider":"sp.example.com",)" + members + "}";
}

BOOST_FIXTURE_TEST_SUITE(configuration, test::Folder)

BOOST_AUTO_TEST_CASE(everything_is_taken_over) {
  const std::string path = Write("cse.json", Json(R"(
    "resourceName":"root","refusal":"hidden",
    "listen":["coaps://127.0.0.1:0","https://[::1]:8443","coap://127.0.0.1:5683","http://127.0.0.1:0/"],
    "plugins":[{"module":"saef.so","config":"sub/saef.json"}],
    "limits":{"maxHeldSessions":1,"maxHeldBytes":2048,"maxHoldMs":300,"maxSessions":4,
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
  BOOST_TEST(c.plugin->module == path_of("saef.so"));
  BOOST_TEST(c.plugin->config == path_of("sub/saef.json"));
  BOOST_TEST(c.refusal == SAEF_GATE_HIDE);
  BOOST_TEST(c.gate.max_held_sessions == 1U);
  BOOST_TEST(c.gate.max_held_bytes == 2048U);
  BOOST_TEST(c.gate.max_hold_ms == 300U);
  BOOST_TEST(c.server.max_sessions == 4U);
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
  BOOST_TEST(std::holds_alternative<std::string>(ReadConfiguration(path_of("none.json"))));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
