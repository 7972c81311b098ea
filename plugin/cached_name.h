// SPDX-License-Identifier: GPL-3.0-or-later
//
// CachedName: by what the KeyCache knows a key: the relative part of its KcId, in upper case, and
// which of the configured MAFs or MEFs gave it, which stands for the FQDN. In whole words, so that
// it is hashed and compared without a loop. Lives on the stack, as long as the PskIdentity does.
#ifndef SAEF_PLUGIN_CACHED_NAME_H_
#define SAEF_PLUGIN_CACHED_NAME_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace saef::plugin {

class CachedName {
 public:
  static constexpr std::size_t kRoom = 40;
  using Words = std::array<std::uint64_t, kRoom / sizeof(std::uint64_t)>;

  // `canonical_relative` must outlive it.
  CachedName(std::string_view canonical_relative, std::size_t issuer) noexcept
      : relative_(canonical_relative), issuer_(static_cast<std::uint16_t>(issuer)) {
    if (relative_.size() == kUsual) {
      std::memcpy(words_.data(), relative_.data(), kUsual);
    } else if (fits()) {
      std::memcpy(words_.data(), relative_.data(), relative_.size());
    }
    hash_ = Hash();
  }

  // Was what makes the hash this process's own drawn when the module was loaded? To be asked before
  // the first use; false if there is no randomness.
  static bool IsReady() noexcept;

  std::uint64_t hash() const noexcept { return hash_; }
  std::string_view relative() const noexcept { return relative_; }
  std::uint16_t issuer() const noexcept { return issuer_; }
  bool fits() const noexcept { return relative_.size() <= kRoom; }
  // The relative part and zeros, where it fits; else zeros.
  const Words& words() const noexcept { return words_; }

 private:
  // A RelativeKcId that was derived has so many digits (TS-0003 10.3.5).
  static constexpr std::size_t kUsual = 32;

  std::uint64_t Hash() const noexcept;

  std::string_view relative_;
  Words words_{};
  std::uint16_t issuer_;
  std::uint64_t hash_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_CACHED_NAME_H_
