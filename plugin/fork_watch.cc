// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/fork_watch.h"

#include <pthread.h>

#include "plugin/lane.h"

namespace saef::plugin {

constinit std::atomic<std::uint32_t> ForkWatch::generation_{0};

void ForkWatch::InChild() noexcept {
  generation_.fetch_add(1, std::memory_order_relaxed);
  Lane::KeepOnlyMine();
}

bool ForkWatch::Begin() noexcept {
  static const bool watching = pthread_atfork(nullptr, nullptr, InChild) == 0;
  return watching;
}

}  // namespace saef::plugin
