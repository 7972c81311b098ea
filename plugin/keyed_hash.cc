// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/keyed_hash.h"

#include <wolfssl/wolfcrypt/settings.h>
// settings.h comes first.
#include <wolfssl/wolfcrypt/siphash.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "plugin/process_secret.h"

namespace saef::plugin {
namespace {

const ProcessSecret<SIPHASH_KEY_SIZE> hash_key;

}  // namespace

bool PrepareKeyedHash() noexcept { return hash_key.is_drawn(); }

std::size_t KeyedHash::operator()(std::string_view text) const noexcept {
  std::array<std::uint8_t, SIPHASH_MAC_SIZE_8> mac{};
  wc_SipHash(hash_key.data(), reinterpret_cast<const std::uint8_t*>(text.data()),
             static_cast<word32>(text.size()), mac.data(), static_cast<std::uint8_t>(mac.size()));
  std::size_t hash = 0;
  static_assert(sizeof(hash) == sizeof(mac));
  std::memcpy(&hash, mac.data(), sizeof(hash));
  return hash;
}

}  // namespace saef::plugin
