// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/locked_memory.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>

#include "onem2m/thread_annotations.h"

namespace saef::onem2m {
namespace {

constexpr std::size_t kSlabSize = 16 * 1024;
constexpr std::array<std::size_t, 2> kCellSizes = {64, kMaxLockedCell};

// Once a cell is free, its first octets lead to the next free one.
struct FreeCell {
  FreeCell* next;
};

class Arena {
 public:
  Arena() noexcept;
  std::uint8_t* Allocate(std::size_t size) noexcept SAEF_EXCLUDES(mutex_);
  void Free(std::uint8_t* cell, std::size_t size) noexcept SAEF_EXCLUDES(mutex_);
  std::size_t LockPages(void* pages, std::size_t size) noexcept SAEF_EXCLUDES(mutex_);
  void ForgetPages(std::size_t size, std::size_t locked) noexcept SAEF_EXCLUDES(mutex_);
  LockedMemoryState State() noexcept SAEF_EXCLUDES(mutex_);

 private:
  static std::size_t ClassOf(std::size_t size) noexcept { return size <= kCellSizes[0] ? 0 : 1; }
  bool AddSlab(std::size_t size_class) noexcept SAEF_REQUIRES(mutex_);
  bool Lock(void* pages, std::size_t size) noexcept SAEF_REQUIRES(mutex_);
  bool RaiseLimit() noexcept SAEF_REQUIRES(mutex_);

  // The mutex is held across fork, so that the child doesn't inherit it from a thread that it
  // hasn't. The lock spans three functions, which the analysis can't follow.
  static void BeforeFork() SAEF_NO_THREAD_SAFETY_ANALYSIS;
  static void AfterForkInParent() SAEF_NO_THREAD_SAFETY_ANALYSIS;
  static void AfterForkInChild() SAEF_NO_THREAD_SAFETY_ANALYSIS;

  bool safe_to_fork_ = false;  // constant after construction
  Mutex mutex_;
  std::array<FreeCell*, kCellSizes.size()> free_ SAEF_GUARDED_BY(mutex_) = {};
  LockedMemoryState state_ SAEF_GUARDED_BY(mutex_);
  bool limit_raised_ SAEF_GUARDED_BY(mutex_) = false;
};

// Never destroyed: a Secret with static storage may outlive any other static object.
Arena& TheArena() noexcept {
  alignas(Arena) static std::byte storage[sizeof(Arena)];
  static Arena* const arena = new (storage) Arena;
  return *arena;
}

Arena::Arena() noexcept
    : safe_to_fork_(pthread_atfork(BeforeFork, AfterForkInParent, AfterForkInChild) == 0) {}

void Arena::BeforeFork() { TheArena().mutex_.Lock(); }
void Arena::AfterForkInParent() { TheArena().mutex_.Unlock(); }
void Arena::AfterForkInChild() {
  Arena& arena = TheArena();
  arena.state_.unlocked_octets += arena.state_.locked_octets;
  arena.state_.locked_octets = 0;
  arena.mutex_.Unlock();
}

std::uint8_t* Arena::Allocate(std::size_t size) noexcept {
  if (size == 0 || size > kMaxLockedCell || !safe_to_fork_) return nullptr;
  const std::size_t size_class = ClassOf(size);
  MutexLock lock(mutex_);
  if (free_[size_class] == nullptr && !AddSlab(size_class)) return nullptr;
  FreeCell* const cell = free_[size_class];
  free_[size_class] = cell->next;
  cell->next = nullptr;  // the rest of the cell is zero: wiped, or never used
  return reinterpret_cast<std::uint8_t*>(cell);
}

void Arena::Free(std::uint8_t* cell, std::size_t size) noexcept {
  if (cell == nullptr) return;
  const std::size_t size_class = ClassOf(size);
  explicit_bzero(cell, kCellSizes[size_class]);
  MutexLock lock(mutex_);
  free_[size_class] = new (cell) FreeCell{free_[size_class]};
}

std::size_t Arena::LockPages(void* pages, std::size_t size) noexcept {
  MutexLock lock(mutex_);
  return Lock(pages, size) ? size : 0;
}

void Arena::ForgetPages(std::size_t size, std::size_t locked) noexcept {
  MutexLock lock(mutex_);
  // In the child of a fork nothing is locked any more.
  const std::size_t still_locked = std::min(locked, state_.locked_octets);
  state_.locked_octets -= still_locked;
  state_.unlocked_octets -= std::min(size - still_locked, state_.unlocked_octets);
}

LockedMemoryState Arena::State() noexcept {
  MutexLock lock(mutex_);
  return state_;
}

bool Arena::AddSlab(std::size_t size_class) noexcept {
  void* const slab =
      mmap(nullptr, kSlabSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (slab == MAP_FAILED) return false;
  Lock(slab, kSlabSize);
  auto* const begin = static_cast<std::uint8_t*>(slab);
  for (std::size_t offset = kSlabSize; offset > 0;) {
    offset -= kCellSizes[size_class];
    free_[size_class] = new (begin + offset) FreeCell{free_[size_class]};
  }
  return true;
}

bool Arena::Lock(void* pages, std::size_t size) noexcept {
  if (madvise(pages, size, MADV_DONTDUMP) != 0) state_.error = errno;
  bool locked = mlock(pages, size) == 0;
  int error = errno;
  // ENOMEM: the limit would be exceeded; EPERM: the limit is 0.
  if (!locked && (error == ENOMEM || error == EPERM) && RaiseLimit()) {
    locked = mlock(pages, size) == 0;
    error = errno;
  }
  (locked ? state_.locked_octets : state_.unlocked_octets) += size;
  if (!locked) state_.error = error;
  return locked;
}

bool Arena::RaiseLimit() noexcept {
  if (limit_raised_) return false;
  limit_raised_ = true;
  rlimit limit{};
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return false;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_MEMLOCK, &limit) == 0;
}

}  // namespace

LockedMemoryState LockedMemory() noexcept { return TheArena().State(); }

std::uint8_t* AllocateLocked(std::size_t size) noexcept { return TheArena().Allocate(size); }

void FreeLocked(std::uint8_t* cell, std::size_t size) noexcept { TheArena().Free(cell, size); }

std::size_t LockPages(void* pages, std::size_t size) noexcept {
  return TheArena().LockPages(pages, size);
}

void ForgetPages(std::size_t size, std::size_t locked) noexcept {
  TheArena().ForgetPages(size, locked);
}

}  // namespace saef::onem2m
