// SPDX-License-Identifier: GPL-3.0-or-later
//
// ForkWatch: in which process of a line of forks we are. A child has none of our threads and shares
// our sockets, so what was opened in its parent must not be used there. Asking is one load, no
// system call. (A child made by a bare clone(2) or vfork isn't seen.)
#ifndef SAEF_PLUGIN_FORK_WATCH_H_
#define SAEF_PLUGIN_FORK_WATCH_H_

#include <atomic>
#include <cstdint>

namespace saef::plugin {

class ForkWatch {
 public:
  // To be called before anything is opened; false if forks can't be watched. Again is harmless.
  static bool Begin() noexcept;
  // Grows by one in each child.
  static std::uint32_t Generation() noexcept { return generation_.load(std::memory_order_relaxed); }

 private:
  static void InChild() noexcept;
  static constinit std::atomic<std::uint32_t> generation_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_FORK_WATCH_H_
