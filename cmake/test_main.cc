// SPDX-License-Identifier: GPL-3.0-or-later
//
// main() of every test executable that saef_add_test declares. Compiled once, so the master suite
// takes its name from the executable and not from BOOST_TEST_MODULE.
#include <boost/test/unit_test.hpp>
#include <filesystem>

namespace {

bool NameMasterSuite() {
  auto& suite = boost::unit_test::framework::master_test_suite();
  if (suite.argc > 0) suite.p_name.value = std::filesystem::path(suite.argv[0]).filename();
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  return boost::unit_test::unit_test_main(&NameMasterSuite, argc, argv);
}
