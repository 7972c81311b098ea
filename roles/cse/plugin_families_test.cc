// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/plugin_families.h"

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <string>

#include "roles/statistics/exposition.h"
#include "roles/statistics/text_format_check.h"

namespace saef::cse {
namespace {

// A plugin that counts 1, 2, 3, … in the order of the structure, as far as `known` of its octets
// go.
std::size_t known = sizeof(saef_statistics);
std::int32_t CountUp(saef_instance*, saef_statistics* to) {
  for (std::size_t at = sizeof(to->size); at < known; at += sizeof(std::uint64_t)) {
    const std::uint64_t value = at / sizeof(std::uint64_t);
    std::memcpy(reinterpret_cast<char*>(to) + at, &value, sizeof(value));
  }
  return SAEF_DONE;
}

std::string TextOf(std::uint32_t abi_minor, std::size_t octets) {
  saef_api api{};
  api.abi_minor = abi_minor;
  api.statistics = CountUp;
  known = octets;
  return statistics::ToText(PluginFamilies(api, nullptr));
}

BOOST_AUTO_TEST_SUITE(plugin_families)

BOOST_AUTO_TEST_CASE(every_counter_is_told) {
  const std::string text = TextOf(2, sizeof(saef_statistics));
  BOOST_TEST(statistics::FaultOfText(text) == "", text);
  // But `lookups`, which is the sum of its outcomes, and the buckets, each its own line.
  for (std::size_t n = 2; n <= 42; ++n) {
    const std::string value = " " + std::to_string(n) + "\n";
    BOOST_TEST(text.find(value) != std::string::npos, "nothing has" << value << text);
  }
  BOOST_TEST(text.find("saef_plugin_lookups_total{outcome=\"hit\"} 2\n") != std::string::npos);
  BOOST_TEST(text.find("saef_plugin_key_retrievals_unavailable_total{reason=\"timeout\"} 37\n") !=
                 std::string::npos,
             text);
  BOOST_TEST(text.find("saef_plugin_issuers_left_alone 42\n") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(what_an_older_plugin_does_not_count_is_left_out) {
  const std::string text = TextOf(1, offsetof(saef_statistics, misses));
  BOOST_TEST(statistics::FaultOfText(text) == "", text);
  BOOST_TEST(text.find("outcome=\"hit\"} 2\n") != std::string::npos);
  BOOST_TEST(text.find("withdrawn\"} 21\n") != std::string::npos, text);
  for (const char* name : {"outcome=\"pending\"", "misses", "left_alone", "seconds"}) {
    BOOST_TEST(text.find(name) == std::string::npos, name);
  }
}

BOOST_AUTO_TEST_CASE(one_that_does_not_answer_has_none) {
  saef_api api{};
  api.statistics = [](saef_instance*, saef_statistics*) -> std::int32_t { return SAEF_E_HANDLE; };
  BOOST_TEST(PluginFamilies(api, nullptr).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::cse
