// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/key-store/sealed_key.h"

#include <wolfssl/wolfcrypt/settings.h>
// The settings come first: the others depend on them.
#include <wolfssl/wolfcrypt/aes.h>

#include "onem2m/random_octets.h"

namespace saef::key_store {
namespace {

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

// The AES key schedule, wiped when it goes.
class Cipher {
 public:
  explicit Cipher(const onem2m::Secret& store_key) {
    initialised_ = wc_AesInit(&aes_, nullptr, INVALID_DEVID) == 0;
    good_ = initialised_ && store_key.size() == kStoreKeySize &&
            wc_AesGcmSetKey(&aes_, store_key.data(), kStoreKeySize) == 0;
  }
  ~Cipher() {
    if (initialised_) {
      wc_AesFree(&aes_);
    }
  }
  Cipher(const Cipher&) = delete;
  Cipher& operator=(const Cipher&) = delete;

  bool good() const { return good_; }
  Aes* get() { return &aes_; }

 private:
  Aes aes_;
  bool initialised_ = false;
  bool good_ = false;
};

template <typename Bytes>
word32 Size(const Bytes& bytes) {
  return static_cast<word32>(bytes.size());
}

}  // namespace

AuthenticatedFields& AuthenticatedFields::Add(std::string_view field) {
  const char size[] = {static_cast<char>(field.size() >> 24), static_cast<char>(field.size() >> 16),
                       static_cast<char>(field.size() >> 8), static_cast<char>(field.size())};
  bytes_.append(size, sizeof(size)).append(field);
  return *this;
}

Result<std::vector<std::uint8_t>> Seal(const onem2m::Secret& store_key, const onem2m::Secret& key,
                                       const AuthenticatedFields& fields) {
  std::vector<std::uint8_t> sealed(kNonceSize + kTagSize + key.size());
  const auto nonce = onem2m::FillRandom(std::span(sealed).first(kNonceSize));
  Cipher cipher(store_key);
  if (!nonce || !cipher.good()) {
    return Error::kCryptography;
  }
  const auto authenticated = fields.bytes();
  if (wc_AesGcmEncrypt(cipher.get(), sealed.data() + kNonceSize + kTagSize, key.data(), Size(key),
                       sealed.data(), kNonceSize, sealed.data() + kNonceSize, kTagSize,
                       authenticated.data(), Size(authenticated)) != 0) {
    return Error::kCryptography;
  }
  return sealed;
}

Result<onem2m::Secret> Unseal(const onem2m::Secret& store_key, std::span<const std::uint8_t> sealed,
                              const AuthenticatedFields& fields) {
  if (sealed.size() <= kNonceSize + kTagSize ||
      sealed.size() > kNonceSize + kTagSize + onem2m::Secret::kMaxSize) {
    return Error::kDamaged;
  }
  Cipher cipher(store_key);
  const auto ciphertext = sealed.subspan(kNonceSize + kTagSize);
  // Locked memory of the right size, to decrypt into.
  auto key = onem2m::Secret::Copy(ciphertext);
  if (!key || !cipher.good()) {
    return Error::kCryptography;
  }
  const auto authenticated = fields.bytes();
  if (wc_AesGcmDecrypt(cipher.get(), key->data(), ciphertext.data(), Size(ciphertext),
                       sealed.data(), kNonceSize, sealed.data() + kNonceSize, kTagSize,
                       authenticated.data(), Size(authenticated)) != 0) {
    return Error::kDamaged;
  }
  return std::move(*key);
}

}  // namespace saef::key_store
