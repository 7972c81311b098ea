// SPDX-License-Identifier: GPL-3.0-or-later
//
// SipHash (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012) with 64-bit results, in
// line. wolfSSL has 2-4 only, and behind a call. Pure; any bytes.
#ifndef SAEF_PLUGIN_SIP_HASH_H_
#define SAEF_PLUGIN_SIP_HASH_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace saef::plugin {

struct SipKey {
  std::uint64_t k0 = 0;
  std::uint64_t k1 = 0;
};

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  template <int kRounds>
  void Mix() noexcept {
    for (int i = 0; i < kRounds; ++i) {
      v0 += v1;
      v2 += v3;
      v1 = std::rotl(v1, 13) ^ v0;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 = std::rotl(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = std::rotl(v1, 17) ^ v2;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 = std::rotl(v2, 32);
    }
  }
};

// kEach rounds for each eight octets, kLast at the end. SipHash-c-d is SipHash<c, d>.
template <int kEach, int kLast>
std::uint64_t SipHash(const SipKey& key, std::string_view text) noexcept {
  static_assert(std::endian::native == std::endian::little);
  SipState state{key.k0 ^ 0x736f6d6570736575, key.k1 ^ 0x646f72616e646f6d,
                 key.k0 ^ 0x6c7967656e657261, key.k1 ^ 0x7465646279746573};
  const auto absorb = [&state](std::uint64_t word) {
    state.v3 ^= word;
    state.Mix<kEach>();
    state.v0 ^= word;
  };
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= sizeof(std::uint64_t); left -= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof(word));
    absorb(word);
    at += sizeof(word);
  }
  std::uint64_t last = static_cast<std::uint64_t>(text.size()) << 56;
  for (std::size_t i = 0; i < left; ++i) {
    last |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  }
  absorb(last);
  state.v2 ^= 0xff;
  state.Mix<kLast>();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_SIP_HASH_H_
