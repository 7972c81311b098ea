// SPDX-License-Identifier: GPL-3.0-or-later
//
// A lane: a number that a thread has for itself for as long as it lives, so that what only counts
// can be written without a locked instruction. A thread gets one when it first asks and gives it
// back when it ends; who has it next sees all that was written before. Where more threads ask than
// there are lanes, the others have none, and count as if there were no lanes.
//
// Threads: any, also those that outlive dlclose (the module stays: -z nodelete). Neither call
// allocates, takes a lock or makes a system call. In a child of fork only the calling thread's lane
// is taken.
#ifndef SAEF_PLUGIN_LANE_H_
#define SAEF_PLUGIN_LANE_H_

#include <pthread.h>

#include <cstddef>
#include <cstdint>

namespace saef::plugin {

class Lane {
 public:
  static constexpr std::size_t kCount = 64;
  static constexpr std::size_t kNone = kCount;

  // The calling thread's, below kCount, or kNone.
  static std::size_t Mine() noexcept {
    const auto kept = reinterpret_cast<std::uintptr_t>(pthread_getspecific(key_.number));
    return kept != 0 ? kept - 1 : Take();
  }

  // For the child, right after a fork: gives back those of threads that it hasn't.
  static void KeepOnlyMine() noexcept;

 private:
  // Where a thread keeps its lane: the number and one. Not thread_local, which would be allocated
  // when a thread first looks at it.
  struct Key {
    Key() noexcept;
    pthread_key_t number;
    bool is_good;
  };

  static std::size_t Take() noexcept;
  static void GiveBack(void* kept) noexcept;

  static const Key key_;  // made when the module is loaded
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_LANE_H_
