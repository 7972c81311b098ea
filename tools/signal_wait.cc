// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/signal_wait.h"

namespace saef::tools {

SignalWait::SignalWait() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  std::signal(SIGPIPE, SIG_IGN);
}

SignalWait::~SignalWait() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void SignalWait::Wait() {
  int signal = 0;
  while (sigwait(&signals_, &signal) != 0) {
  }
}

}  // namespace saef::tools
