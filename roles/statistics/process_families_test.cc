// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/statistics/process_families.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>

namespace saef::statistics {
namespace {

double ValueOf(const std::string& name) {
  for (const auto& family : ProcessFamilies()) {
    if (family.name != name) continue;
    const bool is_counter = family.type == prometheus::MetricType::Counter;
    return is_counter ? family.metric.at(0).counter.value : family.metric.at(0).gauge.value;
  }
  return -1;
}

BOOST_AUTO_TEST_SUITE(process_families)

BOOST_AUTO_TEST_CASE(descriptors_are_counted) {
  const double before = ValueOf("process_open_fds");
  BOOST_TEST(before >= 3);
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  BOOST_TEST(ValueOf("process_open_fds") == before + 1);
  close(fd);
  BOOST_TEST(ValueOf("process_open_fds") == before);
  BOOST_TEST(ValueOf("process_max_fds") > before);
}

BOOST_AUTO_TEST_CASE(numbers_are_those_of_this_process) {
  BOOST_TEST(ValueOf("process_resident_memory_bytes") > 1e6);
  BOOST_TEST(ValueOf("process_virtual_memory_bytes") >= ValueOf("process_resident_memory_bytes"));
  BOOST_TEST(ValueOf("process_threads") >= 1);
  BOOST_TEST(ValueOf("process_cpu_seconds_total") >= 0);
  const double now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  BOOST_TEST(ValueOf("process_start_time_seconds") <= now + 1);
  BOOST_TEST(ValueOf("process_start_time_seconds") > now - 86400);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::statistics
