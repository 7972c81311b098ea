// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/cached_name.h"

#include <unistd.h>

#define XXH_INLINE_ALL
// Without optimisation nothing is inlined, which xxHash would insist on.
#ifndef __OPTIMIZE__
#define XXH_NO_INLINE_HINTS 1
#endif
#include <xxhash.h>

namespace saef::plugin {
namespace {

// XXH3 under a secret of the process's own. It is several times as quick as the keyed hash of the
// other tables (keyed_hash.h) and not made to withstand who may choose what is hashed and watches.
// Nobody may here: into this table comes only what a MAF or an MEF has given a name to.
struct NameSecret {
  std::array<std::uint8_t, XXH3_SECRET_SIZE_MIN> octets{};
  bool drawn = false;
  NameSecret() noexcept { drawn = getentropy(octets.data(), octets.size()) == 0; }
};
// Drawn as the module is loaded: reading it needs no guard.
const NameSecret name_secret;

std::uint64_t Xxh3(const void* data, std::size_t length) noexcept {
  return XXH3_64bits_withSecret(data, length, name_secret.octets.data(), name_secret.octets.size());
}

}  // namespace

bool CachedName::IsReady() noexcept { return name_secret.drawn; }

std::uint64_t CachedName::Hash() const noexcept {
  // Issuers are few; their names differ in the upper half, which tells the shards.
  const std::uint64_t of_issuer = issuer_ * UINT64_C(0x9e3779b97f4a7c15);
  if (!fits()) return Xxh3(relative_.data(), relative_.size()) ^ of_issuer;
  return Xxh3(words_.data(), sizeof(words_)) ^ of_issuer;
}

}  // namespace saef::plugin
