// SPDX-License-Identifier: GPL-3.0-or-later
//
// CachedName: by what the KeyCache knows a key: the relative part of its KcId, in upper case, and
// which of the configured MAFs or MEFs gave it, which stands for the FQDN. In whole words, so that
// it is hashed and compared without a loop.
//
// It is hashed quickly (quick_hash.h): into the cache comes only what a MAF or an MEF has given a
// name to.
#ifndef SAEF_PLUGIN_CACHED_NAME_H_
#define SAEF_PLUGIN_CACHED_NAME_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "plugin/octets16.h"
#include "plugin/quick_hash.h"

namespace saef::plugin {

class CachedName {
 public:
  static constexpr std::size_t kRoom = 40;
  using Words = std::array<std::uint64_t, kRoom / sizeof(std::uint64_t)>;

  // `canonical_relative` must outlive it, where it doesn't fit.
  CachedName(std::string_view canonical_relative, std::size_t issuer) noexcept
      : words_{}, issuer_(static_cast<std::uint16_t>(issuer)), length_(canonical_relative.size()) {
    if (fits()) {
      std::memcpy(words_.data(), canonical_relative.data(), length_);
    } else {
      long_ = canonical_relative.data();
    }
    hash_ = Hash();
  }

  // Of a relative part as it was sent, of at most kRoom octets.
  static CachedName Fold(const std::uint8_t* relative, std::size_t length,
                         std::size_t issuer) noexcept {
    CachedName name(issuer, length);
    if (length == kUsual) [[likely]] {
      static_assert(kUsual == 2 * kOctets16);
      Octets16 first = LoadOctets16(relative);
      Octets16 second = LoadOctets16(relative + kOctets16);
      if (!HasNoLower(first, second)) {
        first = ToUpper(first);
        second = ToUpper(second);
      }
      StoreOctets16(first, name.begin());
      StoreOctets16(second, name.begin() + kOctets16);
      name.words_.back() = 0;
    } else {
      std::array<std::uint8_t, (kRoom / kOctets16 + 1) * kOctets16> folded{};
      std::memcpy(folded.data(), relative, length);
      for (std::size_t i = 0; i < folded.size(); i += kOctets16) {
        StoreOctets16(ToUpper(LoadOctets16(folded.data() + i)), folded.data() + i);
      }
      std::memcpy(name.begin(), folded.data(), kRoom);
    }
    name.hash_ = name.Hash();
    return name;
  }

  std::uint64_t hash() const noexcept { return hash_; }
  // Lives as long as this and what it was made of.
  std::string_view relative() const noexcept {
    return {fits() ? reinterpret_cast<const char*>(words_.data()) : long_, length_};
  }
  std::uint16_t issuer() const noexcept { return issuer_; }
  bool fits() const noexcept { return length_ <= kRoom; }
  // The relative part and zeros, where it fits; else zeros.
  const Words& words() const noexcept { return words_; }

 private:
  // A RelativeKcId that was derived has so many digits (TS-0003 10.3.5).
  static constexpr std::size_t kUsual = 32;

  // Its words are still to be written.
  CachedName(std::size_t issuer, std::size_t length) noexcept
      : issuer_(static_cast<std::uint16_t>(issuer)), length_(length) {}

  std::uint8_t* begin() noexcept { return reinterpret_cast<std::uint8_t*>(words_.data()); }
  std::uint64_t Hash() const noexcept {
    // Issuers are few; their names differ in the upper half, which tells the shards.
    return HashOfRelative() ^ issuer_ * UINT64_C(0x9e3779b97f4a7c15);
  }
  std::uint64_t HashOfRelative() const noexcept {
    if (length_ <= kUsual) return QuickHash::Of(words_.data(), kUsual);
    return fits() ? QuickHash::Of(words_.data(), kRoom) : QuickHash::Of(long_, length_);
  }

  static_assert(kRoom == kUsual + sizeof(Words::value_type));
  Words words_;
  std::uint16_t issuer_;
  std::uint64_t hash_ = 0;
  std::size_t length_;
  const char* long_ = nullptr;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_CACHED_NAME_H_
