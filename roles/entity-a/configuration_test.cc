// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/entity-a/configuration.h"

#include <boost/test/unit_test.hpp>

#include "onem2m/test_folder.h"

namespace saef::entity_a {
namespace {

struct Files : onem2m::TestFolder {
  Files() {
    Write("ae1.km", std::string(64, 'b'));
    Write("open.km", std::string(64, 'b'), 0644);
  }

  std::string WriteWith(const std::string& from, const std::string& to) {
    std::string text = R"({"entityId": "//sp.example.com/cse1/Cae1",
 "maf": {"fqdn": "maf.example.com", "keyRegistration": "coaps://127.0.0.1:5684/kr",
         "kmId": "ae1@maf.example.com", "kmFile": "ae1.km"},
 "cse": {"id": "//sp.example.com/cse1", "uris": ["coaps://127.0.0.1:1", "https://127.0.0.1:2"]},
 "kc": "self-generated", "lifetimeSeconds": 60, "timeoutMs": 500})";
    if (!from.empty()) {
      const auto at = text.find(from);
      BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
      text.replace(at, from.size(), to);
    }
    return Write("entity.json", text);
  }
};

BOOST_AUTO_TEST_SUITE(configuration)

BOOST_FIXTURE_TEST_CASE(reads_all_of_it, Files) {
  const auto result = ReadConfiguration(WriteWith("", ""));
  if (const auto* error = std::get_if<std::string>(&result)) {
    BOOST_FAIL(*error);
  }
  const auto& read = std::get<Configuration>(result);
  BOOST_TEST(*read.entity_id == "//sp.example.com/cse1/Cae1");
  BOOST_TEST(*read.originator == "Cae1");
  BOOST_TEST(read.maf_fqdn->text() == "maf.example.com");
  BOOST_TEST(read.key_registration->path == "/kr");
  const auto& psk = std::get<bindings::PskCredential>(*read.maf_credential);
  BOOST_TEST(psk.identity == "ae1@maf.example.com");
  BOOST_TEST(psk.key.size() == 32u);
  BOOST_TEST(read.cse_id.Absolute() == "//sp.example.com/cse1");
  BOOST_TEST(read.cse_server_name() == "cse1.sp.example.com");
  BOOST_TEST(read.cse_uris.size() == 2u);
  BOOST_TEST((read.key_source == KeySource::kSelfGenerated));
  BOOST_TEST(read.lifetime->count() == 60);
  BOOST_TEST(read.timeout.count() == 500);
}

BOOST_FIXTURE_TEST_CASE(standard_values, Files) {
  const auto result = ReadConfiguration(WriteWith(R"(,
 "kc": "self-generated", "lifetimeSeconds": 60, "timeoutMs": 500)",
                                                  ""));
  const auto& read = std::get<Configuration>(result);
  BOOST_TEST((read.key_source == KeySource::kExported));
  BOOST_TEST(!read.lifetime);
  BOOST_TEST(read.timeout.count() == 10000);
}

BOOST_FIXTURE_TEST_CASE(originators, Files) {
  const std::string ae = R"("entityId": "//sp.example.com/cse1/Cae1",)";
  const auto originator = [&](const std::string& with) {
    const auto result = ReadConfiguration(WriteWith(ae, with));
    return std::get<Configuration>(result).originator.value_or("none");
  };
  BOOST_TEST(originator("") == "none");
  BOOST_TEST(originator(R"("entityId": "//sp.example.com/Sae1",)") == "Sae1");
  BOOST_TEST(originator(R"("entityId": "//sp.example.com/cse2", "entityType": "CSE",)") == "/cse2");
}

BOOST_FIXTURE_TEST_CASE(each_error_says_where, Files) {
  struct Case {
    const char* from;
    const char* to;
    const char* where;
  };
  const Case cases[] = {
      {"//sp.example.com/cse1/Cae1", "Cae1", "/entityId"},
      {"//sp.example.com/cse1/Cae1", "//sp.example.com/cse2", "/entityId"},
      {"\"maf.example.com\"", "\"MAF.example.com\"", "/maf/fqdn"},
      {"coaps://127.0.0.1:5684/kr", "coap://127.0.0.1:5684/kr", "/maf/keyRegistration"},
      {"coaps://127.0.0.1:5684/kr", "coaps://127.0.0.1:5684/", "/maf/keyRegistration"},
      {"ae1@maf.example.com", "ae1@maf2.example.com", "/maf/kmId"},
      {"ae1.km", "open.km", "/maf/kmFile"},
      {"ae1.km", "absent.km", "/maf/kmFile"},
      {"\"//sp.example.com/cse1\"", "\"/cse1\"", "/cse/id"},
      {"https://127.0.0.1:2", "http://127.0.0.1:2", "/cse/uris/1"},
      {R"(["coaps://127.0.0.1:1", "https://127.0.0.1:2"])", "[]", "/cse/uris"},
      {"self-generated", "made", "/kc"},
      {"\"lifetimeSeconds\": 60", "\"lifetimeSeconds\": 0", "/lifetimeSeconds"},
      {"\"timeoutMs\": 500", "\"timeout\": 500", "/timeout"},
  };
  for (const Case& c : cases) {
    const auto result = ReadConfiguration(WriteWith(c.from, c.to));
    const auto* error = std::get_if<std::string>(&result);
    BOOST_TEST_CONTEXT(c.to << " -> " << (error != nullptr ? *error : "no error")) {
      BOOST_REQUIRE(error != nullptr);
      BOOST_TEST(error->find(Path("entity.json")) != std::string::npos);
      BOOST_TEST(error->find(c.where) != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::entity_a
