// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/configuration_file.h"

#include <boost/test/unit_test.hpp>

#include "onem2m/json.h"
#include "onem2m/test_folder.h"

namespace saef::bindings {
namespace {

constexpr std::string_view kSchema = R"({"type":"object","additionalProperties":false,
  "required":["name"],"properties":{"name":{"type":"string","description":"a name"}}})";

struct Folder : onem2m::TestFolder {
  std::string WriteText(const std::string& text) const { return Write("test.json", text); }
};

std::string ErrorOf(const std::string& path) {
  const auto result = ReadConfigurationFile(path, kSchema);
  const auto* error = std::get_if<std::string>(&result);
  BOOST_REQUIRE(error != nullptr);
  return *error;
}

BOOST_AUTO_TEST_SUITE(configuration_file)

BOOST_FIXTURE_TEST_CASE(reads_and_resolves, Folder) {
  const auto result = ReadConfigurationFile(WriteText(R"({"name":"x"})"), kSchema);
  BOOST_REQUIRE(std::holds_alternative<ConfigurationFile>(result));
  const auto& file = std::get<ConfigurationFile>(result);
  BOOST_TEST(*onem2m::GetString(file.document, "name") == "x");
  BOOST_TEST(file.Resolve("a.key") == Path("a.key"));
  BOOST_TEST(file.Resolve("/etc/a.key") == "/etc/a.key");
  const ConfigurationFile here{"test.json", rapidjson::Document()};
  BOOST_TEST(here.Resolve("a.key") == "a.key");
}

BOOST_FIXTURE_TEST_CASE(says_which_file_and_where, Folder) {
  const std::string file = WriteText(R"({"name":1})");
  BOOST_TEST(ErrorOf(file).find(file) != std::string::npos);
  BOOST_TEST(ErrorOf(file).find("/name") != std::string::npos);
  BOOST_TEST(ErrorOf(WriteText("{")).find(file) != std::string::npos);
  BOOST_TEST(ErrorOf(WriteText(std::string((1 << 20) + 1, ' '))).find("larger") !=
             std::string::npos);
  BOOST_TEST(ErrorOf(Path("absent")).find("can't be opened") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::bindings
