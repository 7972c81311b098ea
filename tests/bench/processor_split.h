// SPDX-License-Identifier: GPL-3.0-or-later
//
// ProcessorSplit: clients on one processor and servers on another, for as long as it is there. What
// a server's handshake costs depends on who had its processor's caches before: without this the
// same two programs are between 0.8 and 1.8 of each other, as the scheduler likes. Does nothing
// where there is only one processor.
//
// Threads: the one that makes it, and those that it starts meanwhile, are the clients.
#ifndef SAEF_TESTS_BENCH_PROCESSOR_SPLIT_H_
#define SAEF_TESTS_BENCH_PROCESSOR_SPLIT_H_

#include <sched.h>
#include <sys/types.h>

namespace saef::bench {

class ProcessorSplit {
 public:
  ProcessorSplit();
  ~ProcessorSplit();
  ProcessorSplit(const ProcessorSplit&) = delete;
  ProcessorSplit& operator=(const ProcessorSplit&) = delete;

  // All threads that it has now; the rest follow those that start them.
  void PutServer(pid_t process) const;

 private:
  cpu_set_t before_{};
  cpu_set_t servers_{};
  bool is_split_ = false;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_PROCESSOR_SPLIT_H_
