// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeyedHash: the hash of the plugin's tables, wolfSSL's SipHash under a random key of the process's
// own, because what stands in those tables is chosen by whoever sends a psk_identity. For use with
// std::unordered_map and string_view look-ups (transparent). Does not allocate.
#ifndef SAEF_PLUGIN_KEYED_HASH_H_
#define SAEF_PLUGIN_KEYED_HASH_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace saef::plugin {

struct KeyedHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept;
};

template <typename Value>
using TextMap = std::unordered_map<std::string, Value, KeyedHash, std::equal_to<>>;
template <typename Value>
using TextMultimap = std::unordered_multimap<std::string, Value, KeyedHash, std::equal_to<>>;

// Was a key drawn when the module was loaded? To be asked before the first use; false if there is
// no randomness.
bool PrepareKeyedHash() noexcept;

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_KEYED_HASH_H_
