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

// MADV_COLLAPSE, which older C libraries don't name. Kernels before Linux 6.1 refuse it.
constexpr int kCollapse = 25;

std::size_t Whole(std::size_t size, std::size_t page) { return (size + page - 1) / page * page; }

// Of a size that is no address space's own, so that it can't overflow.
std::size_t WholePages(std::size_t size) {
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  if (size > SIZE_MAX / 2) throw std::bad_alloc();
  return Whole(size, size <= kInSmallPages ? page : kLargePage);
}

}  // namespace

ReservedMemory::ReservedMemory(std::size_t size, Holds holds)
    : holds_(holds), reserved_(WholePages(size)) {
  if (reserved_ == 0) return;
  // So much more that a large page can begin where it must.
  const bool is_large = reserved_ >= kLargePage;
  mapped_size_ = is_large ? reserved_ + kLargePage : reserved_;
  mapped_ = mmap(nullptr, mapped_size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped_ == MAP_FAILED) throw std::bad_alloc();
  begin_ = static_cast<std::byte*>(mapped_);
  if (is_large) {
    const auto begin = reinterpret_cast<std::uintptr_t>(mapped_);
    begin_ += Whole(begin, kLargePage) - begin;
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
  if (wanted > kInSmallPages || (size_ == 0 && wanted >= kLargePage)) AskForLargePages(wanted);
  if (holds_ == Holds::kKeys) locked_ += LockPages(begin_ + size_, more);
  size_ = wanted;
}

// For all that isn't in them, to the last whole one. Where there are none, small ones do.
void ReservedMemory::AskForLargePages(std::size_t wanted) noexcept {
  const std::size_t from = size_ <= kInSmallPages ? 0 : size_;
  madvise(begin_ + from, wanted / kLargePage * kLargePage - from, MADV_HUGEPAGE);
  // What is in use already the kernel would put into them sometime; it can be told to.
  if (from < size_) madvise(begin_, Whole(size_, kLargePage), kCollapse);
}

}  // namespace saef::onem2m
