// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalWait: lets a server program run until it is asked to end.
#ifndef SAEF_TOOLS_SIGNAL_WAIT_H_
#define SAEF_TOOLS_SIGNAL_WAIT_H_

#include <csignal>

namespace saef::tools {

class SignalWait {
 public:
  // Blocks SIGINT and SIGTERM in this thread and all that it starts afterwards: to be made before
  // any server. Ignores SIGPIPE.
  SignalWait();
  ~SignalWait();
  SignalWait(const SignalWait&) = delete;
  SignalWait& operator=(const SignalWait&) = delete;

  // Returns when SIGINT or SIGTERM has come.
  void Wait();

 private:
  sigset_t signals_;
  sigset_t before_;
};

}  // namespace saef::tools

#endif  // SAEF_TOOLS_SIGNAL_WAIT_H_
