// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random octets that needn't be kept secret: nonces, identifiers. (Keys: Secret::Random.) From the
// kernel's generator, of which no state is kept in the process: neither a fork nor the copy of a
// virtual machine makes two of them alike.
//
// Threads: any.
#ifndef SAEF_ONEM2M_RANDOM_OCTETS_H_
#define SAEF_ONEM2M_RANDOM_OCTETS_H_

#include <cstdint>
#include <span>

#include "onem2m/error.h"

namespace saef::onem2m {

// At most 256 octets, else kTooLong. Waits at most for the kernel to have gathered entropy after
// the machine's start. kCryptography: it gives none.
Result<void> FillRandom(std::span<std::uint8_t> octets);

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_RANDOM_OCTETS_H_
