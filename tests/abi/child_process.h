// SPDX-License-Identifier: GPL-3.0-or-later
//
// ChildProcess: a program that a test starts, with pipes to its standard input and from its
// standard output and error (one pipe). Whatever is waited for has a deadline.
#ifndef SAEF_TESTS_ABI_CHILD_PROCESS_H_
#define SAEF_TESTS_ABI_CHILD_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace saef::abi_test {

class ChildProcess {
 public:
  // The program is looked for in PATH. Throws std::runtime_error where it can't be started.
  explicit ChildProcess(const std::vector<std::string> &arguments);
  // Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess &) = delete;
  ChildProcess &operator=(const ChildProcess &) = delete;

  void Write(const std::string &text);
  void CloseInput();
  // SIGTERM.
  void Terminate();
  // Reads on until a line begins with `beginning`; the rest of that line. Throws when time is over.
  std::string AwaitLine(const std::string &beginning);
  // Reads on until `text`, which may hold any octets, stands somewhere in the output. False when
  // time is over or the output ends without it.
  bool AwaitText(const std::string &text,
                 std::chrono::milliseconds patience = std::chrono::seconds(60));
  // Reads on to the end of the output and waits for the process. -1 when time is over or a signal
  // ended it.
  int Wait(std::chrono::milliseconds patience = std::chrono::seconds(60));
  pid_t pid() const { return pid_; }
  // All that it has written so far, as far as it was read.
  const std::string &output() const { return output_; }

 private:
  bool ReadMore(std::chrono::steady_clock::time_point deadline);

  pid_t pid_ = -1;
  int input_ = -1;
  int from_ = -1;
  std::string output_;
  size_t looked_at_ = 0;
  bool at_end_ = false;
};

}  // namespace saef::abi_test

#endif  // SAEF_TESTS_ABI_CHILD_PROCESS_H_
