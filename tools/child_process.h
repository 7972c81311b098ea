// SPDX-License-Identifier: GPL-3.0-or-later
//
// ChildProcess: one of the parties, run as a process of its own, from this very program or another
// one. It says on standard output where it listens and that it is ready; its log goes to a file.
#ifndef SAEF_TOOLS_CHILD_PROCESS_H_
#define SAEF_TOOLS_CHILD_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace saef::tools {

class ChildProcess {
 public:
  // Runs `saef <arguments>` and waits until it is ready. The process, or a sentence that says why
  // there is none, with the end of its log.
  static std::variant<ChildProcess, std::string> Start(const std::vector<std::string>& arguments,
                                                       const std::filesystem::path& log,
                                                       std::chrono::milliseconds timeout);
  // The same of another program.
  static std::variant<ChildProcess, std::string> Start(const std::filesystem::path& program,
                                                       const std::vector<std::string>& arguments,
                                                       const std::filesystem::path& log,
                                                       std::chrono::milliseconds timeout);
  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) noexcept;
  // Asks it to end (SIGTERM), and ends it (SIGKILL) if it hasn't after 5 seconds.
  ~ChildProcess();

  const std::vector<std::string>& uris()
      const;                                  // where it listens, in the order of its configuration
  const std::string& statistics_uri() const;  // where it tells what it counts; empty: nowhere
  std::string ReadLog() const;                // what it has logged so far
  pid_t pid() const;

 private:
  struct State;
  explicit ChildProcess(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace saef::tools

#endif  // SAEF_TOOLS_CHILD_PROCESS_H_
