// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/maf_credential.h"

#include <boost/test/unit_test.hpp>

#include "onem2m/test_folder.h"

namespace saef::end_point {
namespace {

// As a configuration uses it.
constexpr std::string_view kSchemaOfTest = R"({"type": "object", "additionalProperties": false,
  "properties": {"fqdn": {"type": "string"}, $mafCredential$}})";

struct Blocks : onem2m::TestFolder {
  Blocks() {
    Write("key", std::string(64, 'a'), 0600);
    Write("open", std::string(64, 'a'), 0644);
  }
  std::variant<MafCredential, std::string> Read(const std::string& block) const {
    const std::string path = Write("c.json", block, 0644);
    auto file = bindings::ReadConfigurationFile(path, InsertCredentialSchema(kSchemaOfTest));
    if (auto* const error = std::get_if<std::string>(&file)) return *error;
    const auto& read = std::get<bindings::ConfigurationFile>(file);
    return ReadMafCredential(read, read.document, "/maf", *onem2m::Fqdn::Parse("maf.example.com"));
  }
  static std::string_view SentenceOf(const std::variant<MafCredential, std::string>& read) {
    const auto* const error = std::get_if<std::string>(&read);
    return error != nullptr ? std::string_view(*error) : std::string_view();
  }
  // Each must be refused with a sentence that has `part` in it.
  void Refused(const std::string& block, const std::string& part) const {
    const auto read = Read(block);
    const auto* const error = std::get_if<std::string>(&read);
    BOOST_REQUIRE_MESSAGE(error != nullptr, block);
    BOOST_TEST(error->find(part) != std::string::npos, *error + " for " + block);
  }
};

const std::string kMefBlock =
    R"({"fqdn": "mef.example.com", "uri": "coaps://127.0.0.1:5686/en", "kpmId": "e1@mef", )"
    R"("kpmFile": "key"})";

BOOST_AUTO_TEST_SUITE(maf_credential)

BOOST_FIXTURE_TEST_CASE(a_pre_provisioned_key, Blocks) {
  const auto read = Read(R"({"kmId": "a@MAF.example.com", "kmFile": "key"})");
  const auto* const credential = std::get_if<MafCredential>(&read);
  BOOST_REQUIRE(credential != nullptr);
  const auto& psk = std::get<bindings::PskCredential>(*credential);
  BOOST_TEST(psk.identity == "a@MAF.example.com");
  BOOST_TEST(psk.key.size() == 32u);
}

BOOST_FIXTURE_TEST_CASE(an_enrolment, Blocks) {
  const auto read = Read(R"({"enrolment": {"mef": )" + kMefBlock + R"(, "stateFile": "x.state"}})");
  const auto* const credential = std::get_if<MafCredential>(&read);
  BOOST_REQUIRE_MESSAGE(credential != nullptr, SentenceOf(read));
  const auto& enrolment = std::get<Enrolment>(*credential);
  BOOST_TEST(enrolment.mef.text() == "mef.example.com");
  BOOST_TEST(enrolment.uri.path == "/en");
  BOOST_TEST(std::get<bindings::PskCredential>(enrolment.access).identity == "e1@mef");
  BOOST_TEST(enrolment.state_file == Path("x.state"));
}

BOOST_FIXTURE_TEST_CASE(what_is_refused, Blocks) {
  const std::string km = R"("kmId": "a@maf.example.com", "kmFile": "key")";
  const std::string enrolment = R"("enrolment": {"mef": )" + kMefBlock + R"(, "stateFile": "s"})";
  const std::string certificate =
      R"("certificate": {"chainFile": "absent", "keyFile": "key", "trustAnchorFiles": ["key"]})";
  Refused("{}", "exactly one");
  Refused("{" + km + "," + enrolment + "}", "exactly one");
  Refused("{" + km + "," + certificate + "}", "exactly one");
  Refused("{" + certificate + "," + enrolment + "}", "exactly one");
  Refused(R"({"kmId": "a@maf.example.com"})", "kmFile must stand together");
  Refused(R"({"kmFile": "key"})", "kmFile must stand together");
  Refused(R"({"kmId": "a@mef.example.com", "kmFile": "key"})", "/maf/kmId");
  Refused(R"({"kmId": "a b@maf.example.com", "kmFile": "key"})", "/maf/kmId");
  Refused(R"({"kmId": "a@maf.example.com", "kmFile": "open"})", "chmod 600");
  Refused(R"({"kmId": "a@maf.example.com", "kmFile": "absent"})", "/maf/kmFile");
  Refused("{" + certificate + "}", "/maf/certificate/chainFile");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = "{" + enrolment + "}";
    const auto at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  Refused(with("mef.example.com", "MEF.example.com"), "/maf/enrolment/mef/fqdn");
  Refused(with("coaps", "coap"), "/maf/enrolment/mef/uri");
  Refused(with("/en\"", "\""), "has no path");
  Refused(with("\"kpmFile\": \"key\"", "\"kpmFile\": \"open\""), "/maf/enrolment/mef/kpmFile");
  Refused(with("\"kpmId\": \"e1@mef\", ", ""), "kpmId");
  Refused(with(", \"stateFile\": \"s\"", ""), "stateFile");
  Refused(with("\"kpmId\"", "\"kmId\""), "kmId");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::end_point
