// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/child.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

namespace saef::bench {
namespace {

// Fits into a pipe's buffer, so the child never waits for us.
constexpr std::size_t kMaxNumbers = 512;

std::vector<double> ReadNumbers(int file) {
  std::vector<double> numbers(kMaxNumbers);
  auto* const begin = reinterpret_cast<char*>(numbers.data());
  std::size_t length = 0;
  for (;;) {
    const ssize_t got = read(file, begin + length, kMaxNumbers * sizeof(double) - length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    length += static_cast<std::size_t>(got);
  }
  numbers.resize(length / sizeof(double));
  return numbers;
}

}  // namespace

std::variant<std::vector<double>, std::string> MeasureInChild(
    const std::function<std::vector<double>()>& measure) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child < 0) return "no child process";
  if (child == 0) {
    close(ends[0]);
    const std::vector<double> numbers = measure();
    const std::size_t length = std::min(numbers.size(), kMaxNumbers) * sizeof(double);
    const bool written =
        length > 0 && write(ends[1], numbers.data(), length) == static_cast<ssize_t>(length);
    // Without the parent's destructors.
    _exit(written ? 0 : 1);
  }
  close(ends[1]);
  std::vector<double> numbers = ReadNumbers(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return "the measuring process failed";
  return numbers;
}

}  // namespace saef::bench
