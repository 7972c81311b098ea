// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/processor_split.h"

#include <cstddef>

#include "tests/bench/process_threads.h"

namespace saef::bench {

ProcessorSplit::ProcessorSplit() {
  if (sched_getaffinity(0, sizeof(before_), &before_) != 0 || CPU_COUNT(&before_) < 2) return;
  std::size_t first = CPU_SETSIZE;
  std::size_t last = 0;
  for (std::size_t i = 0; i < CPU_SETSIZE; ++i) {
    if (!CPU_ISSET(i, &before_)) continue;
    if (first == CPU_SETSIZE) first = i;
    last = i;
  }
  cpu_set_t clients{};
  CPU_SET(first, &clients);
  CPU_SET(last, &servers_);
  is_split_ = sched_setaffinity(0, sizeof(clients), &clients) == 0;
}

ProcessorSplit::~ProcessorSplit() {
  if (is_split_) sched_setaffinity(0, sizeof(before_), &before_);
}

void ProcessorSplit::PutServer(pid_t process) const {
  if (!is_split_) return;
  for (const pid_t thread : ThreadsOf(process)) {
    sched_setaffinity(thread, sizeof(servers_), &servers_);
  }
}

}  // namespace saef::bench
