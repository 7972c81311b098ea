// SPDX-License-Identifier: GPL-3.0-or-later
//
// main() of every test executable that saef_add_test declares.
#define BOOST_TEST_MODULE SAEF_TEST_NAME
#include <boost/test/unit_test.hpp>
