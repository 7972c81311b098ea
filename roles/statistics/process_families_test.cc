// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/statistics/process_families.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
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

double Now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}
const double loaded = Now();

// The kernel rounds what it has given to the user and to itself.
constexpr double kRounding = 1e-3;
double ProcessorTime() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

BOOST_AUTO_TEST_SUITE(process_families)

BOOST_AUTO_TEST_CASE(descriptors_are_counted) {
  const double before = ValueOf("process_open_fds");
  int open_ones = 0;
  for (int i = 0; i < 4096; ++i) open_ones += fcntl(i, F_GETFD) != -1 ? 1 : 0;
  BOOST_TEST(before == open_ones);
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
  // Some of it in the kernel.
  for (int i = 0; i < 20000; ++i) close(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const double spent = ProcessorTime();
  BOOST_TEST(ValueOf("process_cpu_seconds_total") >= spent - kRounding);
  BOOST_TEST(ValueOf("process_cpu_seconds_total") <= ProcessorTime() + kRounding);
  // It had been loaded a moment after its start.
  BOOST_TEST(ValueOf("process_start_time_seconds") <= loaded + 1);
  BOOST_TEST(ValueOf("process_start_time_seconds") > loaded - 300);
}

BOOST_AUTO_TEST_CASE(a_name_in_which_everything_stands_is_a_name) {
  char before[16] = {};
  prctl(PR_GET_NAME, before);
  prctl(PR_SET_NAME, "x) R 1 2 (3 4");
  BOOST_TEST(ValueOf("process_resident_memory_bytes") > 1e6);
  BOOST_TEST(ValueOf("process_threads") >= 1);
  prctl(PR_SET_NAME, before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::statistics
