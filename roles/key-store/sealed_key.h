// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keys at rest: AES-256-GCM under the store key. The other fields of the row are authenticated with
// the key (as additional data), so that neither a key nor a field can be changed, nor keys be
// exchanged between rows, without it being seen.
//
// A sealed key is nonce (12 octets, random) ‖ tag (16) ‖ ciphertext. Pure. Threads: any.
#ifndef SAEF_ROLES_KEY_STORE_SEALED_KEY_H_
#define SAEF_ROLES_KEY_STORE_SEALED_KEY_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/secret.h"
#include "roles/key-store/error.h"

namespace saef::key_store {

inline constexpr std::size_t kStoreKeySize = 32;

// Fields, each with its length before it, so that no two lists of fields have one form.
class AuthenticatedFields {
 public:
  explicit AuthenticatedFields(std::string_view purpose) {
    constexpr std::size_t kUsual = 512;
    bytes_.reserve(kUsual);
    Add(purpose);
  }
  AuthenticatedFields& Add(std::string_view field);
  std::span<const std::uint8_t> bytes() const {
    return {reinterpret_cast<const std::uint8_t*>(bytes_.data()), bytes_.size()};
  }

 private:
  std::string bytes_;
};

// kCryptography.
Result<std::vector<std::uint8_t>> Seal(const onem2m::Secret& store_key, const onem2m::Secret& key,
                                       const AuthenticatedFields& fields);
// kDamaged: the store key, the fields or the sealed key aren't those of Seal.
Result<onem2m::Secret> Unseal(const onem2m::Secret& store_key, std::span<const std::uint8_t> sealed,
                              const AuthenticatedFields& fields);

}  // namespace saef::key_store

#endif  // SAEF_ROLES_KEY_STORE_SEALED_KEY_H_
