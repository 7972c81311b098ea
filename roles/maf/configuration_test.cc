// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/configuration.h"

#include <boost/test/unit_test.hpp>

#include "roles/maf/testing.h"

namespace saef::maf {
namespace {

// A good configuration, and what to put in the place of one of its lines.
struct Files : onem2m::TestFolder {
  Files() {
    Write("store.key", std::string(64, 'a'));
    Write("short.key", std::string(32, 'a'));
    Write("open.key", std::string(64, 'a'), 0644);
    Write("ae1.km", std::string(64, 'b'));
    Write("cse1.km", std::string(64, 'c'));
  }

  std::string WriteWith(const std::string& from, const std::string& to) {
    std::string text = R"({"fqdn": "maf.example.com",
 "listen": ["coaps://127.0.0.1:0", "https://127.0.0.1:8443"],
 "threads": 3, "limits": {"maxSessions": 40, "maxSessionsPerSource": 30, "maxHandshakes": 20,
                          "maxHandshakesPerSource": 10},
 "store": "maf.sqlite", "storeKeyFile": "store.key",
 "lifetime": {"defaultSeconds": 100, "maxSeconds": 200},
 "maxKeysPerClient": 5, "endSessionAfterProcedure": true, "answerDelayMs": 300,
 "clients": [
  {"kmId": "ae1@maf.example.com", "kmFile": "ae1.km", "entityId": "//sp.example.com/cse1/Cae1",
   "entityType": "AE", "mayRegisterFor": ["//SP.example.com/cse1"]},
  {"kmId": "cse1@maf.example.com", "kmFile": "cse1.km", "entityId": "//sp.example.com/cse1",
   "entityType": "CSE"},
  {"kmId": "ae2@maf.example.com", "kmFile": "ae1.km", "entityType": "AE"}]})";
    if (!from.empty()) {
      const auto at = text.find(from);
      BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
      text.replace(at, from.size(), to);
    }
    return Write("maf.json", text);
  }

  std::string ErrorWith(const std::string& from, const std::string& to) {
    const auto result = ReadConfiguration(WriteWith(from, to));
    const auto* error = std::get_if<std::string>(&result);
    return error != nullptr ? *error : "";
  }
};

BOOST_AUTO_TEST_SUITE(configuration)

BOOST_FIXTURE_TEST_CASE(reads_all_of_it, Files) {
  const auto result = ReadConfiguration(WriteWith("", ""));
  if (const auto* error = std::get_if<std::string>(&result)) {
    BOOST_FAIL(*error);
  }
  const auto& read = std::get<Configuration>(result);
  BOOST_TEST(read.fqdn.text() == "maf.example.com");
  BOOST_TEST(read.listen.size() == 2u);
  BOOST_TEST(read.listen[1].text() == "https://127.0.0.1:8443");
  BOOST_TEST(read.store == Path("maf.sqlite"));
  BOOST_TEST(read.store_key.size() == 32u);
  BOOST_TEST(read.lifetime.standard.count() == 100);
  BOOST_TEST(read.lifetime.most.count() == 200);
  BOOST_TEST(read.max_keys_per_client == 5u);
  BOOST_TEST(read.end_session_after_procedure);
  BOOST_TEST(read.answer_delay.count() == 300);
  bindings::ServerOptions options;
  read.server.SetIn(options);
  BOOST_TEST(options.threads == 3u);
  BOOST_TEST(options.max_sessions == 40u);
  BOOST_TEST(options.max_sessions_per_source == 30u);
  BOOST_TEST(options.max_handshakes == 20u);
  BOOST_TEST(options.max_handshakes_per_source == 10u);
  const Client* ae = read.clients.Find("ae1@maf.example.com");
  BOOST_REQUIRE(ae != nullptr);
  BOOST_TEST((ae->entity == Entity{testing::kAe1, onem2m::EntityKind::kAe}));
  BOOST_TEST(ae->MayRegisterFor(testing::kCse1));
  BOOST_TEST(!ae->MayRegisterFor(testing::kCse2));
  BOOST_TEST((read.clients.Find("cse1@maf.example.com")->entity->kind == onem2m::EntityKind::kCse));
  BOOST_TEST(!read.clients.Find("ae2@maf.example.com")->entity.has_value());
}

BOOST_FIXTURE_TEST_CASE(standard_values, Files) {
  const auto result = ReadConfiguration(WriteWith(
      R"( "lifetime": {"defaultSeconds": 100, "maxSeconds": 200},
 "maxKeysPerClient": 5, "endSessionAfterProcedure": true, "answerDelayMs": 300,)",
      ""));
  const auto& read = std::get<Configuration>(result);
  BOOST_TEST(read.lifetime.standard.count() == 86400);
  BOOST_TEST(read.lifetime.most.count() == 604800);
  BOOST_TEST(read.max_keys_per_client == 10000u);
  BOOST_TEST(!read.end_session_after_procedure);
  BOOST_TEST(read.answer_delay.count() == 0);
}

BOOST_FIXTURE_TEST_CASE(standard_bounds_of_the_servers, Files) {
  const auto result = ReadConfiguration(WriteWith(
      R"( "threads": 3, "limits": {"maxSessions": 40, "maxSessionsPerSource": 30, "maxHandshakes": 20,
                          "maxHandshakesPerSource": 10},
)",
      ""));
  const bindings::ServerLimits& read = std::get<Configuration>(result).server;
  BOOST_TEST(read.threads == 0u);
  BOOST_TEST(read.max_sessions == 20000u);
  BOOST_TEST(read.max_sessions_per_source == 0u);
  BOOST_TEST(read.max_handshakes == 0u);
  BOOST_TEST(read.max_handshakes_per_source == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_short_maximum_is_the_default_too, Files) {
  const auto result = ReadConfiguration(
      WriteWith(R"("defaultSeconds": 100, "maxSeconds": 200)", R"("maxSeconds": 60)"));
  BOOST_TEST(std::get<Configuration>(result).lifetime.standard.count() == 60);
}

BOOST_FIXTURE_TEST_CASE(each_error_says_where, Files) {
  struct Case {
    const char* from;
    const char* to;
    const char* where;
    const char* what;
  };
  const Case cases[] = {
      {"\"maf.example.com\",\n", "\"MAF.example.com\",\n", "/fqdn", "lower case"},
      {"\"maf.example.com\",\n", "\"maf_example\",\n", "/fqdn", "no domain name"},
      {"\"maf.example.com\",\n", "7,\n", "/fqdn", "string"},
      {"coaps://127.0.0.1:0", "coap://127.0.0.1:0", "/listen/0", "not secure"},
      {"https://127.0.0.1:8443", "http://127.0.0.1:8443", "/listen/1", "not secure"},
      {"https://127.0.0.1:8443", "mqtt://127.0.0.1", "/listen/1", "coaps://address:port"},
      {"https://127.0.0.1:8443", "https://127.0.0.1:8443/x", "/listen/1", "path"},
      {R"(["coaps://127.0.0.1:0", "https://127.0.0.1:8443"])", "[]", "/listen", "1"},
      {"\"store.key\"", "\"absent.key\"", "/storeKeyFile", "can't be opened"},
      {"\"store.key\"", "\"short.key\"", "/storeKeyFile", "32 octets"},
      {"\"store.key\"", "\"open.key\"", "/storeKeyFile", "chmod 600"},
      {"\"cse1.km\"", "\"open.key\"", "/clients/1/kmFile", "chmod 600"},
      {"\"defaultSeconds\": 100", "\"defaultSeconds\": 201", "/lifetime/defaultSeconds",
       "maxSeconds"},
      {"\"defaultSeconds\": 100", "\"defaultSeconds\": 0", "/lifetime/defaultSeconds", "1"},
      {"\"maxKeysPerClient\": 5", "\"maxKeysPerClient\": 0", "/maxKeysPerClient", "1"},
      {"\"answerDelayMs\": 300", "\"answerDelayMs\": 60001", "/answerDelayMs", "60000"},
      {"\"answerDelayMs\": 300", "\"answerDelay\": 300", "/answerDelay", "answerDelayMs"},
      {"\"threads\": 3", "\"threads\": 65", "/threads", "64"},
      {"\"maxSessions\": 40", "\"maxSessions\": 0", "/limits/maxSessions", "1"},
      {"\"maxHandshakes\": 20", "\"maxHandshake\": 20", "/limits/maxHandshake", "maxSessions"},
      {"\"ae1@maf", "\"ae1@maf2", "/clients/0/kmId", "name@maf.example.com"},
      {"\"ae1@maf.example.com\"", "\"ae1maf.example.com\"", "/clients/0/kmId", "name@"},
      {"\"ae2@maf", "\"AE1@maf", "/clients", "two clients"},
      {"\"entityType\": \"CSE\"", "\"entityType\": \"MAF\"", "/clients/1/entityType", "CSE"},
      {"\"//sp.example.com/cse1\",\n", "\"/cse1\",\n", "/clients/1/entityId", "Absolute CSE-ID"},
      {"//sp.example.com/cse1/Cae1", "//sp.example.com/cse1/Xae1", "/clients/0/entityId",
       "Absolute AE-ID"},
      {"\"entityId\": \"//sp.example.com/cse1\",\n", "\n", "/clients/1", "entityId"},
      {"//SP.example.com/cse1", "cse1", "/clients/0/mayRegisterFor/0", "Absolute"},
  };
  for (const Case& c : cases) {
    const std::string error = ErrorWith(c.from, c.to);
    BOOST_TEST_CONTEXT(c.to << " -> " << error) {
      BOOST_TEST(error.find(Path("maf.json")) != std::string::npos);
      BOOST_TEST(error.find(c.where) != std::string::npos);
      BOOST_TEST(error.find(c.what) != std::string::npos);
    }
  }
  const std::string longest = std::string(60, 'a') + "." + std::string(36, 'b');
  BOOST_TEST(ErrorWith("\"maf.example.com\",\n", "\"" + longest + "\",\n").find("/fqdn") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::maf
