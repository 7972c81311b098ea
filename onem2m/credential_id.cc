// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/credential_id.h"

#include <algorithm>
#include <optional>

#include "onem2m/ascii.h"
#include "onem2m/key_identifier.h"

namespace saef::onem2m {
namespace {

constexpr std::size_t kTypeLength = 2;

std::optional<CredentialType> ToType(int number) noexcept {
  switch (const auto type = static_cast<CredentialType>(number)) {
    case CredentialType::kKpmId:
    case CredentialType::kKmId:
    case CredentialType::kKpsaIdOrKcId:
    case CredentialType::kRawPublicKey:
    case CredentialType::kDeviceCertificate:
    case CredentialType::kCseIdCertificate:
    case CredentialType::kAeIdCertificate:
    case CredentialType::kNodeIdCertificate:
      return type;
  }
  return std::nullopt;
}

bool NamesKey(CredentialType type) noexcept {
  return type == CredentialType::kKpmId || type == CredentialType::kKmId ||
         type == CredentialType::kKpsaIdOrKcId;
}

}  // namespace

Result<CredentialId> CredentialId::Parse(std::string_view text) {
  if (text.empty()) return Error::kEmpty;
  if (text.size() > kMaxLength) return Error::kTooLong;
  if (text.size() <= kTypeLength || text[kTypeLength] != '-' || !ascii::IsDigit(text[0]) ||
      !ascii::IsDigit(text[1])) {
    return Error::kBadForm;
  }
  const auto type = ToType((text[0] - '0') * 10 + (text[1] - '0'));
  if (!type) return Error::kOutOfRange;
  return Make(*type, text.substr(kTypeLength + 1));
}

Result<CredentialId> CredentialId::Make(CredentialType type, std::string_view value) {
  if (!ToType(static_cast<int>(type))) return Error::kOutOfRange;
  if (value.empty()) return Error::kEmpty;
  if (value.size() + kTypeLength + 1 > kMaxLength) return Error::kTooLong;
  if (!std::ranges::all_of(value, ascii::IsVisible)) return Error::kBadCharacter;
  std::string text = std::to_string(static_cast<int>(type)) + "-";
  if (!NamesKey(type)) return CredentialId(type, text.append(value));
  Result<KeyIdentifier> key = KeyIdentifier::Parse(value);
  if (!key) return key.error();
  return CredentialId(type, text.append(key->text()));
}

}  // namespace saef::onem2m
