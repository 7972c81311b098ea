// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/statistics/process_families.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

namespace saef::statistics {
namespace {

// proc(5), /proc/[pid]/stat, counted from the state, which follows the name in parentheses.
constexpr int kThreadsField = 17;
constexpr int kStartField = 19;
constexpr int kVirtualField = 20;
constexpr int kResidentField = 21;

std::vector<double> ReadStat() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(text.substr(name_end + 1));
  std::string state;
  rest >> state;
  std::vector<double> fields{0};
  for (double field = 0; rest >> field;) fields.push_back(field);
  return fields;
}

std::optional<double> OpenDescriptors() {
  std::error_code error;
  const std::filesystem::directory_iterator folder("/proc/self/fd", error);
  if (error) return std::nullopt;
  // But the one that reads the folder.
  return static_cast<double>(std::distance(begin(folder), end(folder)) - 1);
}

double SinceBoot() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void AddFromStat(Families& families) {
  const std::vector<double> stat = ReadStat();
  if (stat.size() <= kResidentField) return;
  const double since_epoch =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const double page = static_cast<double>(sysconf(_SC_PAGESIZE));
  families.push_back(GaugeFamily("process_resident_memory_bytes", "Resident memory size in bytes.",
                                 {Plain(stat[kResidentField] * page)}));
  families.push_back(GaugeFamily("process_virtual_memory_bytes", "Virtual memory size in bytes.",
                                 {Plain(stat[kVirtualField])}));
  families.push_back(GaugeFamily("process_start_time_seconds",
                                 "Start time of the process since the epoch, in seconds.",
                                 {Plain(since_epoch - SinceBoot() + stat[kStartField] / ticks)}));
  families.push_back(GaugeFamily("process_threads", "Number of threads of the process.",
                                 {Plain(stat[kThreadsField])}));
}

}  // namespace

Families ProcessFamilies() {
  Families families;
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    families.push_back(CounterFamily("process_cpu_seconds_total",
                                     "Processor time spent, of the user and of the system.",
                                     {Plain(Seconds(usage.ru_utime) + Seconds(usage.ru_stime))}));
  }
  AddFromStat(families);
  if (const auto open = OpenDescriptors()) {
    families.push_back(
        GaugeFamily("process_open_fds", "Number of open file descriptors.", {Plain(*open)}));
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families.push_back(GaugeFamily("process_max_fds", "Most file descriptors that may be open.",
                                   {Plain(static_cast<double>(limit.rlim_cur))}));
  }
  return families;
}

}  // namespace saef::statistics
