// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/key_derivation.h"

#include <wolfssl/wolfcrypt/hmac.h>

#include <algorithm>
#include <initializer_list>
#include <string>

#include "onem2m/ascii.h"

namespace saef::onem2m {
namespace {

constexpr std::string_view kUsageConstrainedLabel =
    "oneM2M Enrolment Key to Usage-Constrained Symmetric Key derivation";
constexpr std::string_view kKpsaLabel =
    "oneM2M Enrolment Key to Provisioned Secure Connection Key derivation";

bool Update(Hmac& hmac, std::string_view part) noexcept {
  return wc_HmacUpdate(&hmac, reinterpret_cast<const byte*>(part.data()),
                       static_cast<word32>(part.size())) == 0;
}

bool ComputeHmac(const Secret& key, std::initializer_list<std::string_view> parts,
                 Secret& mac) noexcept {
  Hmac hmac;
  if (wc_HmacInit(&hmac, nullptr, INVALID_DEVID) != 0) return false;
  bool good = wc_HmacSetKey(&hmac, WC_SHA256, key.data(), static_cast<word32>(key.size())) == 0;
  for (const std::string_view part : parts) good = good && Update(hmac, part);
  good = good && wc_HmacFinal(&hmac, mac.data()) == 0;
  wc_HmacFree(&hmac);
  Wipe({reinterpret_cast<std::uint8_t*>(&hmac), sizeof(hmac)});
  return good;
}

Result<Secret> Derive(const Secret& ke, std::initializer_list<std::string_view> parts,
                      std::string_view identifier) {
  static_assert(kKeyLength == WC_SHA256_DIGEST_SIZE);
  // No identifier that can reach us is longer; the bound keeps wolfSSL's 32-bit lengths honest.
  constexpr std::size_t kMaxIdentifier = 1024;
  if (ke.size() != kKeyLength) return Error::kBadKeyLength;
  if (identifier.empty()) return Error::kEmpty;
  if (identifier.size() > kMaxIdentifier) return Error::kTooLong;
  if (!std::ranges::all_of(identifier, ascii::IsVisible)) return Error::kBadCharacter;
  constexpr std::array<std::uint8_t, kKeyLength> kZeros{};
  Result<Secret> key = Secret::Copy(kZeros);
  if (key && !ComputeHmac(ke, parts, *key)) return Error::kCryptography;
  return key;
}

bool HasHalves(const Secret& key) noexcept { return !key.empty() && key.size() % 2 == 0; }

}  // namespace

Result<ExportedKey> SplitExport(std::span<const std::uint8_t> exported) {
  if (exported.size() != kExportLength) return Error::kBadKeyLength;
  ExportedKey result;
  std::ranges::copy(exported.first(result.relative_id.size()), result.relative_id.begin());
  Result<Secret> key = Secret::Copy(exported.last(kKeyLength));
  if (!key) return key.error();
  result.key = std::move(*key);
  return result;
}

Result<Secret> DeriveUsageConstrainedKey(const Secret& ke, Suid suid,
                                         std::string_view enrolment_target_id) {
  const std::string number = std::to_string(static_cast<int>(suid));
  return Derive(ke, {kUsageConstrainedLabel, number, enrolment_target_id}, enrolment_target_id);
}

Result<Secret> DeriveKpsa(const Secret& ke, std::string_view enrolee_b_id) {
  return Derive(ke, {kKpsaLabel, enrolee_b_id}, enrolee_b_id);
}

Result<Secret> FirstHalf(const Secret& kc) {
  if (!HasHalves(kc)) return Error::kBadKeyLength;
  return Secret::Copy(kc.bytes().first(kc.size() / 2));
}

Result<Secret> SecondHalf(const Secret& kc) {
  if (!HasHalves(kc)) return Error::kBadKeyLength;
  return Secret::Copy(kc.bytes().last(kc.size() / 2));
}

}  // namespace saef::onem2m
