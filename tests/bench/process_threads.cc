// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/process_threads.h"

#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace saef::bench {
namespace {

constexpr int kNice = 10;  // a tenth of what others get

}  // namespace

std::vector<pid_t> ThreadsOf(pid_t process) {
  std::vector<pid_t> threads;
  std::error_code error;
  const std::string tasks = "/proc/" + std::to_string(process) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, error)) {
    threads.push_back(std::atoi(task.path().filename().c_str()));
  }
  return threads;
}

void LetGiveWay(pid_t process) {
  for (const pid_t thread : ThreadsOf(process)) {
    setpriority(PRIO_PROCESS, static_cast<id_t>(thread), kNice);
  }
}

}  // namespace saef::bench
