// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/reserved_memory.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <new>

#include "onem2m/locked_memory.h"

namespace saef::onem2m {
namespace {

constexpr std::size_t kInSmallPages = ReservedMemory::kInSmallPages;
constexpr std::size_t kLargePage = ReservedMemory::kLargePage;

std::size_t Whole(std::size_t size, std::size_t page) { return (size + page - 1) / page * page; }

// Of a size that is no address space's own, so that it can't overflow.
std::size_t WholePages(std::size_t size) {
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  if (size > SIZE_MAX / 2) throw std::bad_alloc();
  if (size <= kInSmallPages) return Whole(size, page);
  return kInSmallPages + Whole(size - kInSmallPages, kLargePage);
}

}  // namespace

ReservedMemory::ReservedMemory(std::size_t size, Holds holds)
    : holds_(holds), reserved_(WholePages(size)) {
  if (reserved_ == 0) return;
  // So much more that a large page can begin where it must.
  const bool is_large = reserved_ > kInSmallPages;
  mapped_size_ = is_large ? reserved_ + kLargePage : reserved_;
  mapped_ = mmap(nullptr, mapped_size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped_ == MAP_FAILED) throw std::bad_alloc();
  begin_ = static_cast<std::byte*>(mapped_);
  if (is_large) {
    const auto first_large = reinterpret_cast<std::uintptr_t>(mapped_) + kInSmallPages;
    begin_ += Whole(first_large, kLargePage) - first_large;
  }
}

ReservedMemory::~ReservedMemory() {
  if (begin_ == nullptr) return;
  if (holds_ == Holds::kKeys) {
    explicit_bzero(begin_, size_);
    ForgetPages(size_, locked_);
  }
  munmap(mapped_, mapped_size_);
}

void ReservedMemory::Extend(std::size_t size) {
  const std::size_t wanted = WholePages(size);
  if (wanted <= size_) return;
  if (wanted > reserved_) throw std::bad_alloc();
  const std::size_t more = wanted - size_;
  if (mprotect(begin_ + size_, more, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  // Where there are none, small ones do.
  const std::size_t large = std::max(size_, kInSmallPages);
  if (wanted > large) madvise(begin_ + large, wanted - large, MADV_HUGEPAGE);
  if (holds_ == Holds::kKeys) locked_ += LockPages(begin_ + size_, more);
  size_ = wanted;
}

}  // namespace saef::onem2m
