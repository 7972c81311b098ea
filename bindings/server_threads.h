// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many threads a server has, and which part of a bound on the whole server each of them keeps.
//
// Threads: any.
#ifndef SAEF_BINDINGS_SERVER_THREADS_H_
#define SAEF_BINDINGS_SERVER_THREADS_H_

#include <cstddef>

namespace saef::bindings {

inline constexpr std::size_t kMaxServerThreads = 64;

// `asked`, or where that is 0 as many as there are processors that this process may run on
// (sched_getaffinity); 1 to kMaxServerThreads.
std::size_t CountServerThreads(std::size_t asked);

// One of a server's threads.
struct ServerPart {
  std::size_t number = 0;
  std::size_t count = 1;

  bool is_first() const { return number == 0; }
  // Of a bound on all: the parts add up to it, but nobody gets nothing.
  std::size_t Of(std::size_t bound) const {
    const std::size_t part = bound / count + (number < bound % count ? 1 : 0);
    return part == 0 ? 1 : part;
  }
};

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_SERVER_THREADS_H_
