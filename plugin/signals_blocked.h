// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalsBlocked: while it lives, this thread receives no signal from outside, and threads that it
// starts never do; then the thread's own mask is as before. So a host's signal handlers run on the
// host's threads only. Signals that an instruction raises stay as they are: the host's crash
// handler sees a crash in here too.
#ifndef SAEF_PLUGIN_SIGNALS_BLOCKED_H_
#define SAEF_PLUGIN_SIGNALS_BLOCKED_H_

#include <pthread.h>
#include <signal.h>

namespace saef::plugin {

class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT}) {
      sigdelset(&all, fault);
    }
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_SIGNALS_BLOCKED_H_
