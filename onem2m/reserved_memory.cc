// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/reserved_memory.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <new>

#include "onem2m/locked_memory.h"

namespace saef::onem2m {
namespace {

// Of a size that is no address space's own, so that it can't overflow.
std::size_t WholePages(std::size_t size) {
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  if (size > SIZE_MAX / 2) throw std::bad_alloc();
  return (size + page - 1) / page * page;
}

}  // namespace

ReservedMemory::ReservedMemory(std::size_t size, Holds holds)
    : holds_(holds), reserved_(WholePages(size)) {
  if (reserved_ == 0) return;
  void* const begin = mmap(nullptr, reserved_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (begin == MAP_FAILED) throw std::bad_alloc();
  begin_ = static_cast<std::byte*>(begin);
}

ReservedMemory::~ReservedMemory() {
  if (begin_ == nullptr) return;
  if (holds_ == Holds::kKeys) {
    explicit_bzero(begin_, size_);
    ForgetPages(size_, locked_);
  }
  munmap(begin_, reserved_);
}

void ReservedMemory::Extend(std::size_t size) {
  const std::size_t wanted = WholePages(size);
  if (wanted <= size_) return;
  if (wanted > reserved_) throw std::bad_alloc();
  const std::size_t more = wanted - size_;
  if (mprotect(begin_ + size_, more, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  if (holds_ == Holds::kKeys) locked_ += LockPages(begin_ + size_, more);
  size_ = wanted;
}

}  // namespace saef::onem2m
