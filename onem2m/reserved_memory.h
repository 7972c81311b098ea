// SPDX-License-Identifier: GPL-3.0-or-later
//
// ReservedMemory: room for what grows in number and must never move, as it is read while it grows:
// addresses are reserved at once, memory behind them is taken page by page. Who reads here and
// there in many small pages waits for their addresses as well as for what they hold. So what grows
// beyond four megabytes lies in pages of two, where the kernel has them (transparent huge pages),
// and the first four are put into such pages as well then; not sooner, because half a large page is
// unused on average. What is taken by a large page or more at once lies in them right away.
//
// Threads: one may Extend while others read what was there before.
#ifndef SAEF_ONEM2M_RESERVED_MEMORY_H_
#define SAEF_ONEM2M_RESERVED_MEMORY_H_

#include <cstddef>

namespace saef::onem2m {

class ReservedMemory {
 public:
  enum class Holds {
    kAnything,
    kKeys,  // locked and left out of core dumps (locked_memory.h), wiped before it is given back
  };

  // Addresses for `size` octets. Throws std::bad_alloc where there are none.
  ReservedMemory(std::size_t size, Holds holds);
  ~ReservedMemory();
  ReservedMemory(const ReservedMemory&) = delete;
  ReservedMemory& operator=(const ReservedMemory&) = delete;

  std::byte* data() const noexcept { return begin_; }
  // How much may be used. What was never written is zero.
  std::size_t size() const noexcept { return size_; }
  // To at least so much, in whole pages, at most what was reserved and what makes it whole. Throws
  // std::bad_alloc, and is then unchanged.
  void Extend(std::size_t size);

  static constexpr std::size_t kInSmallPages = std::size_t{4} << 20;
  static constexpr std::size_t kLargePage = std::size_t{2} << 20;

 private:
  void AskForLargePages(std::size_t wanted) noexcept;

  const Holds holds_;
  void* mapped_ = nullptr;
  std::size_t mapped_size_ = 0;
  std::byte* begin_ = nullptr;
  std::size_t reserved_ = 0;
  std::size_t size_ = 0;
  std::size_t locked_ = 0;
};

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_RESERVED_MEMORY_H_
