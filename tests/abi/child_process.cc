// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/abi/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

extern char **environ;

namespace saef::abi_test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kPatience(60);

struct Pipe {
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
      throw std::runtime_error("no pipe");
    }
    read_end = ends[0];
    write_end = ends[1];
  }
  int read_end = -1, write_end = -1;
};

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string> &arguments) {
  Pipe to, from;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to.read_end, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from.write_end, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from.write_end, STDERR_FILENO);
  std::vector<char *> pointers;
  for (const std::string &argument : arguments) {
    pointers.push_back(const_cast<char *>(argument.c_str()));
  }
  pointers.push_back(nullptr);
  const int result = posix_spawnp(&pid_, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(to.read_end);
  close(from.write_end);
  input_ = to.write_end;
  from_ = from.read_end;
  if (result != 0) {
    pid_ = -1;
    throw std::runtime_error("can't start " + arguments[0]);
  }
}

ChildProcess::~ChildProcess() {
  CloseInput();
  if (pid_ != -1) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(from_);
}

void ChildProcess::Write(const std::string &text) {
  if (write(input_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("the program takes no input");
  }
}

void ChildProcess::CloseInput() {
  if (input_ != -1) {
    close(input_);
    input_ = -1;
  }
}

// Never with -1, which means everybody.
void ChildProcess::Terminate() {
  if (pid_ != -1) {
    kill(pid_, SIGTERM);
  }
}

// False at the end of the output or when time is over.
bool ChildProcess::ReadMore(Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd file = {from_, POLLIN, 0};
  if (poll(&file, 1, static_cast<int>(std::max<long>(0, left))) != 1) {
    return false;
  }
  char octets[4096];
  const ssize_t length = read(from_, octets, sizeof(octets));
  output_.append(octets, static_cast<size_t>(std::max<ssize_t>(0, length)));
  at_end_ = length <= 0;
  return !at_end_;
}

std::string ChildProcess::AwaitLine(const std::string &beginning) {
  const auto deadline = Clock::now() + kPatience;
  for (;;) {
    const size_t end = output_.find('\n', looked_at_);
    if (end == std::string::npos) {
      if (!ReadMore(deadline)) {
        throw std::runtime_error("no line '" + beginning + "' came, but: " + output_);
      }
      continue;
    }
    const std::string line = output_.substr(looked_at_, end - looked_at_);
    looked_at_ = end + 1;
    if (line.starts_with(beginning)) {
      return line.substr(beginning.size());
    }
  }
}

bool ChildProcess::AwaitText(const std::string &text, std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  while (output_.find(text) == std::string::npos) {
    if (!ReadMore(deadline)) {
      return false;
    }
  }
  return true;
}

int ChildProcess::Wait(std::chrono::milliseconds patience) {
  if (pid_ == -1) {
    return -1;
  }
  const auto deadline = Clock::now() + patience;
  while (ReadMore(deadline)) {
  }
  if (!at_end_) {
    kill(pid_, SIGKILL);
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace saef::abi_test
