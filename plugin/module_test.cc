// SPDX-License-Identifier: GPL-3.0-or-later
//
// saef.so as a file: what it exports, how it is linked, that it loads with everything bound, more
// than once, and survives dlclose.
#include <dlfcn.h>
#include <link.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "onem2m/test_folder.h"
#include "plugin/test_support.h"
#include "saef/plugin.h"

namespace saef::plugin {
namespace {

// What a command writes.
std::vector<std::string> Lines(const std::string& command) {
  std::vector<std::string> lines;
  FILE* const pipe = popen(command.c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  char line[4096];
  while (fgets(line, sizeof(line), pipe) != nullptr) {
    line[strcspn(line, "\n")] = '\0';
    lines.emplace_back(line);
  }
  BOOST_TEST(pclose(pipe) == 0);
  return lines;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::ostringstream text;
  for (const auto& line : lines) text << line << "\n";
  return text.str();
}

BOOST_AUTO_TEST_SUITE(module)

BOOST_AUTO_TEST_CASE(exports_one_symbol) {
  std::vector<std::string> names;
  for (const auto& line : Lines("nm -D --defined-only '" SAEF_TEST_MODULE "'")) {
    const std::string name = line.substr(line.rfind(' ') + 1);
    // Put there by the sanitizers, where one is on.
    if (name.rfind("__asan_", 0) != 0 && name.rfind("__odr_asan", 0) != 0) names.push_back(name);
  }
  BOOST_TEST(names == std::vector<std::string>{SAEF_PLUGIN_ENTRY},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_linked_as_it_must_be) {
  const std::string dynamic = Joined(Lines("readelf -dW '" SAEF_TEST_MODULE "'"));
  BOOST_TEST_CONTEXT(dynamic) {
    for (const char* flag : {"NODELETE", "NOW", "SYMBOLIC"}) {
      BOOST_TEST((dynamic.find(flag) != std::string::npos));
    }
    // Self-contained: neither TLS nor CoAP nor Boost nor the log of anybody else.
    for (const char* library : {"ssl", "coap", "boost", "crypto", "spdlog", "fmt", "sqlite"}) {
      BOOST_TEST_CONTEXT(library) {
        BOOST_TEST((dynamic.find(std::string("[lib") + library) == std::string::npos));
      }
    }
    BOOST_TEST((dynamic.find("RUNPATH") == std::string::npos));
    BOOST_TEST((dynamic.find("TEXTREL") == std::string::npos));
  }
  const std::string segments = Joined(Lines("readelf -lW '" SAEF_TEST_MODULE "'"));
  BOOST_TEST((segments.find("GNU_RELRO") != std::string::npos));
  BOOST_TEST((segments.find("RWE") == std::string::npos));
}

BOOST_AUTO_TEST_CASE(loads_with_everything_bound_again_and_again) {
  const onem2m::TestFolder folder;
  folder.Write("cse1.km", std::string(64, '5'), 0600);
  const std::string config = folder.Write(
      "saef.json",
      R"({"cse": {"id": "/cse1", "serviceProvider": "sp.example.com"}, "mafs": [{"fqdn":
          "maf.example.com", "keyRetrieval": "coaps://127.0.0.1:1/kr", "kmId":
          "cse1@maf.example.com", "kmFile": "cse1.km"}]})",
      0600);
  for (int round = 0; round < 3; ++round) {
    void* const module = dlopen(SAEF_TEST_MODULE, RTLD_NOW | RTLD_LOCAL);
    BOOST_TEST_INFO((module == nullptr ? dlerror() : ""));
    BOOST_REQUIRE(module != nullptr);
    // Nothing of it is found by others.
    BOOST_TEST(dlsym(RTLD_DEFAULT, SAEF_PLUGIN_ENTRY) == nullptr);
    const auto entry =
        reinterpret_cast<saef_plugin_entry_function>(dlsym(module, SAEF_PLUGIN_ENTRY));
    BOOST_REQUIRE(entry != nullptr);
    const saef_host_versions versions{sizeof(versions), 1, 1, nullptr, 0};
    const saef_api* api = nullptr;
    BOOST_REQUIRE(entry(&versions, &api, nullptr, nullptr) == SAEF_DONE);
    const saef_open_arguments arguments{sizeof(arguments), config.data(), config.size(), nullptr};
    saef_instance* first = nullptr;
    saef_instance* second = nullptr;
    BOOST_REQUIRE(api->open(&arguments, &first, nullptr, nullptr) == SAEF_DONE);
    BOOST_REQUIRE(api->open(&arguments, &second, nullptr, nullptr) == SAEF_DONE);
    const saef_request request{sizeof(request), SAEF_RETRIEVE, 0, "/cse2", 5, nullptr, 0};
    BOOST_TEST(api->check_originator(first, SAEF_NO_ASSOCIATION, &request) == 4107);
    BOOST_TEST(api->close(first) == SAEF_DONE);
    BOOST_TEST(api->check_originator(second, SAEF_NO_ASSOCIATION, &request) == 4107);
    BOOST_TEST(api->close(second) == SAEF_DONE);
    BOOST_TEST(dlclose(module) == 0);
    // It stays mapped: the table is still there.
    BOOST_TEST(std::string(api->version, api->version_length).rfind("saef ", 0) == 0u);
    BOOST_TEST(api->close(second) == SAEF_E_HANDLE);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
