// SPDX-License-Identifier: GPL-3.0-or-later
//
// The memory that keys live in: cells of 64 and 1024 octets, cut from slabs of 16 KiB that are
// locked (mlock: never written to swap) and left out of core dumps (MADV_DONTDUMP). Cells, because
// a page for each key would be 4 KiB of a small quota for 32 octets: 100 000 keys need 6.4 MB.
//
// The quota is RLIMIT_MEMLOCK, often 64 KiB to 8 MiB. Where it refuses a slab, the process's soft
// limit is raised to its hard limit, once; where that doesn't help, the slab is used unlocked, but
// still left out of dumps. To refuse keys then would turn a weaker protection against swap into no
// service at all, on machines that mostly have no swap or an encrypted one; so it isn't done, but
// LockedMemory() makes it visible, and a program logs it once.
//
// Slabs stay for the life of the process; their cells are used again. Cells are wiped when they are
// given back.
//
// Fork: the child has a copy of all cells, so that its Secrets stay what they are and can be
// destroyed. They aren't wiped on fork (MADV_WIPEONFORK): a key that has silently become zeros is
// one that everybody knows. Locks aren't inherited, so in the child all memory counts as unlocked.
//
// Threads: any.
#ifndef SAEF_ONEM2M_LOCKED_MEMORY_H_
#define SAEF_ONEM2M_LOCKED_MEMORY_H_

#include <cstddef>
#include <cstdint>

namespace saef::onem2m {

struct LockedMemoryState {
  std::size_t locked_octets = 0;
  std::size_t unlocked_octets = 0;  // > 0: tell the operator to raise RLIMIT_MEMLOCK
  int error = 0;                    // errno of the last refusal; 0: there was none
};

LockedMemoryState LockedMemory() noexcept;

// For Secret: a zeroed cell of at least `size` octets, or null where memory is out or size is 0 or
// above kMaxLockedCell. Given back with the same size.
inline constexpr std::size_t kMaxLockedCell = 1024;
std::uint8_t* AllocateLocked(std::size_t size) noexcept;
void FreeLocked(std::uint8_t* cell, std::size_t size) noexcept;

// For ReservedMemory: protects whole pages that aren't of these slabs in the same way, as far as
// the quota goes. Returns how many of the octets are locked: all or none.
std::size_t LockPages(void* pages, std::size_t size) noexcept;
// Before such pages are unmapped: what LockPages has said of them.
void ForgetPages(std::size_t size, std::size_t locked) noexcept;

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_LOCKED_MEMORY_H_
