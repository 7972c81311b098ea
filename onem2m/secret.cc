// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/secret.h"

#include <string.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/coding.h>
#include <wolfssl/wolfcrypt/random.h>

#include <utility>

#include "onem2m/locked_memory.h"

namespace saef::onem2m {
namespace {

const byte* Bytes(std::string_view text) noexcept {
  return reinterpret_cast<const byte*>(text.data());
}
byte* Bytes(std::string& text) noexcept { return reinterpret_cast<byte*>(text.data()); }

}  // namespace

static_assert(Secret::kMaxSize <= kMaxLockedCell);

Result<Secret> Secret::Allocate(std::size_t size) {
  Secret secret;
  if (size > kMaxSize) return Error::kTooLong;
  if (size == 0) return secret;
  secret.data_ = AllocateLocked(size);
  if (secret.data_ == nullptr) return Error::kMemory;
  secret.size_ = size;
  return secret;
}

Result<Secret> Secret::Copy(std::span<const std::uint8_t> bytes) {
  Result<Secret> secret = Allocate(bytes.size());
  if (secret && !bytes.empty()) memcpy(secret->data_, bytes.data(), bytes.size());
  return secret;
}

Result<Secret> Secret::Random(std::size_t size) {
  Result<Secret> secret = Allocate(size);
  if (!secret || size == 0) return secret;
  WC_RNG rng;
  if (wc_InitRng(&rng) != 0) return Error::kCryptography;
  const int generated = wc_RNG_GenerateBlock(&rng, secret->data_, static_cast<word32>(size));
  const int freed = wc_FreeRng(&rng);
  if (generated != 0 || freed != 0) return Error::kCryptography;
  return secret;
}

Result<Secret> Secret::FromBase64(std::string_view text) {
  constexpr std::size_t kMaxText = (kMaxSize + 2) / 3 * 4;
  if (text.size() > kMaxText) return Error::kTooLong;
  if (text.empty() || text.size() % 4 != 0) return Error::kBadBase64;
  std::size_t size = text.size() / 4 * 3;
  if (text.ends_with("==")) {
    size -= 2;
  } else if (text.ends_with('=')) {
    size -= 1;
  }
  Result<Secret> secret = Allocate(size);
  if (!secret) return secret;
  word32 decoded = static_cast<word32>(size);
  if (Base64_Decode(Bytes(text), static_cast<word32>(text.size()), secret->data_, &decoded) != 0 ||
      decoded != size) {
    return Error::kBadBase64;
  }
  // wolfSSL passes over line ends and unused bits; what it would write itself is the canonical
  // form.
  std::string canonical = secret->ToBase64();
  const bool is_canonical = canonical == text;
  Wipe(canonical);
  if (!is_canonical) return Error::kBadBase64;
  return secret;
}

Result<Secret> Secret::FromHex(std::string_view text) {
  if (text.size() > 2 * kMaxSize) return Error::kTooLong;
  if (text.empty() || text.size() % 2 != 0) return Error::kBadForm;
  Result<Secret> secret = Allocate(text.size() / 2);
  if (!secret) return secret;
  word32 decoded = static_cast<word32>(secret->size_);
  if (Base16_Decode(Bytes(text), static_cast<word32>(text.size()), secret->data_, &decoded) != 0 ||
      decoded != secret->size_) {
    return Error::kBadCharacter;
  }
  return secret;
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    FreeLocked(data_, size_);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret::~Secret() { FreeLocked(data_, size_); }

Result<Secret> Secret::Clone() const { return Copy(bytes()); }

bool Secret::Equals(std::span<const std::uint8_t> other) const noexcept {
  if (size_ != other.size()) return false;
  return size_ == 0 || wolfSSL_CRYPTO_memcmp(data_, other.data(), size_) == 0;
}

std::string Secret::ToBase64() const {
  std::string text(Base64Size(), '\0');
  if (!WriteBase64(text)) Wipe(text);
  return text;
}

bool Secret::WriteBase64(std::span<char> text) const noexcept {
  if (size_ == 0) return text.empty();
  word32 length = static_cast<word32>(text.size());
  auto* const out = reinterpret_cast<byte*>(text.data());
  return Base64_Encode_NoNl(data_, static_cast<word32>(size_), out, &length) == 0 &&
         length == text.size();
}

std::string Secret::ToHex() const {
  std::string text(2 * size_ + 1, '\0');  // wolfSSL ends it with NUL
  word32 length = static_cast<word32>(text.size());
  if (size_ > 0 && Base16_Encode(data_, static_cast<word32>(size_), Bytes(text), &length) != 0) {
    Wipe(text);
    return text;
  }
  text.resize(2 * size_);
  return text;
}

void Wipe(std::string& text) noexcept {
  text.resize(text.capacity());  // within the capacity: allocates nothing
  explicit_bzero(text.data(), text.size());
  text.clear();
}

void Wipe(std::span<std::uint8_t> bytes) noexcept {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

}  // namespace saef::onem2m
