// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/random_octets.h"

#include <sys/random.h>

#include <cerrno>
#include <cstddef>

namespace saef::onem2m {

Result<void> FillRandom(std::span<std::uint8_t> octets) {
  // So many come in one piece (getrandom(2)).
  constexpr std::size_t kMost = 256;
  if (octets.size() > kMost) return Error::kTooLong;
  ssize_t got = 0;
  do {
    got = getrandom(octets.data(), octets.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(octets.size())) return Error::kCryptography;
  return {};
}

}  // namespace saef::onem2m
