// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/server_threads.h"

#include <sched.h>

#include <algorithm>
#include <thread>

namespace saef::bindings {
namespace {

std::size_t UsableProcessors() {
  cpu_set_t usable;
  CPU_ZERO(&usable);
  // It fails where there are more processors than the set has room for.
  if (sched_getaffinity(0, sizeof(usable), &usable) != 0) {
    return std::thread::hardware_concurrency();
  }
  return static_cast<std::size_t>(CPU_COUNT(&usable));
}

}  // namespace

std::size_t CountServerThreads(std::size_t asked) {
  return std::clamp<std::size_t>(asked == 0 ? UsableProcessors() : asked, 1, kMaxServerThreads);
}

}  // namespace saef::bindings
