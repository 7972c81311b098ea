// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the plugin's look-up is compared with. All of them are given pointer and length, as the
// plugin is and as a TLS library has them.
#ifndef SAEF_TESTS_BENCH_BASELINES_H_
#define SAEF_TESTS_BENCH_BASELINES_H_

#include <array>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "saef/plugin.h"
#include "tests/bench/key_ids.h"

namespace saef::bench {

using StoredKey = std::array<std::uint8_t, 32>;

// What a CSE would write: a map from identity to key, and a mutex around it. It folds no case and
// knows no lifetimes.
class MutexMap {
 public:
  explicit MutexMap(const KeyIds& ids);
  bool Find(std::span<const std::uint8_t> identity, std::uint8_t* key);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, StoredKey> map_;
};

// The same with a look-up by string_view, which needs no std::string made of the identity.
class MutexMapByView {
 public:
  explicit MutexMapByView(const KeyIds& ids);
  bool Find(std::span<const std::uint8_t> identity, std::uint8_t* key);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::mutex mutex_;
  std::unordered_map<std::string, StoredKey, Hash, std::equal_to<>> map_;
};

// The hash that such a map uses: libstdc++'s std::hash, MurmurHash64A. It isn't keyed, so whoever
// chooses identities can make them collide.
std::size_t BareHash(std::span<const std::uint8_t> octets);

// A plugin that checks nothing.
std::int32_t CheckNothing(saef_instance* instance, saef_association association,
                          const saef_request* request);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_BASELINES_H_
