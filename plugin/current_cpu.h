// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which of a few stripes is this processor's: what many threads write often is kept once for each,
// so that they don't pass one cache line to and fro. A guess that may be old by the time it is
// used: whatever is striped must be right for every answer.
#ifndef SAEF_PLUGIN_CURRENT_CPU_H_
#define SAEF_PLUGIN_CURRENT_CPU_H_

#include <sched.h>

#include <cstddef>

namespace saef::plugin {

inline constexpr std::size_t kStripes = 16;  // a power of two
inline constexpr std::size_t kCacheLine = 64;

// Reads what the kernel keeps up to date for each thread (rseq), or the vDSO: no system call.
inline std::size_t CurrentStripe() noexcept {
  return static_cast<std::size_t>(sched_getcpu()) & (kStripes - 1);
}

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_CURRENT_CPU_H_
