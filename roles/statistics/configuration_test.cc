// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/statistics/configuration.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "bindings/configuration_file.h"
#include "onem2m/test_folder.h"

namespace saef::statistics {
namespace {

constexpr std::string_view kSchemaOfTest = R"json({"type": "object", "description": "a test",
  "additionalProperties": false, "properties": {)json" SAEF_STATISTICS_SCHEMA "}}";

// What was read, or the sentence.
std::string Read(const std::string& member) {
  const onem2m::TestFolder folder;
  const auto read =
      bindings::ReadConfigurationFile(folder.Write("x.json", "{" + member + "}"), kSchemaOfTest);
  if (const auto* error = std::get_if<std::string>(&read)) return *error;
  const auto options = TakeStatistics(std::get<bindings::ConfigurationFile>(read).document);
  return options ? options->address + " " + std::to_string(options->port) : "off";
}

BOOST_AUTO_TEST_SUITE(statistics_configuration)

BOOST_AUTO_TEST_CASE(is_off_unless_asked_for) {
  BOOST_TEST(Read("") == "off");
  BOOST_TEST(Read(R"("statistics": {"port": 9464})") == "127.0.0.1 9464");
  BOOST_TEST(Read(R"("statistics": {"port": 0, "address": "::1"})") == "::1 0");
}

BOOST_AUTO_TEST_CASE(is_for_loopback_only) {
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1", "127.0.0.2", "localhost", ""}) {
    const std::string said =
        Read(R"("statistics": {"port": 0, "address": ")" + std::string(address) + R"("})");
    BOOST_TEST(said.find("/statistics/address") != std::string::npos, said);
    BOOST_TEST(said.find("loopback only") != std::string::npos, said);
  }
}

BOOST_AUTO_TEST_CASE(the_port_is_one) {
  for (const char* member :
       {R"("statistics": {})", R"("statistics": 9464)", R"("statistics": {"port": -1})",
        R"("statistics": {"port": 65536})", R"("statistics": {"port": 1, "path": "/"})"}) {
    BOOST_TEST(Read(member).find("/statistics") != std::string::npos, Read(member));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::statistics
