// SPDX-License-Identifier: GPL-3.0-or-later
//
// The loader against modules that are broken in one way each (broken_module.c).
#include "saef/loader.h"

#include <dlfcn.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

namespace {

namespace data = boost::unit_test::data;

std::string ModulePath(const std::string &name) {
  return std::string(SAEF_MODULES_DIR) + "/" + name + ".so";
}

struct Outcome {
  int32_t result = 0;
  std::string text;
  saef_loaded *loaded = nullptr;
};

Outcome Load(const std::string &module, size_t capacity = 4096) {
  saef_loader_arguments arguments = {};
  arguments.size = sizeof(arguments);
  arguments.module = module.c_str();
  arguments.config_path = "saef.json";
  arguments.host_name = "loader_test 1";
  Outcome outcome;
  std::vector<char> text(capacity, '\x7f');
  size_t length = capacity;
  outcome.result = saef_loader_open(&arguments, &outcome.loaded, text.data(), &length);
  if (outcome.result != SAEF_LOADER_DONE && length < capacity) {
    outcome.text.assign(text.data(), length);
  }
  return outcome;
}

bool IsMapped(const std::string &module) {
  void *handle = dlopen(module.c_str(), RTLD_NOW | RTLD_NOLOAD);
  if (handle != nullptr) {
    dlclose(handle);
  }
  return handle != nullptr;
}

struct Case {
  const char *module;
  int32_t result;
  const char *phrase;
};
std::ostream &operator<<(std::ostream &out, const Case &broken) { return out << broken.module; }

const Case kCases[] = {
    {"broken_no_entry", SAEF_LOADER_E_NO_ENTRY, "doesn't export saef_plugin_entry"},
    {"broken_version", SAEF_LOADER_E_VERSION, "speaks 7 to 8 only"},
    {"broken_version_mute", SAEF_LOADER_E_VERSION, "it gave no reason"},
    {"broken_major", SAEF_LOADER_E_VERSION, "picked ABI version 2"},
    {"broken_no_table", SAEF_LOADER_E_TABLE, "handed out no table"},
    {"broken_short_table", SAEF_LOADER_E_TABLE, "a table of 144 bytes where ABI version 1.0"},
    {"broken_short_table_1_1", SAEF_LOADER_E_TABLE, "a table of 152 bytes where ABI version 1.1"},
    {"broken_short_table_1_2", SAEF_LOADER_E_TABLE, "a table of 152 bytes where ABI version 1.1"},
    {"broken_open", SAEF_LOADER_E_OPEN, "/mafs/0/fqdn: 'MAF.example' has capitals"},
    {"broken_open_mute", SAEF_LOADER_E_OPEN, "it gave no reason"},
    {"broken_no_instance", SAEF_LOADER_E_OPEN, "handed out no instance"},
    {"broken_unresolved", SAEF_LOADER_E_MODULE, "that_nobody_has"},
};

const char *const kFunctions[] = {
    "open",          "close",      "lookup",   "lookup_async", "lookup_cancel",  "lookup_wait",
    "peek_identity", "associate",  "describe", "assign_ae_id", "withdraw_ae_id", "check_originator",
    "dissociate",    "statistics", "probe",    "verify_peer"};

}  // namespace

BOOST_AUTO_TEST_SUITE(loader)

BOOST_DATA_TEST_CASE(broken_module_is_refused_in_its_own_words, data::make(kCases)) {
  const std::string path = ModulePath(sample.module);
  const Outcome outcome = Load(path);
  BOOST_TEST(outcome.result == sample.result);
  BOOST_TEST(outcome.text.find(sample.phrase) != std::string::npos, outcome.text);
  BOOST_TEST(outcome.text.find(path) != std::string::npos, outcome.text);
  BOOST_TEST(outcome.loaded == nullptr);
  BOOST_TEST(!IsMapped(path));
}

BOOST_DATA_TEST_CASE(null_function_is_named, data::make(kFunctions)) {
  const std::string path = ModulePath(std::string("broken_null_") + sample);
  const Outcome outcome = Load(path);
  BOOST_TEST(outcome.result == SAEF_LOADER_E_TABLE);
  BOOST_TEST(
      outcome.text.find("function '" + std::string(sample) + "' is null") != std::string::npos,
      outcome.text);
  BOOST_TEST(!IsMapped(path));
}

BOOST_AUTO_TEST_CASE(missing_file) {
  const Outcome outcome = Load(ModulePath("no_such_module"));
  BOOST_TEST(outcome.result == SAEF_LOADER_E_MODULE);
  BOOST_TEST(outcome.text.find("No such file") != std::string::npos, outcome.text);
}

BOOST_AUTO_TEST_CASE(no_elf_file) {
  const std::string path = ModulePath("text");
  std::ofstream(path) << "This is a text, long enough to have an ELF header's length: "
                      << std::string(100, '.') << "\n";
  const Outcome outcome = Load(path);
  BOOST_TEST(outcome.result == SAEF_LOADER_E_MODULE);
  BOOST_TEST(outcome.text.find("invalid ELF header") != std::string::npos, outcome.text);
}

BOOST_AUTO_TEST_CASE(whole_module_opens_and_closes) {
  const std::string path = ModulePath("broken_nowhere");
  const Outcome outcome = Load(path);
  BOOST_REQUIRE(outcome.result == SAEF_LOADER_DONE);
  BOOST_TEST(saef_loader_api(outcome.loaded)->abi_major == SAEF_ABI_MAJOR);
  BOOST_TEST(saef_loader_instance(outcome.loaded) != nullptr);
  BOOST_TEST(IsMapped(path));
  saef_loader_close(outcome.loaded);
  BOOST_TEST(!IsMapped(path));
  saef_loader_close(nullptr);
}

BOOST_AUTO_TEST_CASE(module_of_an_older_minor_version_opens) {
  const Outcome outcome = Load(ModulePath("broken_minor_0"));
  BOOST_REQUIRE(outcome.result == SAEF_LOADER_DONE);
  const saef_api *const api = saef_loader_api(outcome.loaded);
  BOOST_TEST(SAEF_HAS(saef_api, api, probe));
  BOOST_TEST(!SAEF_HAS(saef_api, api, verify_peer));
  saef_loader_close(outcome.loaded);
}

BOOST_AUTO_TEST_CASE(module_of_a_newer_minor_version_opens) {
  const Outcome outcome = Load(ModulePath("broken_minor_3"));
  BOOST_REQUIRE(outcome.result == SAEF_LOADER_DONE);
  const saef_api *const api = saef_loader_api(outcome.loaded);
  BOOST_TEST(api->abi_minor == 3u);
  BOOST_TEST(SAEF_HAS(saef_api, api, verify_peer));
  saef_loader_close(outcome.loaded);
}

BOOST_AUTO_TEST_CASE(text_that_does_not_fit_is_left_out_and_its_size_told) {
  const size_t needed = Load(ModulePath("broken_no_entry")).text.size() + 1;
  saef_loader_arguments arguments = {};
  arguments.size = sizeof(arguments);
  const std::string path = ModulePath("broken_no_entry");
  arguments.module = path.c_str();
  arguments.config_path = "saef.json";
  saef_loaded *loaded = nullptr;
  std::string text(needed - 1, '!');
  size_t length = text.size();
  BOOST_TEST(saef_loader_open(&arguments, &loaded, text.data(), &length) == SAEF_LOADER_E_NO_ENTRY);
  BOOST_TEST(length == needed);
  BOOST_TEST(text == std::string(needed - 1, '!'));
  BOOST_TEST(saef_loader_open(&arguments, &loaded, nullptr, nullptr) == SAEF_LOADER_E_NO_ENTRY);
}

BOOST_AUTO_TEST_CASE(arguments_are_checked) {
  saef_loader_arguments right = {};
  right.size = sizeof(right);
  right.module = "x.so";
  right.config_path = "saef.json";
  saef_loaded *loaded = nullptr;
  saef_loader_arguments wrong = right;
  wrong.module = nullptr;
  BOOST_TEST(saef_loader_open(&wrong, &loaded, nullptr, nullptr) == SAEF_LOADER_E_ARGUMENT);
  wrong.module = "";
  BOOST_TEST(saef_loader_open(&wrong, &loaded, nullptr, nullptr) == SAEF_LOADER_E_ARGUMENT);
  wrong = right;
  wrong.config_path = nullptr;
  BOOST_TEST(saef_loader_open(&wrong, &loaded, nullptr, nullptr) == SAEF_LOADER_E_ARGUMENT);
  wrong = right;
  wrong.size = sizeof(wrong) - 1;
  BOOST_TEST(saef_loader_open(&wrong, &loaded, nullptr, nullptr) == SAEF_LOADER_E_ARGUMENT);
  BOOST_TEST(saef_loader_open(nullptr, &loaded, nullptr, nullptr) == SAEF_LOADER_E_ARGUMENT);
  BOOST_TEST(saef_loader_open(&right, nullptr, nullptr, nullptr) == SAEF_LOADER_E_ARGUMENT);
}

BOOST_AUTO_TEST_SUITE_END()
