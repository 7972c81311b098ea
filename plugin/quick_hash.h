// SPDX-License-Identifier: GPL-3.0-or-later
//
// QuickHash: XXH3 under a secret of the process's own. That is several times as quick as the keyed
// hash of the other tables (keyed_hash.h) and not made to withstand who may choose what is hashed
// and watches. So it is for tables where nobody may: into which comes only what a MAF, an MEF or a
// trust anchor has given a name to.
//
// Threads: any.
#ifndef SAEF_PLUGIN_QUICK_HASH_H_
#define SAEF_PLUGIN_QUICK_HASH_H_

#include <cstddef>
#include <cstdint>

// All of it is in its header: what is hashed has a length that the compiler mostly knows.
#define XXH_INLINE_ALL
// Without optimisation nothing is inlined, which xxHash would insist on.
#ifndef __OPTIMIZE__
#define XXH_NO_INLINE_HINTS 1
#endif
#include <xxhash.h>

#include "plugin/process_secret.h"

namespace saef::plugin {

class QuickHash {
 public:
  // Was what makes the hash this process's own drawn when the module was loaded? To be asked before
  // the first use; false if there is no randomness.
  static bool IsReady() noexcept { return secret_.is_drawn(); }

  static std::uint64_t Of(const void* octets, std::size_t length) noexcept {
    return XXH3_64bits_withSecret(octets, length, secret_.data(), secret_.size());
  }

 private:
  static const ProcessSecret<XXH3_SECRET_SIZE_MIN> secret_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_QUICK_HASH_H_
