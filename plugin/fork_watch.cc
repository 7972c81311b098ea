// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/fork_watch.h"

#include <pthread.h>

#include <atomic>

namespace saef::plugin {
namespace {

std::atomic<std::uint32_t> generation{0};

void InChild() noexcept { generation.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

bool WatchForks() noexcept {
  static const bool watching = pthread_atfork(nullptr, nullptr, InChild) == 0;
  return watching;
}

std::uint32_t ForkGeneration() noexcept { return generation.load(std::memory_order_relaxed); }

}  // namespace saef::plugin
