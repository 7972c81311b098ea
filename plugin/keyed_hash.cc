// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/keyed_hash.h"

#include <unistd.h>

#include "plugin/sip_hash.h"

namespace saef::plugin {
namespace {

struct HashKey {
  SipKey key;
  bool drawn = false;
  HashKey() noexcept : drawn(getentropy(&key, sizeof(key)) == 0) {}
};

// Drawn as the module is loaded: reading it needs no guard.
const HashKey hash_key;

}  // namespace

bool PrepareKeyedHash() noexcept { return hash_key.drawn; }

std::size_t KeyedHash::operator()(std::string_view text) const noexcept {
  return SipHash<1, 3>(hash_key.key, text);
}

}  // namespace saef::plugin
