// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyIds: as many KcIds as are wanted, always the same ones: 32 hexadecimal digits '@'
// maf.example.com (TS-0003 10.3.5), one behind the other in memory.
#ifndef SAEF_TESTS_BENCH_KEY_IDS_H_
#define SAEF_TESTS_BENCH_KEY_IDS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace saef::bench {

inline constexpr std::string_view kMafFqdn = "maf.example.com";

class KeyIds {
 public:
  static constexpr std::size_t kRelativeLength = 32;
  static constexpr std::size_t kLength = kRelativeLength + 1 + kMafFqdn.size();

  explicit KeyIds(std::size_t count);

  // The same in another order, so that neighbours here were not put into a table one after the
  // other.
  KeyIds Shuffled() const;

  std::size_t size() const noexcept { return text_.size() / kLength; }
  std::string_view text(std::size_t i) const noexcept {
    return std::string_view(text_).substr(i * kLength, kLength);
  }
  std::span<const std::uint8_t> octets(std::size_t i) const noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text_.data()) + i * kLength, kLength};
  }

 private:
  std::string text_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_KEY_IDS_H_
