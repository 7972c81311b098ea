// SPDX-License-Identifier: GPL-3.0-or-later
//
// Secret: the one type that holds keys (Km, Kc, Ke, Kpsa …). Moves but does not copy, is wiped when
// it goes, lives in memory that is locked (mlock) and left out of core dumps (MADV_DONTDUMP), as
// far as the system allows (onem2m/locked_memory.h tells), and is compared in constant time. There
// is no operator<<, and it is never logged.
//
// Threads: as for any value; one thread at a time for each object. After fork the child has its own
// copy of each Secret, readable but no longer locked.
#ifndef SAEF_ONEM2M_SECRET_H_
#define SAEF_ONEM2M_SECRET_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "onem2m/error.h"

namespace saef::onem2m {

class Secret {
 public:
  static constexpr std::size_t kMaxSize = 1024;

  Secret() noexcept = default;  // holds nothing: size() == 0
  // Copies `bytes` (at most kMaxSize) into locked memory. kTooLong, kMemory.
  static Result<Secret> Copy(std::span<const std::uint8_t> bytes);
  // `size` octets from the random generator. kTooLong, kMemory, kCryptography.
  static Result<Secret> Random(std::size_t size);
  // From base64 (RFC 4648 4) in its one canonical form: padded, no white space, unused bits zero,
  // at least one octet. kBadBase64, kTooLong, kMemory.
  static Result<Secret> FromBase64(std::string_view text);
  // From 2n hexadecimal digits of either case, as key files hold them. kBadForm (none, or an odd
  // number), kTooLong, kBadCharacter, kMemory.
  static Result<Secret> FromHex(std::string_view text);

  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  Result<Secret> Clone() const;

  const std::uint8_t* data() const noexcept { return data_; }
  std::uint8_t* data() noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  std::span<const std::uint8_t> bytes() const noexcept { return {data_, size_}; }

  // Constant time in the content; the lengths are not secret.
  bool Equals(std::span<const std::uint8_t> other) const noexcept;

  // For a JSON document or a key file that is about to be sent or written; hexadecimal is upper
  // case. The caller wipes it (Wipe below).
  std::string ToBase64() const;
  std::string ToHex() const;
  // The same base64 into memory of the caller's, of this size. False: it wasn't, which doesn't
  // happen.
  std::size_t Base64Size() const noexcept { return (size_ + 2) / 3 * 4; }
  bool WriteBase64(std::span<char> text) const noexcept;

 private:
  static Result<Secret> Allocate(std::size_t size);
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// Overwrites in a way that the compiler keeps. The string's whole capacity is overwritten, then it
// is empty.
void Wipe(std::string& text) noexcept;
void Wipe(std::span<std::uint8_t> bytes) noexcept;

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_SECRET_H_
