// SPDX-License-Identifier: GPL-3.0-or-later
//
// ProcessSecret: random octets that make a hash this process's own. Drawn once, when the module is
// loaded, so that reading them needs no guard; whether that succeeded is to be asked before they
// are used. What is hashed under them stays in this process.
//
// Threads: any; never changed once made.
#ifndef SAEF_PLUGIN_PROCESS_SECRET_H_
#define SAEF_PLUGIN_PROCESS_SECRET_H_

#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace saef::plugin {

// At most the 256 octets that getentropy(3) gives at once.
template <std::size_t kSize>
class ProcessSecret {
 public:
  static_assert(kSize <= 256);

  ProcessSecret() noexcept : is_drawn_(getentropy(octets_.data(), octets_.size()) == 0) {}
  ProcessSecret(const ProcessSecret&) = delete;
  ProcessSecret& operator=(const ProcessSecret&) = delete;

  // False if there is no randomness; the octets are zero then.
  bool is_drawn() const noexcept { return is_drawn_; }
  const std::uint8_t* data() const noexcept { return octets_.data(); }
  static constexpr std::size_t size() noexcept { return kSize; }

 private:
  std::array<std::uint8_t, kSize> octets_{};
  bool is_drawn_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_PROCESS_SECRET_H_
