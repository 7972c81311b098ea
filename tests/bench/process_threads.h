// SPDX-License-Identifier: GPL-3.0-or-later
//
// The threads of another process. What is done to them those that they start later inherit.
#ifndef SAEF_TESTS_BENCH_PROCESS_THREADS_H_
#define SAEF_TESTS_BENCH_PROCESS_THREADS_H_

#include <sys/types.h>

#include <vector>

namespace saef::bench {

// All that it has now; none where there is no such process.
std::vector<pid_t> ThreadsOf(pid_t process);

// It gives way to others that want the processor: as what stands for a machine far away should.
void LetGiveWay(pid_t process);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_PROCESS_THREADS_H_
